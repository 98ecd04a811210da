"""The server's end of a connection with an application of the test's own behind it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import orjson
import uvicorn
from uvicorn.server import ServerState

from app.http import Http, bounded

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.crowd import Patience

WITHIN_S: Final = 10.0  # whatever is awaited comes in well under a second


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
