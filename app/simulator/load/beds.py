"""What the monitors of the rooms send: the readings of simulated patients, as the API takes them.

The same seed gives the same values. Ids are those of this run: another one at the same sessions
sends other readings, however alike.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4, uuid5

import orjson

from app.simulator.body import Patient

if TYPE_CHECKING:
    from collections.abc import Sequence

CUFF_S: Final = (
    300  # between two measurements; rooms take turns, so that cuffs never all go at once
)
CUFF_STEP_S: Final = 7  # from one room's cuff to the next one's
DOSE_MG_PER_KG: Final = 0.5
PLANNED_MIN: Final = 40
RATE: Final = DOSE_MG_PER_KG / PLANNED_MIN  # mg/kg/min, from the first reading on
MILLIS: Final = 1_000


def patients(seed: int, rooms: int) -> list[Patient]:
    """Ordinary ones: nothing befalls them but the drug."""
    return [Patient(f"load:{seed}:{room + 1}") for room in range(rooms)]


def device(room: int) -> str:
    """The name of a room's monitor."""
    return f"load-mon-{room + 1}"


class Beds:
    """One reading after the other of each room, in the order in which they are due.

    `named`: each names its session, so that it may stand in a list with others.
    """

    def __init__(
        self, sessions: Sequence[str], bodies: Sequence[Patient], hz: float, *, named: bool
    ) -> None:
        self._sessions = list(sessions)
        self._bodies = bodies
        self._interval_s = 1 / hz
        self._run = uuid4()
        self._named = named
        self._second = -1
        self._text = ""

    def reading(self, room: int, turn: int, taken_ms: int) -> bytes:
        """The `turn`th of this room, counted from 0."""
        session = self._sessions[room]
        body = self._bodies[room]
        second = int(turn * self._interval_s)
        while body.second < second:
            body.advance(RATE)
        first = turn == 0 or int((turn - 1) * self._interval_s) < second
        cuffed = first and (second + CUFF_STEP_S * room) % CUFF_S == 0
        values: Any = body.cuff() if cuffed else body.streamed()
        said = {
            "id": str(uuid5(self._run, f"{room}:{turn}")),
            "taken_at": self._iso(taken_ms),
            "source": "device",
            "device": device(room),
            "interval_s": CUFF_S if cuffed else self._interval_s,
            "values": values,
        }
        if self._named:
            said["session_id"] = session
        return orjson.dumps(said)

    def _iso(self, ms: int) -> str:
        """As `2026-11-22T10:15:00.000Z`; the text of a second is made once."""
        second, millis = divmod(ms, MILLIS)
        if second != self._second:
            moment = datetime.fromtimestamp(second, UTC)
            self._second, self._text = second, moment.strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._text}.{millis:03d}Z"
