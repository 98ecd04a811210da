"""One sender's connection: its reader, its recorders and its writer end together.

Promises: a server that is behind reads no further; readings are recorded in the order in which they
came; what was taken when a connection ends, whoever ends it, is still recorded (of a credential
that has ended: refused), and told if anybody is there to hear it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol

from app.clock import monotonic_s
from app.errors import Busy, StorageUnavailable
from app.ingest.line import CLOSE_S, RESTARTING, SETTLE_S, Line, Lines, Message
from app.ingest.stream import Refusal

if TYPE_CHECKING:
    from collections.abc import MutableMapping

NOT_A_MESSAGE: Final = 1007
TRY_AGAIN: Final = 1013
RECORDERS: Final = 2  # the scribe has the next batch at hand when it has done one


DRAINED_S: Final = 0.02  # a socket in which something lay gives it sooner


Held = Callable[[Callable[[int], None]], AbstractContextManager[None]]


class NotAMessage(Exception):
    """What cannot be answered: without a readable `n` no acknowledgement could name it."""


class Socket(Protocol):
    """What is needed of a websocket that was accepted."""

    async def receive(self) -> MutableMapping[str, Any]: ...
    async def send_text(self, data: str) -> None: ...
    async def close(self, code: int = 1000) -> None: ...


@dataclass(frozen=True, slots=True)
class Ingest(Generic[Message]):
    """What a stream is served with. `read` raises NotAMessage; it is told whether the message may
    have lain in the socket, so that when it was sent says nothing of the sender's clock. `record`
    answers after the commit what was refused of each message.
    """

    read: Callable[[str | bytes, bool], Message]
    record: Callable[[Sequence[Message]], Awaitable[list[list[Refusal]]]]


def held_by_nobody(_end: Callable[[int], None]) -> AbstractContextManager[None]:
    """Of a sender whose credential never ends."""
    return nullcontext()


async def serve(
    socket: Socket,
    lines: Lines,
    ingest: Ingest[Message],
    gone: type[Exception],
    held: Held = held_by_nobody,
) -> None:
    """Serves one sender until it goes, its credential ends or the server does. `gone` is what
    sending to nobody raises; while it is `held`, the code to close with is told when the credential
    has ended.
    """
    line: Line[Message] = lines.enter()
    try:
        with held(line.end):
            await _serve(socket, line, ingest, gone)
    finally:
        line.finish()
        lines.leave(line)


async def _serve(
    socket: Socket, line: Line[Message], ingest: Ingest[Message], gone: type[Exception]
) -> None:
    async with asyncio.TaskGroup() as tasks:
        reader = tasks.create_task(_read(socket, line, ingest))
        recorders = [tasks.create_task(_record(line, ingest)) for _ in range(RECORDERS)]
        writer = tasks.create_task(_write(socket, line, gone))
        code = await line.ending
        reader.cancel()
        line.stop()
        await asyncio.wait(recorders, timeout=SETTLE_S)
        line.finish()
        await asyncio.wait([writer], timeout=CLOSE_S)
        for task in (*recorders, writer):
            task.cancel()
    if code is not None:
        with suppress(TimeoutError, gone, RuntimeError):  # RuntimeError: closed meanwhile
            async with asyncio.timeout(CLOSE_S):
                await socket.close(code)


async def _read(socket: Socket, line: Line[Message], ingest: Ingest[Message]) -> None:
    """A message is read into readings only when there is room for them; the socket behind it is
    not read on meanwhile.
    """
    behind = False
    while True:
        asked = monotonic_s()
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            line.end(None)
            return
        if behind and monotonic_s() - asked > DRAINED_S:
            behind = False
        behind = await line.room() or behind
        text = received.get("text") or received.get("bytes") or b""
        try:
            line.take(ingest.read(text, behind))
        except NotAMessage:
            line.end(NOT_A_MESSAGE)
            return
        await asyncio.sleep(0)  # one message a turn: a flood shares the loop with everybody


async def _record(line: Line[Message], ingest: Ingest[Message]) -> None:
    """What came while a batch was being recorded is recorded together."""
    while batch := await line.batch():
        try:
            refused = await ingest.record([message for message, _ in batch])
        except StorageUnavailable:
            return line.fail(TRY_AGAIN)
        except Busy:  # room is waited for: none comes only when the server ends
            return line.fail(RESTARTING)
        line.settle(batch, refused)


async def _write(socket: Socket, line: Line[Message], gone: type[Exception]) -> None:
    try:
        await line.tell(socket.send_text)
    except gone:
        line.end(None)
