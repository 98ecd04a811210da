"""A log in memory, commits made from it, a browser that can stop reading, and a loop without
time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from app.errors import StorageUnavailable, UnknownSession
from app.feed.history import History
from app.feed.rights import EVERYTHING, Audience, Rights
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

SIMULATED = Audience(simulated=True)
EPOCH = "epoch-1"
WARD = "00000000-0000-7000-8000-000000000001"
OTHER = "00000000-0000-7000-8000-000000000002"


def event(session_id: str, seq: int) -> bytes:
    return orjson.dumps({"session_id": session_id, "seq": seq, "kind": "clock.moved"})


def board_row(session_id: str, seq: int) -> dict[str, Any]:
    """As much of a row as the feed looks at, and what a wall is not shown."""
    return {
        "id": session_id,
        "seq": seq,
        "active": True,
        "simulated": session_id == OTHER,
        "station": "Room 1" if session_id == WARD else "Room 2",
        "patient": {"initials": "A.B."},
        "responsible": {"name": "Anna"},
        "audio_pause": None,
        "audio_off": {},
        "alarm_off": {},
        "standby": None,
        "help": None,
        "not_taken": {"sbp": {"reason": "asleep", "by": {"name": "Anna"}}},
        "stop_prompts": {},
        "alarms": {},
    }


@dataclass(frozen=True)
class FakeCommit:
    session_id: str
    seq: int
    events: tuple[bytes, ...]
    rows_made: list[str]
    urgent: bool = False

    def board_row(self) -> dict[str, Any]:
        self.rows_made.append(self.session_id)
        return board_row(self.session_id, self.seq)


@dataclass
class FakeLog:
    """Sessions whose events are numbered without gaps; reading waits whenever `gate` is closed."""

    events: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    rows_made: list[str] = field(default_factory=list)
    reads: int = 0
    available: bool = True
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def commit(self, session_id: str, count: int = 1, *, urgent: bool = False) -> FakeCommit:
        log = self.events[session_id]
        added = tuple(event(session_id, len(log) + n + 1) for n in range(count))
        log.extend(added)
        return FakeCommit(session_id, len(log), added, self.rows_made, urgent)

    async def _begin(self) -> None:
        await self.gate.wait()
        self.reads += 1
        if not self.available:
            raise StorageUnavailable

    async def _read(self, session_id: str) -> list[bytes]:
        await self._begin()
        await asyncio.sleep(0)
        if session_id not in self.events:
            raise UnknownSession()
        return self.events[session_id]

    async def head(self, session_id: str) -> int:
        return len(await self._read(session_id))

    async def state(self, session_id: str) -> dict[str, Any]:
        seq = len(await self._read(session_id))
        await asyncio.sleep(0)
        return {"id": session_id, "seq": seq}

    async def after(self, session_id: str, after: int, limit: int) -> list[bytes]:
        found = (await self._read(session_id))[after : after + limit]
        await asyncio.sleep(0)
        return found

    async def board(self, simulated: bool | None) -> list[dict[str, Any]]:
        """Both kinds, whatever was asked: who sees which is not told by what was read."""
        await self._begin()
        return [board_row(id, len(log)) for id, log in self.events.items()]

    def history(self) -> History:
        return History(self.head, self.state, self.after, self.board)


@dataclass
class FakeAlarms:
    """Takes what screens confirm; waits whenever `gate` is closed."""

    confirmed: list[tuple[str, str, int]] = field(default_factory=list)
    refusal: DomainError | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def confirm(self, session_id: str, alarm_id: str, rev: int) -> None:
        await self.gate.wait()
        self.confirmed.append((session_id, alarm_id, rev))
        if self.refusal is not None:
            raise self.refusal


@dataclass
class FakeCaller:
    """Who watches: `says_no` and `not_mine` refuse, `end` is told with what to close; what was
    watched and said of the sound is kept.
    """

    audience: Audience = EVERYTHING
    training: Audience = SIMULATED
    notices: bool = True
    says_no: DomainError | None = None
    not_mine: dict[str, DomainError] = field(default_factory=dict)
    changed: bool = False
    ends: list[Callable[[int], None]] = field(default_factory=list)
    watched: list[tuple[str | Audience, bool]] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)

    async def confine(self, session_id: str) -> None:
        await asyncio.sleep(0)
        if session_id in self.not_mine:
            raise self.not_mine[session_id]

    async def simulated(self, session_id: str) -> bool:
        await asyncio.sleep(0)
        return session_id == OTHER

    @contextmanager
    def held(self, end: Callable[[int], None]) -> Iterator[None]:
        self.ends.append(end)
        try:
            yield
        finally:
            self.ends.remove(end)

    def rights(self) -> Rights:
        return Rights(
            audience=self.audience,
            training=self.training,
            notices=self.notices,
            refusal=lambda _: self.says_no,
            confine=self.confine,
            simulated=self.simulated,
            changed=lambda: self.changed,
            held=self.held,
            watched=lambda what, watches: self.watched.append((what, watches)),
            sounds=self.sounds.append,
        )


class Browser:
    """The other end of a socket; it takes no frames while `reading` is clear."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self.closed: int | None = None
        self.reading = asyncio.Event()
        self.reading.set()
        self.fails_with: type[Exception] | None = None
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def say(self, **message: Any) -> None:
        self.say_text(orjson.dumps(message).decode())

    def say_text(self, text: str) -> None:
        self.say_raw({"text": text})

    def say_raw(self, message: dict[str, Any]) -> None:
        self._said.put_nowait({"type": "websocket.receive", **message})

    def go(self) -> None:
        self.fails_with = ConnectionResetError
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        self.reading.set()

    async def receive(self) -> MutableMapping[str, Any]:
        return await self._said.get()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.reading.wait()
        if self.fails_with is not None:
            raise self.fails_with
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.texts.append(message["text"])
            self.frames.append(orjson.loads(message["text"]))

    def kinds(self) -> list[str]:
        """What was sent, but for what the clinic is told."""
        return [frame["kind"] for frame in self.frames if frame["kind"] != "clinic"]

    def clinic(self) -> list[dict[str, Any]]:
        """What the clinic was told."""
        return [frame for frame in self.frames if frame["kind"] == "clinic"]

    def seqs(self, session_id: str = WARD) -> list[int]:
        """Every event seen of a session, in the order it came; a snapshot counts as its seq,
        negative.
        """
        seen: list[int] = []
        for frame in self.frames:
            if frame.get("session") != session_id:
                continue
            if frame["kind"] == "snapshot":
                seen.append(-frame["seq"])
            elif frame["kind"] == "events":
                seen.extend(event["seq"] for event in frame["events"])
        return seen


