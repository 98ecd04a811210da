"""Readings over `/api/ingest`: a socket that comes back, and sends again what was not acknowledged.

One message is under way at a time, for a room wants each one's answer before it goes on. Its
number stays the same when it goes again, and so do the ids in it: nothing is stored twice.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from app.simulator.client import (
    BATCH,
    RETRY_STATUS,
    Api,
    Json,
    Refused,
    SimulatorError,
    Tries,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.client import ClientConnection

ANSWER_MAX: Final = 2 * 1024 * 1024  # bytes: of a full batch, every one refused, and then some
OPEN_S: Final = 10.0  # to connect to a busy server; then it is tried again
NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
CLOSED_OF_THIS: Final = {
    NOT_SIGNED_IN: (401, "not_signed_in", "The socket's token is not known, or has ended."),
    NOT_ALLOWED: (403, "not_allowed", "The socket's token may not send readings."),
}


class WsTransport:
    """One socket, opened when there is something to send."""

    def __init__(self, api: Api) -> None:
        self._api = api
        scheme, _, rest = api.url.partition("://")
        self._url = f"{'wss' if scheme == 'https' else 'ws'}://{rest}/api/ingest"
        self._socket: ClientConnection | None = None
        self._n = 0

    async def send(
        self, session_id: str, readings: Sequence[Json], *, lost: bool = False
    ) -> list[Json]:
        answers: list[Json] = []
        for first in range(0, len(readings), BATCH):
            batch = [
                {**reading, "session_id": session_id} for reading in readings[first : first + BATCH]
            ]
            answers.extend(await self._until_settled(batch, lost))
        return answers

    async def aclose(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def _until_settled(self, batch: list[Json], lost: bool) -> list[Json]:
        """A reading that met a "not now" goes again by itself."""
        tries = self._api.tries()
        answers = await self._acknowledged(batch, tries, lost)
        while again := [i for i, it in enumerate(answers) if it["status"] in RETRY_STATUS]:
            await tries.again(str(answers[again[0]]["problem"].get("code")))
            for place, answer in zip(
                again,
                await self._acknowledged([batch[i] for i in again], tries, lost=False),
                strict=True,
            ):
                answers[place] = answer
        return answers

    async def _acknowledged(self, batch: list[Json], tries: Tries, lost: bool) -> list[Json]:
        self._n += 1
        message = json.dumps({"n": self._n, "readings": batch}, separators=(",", ":"))
        while True:
            asked_s = 0.0
            try:
                async with tries.one():
                    socket = await self._open()
                    tries.heard()
                    await socket.send(message)
                    if lost:  # closed at once: what the server says is heard by nobody
                        lost = False
                        await self._drop()
                        continue
                    refused = await self._hear(socket)
                tries.answered()
                return _answers(batch, refused)
            except InvalidStatus as refusal:
                tries.heard()
                why, asked_s = self._refused_at_the_door(refusal)
            except InvalidURI as error:
                raise SimulatorError(f"{self._api.url} is not an address: {error}") from error
            except ConnectionClosed as closed:
                why = self._why(closed)
            except (OSError, TimeoutError, InvalidHandshake) as error:
                why = f"no answer ({type(error).__name__})"
            await self._drop()
            await tries.again(why, asked_s)

    async def _open(self) -> ClientConnection:
        if self._socket is None:
            self._socket = await connect(
                self._url,
                additional_headers=self._api.headers,
                open_timeout=OPEN_S,
                max_size=ANSWER_MAX,
            )
        return self._socket

    async def _drop(self) -> None:
        """Without a farewell, as when the network is gone."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()
            with suppress(ConnectionClosed, OSError):
                await socket.wait_closed()

    async def _hear(self, socket: ClientConnection) -> list[Json]:
        """What was refused of the message that is under way, once it is acknowledged."""
        refused: list[Json] = []
        while True:
            frame = json.loads(await socket.recv())
            refused += [refusal for refusal in frame["refused"] if refusal["n"] == self._n]
            if frame["ack"] >= self._n:
                return refused

    @staticmethod
    def _why(closed: ConnectionClosed) -> str:
        code = closed.rcvd.code if closed.rcvd is not None else None
        if code in CLOSED_OF_THIS:
            status, name, detail = CLOSED_OF_THIS[code]
            raise Refused(status, {"code": name, "detail": detail}) from closed
        return f"closed ({code})" if code else "a broken connection"

    @staticmethod
    def _refused_at_the_door(refusal: InvalidStatus) -> tuple[str, float]:
        """Why it is not let in now, and how long it is asked to wait; raises what is for good."""
        response = refusal.response
        try:
            problem = json.loads(response.body or b"{}")
        except ValueError:
            problem = {}
        if response.status_code not in RETRY_STATUS:
            raise Refused(response.status_code, problem) from refusal
        try:
            asked_s = float(response.headers.get("Retry-After", "0"))
        except ValueError:
            asked_s = 0.0
        return str(problem.get("code", f"http_{response.status_code}")), asked_s


def _answers(batch: Sequence[Json], refused: Sequence[Json]) -> list[Json]:
    """What is not refused is stored; a refusal of the whole message is one of each reading."""
    whole = next((refusal for refusal in refused if refusal["index"] is None), None)
    by_place = {refusal["index"]: refusal for refusal in refused}
    return [
        {"status": problem["status"], "problem": problem}
        if (problem := whole or by_place.get(place)) is not None
        else {"status": 201}
        for place in range(len(batch))
    ]
