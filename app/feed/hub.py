"""Who watches what; hands each commit to those who watch it, and what the clinic should know to
all.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

import structlog

from app.clock import monotonic_s
from app.feed import frames
from app.feed.channel import BoardChannel, SessionChannel
from app.feed.clinic import Clinic, screens
from app.feed.confirm import Confirmed
from app.feed.pace import Pace
from app.feed.protocol import BoardPlace, SessionPlace
from app.feed.watcher import RESTARTING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from app.feed.clinic import Notices
    from app.feed.pace import Loop
    from app.feed.protocol import Commit
    from app.feed.rights import Audience
    from app.feed.watcher import Watcher

log = structlog.get_logger(__name__)


class Hub:
    """One per process. `publish` and all else is called on the event loop."""

    def __init__(
        self,
        epoch: str,
        *,
        training: bool = False,
        loop: Loop | None = None,
        time: Callable[[], float] = monotonic_s,
    ) -> None:
        self.epoch = epoch
        self.training = training
        self.time = time
        self.boards: dict[Audience, BoardChannel] = {}
        self.confirmed = Confirmed()
        self._watchers: dict[Watcher, None] = {}
        self._sessions: dict[str, SessionChannel] = {}
        self._changed: dict[str, SessionChannel] = {}
        self._clinic = Clinic()
        self._pace = Pace(self._tell, loop or asyncio.get_running_loop(), time)

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    @property
    def watched(self) -> Collection[str]:
        """The sessions that somebody here watches."""
        return self._sessions.keys()

    @property
    def board_watched(self) -> bool:
        return bool(self.boards)

    def screens(self) -> dict[str, int]:
        """How many there are here, and how many of them can be heard."""
        return screens(self._clinics())

    def screens_elsewhere(self, counts: Mapping[str, int]) -> None:
        """Those of the other processes of this clinic, told to everybody with ours."""
        self._clinic.elsewhere = counts

    def enter(self, watcher: Watcher) -> None:
        self._watchers[watcher] = None
        watcher.tell("hello", frames.hello(self.epoch, training=self.training))
        watcher.tell("clinic", self._clinic.told(self._clinics).to(watcher))

    def leave(self, watcher: Watcher) -> None:
        self._watchers.pop(watcher, None)
        for audience in tuple(watcher.boards):
            self.unwatch_board(watcher, audience)
        for session_id in tuple(watcher.sessions):
            self.unwatch(watcher, session_id)

    def of_clinic(self, watcher: Watcher) -> bool:
        """Whether its screen is one of the clinic's: where people are trained, all are."""
        return self.training or not watcher.for_training

    def _clinics(self) -> list[Watcher]:
        return [watcher for watcher in self._watchers if self.of_clinic(watcher)]

    def watch_board(self, watcher: Watcher, audience: Audience) -> None:
        """Joins first; history is read after, so that nothing committed meanwhile is missed."""
        channel = self.boards.get(audience)
        if channel is None:
            channel = self.boards[audience] = BoardChannel(audience)
        place = BoardPlace(channel.rows)
        watcher.boards[audience] = channel.places[watcher] = place
        watcher.join(place)

    def watch_session(
        self, watcher: Watcher, session_id: str, *, after: int | None, epoch: str | None
    ) -> None:
        """As `watch_board`; watching again starts again from `after`."""
        channel = self._sessions.get(session_id)
        if channel is None:
            channel = self._sessions[session_id] = SessionChannel(session_id)
        place = SessionPlace(channel.tail, after if epoch == self.epoch else None)
        watcher.sessions[session_id] = channel.places[watcher] = place
        watcher.join(place)

    def unwatch_board(self, watcher: Watcher, audience: Audience) -> None:
        watcher.rights.watched(audience, False)
        watcher.boards.pop(audience, None)
        board = self.boards.get(audience)
        if board is not None:
            board.places.pop(watcher, None)
            if not board.places:
                del self.boards[audience]  # nobody keeps its rows up to date any more

    def unwatch(self, watcher: Watcher, session_id: str) -> None:
        watcher.rights.watched(session_id, False)
        watcher.sessions.pop(session_id, None)
        channel = self._sessions.get(session_id)
        if channel is not None:
            channel.places.pop(watcher, None)
            if not channel.places:
                del self._sessions[session_id]

    def board(self, place: BoardPlace) -> BoardChannel:
        """The channel of a place that is watched from."""
        return self.boards[place.rows.audience]

    def session(self, place: SessionPlace) -> SessionChannel:
        """The channel of a place that is watched from."""
        return self._sessions[place.tail.session_id]

    def publish(self, batch: Sequence[Commit]) -> None:
        """Called once after each transaction, in the order of the transactions. It is told at once,
        or, while the loop is behind, joined with those after it; what is urgent does not wait.

        What cannot be published sends everybody away: they come back and read it from the log.
        """
        wanted = urgent = False
        boards = tuple(self.boards.values())
        try:
            for commit in batch:
                channel = self._sessions.get(commit.session_id)
                if channel is not None and channel.tail.add(commit.seq, commit.events):
                    self._changed[commit.session_id] = channel
                elif not boards:
                    continue
                row = commit.board_row if len(boards) < 2 else cache(commit.board_row)
                for board in boards:
                    board.rows.add(commit, row)
                wanted = True
                urgent = urgent or commit.urgent
            if wanted:
                self._pace.ask(urgent=urgent)
        except Exception as error:  # asyncio would log the batch itself, which is about patients
            self._failed(error)

    def _tell(self) -> None:
        """All that was published since it was called last."""
        changed, self._changed = self._changed, {}
        try:
            for channel in changed.values():
                channel.tell()
            for board in tuple(self.boards.values()):
                board.tell()
        except Exception as error:  # as in `publish`
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.error("publish_failed", exc_type=type(error).__name__)
        self.close()

    def beat(self, *, commit_ok: bool, sweep_age_s: float) -> None:
        """A heartbeat for everybody, also for those with traffic: a stalled sweep must show while
        readings stream.
        """
        if self._watchers:
            frame = frames.heartbeat(commit_ok=commit_ok, sweep_age_s=sweep_age_s)
            for watcher in tuple(self._watchers):
                watcher.beat(frame)

    def tell_clinic(self, notices: Notices | None) -> None:
        """Tells everybody what the clinic should know and how many screens can be heard, if either
        has changed; called at most once a second. None: no other notices than before.
        """
        told = self._clinic.changed(notices, self._clinics())
        if told is not None:
            for watcher in tuple(self._watchers):
                watcher.tell("clinic", told.to(watcher))

    def close(self) -> None:
        """Sends everybody away to come back: the server restarts, or could not publish."""
        for watcher in tuple(self._watchers):
            watcher.end(RESTARTING)
        self._watchers.clear()
        self._sessions.clear()
        self._changed.clear()
        self.boards.clear()
        self._pace.stop()
