"""The load: a process of its own that sends readings, and tells how each was answered.

    python -m bench.load          a `Load` as JSON on standard input, then a line with the start

Open loop at a constant rate (latency counts from the intended moment, also while all connections
are busy), or closed loop (`rate` 0: every connection sends as soon as it was answered). Requests
are made beforehand; only their time is filled in when they are sent.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec
import orjson
import uvloop

from bench.vitals import Clock, Senders, post

DRAIN_S: Final = 3.0  # what was not answered so long after the end counts as not delivered
TIMER_S: Final = 0.001  # the event loop's clock ticks in milliseconds
LOST: Final = 0  # the "status" of a request whose connection broke
ACCEPTED: Final = (200, 201)
CREATED: Final = b'"status":201'  # in a list's answer, once for each reading that was stored


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be sent. `readings` bounds a closed loop, whose requests are made beforehand."""

    port: int
    sessions: list[str]
    seconds: float
    rate: float = 0.0
    batch: int = 1
    connections: int = 64
    warm_s: float = 1.0
    readings: int = 0
    keep_ids: bool = False
    token: str = ""
    """Of a device; a reference asks for none."""
    drain_s: float = DRAIN_S

    @property
    def requests(self) -> int:
        if self.rate:
            return int(self.rate * (self.warm_s + self.seconds))
        return self.readings // self.batch


@dataclass(slots=True)
class Told:
    """What came of it, of the measured time: after the warming up, until the end."""

    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies_ms: list[float] = field(default_factory=list)
    """Of those accepted."""
    readings: int = 0
    late_ms: float = 0.0
    """99th percentile of how late the load itself turned to a request: a load that cannot keep up
    measures itself.
    """
    cpu_share: float = 0.0
    acknowledged: list[str] = field(default_factory=list)
    """Ids of all that was ever accepted, if they were asked for."""
    seen_as: list[tuple[str, int, float]] = field(default_factory=list)
    """Session, seq and intended moment of each single reading accepted."""

    @property
    def accepted(self) -> int:
        return sum(self.statuses.get(status, 0) for status in ACCEPTED)

    @property
    def delivered(self) -> float:
        return self.accepted / self.sent if self.sent else 0.0


@dataclass(slots=True)
class Request:
    message: bytes
    repeats: int
    connection: int | None = None
    ids: tuple[str, ...] = ()
    due: float = 0.0
    turned_to: float = 0.0
    answered_at: float = 0.0
    status: int | None = None
    stored: int = 0
    body: bytes = b""


def made(load: Load) -> list[Request]:
    """A closed loop's connections have sessions of their own, so that none overtakes itself."""
    senders, count = Senders(load.sessions), len(load.sessions)
    requests = []
    for number in range(load.requests):
        if load.batch == 1:
            which = number % count
            path = f"/api/sessions/{load.sessions[which]}/readings"
            body: Any = senders.of(which)
            listed, repeats = [body], 1
        else:
            own = number % load.connections if not load.rate else None
            first = number * load.batch
            sessions = (
                [(first + n) % count for n in range(min(count, load.batch))]
                if own is None
                else list(range(own % count, count, load.connections)) or [own % count]
            )
            path = "/api/readings"
            listed, repeats = senders.batch(sessions, load.batch)
            body = {"readings": listed}
        ids = tuple(one["id"] for one in listed) if load.keep_ids else ()
        owner = number % load.connections if not load.rate else None
        requests.append(Request(post(path, load.port, body, load.token), repeats, owner, ids))
    return requests


class Connection(asyncio.Protocol):
    """One request at a time, kept alive; made anew when the server closes it."""

    def __init__(self, driver: Driver, number: int) -> None:
        self._driver = driver
        self.number = number
        self.transport: asyncio.Transport | None = None
        self.request: Request | None = None
        self._parts: list[bytes] = []
        self._missing = -1  # bytes of the answer yet to come; -1: its head is not whole yet
        self._body_at = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def send(self, request: Request, message: bytes) -> None:
        assert self.transport is not None
        self.request = request
        self.transport.write(message)

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            if self._parts:
                data = self._parts.pop() + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._parts.append(data)
                return
            self._body_at = end + 4
            self._missing = self._body_at + content_length(data[:end]) - len(data)
        else:
            self._missing -= len(data)
        self._parts.append(data)
        if self._missing <= 0:
            answer = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._parts.clear()
            self._missing = -1
            request, self.request = self.request, None
            if request is not None:
                self._driver.answered(self, request, int(answer[9:12]), answer[self._body_at :])

    def connection_lost(self, exc: Exception | None) -> None:
        request, self.request, self.transport = self.request, None, None
        self._driver.lost(self, request)


def content_length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])


