"""Who watches what; hands each commit to those who watch it, and what the clinic should know to
all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from app.feed import frames
from app.feed.clinic import Clinic
from app.feed.protocol import BoardChannel, Published, SessionChannel
from app.feed.watcher import RESTARTING, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.feed.clinic import Notices
    from app.feed.watcher import Confirmation

MAX_CONFIRMED = 1_000  # remembered, so that not each of fifty screens asks the database


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


class Hub:
    """One per process. `publish` and all else is called on the event loop."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self._watchers: set[Watcher] = set()
        self._board: set[Watcher] = set()
        self._sessions: dict[str, set[Watcher]] = {}
        self._clinic = Clinic()
        self._confirmed: dict[Confirmation, None] = {}  # an ordered set

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    def enter(self) -> Watcher:
        watcher = Watcher()
        self._watchers.add(watcher)
        watcher.send(frames.hello(self.epoch))
        watcher.send(self._clinic.frame(self._watchers))
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self._watchers.discard(watcher)
        self.unwatch_board(watcher)
        for session_id in tuple(watcher.sessions):
            self.unwatch_session(watcher, session_id)

    def watch_board(self, watcher: Watcher) -> None:
        """Joins first; history is read after, so that nothing committed meanwhile is missed."""
        watcher.board = BoardChannel()
        self._board.add(watcher)
        watcher.catch_up(watcher.board)

    def unwatch_board(self, watcher: Watcher) -> None:
        watcher.board = None
        self._board.discard(watcher)

    def watch_session(
        self, watcher: Watcher, session_id: str, *, after: int | None, epoch: str | None
    ) -> None:
        """As `watch_board`; watching again starts again from `after`."""
        channel = SessionChannel(session_id, after=after, same_epoch=epoch == self.epoch)
        watcher.sessions[session_id] = channel
        self._sessions.setdefault(session_id, set()).add(watcher)
        watcher.catch_up(channel)

    def unwatch_session(self, watcher: Watcher, session_id: str) -> None:
        watcher.sessions.pop(session_id, None)
        watching = self._sessions.get(session_id)
        if watching is not None:
            watching.discard(watcher)
            if not watching:
                del self._sessions[session_id]

    def publish(self, batch: Sequence[Commit]) -> None:
        """Called once after each transaction, in the order of the transactions."""
        for commit in batch:
            watching = self._sessions.get(commit.session_id)
            if watching and commit.events:
                published = Published(commit.session_id, commit.seq, commit.events)
                for watcher in tuple(watching):
                    watcher.session_committed(published)
                    self._drop_ended(watcher)
        if self._board and batch:
            frame = frames.board_delta([commit.board_row() for commit in batch])
            for watcher in tuple(self._board):
                watcher.board_changed(frame)
                self._drop_ended(watcher)

    def beat(self, *, commit_ok: bool, sweep_age_s: float) -> None:
        """A heartbeat for everybody, also for those with traffic: a stalled sweep must show while
        readings stream.
        """
        if self._watchers:
            frame = frames.heartbeat(commit_ok=commit_ok, sweep_age_s=sweep_age_s)
            for watcher in tuple(self._watchers):
                watcher.send(frame)
                self._drop_ended(watcher)

    def tell_clinic(self, notices: Notices | None) -> None:
        """Tells everybody what the clinic should know and how many screens can be heard, if either
        has changed; called at most once a second. None: no other notices than before.
        """
        frame = self._clinic.changed(notices, self._watchers)
        if frame is not None:
            for watcher in tuple(self._watchers):
                watcher.send(frame)
                self._drop_ended(watcher)

    def is_confirmed(self, confirmation: Confirmation) -> bool:
        """True if another screen was first: one that was heard is enough."""
        return confirmation in self._confirmed

    def confirmed(self, confirmation: Confirmation) -> None:
        self._confirmed[confirmation] = None
        if len(self._confirmed) > MAX_CONFIRMED:
            del self._confirmed[next(iter(self._confirmed))]

    def close(self) -> None:
        """Sends everybody away to come back: the server restarts."""
        for watcher in tuple(self._watchers):
            watcher.end(RESTARTING)
            self.leave(watcher)

    def _drop_ended(self, watcher: Watcher) -> None:
        if watcher.ended:
            self.leave(watcher)
