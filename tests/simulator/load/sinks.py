"""Servers that only take readings, each in its own way: what the load does then can be seen."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from websockets.asyncio.server import serve

from app.simulator.load.beds import patients
from app.simulator.load.run import Options, Transport, send
from app.simulator.pace import Stop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from websockets.asyncio.server import ServerConnection

    from app.simulator.load.report import Outcome

    Take = Callable[["StreamSink", ServerConnection, dict[str, Any]], Awaitable[None]]
    Answer = Callable[["PostSink", dict[str, Any]], tuple[int, dict[str, Any]] | None]

Json = dict[str, Any]
HZ = 10.0  # the fastest that is allowed: much in little time


def options(transport: Transport, **others: Any) -> Options:
    usual: dict[str, Any] = {"rooms": 20, "hz": HZ, "minutes": 0.005, "connections": 2}
    return Options(transport=transport, **usual | others)


async def sent(port: int, how: Options, stop: Stop | None = None) -> Outcome:
    ids = [str(UUID(int=room + 1)) for room in range(how.rooms)]
    bodies = patients(how.seed, how.rooms)
    return await send(f"http://127.0.0.1:{port}", "secret", how, ids, bodies, stop or Stop())


class StreamSink:
    """Takes what comes over `WS /api/ingest`, and does with each message what it is told to."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self.port = 0
        self.readings: list[Json] = []
        """Of all messages, as often as they came."""
        self.unanswered: list[tuple[ServerConnection, int]] = []
        self.tokens: set[str | None] = set()

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        assert socket.request.path == "/api/ingest"
        self.tokens.add(socket.request.headers.get("Authorization"))
        async for text in socket:
            message = orjson.loads(text)
            self.readings += message["readings"]
            await self._take(self, socket, message)

    @property
    def ids(self) -> set[str]:
        return {reading["id"] for reading in self.readings}


async def acknowledge(socket: ServerConnection, n: int, *refused: Json) -> None:
    await socket.send(orjson.dumps({"ack": n, "refused": refused}).decode())


@asynccontextmanager
async def stream_sink(take: Take) -> AsyncIterator[StreamSink]:
    sink = StreamSink(take)
    async with serve(sink.serve, "127.0.0.1", 0, compression=None) as server:
        sink.port = next(iter(server.sockets)).getsockname()[1]
        yield sink


class PostSink:
    """Takes POSTs; `answer` says a status and a problem, or None to break the connection."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.port = 0
        self.readings: list[Json] = []
        self.paths: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                self.paths.add(head.split(" ")[1])
                reading = orjson.loads(await reader.readexactly(int(fields["content-length"])))
                self.readings.append(reading)
                said = self._answer(self, reading)
                if said is None:
                    return
                status, body = said
                writer.write(answer(status, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


def answer(status: int, body: Json) -> bytes:
    content = orjson.dumps(body)
    again = "retry-after: 0\r\n" if status == 503 else ""
    head = f"HTTP/1.1 {status} Said\r\n{again}Content-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


@asynccontextmanager
async def post_sink(answer: Answer) -> AsyncIterator[PostSink]:
    sink = PostSink(answer)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
