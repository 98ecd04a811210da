"""The server's end of a connection with an application of the test's own behind it: on a socket, or
by hand in a time that goes on only when told.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
import uvicorn
from uvicorn.server import ServerState

from app.http import Http, bounded
from tests.feed.fakes import StillLoop, settle

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Coroutine

    from starlette.types import ASGIApp

    from app.crowd import Connection, Patience

WITHIN_S: Final = 60.0  # whatever is awaited comes in well under a second, but on a busy machine
HIGH, LOW = 65_536, 16_384  # bytes that wait to be taken: where asyncio pauses writing and resumes


class Edge:
    """A server on a port of its own."""

    def __init__(self, port: int, state: ServerState, http: type[Http]) -> None:
        self.port = port
        self.trust: ssl.SSLContext | None = None
        self.state = state
        self.crowd = http.crowd
        self._clients: list[Client] = []

    async def dial(self, sent: bytes = b"") -> Client:
        self._clients.append(await dial(self.port, sent, self.trust))
        return self._clients[-1]

    def hang_up(self) -> None:
        for client in self._clients:
            client.leave()

    async def late(self, came: int, within_s: float) -> None:
        """Those that have sent so many bytes, and are given so long for the next, are late now."""
        due = self.crowd._due

        def found() -> list[Connection]:
            return [one for one in due if cast("Http", one)._came == came]

        async with asyncio.timeout(WITHIN_S):
            while not found():  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0)
        for one in found():
            assert due[one] <= one.loop.time() + within_s
            due[one] = 0.0

    async def reached(self, count: int) -> None:
        """Waits until so many connections are there."""
        async with asyncio.timeout(WITHIN_S):
            while len(self.state.connections) != count:  # noqa: ASYNC110 uvicorn tells nobody
                await asyncio.sleep(0)


class Client:
    """The other end, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.within_s = WITHIN_S

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def stop_reading(self) -> None:
        self.writer.transport.pause_reading()  # type: ignore[attr-defined] # a socket's has it

    async def head(self) -> tuple[int, dict[str, str]]:
        async with asyncio.timeout(self.within_s):
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = [line.split(": ", 1) for line in lines[1:] if line]
        return int(lines[0].split()[1]), {name.lower(): value for name, value in pairs}

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        status, headers = await self.head()
        length = int(headers.get("content-length", "0"))
        async with asyncio.timeout(self.within_s):
            return status, headers, await self.reader.readexactly(length)

    async def problem(self) -> tuple[dict[str, str], dict[str, Any]]:
        _, headers, body = await self.answer()
        assert headers["content-type"] == "application/problem+json"
        content: dict[str, Any] = orjson.loads(body)
        return headers, content

    async def ended(self) -> bytes:
        """What still came before the server closed."""
        async with asyncio.timeout(self.within_s):
            with suppress(ConnectionError):
                return await self.reader.read()
        return b""

    def leave(self) -> None:
        self.writer.transport.abort()


async def dial(port: int, sent: bytes = b"", trust: ssl.SSLContext | None = None) -> Client:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
    writer.write(sent)
    return Client(reader, writer)


@asynccontextmanager
async def edge(
    app: ASGIApp, patience: Patience, *, tls: ssl.SSLContext | None = None, **settings: Any
) -> AsyncIterator[Edge]:
    """`settings` are uvicorn's."""
    http, ws = bounded(patience)
    settings = {"timeout_keep_alive": WITHIN_S} | settings
    config = uvicorn.Config(app, http=http, ws=ws, log_config=None, lifespan="off", **settings)
    config.load()
    state = ServerState()

    def protocol() -> Http:
        return http(config=config, server_state=state, app_state={})

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)
    made = Edge(server.sockets[0].getsockname()[1], state, http)
    try:
        yield made
    finally:
        made.hang_up()
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        async with asyncio.timeout(WITHIN_S):
            while state.connections or state.tasks:  # noqa: ASYNC110 uvicorn tells nobody
                await asyncio.sleep(0)


class Wire(asyncio.Transport):
    """Takes everything at once; a `slow` one only what `take` is told."""

    def __init__(self, *, slow: bool = False) -> None:
        super().__init__()
        self.sent = b""
        self.left = 0
        self.closed = self.aborted = False
        self.protocol: asyncio.Protocol | None = None
        self._slow = slow
        self._paused = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("192.0.2.1", 1) if name in ("peername", "sockname") else default

    def write(self, data: Any) -> None:
        self.sent += bytes(data)
        if self._slow:
            self.left += len(data)
        if self.left > HIGH and not self._paused and self.protocol is not None:
            self._paused = True
            self.protocol.pause_writing()

    def take(self, count: int) -> None:
        self.left = max(0, self.left - count)
        if self.left <= LOW and self._paused and self.protocol is not None:
            self._paused = False
            self.protocol.resume_writing()

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.left

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.closed = True  # what comes after is the websocket's


class _Still(StillLoop):
    """Its tasks run in the loop that does."""

    def create_task(self, work: Coroutine[Any, Any, None], **how: Any) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work, **how)


class ByHand:
    """A connection and its time."""

    def __init__(self, app: ASGIApp, patience: Patience, *, slow: bool) -> None:
        http, ws = bounded(patience)
        config = uvicorn.Config(app, http=http, ws=ws, log_config=None, lifespan="off")
        config.load()
        self.state = ServerState()
        self._loop = _Still()
        self.connection = http(
            config=config, server_state=self.state, app_state={}, _loop=cast("Any", self._loop)
        )
        self.wire = Wire(slow=slow)
        self.wire.protocol = self.connection
        self.connection.connection_made(self.wire)

    async def feed(self, data: bytes) -> None:
        self.connection.data_received(data)
        await settle()

    async def take(self, count: int) -> None:
        self.wire.take(count)
        await settle()

    async def wait(self, seconds: float) -> None:
        self._loop.wait(seconds)
        await settle()


@asynccontextmanager
async def by_hand(app: ASGIApp, patience: Patience, *, slow: bool = False) -> AsyncIterator[ByHand]:
    made = ByHand(app, patience, slow=slow)
    try:
        yield made
    finally:
        made.connection.connection_lost(None)
        for task in list(made.state.tasks):
            task.cancel()
        await asyncio.gather(*made.state.tasks, return_exceptions=True)
