"""Readings by `WS /api/ingest`: a few connections, each of which carries rooms of its own.

What was due while a message was on its way goes out in the next one. What was not acknowledged when
a connection broke goes out again on the next, with the same ids.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from app.clock import monotonic_s
from app.simulator.client import NOT_LET_IN, RETRY_STATUS, Refused, SimulatorError

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from app.simulator.load.tally import Made, Tally

WINDOW: Final = 1_000  # readings unacknowledged on a connection: more would lie before its pings
LIST_MOST: Final = 500  # readings a message: some 120 kB, as many as one commit takes
AGAIN_S: Final = 0.5  # before a connection is made again, or a reading that came too soon is sent
CLOSE_S: Final = 1.0
ENDED: Final = {4401: "not_signed_in", 4403: "not_allowed"}  # coming back would change nothing
NOT_ADMITTED: Final = frozenset((401, 403))


class Gateway:
    """One connection, made again whenever it breaks."""

    def __init__(self, address: str, token: str | None, tally: Tally) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._tally = tally
        self._ready: deque[Made] = deque()
        self._under_way: deque[tuple[int, list[Made]]] = deque()
        self._unacknowledged = 0
        self._n = 0
        self._wake = asyncio.Event()
        self.connected = asyncio.Event()

    def take(self, made: Made) -> None:
        self._ready.append(made)

    def flush(self) -> None:
        if self._ready:
            self._wake.set()

    async def serve(self) -> None:
        """Until cancelled; SimulatorError where coming back would change nothing."""
        while True:
            stood = False
            try:
                async with (
                    connect(
                        self._address,
                        additional_headers=self._headers,
                        compression=None,
                        proxy=None,
                        close_timeout=CLOSE_S,
                    ) as socket,
                    asyncio.TaskGroup() as tasks,
                ):
                    stood = True
                    self.connected.set()
                    self._take_back()
                    tasks.create_task(self._say(socket))
                    tasks.create_task(self._hear(socket))
            except* (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, EOFError) as group:
                _look(group)
            self._tally.broken += stood  # not each try while nobody is there
            await asyncio.sleep(AGAIN_S)

    def _take_back(self) -> None:
        """What is not acknowledged goes first, in its order."""
        unsettled = [made for _, batch in self._under_way for made in batch]
        self._ready.extendleft(reversed(unsettled))
        self._under_way.clear()
        self._unacknowledged = 0
        self.flush()

    async def _say(self, socket: ClientConnection) -> None:
        while True:
            while self._ready and self._unacknowledged < WINDOW:
                many = min(len(self._ready), LIST_MOST)
                batch = [self._ready.popleft() for _ in range(many)]
                self._n += 1
                self._under_way.append((self._n, batch))
                self._unacknowledged += many
                for made in batch:
                    self._tally.leaves(made)
                listed = b",".join([made.body for made in batch])
                await socket.send(b'{"n":%d,"readings":[%b]}' % (self._n, listed), text=True)
            self._wake.clear()
            await self._wake.wait()

    async def _hear(self, socket: ClientConnection) -> None:
        while True:
            said = orjson.loads(await socket.recv())
            now_s = monotonic_s()
            refused = {(one["n"], one["index"]): one for one in said["refused"]}
            while self._under_way and self._under_way[0][0] <= said["ack"]:
                n, batch = self._under_way.popleft()
                self._unacknowledged -= len(batch)
                whole = refused.get((n, None))
                for place, made in enumerate(batch):
                    self._settle(made, refused.get((n, place), whole), now_s)
            self._wake.set()

    def _settle(self, made: Made, problem: dict[str, Any] | None, now_s: float) -> None:
        if problem is None:
            self._tally.taken(made, now_s)
        elif problem["status"] in RETRY_STATUS:
            self._tally.not_now(problem["code"])
            asyncio.get_running_loop().call_later(AGAIN_S, self._again, made)
        elif problem["code"] in NOT_LET_IN:
            raise Refused(problem["status"], problem)
        else:
            self._tally.refuses(problem["code"])

    def _again(self, made: Made) -> None:
        self.take(made)
        self.flush()


def _look(group: BaseExceptionGroup[Exception]) -> None:
    """A connection that broke is made again, unless the server has said that it will not do."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            _look(error)
        elif isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code in ENDED:
            problem = {"code": ENDED[error.rcvd.code], "detail": "the stream was closed"}
            raise Refused(error.rcvd.code, problem) from error
        elif isinstance(error, InvalidStatus) and error.response.status_code in NOT_ADMITTED:
            problem = {"code": "not_signed_in", "detail": "the stream was not opened"}
            raise Refused(error.response.status_code, problem) from error


class Streams:
    """All connections; a room keeps to one of them, so that its readings stay in order."""

    def __init__(self, url: str, token: str | None, connections: int, tally: Tally) -> None:
        scheme, _, rest = url.rstrip("/").partition("://")
        secure = {"http": "ws", "https": "wss"}.get(scheme)
        if secure is None:
            raise SimulatorError(f"{url} is not an address: it begins with http:// or https://")
        address = f"{secure}://{rest}/api/ingest"
        self._gateways = [Gateway(address, token, tally) for _ in range(connections)]

    def take(self, made: Made) -> None:
        self._gateways[made.room % len(self._gateways)].take(made)

    def flush(self) -> None:
        for gateway in self._gateways:
            gateway.flush()

    async def connected(self) -> None:
        """Returns once every connection stands."""
        for gateway in self._gateways:
            await gateway.connected.wait()

    async def serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for gateway in self._gateways:
                tasks.create_task(gateway.serve())
