"""Where a watcher stands in each channel, and what it may be sent next. No I/O, no clock.

A channel starts joining: history is being read for it, and what is published meanwhile is held.
`settle` hands out what was held and makes it live, unless history has to be read further.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.feed import frames

MAX_BEHIND = 10_000  # events: a snapshot is smaller, and quicker to draw
MAX_HELD = 256  # commits held while history is read; what falls out is read from the log


@dataclass(frozen=True)
class Published:
    """What one commit added to one session; its frame is made when first asked for, and once."""

    session_id: str
    last: int
    events: Sequence[bytes]

    @property
    def first(self) -> int:
        return self.last - len(self.events) + 1

    @cached_property
    def frame(self) -> str:
        return frames.events(self.session_id, self.events)

    def frame_after(self, seq: int) -> str:
        """The frame without the events up to `seq`, which the watcher has."""
        if seq < self.first:
            return self.frame
        return frames.events(self.session_id, self.events[seq - self.first + 1 :])


class SessionChannel:
    """One watcher's place in one session's log: `seq` was the last it was sent, None if it holds
    nothing.
    """

    def __init__(self, session_id: str, *, after: int | None, same_epoch: bool) -> None:
        self.session_id = session_id
        self.seq = after if same_epoch else None
        self.live = False
        self._held: deque[Published] = deque(maxlen=MAX_HELD)

    def needs_snapshot(self, head: int) -> bool:
        """True if the events between cannot or should not be sent: nothing held, too much missed,
        or a seq not ours.
        """
        return self.seq is None or self.seq > head or head - self.seq > MAX_BEHIND

    def sent(self, seq: int) -> None:
        """History up to `seq` was handed to the watcher."""
        self.seq = seq

    def lost(self) -> None:
        """The log does not have what it said it has (it was replaced): only a snapshot helps."""
        self.seq = None

    def publish(self, commit: Published) -> str | None:
        """What to send for this commit now. None: it is known, or held. Over a hole the channel
        joins again.
        """
        if self.live and self.seq is not None:
            if commit.first <= self.seq + 1:
                return self._advance(commit)
            self.live = False
        self._held.append(commit)
        return None

    def settle(self) -> list[str]:
        """What was held and follows on; the channel is live then, or else `missing_until` says how
        far to read.
        """
        ready = []
        while self._held and self._follows(self._held[0]):
            frame = self._advance(self._held.popleft())
            if frame is not None:
                ready.append(frame)
        self.live = self.seq is not None and not self._held
        return ready

    @property
    def missing_until(self) -> int:
        """The last seq before what is held."""
        return self._held[0].first - 1 if self._held else self.seq or 0

    def _follows(self, commit: Published) -> bool:
        return self.seq is not None and commit.first <= self.seq + 1

    def _advance(self, commit: Published) -> str | None:
        assert self.seq is not None
        if commit.last <= self.seq:
            return None
        frame = commit.frame_after(self.seq)
        self.seq = commit.last
        return frame


class BoardChannel:
    """One watcher's place on the board. Rows carry their seq, so that a row sent twice does no
    harm; one missed would.
    """

    def __init__(self) -> None:
        self.live = False
        self._held: list[str] = []
        self._overflowed = False

    def publish(self, frame: str) -> str | None:
        """The frame to send now, or None while the board is being read."""
        if self.live:
            return frame
        if len(self._held) < MAX_HELD:
            self._held.append(frame)
        else:
            self._overflowed = True
        return None

    def settle(self) -> list[str]:
        """The changes held while the board was read; if too many came, the board must be read
        again.
        """
        held, self._held = self._held, []
        self.live = not self._overflowed
        self._overflowed = False
        return held