class Driver:
    """Sends what is due over whatever connection is free."""

    def __init__(self, load: Load, requests: list[Request]) -> None:
        self._load = load
        self._requests = requests
        self._free: deque[Connection] = deque()
        self._waiting: deque[Request] = deque()
        self._next = 0
        self._open = 0
        self._until = float("inf")
        self._clock = Clock()
        self._done = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self, number: int) -> None:
        connection = Connection(self, number)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: connection, "127.0.0.1", self._load.port)
        self._free.append(connection)
        self._pump()

    async def run(self, start: float) -> None:
        end = start + self._load.warm_s + self._load.seconds
        await asyncio.sleep(max(0.0, start - time.monotonic()))
        if self._load.rate:
            for number, request in enumerate(self._requests):
                request.due = start + number / self._load.rate
            self._tick()
        else:
            self._until = end
            self._queues = [
                deque(r for r in self._requests if r.connection == number)
                for number in range(self._load.connections)
            ]
            for connection in tuple(self._free):
                self._again(connection)
        try:
            async with asyncio.timeout(end + self._load.drain_s - time.monotonic()):
                await self._done.wait()
        except TimeoutError:
            return

    def _tick(self) -> None:
        now = time.monotonic()
        requests = self._requests
        while self._next < len(requests) and requests[self._next].due <= now:
            requests[self._next].turned_to = now
            self._waiting.append(requests[self._next])
            self._open += 1
            self._next += 1
        self._pump()
        if self._next < len(requests):
            wait = max(TIMER_S, requests[self._next].due - now)
            asyncio.get_running_loop().call_later(wait, self._tick)
        else:
            self._look_done()

    def _pump(self) -> None:
        while self._waiting and self._free:
            connection = self._free.popleft()
            if connection.transport is None or connection.transport.is_closing():
                continue  # it is being made anew
            self._send(connection, self._waiting.popleft())

    def _again(self, connection: Connection) -> None:
        """A closed loop's next."""
        queue = self._queues[connection.number]
        if queue and time.monotonic() < self._until:
            request = queue.popleft()
            request.due = request.turned_to = time.monotonic()
            self._open += 1
            self._send(connection, request)
        else:
            self._next = len(self._requests)
            self._look_done()

    def _send(self, connection: Connection, request: Request) -> None:
        wall_ms = time.time_ns() // 1_000_000
        connection.send(request, self._clock.stamped(request.message, request.repeats, wall_ms))

    def answered(self, connection: Connection, request: Request, status: int, body: bytes) -> None:
        request.answered_at = time.monotonic()
        request.status = status
        if status in ACCEPTED:
            if self._load.batch == 1:
                request.stored, request.body = 1, body
            else:
                request.stored = body.count(CREATED)
                if request.stored < len(request.ids):
                    request.body = body
        self._open -= 1
        if self._load.rate:
            self._free.append(connection)
            self._pump()
            self._look_done()
        else:
            self._again(connection)

    def lost(self, connection: Connection, request: Request | None) -> None:
        if request is not None:
            request.status, request.answered_at = LOST, time.monotonic()
            self._open -= 1
        if not self._done.is_set():
            task = asyncio.get_running_loop().create_task(self.connect(connection.number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _look_done(self) -> None:
        if self._next >= len(self._requests) and not self._open:
            self._done.set()


def told(load: Load, requests: list[Request], start: float, cpu_s: float, took: float) -> Told:
    made = Told(cpu_share=cpu_s / took)
    first, end = start + load.warm_s, start + load.warm_s + load.seconds
    statuses: Counter[int] = Counter()
    lateness = []
    for request in requests:
        good = request.status in ACCEPTED
        if good:
            made.acknowledged += acknowledged(request)
            # What a closed loop stores in the measured time, whenever that was sent.
            if not load.rate and first <= request.answered_at < end:
                made.readings += request.stored
        if not first <= request.due < end:
            continue
        made.sent += 1
        if request.status is None:
            continue
        statuses[request.status] += 1
        lateness.append(request.turned_to - request.due)
        if good:
            made.latencies_ms.append((request.answered_at - request.due) * 1_000)
            if load.rate:
                made.readings += request.stored
        if request.body and load.batch == 1:
            answer = orjson.loads(request.body)
            made.seen_as.append((answer["session_id"], answer["seq"], request.due))
    made.statuses = dict(statuses)
    lateness.sort()
    made.late_ms = lateness[int(len(lateness) * 0.99)] * 1_000 if lateness else 0.0
    return made


def acknowledged(request: Request) -> list[str]:
    """Ids that the answer says are stored; in a list some may be refused."""
    if request.stored >= len(request.ids):
        return list(request.ids)
    items = orjson.loads(request.body)["items"]
    return [item["reading"]["id"] for item in items if item["status"] in ACCEPTED]


async def measure(load: Load) -> Told:
    requests = made(load)
    driver = Driver(load, requests)
    for number in range(load.connections):
        await driver.connect(number)
    gc.freeze()
    gc.disable()  # what was made is kept anyway; a pause of the load would be measured as latency
    print("ready", flush=True)
    start = float(await asyncio.to_thread(sys.stdin.readline))
    before = resource.getrusage(resource.RUSAGE_SELF)
    await driver.run(start)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return told(load, requests, start, cpu_s, time.monotonic() - start)


def main() -> None:
    load = msgspec.json.decode(sys.stdin.readline(), type=Load)
    print(msgspec.json.encode(uvloop.run(measure(load))).decode())


if __name__ == "__main__":
    main()
