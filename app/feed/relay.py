"""What this process's watchers lack, where several processes serve one database. No I/O, no clock.

A commit of this process that follows on what was published goes out at once. Another process's, or
one of ours after a hole, is read once from the log and published for all watchers here. What other
processes tell is only a hint that there is something to read: a word that is lost is made good by
the next look at the heads of the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.feed.protocol import Commit


class Head(NamedTuple):
    """How far one session's log goes."""

    session_id: str
    seq: int
    active: bool


class Missing(NamedTuple):
    """To be read: a session's events after `after`; where only the board is watched, its row."""

    session_id: str
    after: int
    followed: bool


@dataclass(frozen=True, slots=True)
class FromLog:
    """What the log has of a session beyond what was published here: the last of `events` is `seq`.
    Where that is too much only the last is given, and the hole before it tells watchers to read.
    """

    session_id: str
    seq: int
    events: tuple[bytes, ...]
    board_row: Callable[[], dict[str, Any]]
    urgent: bool = True


class Watched(Protocol):
    """Who watches here: the hub."""

    @property
    def watched(self) -> Collection[str]: ...
    @property
    def board_watched(self) -> bool: ...


class Relay:
    """Per session the last seq that was published here, or that was there before anybody watched:
    whoever begins to watch reads at least as far.
    """

    def __init__(self, watchers: Watched) -> None:
        self._watchers = watchers
        self._seen: dict[str, int] = {}
        self._wanted: dict[str, int] = {}

    @property
    def known(self) -> list[str]:
        """Sessions whose heads must be looked at even when they are closed."""
        return list(self._seen.keys() | set(self._watchers.watched))

    def committed(self, batch: Iterable[Commit]) -> list[Commit]:
        """Of this process's own commit: what may be published now. What does not follow on is read
        from the log.
        """
        ready = []
        for commit in batch:
            id, seen = commit.session_id, self._seen.get(commit.session_id)
            followed = id in self._watchers.watched
            first = commit.seq - len(commit.events) + 1
            if followed and seen is not None and first > seen + 1:
                self._want(id, commit.seq)
            elif seen is None or commit.seq > seen:
                if followed or self._watchers.board_watched:
                    ready.append(commit)
                self._advance(id, commit.seq)
        return ready

    def told(self, session_id: str, first: int, last: int) -> None:
        """Another process has committed these events."""
        seen = self._seen.setdefault(session_id, first - 1)
        if last <= seen:
            return
        if self._watches(session_id):
            self._want(session_id, last)
        else:
            self._advance(session_id, last)

    def looked(self, heads: Iterable[Head]) -> None:
        """The heads of all active sessions and of those known: what was not told is found here."""
        for session_id, seq, active in heads:
            self.told(session_id, seq, seq)
            if not active and not self._watches(session_id):
                self._seen.pop(session_id, None)

    @property
    def wants(self) -> bool:
        """True while there is something to be read."""
        return bool(self._wanted)

    def missing(self) -> list[Missing]:
        """Takes what is to be read now; what comes meanwhile is wanted anew."""
        wanted, self._wanted = self._wanted, {}
        missing = []
        for session_id, seq in wanted.items():
            if self._watches(session_id):
                followed = session_id in self._watchers.watched
                missing.append(Missing(session_id, self._seen[session_id], followed))
            else:  # whoever watched has gone
                self._advance(session_id, seq)
        return missing

    def read(self, found: Iterable[FromLog]) -> list[FromLog]:
        """Of what was read that which was not published meanwhile."""
        ready = []
        for commit in found:
            seen = self._seen.get(commit.session_id, 0)
            if commit.seq <= seen:
                continue
            if not commit.events and commit.session_id in self._watchers.watched:
                self._want(commit.session_id, commit.seq)  # followed since: its events matter now
                continue
            ready.append(replace(commit, events=commit.events[seen - commit.seq :]))
            self._advance(commit.session_id, commit.seq)
        return ready

    def unread(self, missing: Iterable[Missing]) -> None:
        """What was taken could not be read: it is still wanted."""
        for session_id, after, _ in missing:
            if self._seen.get(session_id, 0) <= after:
                self._want(session_id, after + 1)

    def _watches(self, session_id: str) -> bool:
        return self._watchers.board_watched or session_id in self._watchers.watched

    def _want(self, session_id: str, seq: int) -> None:
        self._wanted[session_id] = max(seq, self._wanted.get(session_id, 0))

    def _advance(self, session_id: str, seq: int) -> None:
        self._seen[session_id] = seq
        if self._wanted.get(session_id, seq + 1) <= seq:
            del self._wanted[session_id]
