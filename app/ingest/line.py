"""A sender's line: what its reader, its recorders and its writer hand to one another."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

import orjson

from app.ingest.budget import Budget
from app.ingest.stream import Refusal, Stream, Taken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

RESTARTING: Final = 1012
ALL_READINGS: Final = 20_000  # under way for all senders: a second of work, some 20 MB
BATCH_READINGS: Final = 500  # recorded together: as many as one transaction tries
SETTLE_S: Final = 1.5  # for what was taken at the end: a commit takes milliseconds, seldom more
CLOSE_S: Final = 0.5  # for a sender to take what is told at the end; it is cut off then


class Sent(Protocol):
    """A message that was read: its number, and how many readings it brings."""

    @property
    def n(self) -> int: ...
    def __len__(self) -> int: ...


Message = TypeVar("Message", bound=Sent)


class Line(Generic[Message]):
    """One sender's messages, from being read to being told."""

    def __init__(self, budget: Budget) -> None:
        self.ending: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._stream = Stream()
        self._budget = budget
        self._taken = 0  # of the budget
        self._waiting: deque[tuple[Message, Taken]] = deque()
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._told = asyncio.Event()
        self._stopped = self._over = False

    def end(self, code: int | None) -> None:
        """The first reason counts; None: the sender is gone."""
        if not self.ending.done():
            self.ending.set_result(code)

    async def room(self) -> bool:
        """Returns when one more message may be taken: whether that had to be waited for."""
        waited = False
        while not self._stream.has_room:
            waited = True
            self._told.clear()
            await self._told.wait()
        return await self._budget.room() or waited

    def take(self, message: Message) -> None:
        taken = self._stream.take(message.n, len(message))
        self._budget.take(taken.weight)
        self._taken += taken.weight
        self._waiting.append((message, taken))
        self._arrived.set()

    async def batch(self) -> list[tuple[Message, Taken]]:
        """What waits, in order, at most a transaction's worth; nothing when there is no more to
        come.
        """
        while not self._waiting and not self._stopped:
            self._arrived.clear()
            await self._arrived.wait()
        batch, readings = [], 0
        while self._waiting and readings < BATCH_READINGS:
            batch.append(self._waiting.popleft())
            readings += batch[-1][1].weight
        return batch

    def settle(self, batch: list[tuple[Message, Taken]], refused: list[list[Refusal]]) -> None:
        if self._over:
            return
        for (_, taken), of_message in zip(batch, refused, strict=True):
            self._stream.settle(taken, of_message)
            self._give_back(taken.weight)
        self._settled.set()

    def fail(self, code: int) -> None:
        """What was not recorded is not settled, so that nothing from it on is acknowledged."""
        self._waiting.clear()
        self.end(code)

    def stop(self) -> None:
        """No message comes any more: the recorders end when they have done what waits."""
        self._stopped = True
        self._arrived.set()

    def finish(self) -> None:
        """Nothing settles any more: the writer ends when it has told the rest."""
        self._over = True
        self._settled.set()
        self._give_back(self._taken)

    async def tell(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Sends each acknowledgement once it can be given, until it is finished."""
        while not self._over:
            await self._settled.wait()
            self._settled.clear()
            while (acknowledgement := self._stream.acknowledge()) is not None:
                await send(orjson.dumps(acknowledgement.frame()).decode())
                self._stream.told(acknowledgement)
                self._told.set()

    def _give_back(self, readings: int) -> None:
        self._taken -= readings
        self._budget.give_back(readings)


class Lines:
    """The lines of a process, which end together."""

    def __init__(self) -> None:
        self._budget = Budget(ALL_READINGS)
        self._lines: set[Line[Any]] = set()
        self._left = asyncio.Event()
        self._closing = False

    def enter(self) -> Line[Any]:
        line: Line[Any] = Line(self._budget)
        if self._closing:
            line.end(RESTARTING)
        self._lines.add(line)
        return line

    def leave(self, line: Line[Any]) -> None:
        self._lines.discard(line)
        self._left.set()

    async def close(self) -> None:
        """Nothing more is read; returns when all is settled and told, or the time for it is up."""
        self._closing = True
        for line in self._lines:
            line.end(RESTARTING)
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S + 2 * CLOSE_S):
                while self._lines:
                    self._left.clear()
                    await self._left.wait()
