"""A receiver of webhooks on this machine, which can be told how to answer."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.support.server import free_port


@dataclass(frozen=True)
class Posted:
    """One attempt, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = orjson.loads(self.body)
        return content

    def is_signed(self, secret: str) -> bool:
        """By the words of the contract: the base64 HMAC-SHA256 of `id.timestamp.body`."""
        text = b".".join(
            (
                self.headers["webhook-id"].encode(),
                self.headers["webhook-timestamp"].encode(),
                self.body,
            )
        )
        made = base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()
        return self.headers["webhook-signature"] == f"v1,{made}"


@dataclass
class Receiver:
    """Answers each post with `status`; None: not before it is closed."""

    status: int | None = 204
    port: int = 0
    posts: list[Posted] = field(default_factory=list)
    most_at_once: int = 0
    _server: asyncio.Server | None = None
    _at_once: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/token"

    async def open(self) -> None:
        self._closing.clear()
        self.port = self.port or free_port()  # of this test alone, also while nobody listens
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Nobody listens any more: connections are refused."""
        self._closing.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def has(self, many: int) -> None:
        """Returns when so many posts have come."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.posts) >= many)

    def of(self, kind: str) -> list[Posted]:
        return [post for post in self.posts if post.content["kind"] == kind]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._take(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        signature = next(line for line in head if line.lower().startswith("webhook-signature"))
        headers["webhook-signature"] = signature.split(": ", 1)[1]
        body = await reader.readexactly(int(headers["content-length"]))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        async with self._came:
            self.posts.append(Posted(head[0].split(" ")[1], headers, body))
            self._came.notify_all()
        if self.status is None:
            await self._closing.wait()
        self._at_once -= 1
        answer = f"HTTP/1.1 {self.status or 503} X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n"
        writer.write(f"{answer}connection: close\r\n\r\n".encode())
        await writer.drain()
