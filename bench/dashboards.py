"""Dashboards: a process that holds many of them open and tells when each reading arrived.

    python -m bench.dashboards     `Dashboards` as JSON on standard input; an `Awaited` ends it

Some of them read what they are sent: identical frames are decoded once, and for each session and
dashboard it is kept when which seq was there. The others only drain their sockets, and a stalled
one does not even do that.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
import orjson
import uvloop

from bench.frames import PING, PONG, TEXT, Reader, frame, request

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN_S: Final = 30.0  # a thousand of them are let in within a few seconds
BUFFER: Final = 256 * 1024  # bytes that a draining dashboard takes at once
STALLED_BUFFER: Final = 4096  # a stalled one's socket is full soon, as one on a bad link
KEPT: Final = 4  # frames whose meaning is kept: all dashboards get them at about the same time

Seen = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Dashboards:
    """`reading` of `count` are looked at; `stalled` come on top. `ask` is sent first by each."""

    port: int
    path: str
    count: int
    reading: int = 0
    stalled: int = 0
    deflate: bool = True
    ask: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """The last seq of each session: those looked at are given so long until they have it."""

    last: dict[str, int]
    within_s: float


@dataclass(slots=True)
class Arrivals:
    """Of each dashboard looked at: when it first had which seq of a session, in order."""

    arrived: list[list[tuple[float, str, int]]] = field(default_factory=list)
    frames: int = 0
    megabytes: float = 0.0
    closed: int = 0
    cpu_s: float = 0.0


class Meaning:
    """(session, seq) of what a frame tells, decoded once for all that are sent the same."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Seen] = {}

    def of(self, payload: bytes) -> Seen:
        found = self._kept.get(payload)
        if found is None:
            found = self._kept[payload] = seen(orjson.loads(payload))
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return found


def seen(message: dict[str, Any]) -> Seen:
    """Ours: rows of the board, or a session's events; the references': one reading."""
    kind = message.get("kind")
    if kind in ("board", "board_delta"):
        return tuple((row["id"], row["seq"]) for row in message["sessions"])
    if kind == "events":
        return ((message["session"], message["events"][-1]["seq"]),) if message["events"] else ()
    if kind == "snapshot":
        return ((message["session"], message["seq"]),)
    if "session_id" in message:
        return ((message["session_id"], message["seq"]),)
    return ()


def looked_at(wanted: Dashboards, number: int) -> bool:
    """Evenly spread over the order of joining, the last among them: who is served last counts."""
    return (number + 1) * wanted.reading // wanted.count > number * wanted.reading // wanted.count


def asked(wanted: Dashboards) -> bytes:
    return request(wanted.path, wanted.port, deflate=wanted.deflate, token=wanted.token)


class Reading(asyncio.Protocol):
    """A dashboard that is looked at."""

    def __init__(self, wanted: Dashboards, meaning: Meaning, told: Arrivals) -> None:
        self._wanted = wanted
        self._meaning = meaning
        self._told = told
        self._reader = Reader()
        self._arrived: list[tuple[float, str, int]] = []
        told.arrived.append(self._arrived)
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._more = asyncio.Event()
        self._gone = False

    async def has(self, last: Mapping[str, int]) -> None:
        """Returns when all of it has come, or nothing more will."""
        while not self._gone and not self._has(last):
            self._more.clear()
            await self._more.wait()

    def _has(self, last: Mapping[str, int]) -> bool:
        had: dict[str, int] = {}
        for _, session, seq in self._arrived:
            had[session] = max(seq, had.get(session, 0))
        return all(had.get(session, 0) >= seq for session, seq in last.items())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(asked(self._wanted))

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self._told.megabytes += len(data) / 1e6
        for opcode, payload in self._reader.feed(data):
            if opcode == TEXT:
                self._told.frames += 1
                for session, seq in self._meaning.of(payload):
                    self._arrived.append((now, session, seq))
            elif opcode == PING:
                self._transport.write(frame(payload, PONG))
        self._more.set()
        if self._reader.is_open and not self.open.done():
            if self._wanted.ask:
                self._transport.write(frame(self._wanted.ask.encode()))
            self.open.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._told.closed += 1
        self._gone = True
        self._more.set()
        if not self.open.done():
            self.open.set_exception(exc or ConnectionError("the server closed before it let in"))


class Draining(asyncio.BufferedProtocol):
    """A dashboard that takes what it is sent and looks at nothing, at as little cost as can be."""

    buffer = bytearray(BUFFER)

    def __init__(self, wanted: Dashboards, told: Arrivals, *, stalled: bool = False) -> None:
        self._wanted = wanted
        self._told = told
        self._stalled = stalled
        self._head = Reader()
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(asked(self._wanted))

    def get_buffer(self, sizehint: int) -> bytearray:
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._told.megabytes += nbytes / 1e6
        if self.open.done():
            return
        self._head.feed(bytes(self.buffer[:nbytes]))
        if self._head.is_open:
            if self._wanted.ask:
                self._transport.write(frame(self._wanted.ask.encode()))
            self.open.set_result(None)
            if self._stalled:
                self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._told.closed += 1
        if not self.open.done():
            self.open.set_exception(exc or ConnectionError("the server closed before it let in"))


async def measure(wanted: Dashboards) -> Arrivals:
    loop = asyncio.get_running_loop()
    told, meaning = Arrivals(), Meaning()
    opened: list[Reading | Draining] = []
    for number in range(wanted.count + wanted.stalled):
        one: Reading | Draining
        if number < wanted.count and looked_at(wanted, number):
            one = Reading(wanted, meaning, told)
        else:
            one = Draining(wanted, told, stalled=number >= wanted.count)
        sock = socket.socket()
        if number >= wanted.count:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_BUFFER)
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", wanted.port))
        await loop.create_connection(lambda o=one: o, sock=sock)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        opened.append(one)
    async with asyncio.timeout(OPEN_S):
        for one in opened:
            await one.open
    gc.freeze()
    gc.disable()
    print("ready", flush=True)
    before = resource.getrusage(resource.RUSAGE_SELF)
    line = await asyncio.to_thread(sys.stdin.readline)
    after = resource.getrusage(resource.RUSAGE_SELF)
    awaited = msgspec.json.decode(line, type=Awaited)
    with suppress(TimeoutError):
        async with asyncio.timeout(awaited.within_s):
            for one in opened:
                if isinstance(one, Reading):
                    await one.has(awaited.last)
    told.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return told


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Dashboards)
    print(msgspec.json.encode(uvloop.run(measure(wanted))).decode())


if __name__ == "__main__":
    main()
