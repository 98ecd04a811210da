"""How long is waited for whom, and who gives way when too many come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import structlog

if TYPE_CHECKING:
    import asyncio
    from asyncio import TimerHandle

TOLD_AGAIN_S: Final = 60.0  # between two lines of the log that say the same
RESERVE: Final = 64  # connections beyond the cap, see Patience


log = structlog.get_logger(__name__)


class Connection(Protocol):
    """What the crowd knows of one."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    def late(self) -> None:
        """What was expected did not come."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for whom, and how many may come."""

    connections: int = 2000
    """A thousand screens, which is tested, and as many for their requests and for devices."""
    reserve: int = RESERVE
    """On top: for probes, and for addresses from which a screen is open."""
    head_s: float = 10.0
    """For a request's line and headers, and for the first request on a connection."""
    reserved_s: float = 3.0
    """The same for a connection of the reserve, which nobody may keep to himself."""
    head_max: int = 32 * 1024
    """Bytes of them; a browser sends less than 2 KiB."""
    body_s: float = 10.0
    """For a body to come, and a second more for each `body_pace` bytes of it that came."""
    body_pace: int = 4 * 1024
    """Bytes a second: a hundredth of a bad wireless network; the longest body takes 4 min of it."""
    rest_max: int = 8 * 1024 * 1024
    """Bytes still read of a body that was refused: who sends all before reading hears why."""
    admitted_s: float = 5.0
    """A websocket that is still open then has shown a credential that holds."""
    look_s: float = 1.0
    """Between two looks for who is late."""
    take_s: float = 20.0
    """A client takes `take_min` bytes of its answer in this time, or is cut off."""
    take_min: int = 16 * 1024


class Crowd:
    """All connections of this process. While there are too many, who asks for nothing gives way:
    the oldest of those that wait for a request.
    """

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.waiting: dict[Connection, None] = {}
        self.screens: Counter[str] = Counter()
        """Open websockets by address: who has one has shown a credential."""
        self._leaving: set[Connection] = set()
        self._due: dict[Connection, float] = {}
        self._look: TimerHandle | None = None
        self._told_again_s = 0.0

    def expect(self, connection: Connection, within_s: float) -> None:
        """`connection.late` is called unless it is `heard` of before. (A timer for each request
        would cost it more than reading its headers; this costs an entry.)
        """
        loop = connection.loop
        self._due[connection] = loop.time() + within_s
        if self._look is None:
            self._look = loop.call_later(self.patience.look_s, self._look_for_late, loop)

    def expected(self, connection: Connection) -> bool:
        return connection in self._due

    def heard(self, connection: Connection) -> None:
        self._due.pop(connection, None)

    def _look_for_late(self, loop: asyncio.AbstractEventLoop) -> None:
        self._look = None
        now = loop.time()
        for connection in [one for one, due in self._due.items() if due <= now]:
            del self._due[connection]
            connection.late()
        if self._due and self._look is None:
            self._look = loop.call_later(self.patience.look_s, self._look_for_late, loop)

    def full(self, there: int) -> bool:
        """Whether one of so many is too many, and none could be sent away for it."""
        if there - len(self._leaving) <= self.patience.connections:
            return False
        if not self.waiting:
            return True
        oldest = next(iter(self.waiting))
        self.waiting.pop(oldest)
        self._leaving.add(oldest)
        oldest.transport.abort()
        return False

    def beyond(self, there: int) -> bool:
        """Whether not even the reserve has room."""
        return there - len(self._leaving) > self.patience.connections + self.patience.reserve

    def tell(self, now_s: float, there: int) -> None:
        """Those who run the server hear of it, once a minute."""
        if now_s >= self._told_again_s:
            self._told_again_s = now_s + TOLD_AGAIN_S
            log.warning("too_many_connections", count=there)

    def gone(self, connection: Connection) -> None:
        self._due.pop(connection, None)
        self.waiting.pop(connection, None)
        self._leaving.discard(connection)
