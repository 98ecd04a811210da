"""What the hub holds of each channel, and where a watcher stands in it. No I/O, no clock.

A watcher has a place: the last seq of a session that it was sent, the last version of the board.
Nothing waits for it but that. What it is sent next is made from what the hub holds after its place,
once for all who stand at the same; where the hub holds too little, the log is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from app.feed import frames
from app.feed.rights import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.feed.rights import Audience

MAX_BEHIND = 10_000  # events: a snapshot is smaller, and quicker to draw
MAX_TAIL = 256  # events held of a watched session: minutes of it, a hundred kilobytes
MAX_ROWS = 4_096  # rows held of the board: as many sessions as the scribe keeps in memory


class Commit(Protocol):
    """What one transaction added to one session: events in seq order, the last of them `seq`."""

    @property
    def session_id(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def events(self) -> tuple[bytes, ...]: ...
    @property
    def board_row(self) -> Callable[[], dict[str, Any]]: ...
    @property
    def urgent(self) -> bool: ...


class Tail:
    """The newest events of one session, without gaps: all that was published and is held still."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.last = 0
        self._texts: list[bytes] = []
        self._made: dict[int, str] = {}

    @property
    def first(self) -> int:
        return self.last - len(self._texts) + 1

    def add(self, last: int, texts: Sequence[bytes]) -> bool:
        """False if there is nothing new in it. What comes after a hole begins a new tail."""
        if last <= self.last or not texts:
            return False
        new = last - self.last
        if new <= len(texts):
            self._texts.extend(texts[-new:])
        else:
            self._texts = list(texts)
        self.last = last
        self._made.clear()
        return True

    def trim(self) -> None:
        """Forgets the oldest, after everybody was told of the newest."""
        if len(self._texts) > MAX_TAIL:
            del self._texts[:-MAX_TAIL]

    def holds_after(self, seq: int) -> bool:
        """True if it goes on from this seq, so that nothing has to be read."""
        return self.first <= seq + 1 <= self.last + 1 and bool(self._texts)

    def frame_after(self, seq: int) -> str:
        """All events after this seq, encoded once for all who stand there."""
        frame = self._made.get(seq)
        if frame is None:
            texts = self._texts[seq - self.first + 1 :]
            frame = self._made[seq] = frames.events(self.session_id, texts)
        return frame


class SessionPlace:
    """One watcher's place in one session's log: `seq` was the last it was sent, None if it holds
    nothing. It is live while what is published follows on.
    """

    __slots__ = ("live", "seq", "simulated", "tail")

    def __init__(self, tail: Tail, seq: int | None) -> None:
        self.tail = tail
        self.seq = seq
        self.live = False
        self.simulated = False

    def next(self) -> str | None:
        """What to send now. Over a hole nothing is sent: the place is no longer live."""
        tail, seq = self.tail, self.seq
        if not self.live or seq is None or tail.last <= seq:
            return None
        if not tail.holds_after(seq):
            self.live = False
            return None
        self.seq = tail.last
        return tail.frame_after(seq)


@dataclass(slots=True)
class Row:
    """One session on the board, as it was committed last; its text is made when first sent."""

    seq: int
    version: int
    made: Callable[[], dict[str, Any]] | None
    text: bytes = b""
    active: bool = True

    def encoded(self, audience: Audience) -> bytes:
        """Empty if the audience does not see it."""
        if self.made is not None:
            row = audience.shown(self.made())
            self.text = b"" if row is None else orjson.dumps(row)
            self.active, self.made = row is not None and row["active"], None
        return self.text


class Rows:
    """The newest row of each session that changed, in the order of their last change, as one
    audience sees it.

    The version counts what was sent. A row supersedes that of the same session, so that who is
    behind is sent each session once.
    """

    def __init__(self, audience: Audience = EVERYTHING) -> None:
        self.audience = audience
        self.version = 0
        self.floor = 0  # the last version of which something was forgotten
        self.changes = 0
        self._rows: dict[str, Row] = {}
        self._made: dict[int, str] = {}

    def add(self, commit: Commit, made: Callable[[], dict[str, Any]]) -> None:
        """Goes out with the next version; `made` makes the whole row."""
        before = self._rows.get(commit.session_id)
        if before is None or before.seq < commit.seq:
            self._rows.pop(commit.session_id, None)
            row = Row(commit.seq, self.version + 1, made)
            self._rows[commit.session_id] = row
            self.changes += 1

    def close(self) -> None:
        """What was added is the new version."""
        self.version += 1
        self._made.clear()
        while len(self._rows) > MAX_ROWS:
            oldest = next(iter(self._rows))
            self.floor = self._rows.pop(oldest).version

    def since(self, version: int) -> str | None:
        """All rows that changed after this version; None if none did."""
        frame = self._made.get(version)
        if frame is None:
            texts = []
            for row in reversed(self._rows.values()):
                if row.version <= version:
                    break
                if row.version <= self.version and (text := row.encoded(self.audience)):
                    texts.append(text)
            if not texts:
                return None
            simulated = self.audience.simulated is True
            frame = frames.board_delta(texts[::-1], simulated=simulated)
            self._made[version] = frame
        return frame

    def over(self, read: Mapping[str, Row]) -> list[bytes]:
        """The active sessions of a board that was read, each with its newer row where there is
        one.
        """
        newest = dict(read)
        for id, row in self._rows.items():
            if id not in newest or newest[id].seq < row.seq:
                newest[id] = row
        texts = [(row, row.encoded(self.audience)) for row in newest.values()]
        return [text for row, text in texts if row.active and text]


class BoardPlace:
    """One watcher's place on the board: the version that it was sent last."""

    __slots__ = ("live", "rows", "version")

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.version = 0
        self.live = False

    def next(self) -> str | None:
        """What to send now. Where too much was forgotten, the place is no longer live."""
        rows, version = self.rows, self.version
        if not self.live or version == rows.version:
            return None
        if version < rows.floor:
            self.live = False
            return None
        self.version = rows.version
        return rows.since(version)
