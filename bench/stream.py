"""The load of a gateway that streams: `WS /api/ingest`, lists of readings, a window ahead of the
acknowledgements.

    python -m bench.stream         a `Load` as JSON on standard input, then a line with the start
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections import deque
from typing import Final, cast

import msgspec
import orjson
import uvloop

from bench.frames import TEXT, Reader, frame, request
from bench.load import DRAIN_S, Load, Told
from bench.vitals import Clock, Senders

PATH: Final = "/api/ingest"
WINDOW: Final = 20  # messages sent and not yet acknowledged, of each connection
ACCEPTED: Final = 200


def messages(load: Load, own: int) -> list[tuple[bytes, int]]:
    """Those of one connection, which has sessions of its own; and how often a session comes."""
    senders, count = Senders(load.sessions), len(load.sessions)
    which = list(range(own % count, count, load.connections)) or [own % count]
    made = []
    for n in range(load.requests // load.connections):
        listed, repeats = senders.batch(which, load.batch)
        made.append((frame(orjson.dumps({"n": n + 1, "readings": listed})), repeats))
    return made


class Gateway(asyncio.Protocol):
    """Sends while fewer than a window wait for their acknowledgement."""

    def __init__(self, load: Load, own: int, done: asyncio.Event) -> None:
        self._load = load
        self._messages = messages(load, own)
        self._done = done
        self._reader = Reader()
        self._clock = Clock()
        self._sent = 0
        self._acked = 0
        self._until = 0.0
        self._times: deque[float] = deque()
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.acks: list[tuple[float, float, int]] = []
        """When acknowledged, when sent, readings stored."""
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(request(PATH, self._load.port, deflate=False, token=self._load.token))

    def data_received(self, data: bytes) -> None:
        for opcode, payload in self._reader.feed(data):
            if opcode == TEXT:
                self._acknowledged(orjson.loads(payload))
        if self._reader.is_open and not self.open.done():
            self.open.set_result(None)

    def begin(self, until: float) -> None:
        self._until = until
        self._fill()

    def _fill(self) -> None:
        now = time.monotonic()
        while (
            self._sent - self._acked < WINDOW
            and self._sent < len(self._messages)
            and now < self._until
        ):
            message, repeats = self._messages[self._sent]
            self._times.append(now)
            self._sent += 1
            wall_ms = time.time_ns() // 1_000_000
            self._transport.write(self._clock.stamped(message, repeats, wall_ms))
        if self._sent == self._acked:
            self._done.set()

    def _acknowledged(self, said: dict[str, object]) -> None:
        now, upto, refused = time.monotonic(), said["ack"], said.get("refused") or []
        assert isinstance(upto, int)
        assert isinstance(refused, list)
        self.refused += len(refused)
        stored = (upto - self._acked) * self._load.batch - len(refused)
        sent_at = now
        for _ in range(upto - self._acked):
            sent_at = self._times.popleft()
        self.acks.append((now, sent_at, stored))
        self._acked = upto
        self._fill()


async def measure(load: Load) -> Told:
    loop = asyncio.get_running_loop()
    ends = [asyncio.Event() for _ in range(load.connections)]
    gateways = [Gateway(load, own, ends[own]) for own in range(load.connections)]
    for gateway in gateways:
        await loop.create_connection(lambda g=gateway: g, "127.0.0.1", load.port)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        await asyncio.wait_for(gateway.open, DRAIN_S)
    gc.freeze()
    gc.disable()
    print("ready", flush=True)
    start = float(await asyncio.to_thread(sys.stdin.readline))
    await asyncio.sleep(max(0.0, start - time.monotonic()))
    first, end, cpu = start + load.warm_s, start + load.warm_s + load.seconds, time.process_time()
    for gateway in gateways:
        gateway.begin(end)
    try:
        async with asyncio.timeout(end + load.drain_s - time.monotonic()):
            for done in ends:
                await done.wait()
    except TimeoutError:
        pass
    acks = [ack for gateway in gateways for ack in gateway.acks if first <= ack[0] < end]
    return Told(
        sent=len(acks),
        statuses={ACCEPTED: len(acks)},
        latencies_ms=[(at - sent_at) * 1_000 for at, sent_at, _ in acks],
        readings=sum(stored for _, _, stored in acks),
        cpu_share=(time.process_time() - cpu) / (time.monotonic() - start),
    )


def main() -> None:
    load = msgspec.json.decode(sys.stdin.readline(), type=Load)
    print(msgspec.json.encode(uvloop.run(measure(load))).decode())


if __name__ == "__main__":
    main()
