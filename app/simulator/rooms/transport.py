"""How a device's readings get to the monitor: one batch at a time, until it is answered.

Whatever the way, the answers are the same: one for each reading, in order, `{"status": 201}` or
200 for one that was known, else `{"status", "problem"}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from app.simulator.client import BATCH, Api, Json, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

Way = Literal["http", "ws"]
NOT_ONE_READING = frozenset((401, 403))  # says that this script may not send, whatever it is


class Transport(Protocol):
    """One device's way to the monitor."""

    async def send(
        self, session_id: str, readings: Sequence[Json], *, lost: bool = False
    ) -> list[Json]:
        """Each reading's answer. `lost`: the connection breaks before the answer is read, and all
        of it goes again. Raises SimulatorError where this script may send nothing at all.
        """

    async def aclose(self) -> None: ...


class HttpTransport:
    """`POST /api/sessions/{id}/readings`; what people do goes this way too."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(
        self, session_id: str, readings: Sequence[Json], *, lost: bool = False
    ) -> list[Json]:
        if lost:
            path = f"/api/sessions/{session_id}/readings"
            for first in range(0, len(readings), BATCH):
                await self._api.unheard(path, {"readings": readings[first : first + BATCH]})
        try:
            return await self._api.readings(session_id, readings)
        except Refused as refused:
            if refused.status in NOT_ONE_READING:
                raise
            problem = {"status": refused.status, "problem": dict(refused.problem)}
            return [problem] * len(readings)

    async def aclose(self) -> None:
        """Nothing of its own: the client is the room's as well."""
