"""Readings by POST, one each, as monitors do that know nothing of one another.

A client of its own: one made for every need takes half a core for a thousand requests a second, and
a load that is busy with itself measures itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import orjson

from app.clock import monotonic_s
from app.simulator.client import (
    MOST_ASKED_S,
    NOT_LET_IN,
    OK_STATUS,
    RETRY_STATUS,
    Refused,
    SimulatorError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.simulator.load.tally import Made, Tally

AGAIN_S: Final = 0.5  # before a connection is made again
BUSY_S: Final = 1.0  # before the same is sent again, where the server asks for no other pause
HEAD_END: Final = b"\r\n\r\n"
NO_LENGTH: Final = (
    "the answers have no content-length, so that their ends cannot be told: is there a proxy in"
    " between? Nothing is lost; ask the server itself, or use --transport ws"
)


def field_of(head: bytes, name: bytes) -> str | None:
    """A header's value, of an answer's head."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode("latin-1")
    return None


class Connection(asyncio.Protocol):
    """Kept alive, one request at a time."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts
        self.transport: asyncio.Transport | None = None
        self.made: Made | None = None
        self._answer = bytearray()
        self._head = b""
        self._whole = -1  # bytes of the answer, once its head is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._posts.stands(self)

    def send(self, made: Made, request: bytes) -> None:
        assert self.transport is not None
        self.made = made
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._whole < 0:
            end = self._answer.find(HEAD_END)
            if end < 0:
                return
            self._head = bytes(self._answer[:end])
            length = field_of(self._head, b"content-length")
            if length is None:
                self._posts.fail(SimulatorError(NO_LENGTH))
                return
            self._whole = end + len(HEAD_END) + int(length)
        if len(self._answer) < self._whole or self.made is None:
            return
        body = bytes(self._answer[len(self._head) + len(HEAD_END) : self._whole])
        self._answer.clear()
        self._whole = -1
        made, self.made = self.made, None
        self._posts.answered(self, made, self._head, body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._posts.lost(self)


class Posts:
    """Sends what is due over whatever connection is free; `paths` are those of the rooms."""

    def __init__(
        self, url: str, token: str | None, connections: int, tally: Tally, paths: Sequence[str]
    ) -> None:
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SimulatorError(f"{url} is not an address: it begins with http:// or https://")
        self._secure = address.scheme == "https"
        self._host = address.hostname
        self._port = address.port or (443 if self._secure else 80)
        who = f"authorization: Bearer {token}\r\n" if token else ""
        rest = (
            f" HTTP/1.1\r\nhost: {address.netloc}\r\naccept: application/json\r\n{who}"
            "content-type: application/json\r\ncontent-length: "
        )
        before = address.path.rstrip("/")
        self._heads = [f"POST {before}{path}{rest}".encode() for path in paths]
        self._tally = tally
        self._many = connections
        self._all: set[Connection] = set()
        self._free: deque[Connection] = deque()
        self._waiting: deque[Made] = deque()
        self._connected = asyncio.Event()
        self._closing = False
        self._wrong: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, made: Made) -> None:
        self._waiting.append(made)

    def flush(self) -> None:
        while self._waiting and self._free:
            connection = self._free.popleft()
            if connection.transport is None or connection.transport.is_closing():
                continue  # it is being made anew
            made = self._waiting.popleft()
            self._tally.leaves(made)
            head = self._heads[made.room]
            connection.send(made, b"%b%d\r\n\r\n%b" % (head, len(made.body), made.body))

    async def connected(self) -> None:
        await self._connected.wait()

    async def serve(self) -> None:
        """Until cancelled; SimulatorError where going on would change nothing."""
        for _ in range(self._many):
            self._connect(0.0)
        try:
            await self._wrong
        finally:
            self._closing = True
            for task in self._tasks:
                task.cancel()
            for connection in self._all:
                if connection.transport is not None:
                    connection.transport.abort()

    def fail(self, error: SimulatorError) -> None:
        if not self._wrong.done():
            self._wrong.set_exception(error)

    def answered(self, connection: Connection, made: Made, head: bytes, body: bytes) -> None:
        status = int(head[9:12])
        if status in OK_STATUS:
            self._tally.taken(made, monotonic_s())
        else:
            self._not_taken(made, status, head, problem_in(body, status))
        self._free.append(connection)
        self.flush()

    def _not_taken(self, made: Made, status: int, head: bytes, problem: dict[str, Any]) -> None:
        code = str(problem["code"])
        if status in RETRY_STATUS:
            self._tally.not_now(code)
            asyncio.get_running_loop().call_later(pause_s(head), self._again, made)
        elif code in NOT_LET_IN:
            self.fail(Refused(status, problem))
        else:
            self._tally.refuses(code)

    def _again(self, made: Made) -> None:
        self.take(made)
        self.flush()

    def stands(self, connection: Connection) -> None:
        self._all.add(connection)
        self._free.append(connection)
        if len(self._all) >= self._many:
            self._connected.set()
        self.flush()

    def lost(self, connection: Connection) -> None:
        """What it was sending goes out again, first. One that idled too long broke nothing."""
        self._all.discard(connection)
        if self._closing:
            return
        if connection.made is not None:
            self._tally.broken += 1
            self._waiting.appendleft(connection.made)
        self._connect(AGAIN_S)

    def _connect(self, pause_s: float) -> None:
        task = asyncio.get_running_loop().create_task(self._connecting(pause_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connecting(self, pause_s: float) -> None:
        """Tried until it stands."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(pause_s)
            try:
                await loop.create_connection(
                    lambda: Connection(self), self._host, self._port, ssl=self._secure or None
                )
                return
            except OSError:
                pause_s = AGAIN_S


def problem_in(body: bytes, status: int) -> dict[str, Any]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    return {"code": f"http_{status}"} | (said if isinstance(said, dict) else {})


def pause_s(head: bytes) -> float:
    """What the server asks for, in reason."""
    try:
        return min(max(0.1, float(field_of(head, b"retry-after") or BUSY_S)), MOST_ASKED_S)
    except ValueError:
        return BUSY_S
