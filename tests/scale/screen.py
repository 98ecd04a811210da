"""A screen that keeps to the protocol: it folds what it is sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.monitoring.fold import fold
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WITHIN_S = 20  # a test that waits longer has failed
AGAIN_S = 0.05  # between attempts to connect: there is no event for a server that comes back


class Screen:
    """Watches one session and the board, at one of several addresses; resumes where it was."""

    def __init__(self, session_id: str, *urls: str) -> None:
        self.session_id = session_id
        self.state: dict[str, Any] = {}
        self.seqs: list[int] = []
        self.board: dict[str, dict[str, Any]] = {}
        self.screens: dict[str, int] = {}
        self.snapshots = 0
        self.connections = 0
        self._urls = urls
        self._epoch: str | None = None
        self._changed = asyncio.Condition()

    @property
    def seq(self) -> int:
        return int(self.state.get("seq", 0))

    async def run(self) -> None:
        """Until it is cancelled; when one address is gone the next is tried."""
        turn = 0
        while True:
            try:
                url = self._urls[turn % len(self._urls)]
                who = ANYWHERE.headers("clinician")
                async with connect(url, max_size=None, additional_headers=who) as socket:
                    self.connections += 1
                    place = {"after": self.seq, "epoch": self._epoch} if self.state else {}
                    await socket.send(orjson.dumps({"op": "watch", "board": True}).decode())
                    watch = {"op": "watch", "session": self.session_id, **place}
                    await socket.send(orjson.dumps(watch).decode())
                    async for text in socket:
                        async with self._changed:
                            self._take(orjson.loads(text))
                            self._changed.notify_all()
            except (OSError, ConnectionClosed, InvalidHandshake):
                await asyncio.sleep(AGAIN_S)
            turn += 1

    async def until(self, seq: int) -> None:
        await self.sees(lambda: self.seq >= seq)

    async def sees(self, so: Any) -> None:
        async with asyncio.timeout(WITHIN_S), self._changed:
            await self._changed.wait_for(so)

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "hello":
                assert self._epoch in (None, frame["epoch"])
                self._epoch = frame["epoch"]
            case "snapshot":
                self.snapshots += 1
                self.state = frame["state"]
            case "events":
                for event in frame["events"]:
                    if event["seq"] <= self.seq:
                        continue
                    assert event["seq"] == self.seq + 1, "a hole"
                    self.state = fold(self.state, event)
                    self.seqs.append(event["seq"])
            case "board" | "board_delta":
                for row in frame["sessions"]:
                    if row["seq"] >= self.board.get(row["id"], row)["seq"]:
                        self.board[row["id"]] = row
            case "clinic":
                self.screens = frame["screens"]


@asynccontextmanager
async def watching(session_id: str, *urls: str) -> AsyncIterator[Screen]:
    """A screen that holds the session and the board already."""
    screen = Screen(session_id, *urls)
    task = asyncio.create_task(screen.run())
    try:
        await screen.sees(lambda: screen.seq > 0 and session_id in screen.board)
        yield screen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