class StillLoop:
    """A loop whose time goes on only when told, so that joining is seen without waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        self._soon: list[Callable[[], object]] = []
        self._later: dict[int, tuple[float, Callable[[], object]]] = {}
        self._numbers = count(1)

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[..., object], /, *args: Any) -> StillTimer:
        self._soon.append(partial(callback, *args))
        return StillTimer({}, 0)

    def call_later(
        self, delay: float, callback: Callable[..., object], /, *args: Any
    ) -> StillTimer:
        number = next(self._numbers)
        self._later[number] = (self.now + delay, partial(callback, *args))
        return StillTimer(self._later, number)

    @property
    def timers(self) -> int:
        return len(self._later)

    def turn(self, took: float = 0.0) -> None:
        """The turn under way ends after this time."""
        self.now += took
        soon, self._soon = self._soon, []
        for callback in soon:
            callback()

    def wait(self, seconds: float) -> None:
        self.now += seconds
        for number, (due, callback) in tuple(self._later.items()):
            if due <= self.now + 1e-9 and number in self._later:
                del self._later[number]
                callback()


@dataclass
class StillTimer:
    timers: dict[int, Any]
    number: int

    def cancel(self) -> None:
        self.timers.pop(self.number, None)


async def settle() -> None:
    """Lets everything that can happen without time happen."""
    for _ in range(200):
        await asyncio.sleep(0)
