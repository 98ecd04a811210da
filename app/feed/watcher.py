"""One connected browser, as the hub sees it: what waits for it, and which channels it watches."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Literal, NamedTuple

from app.feed.protocol import BoardChannel, Published, SessionChannel

MAX_FRAMES = 1_000  # frames waiting: at one commit every 20 ms, twenty seconds behind
MAX_CHARACTERS = 4 * 1024 * 1024  # waiting: a thousand boards would still fit in memory
MAX_SESSIONS = 64  # sessions a watcher follows: more than a clinic has rooms
MAX_SHOWN = 256  # confirmations waiting: more alarms than a clinic has at once

TOO_SLOW = 4008
RESTARTING = 1012

Channel = SessionChannel | BoardChannel
Sound = Literal["proven", "unproven", "quiet"]


class Confirmation(NamedTuple):
    """A screen has shown and sounded this revision of an alarm."""

    session_id: str
    alarm_id: str
    rev: int


class Outbox:
    """Frames that wait to be sent, in order; a frame counts until it was sent."""

    def __init__(self) -> None:
        self._frames: deque[str] = deque()
        self._characters = 0
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def push(self, frame: str) -> bool:
        """False if that is too much: nothing is added then."""
        characters = self._characters + len(frame)
        if self._frames and (len(self._frames) >= MAX_FRAMES or characters > MAX_CHARACTERS):
            return False
        self._frames.append(frame)
        self._characters = characters
        self._filled.set()
        self._empty.clear()
        return True

    async def first(self) -> str:
        """The oldest frame, once there is one; it stays until `sent`."""
        await self._filled.wait()
        return self._frames[0]

    def sent(self) -> None:
        self._characters -= len(self._frames.popleft())
        if not self._frames:
            self._filled.clear()
            self._empty.set()

    async def drained(self) -> None:
        """Waits until all was sent, so that history is read no faster than it is taken."""
        await self._empty.wait()


class Watcher:
    """Told what was committed; never waited for. `ending` resolves to the code to close with, None
    if the browser has gone.
    """

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.board: BoardChannel | None = None
        self.sessions: dict[str, SessionChannel] = {}
        self.sound: Sound = "unproven"
        self._shown: dict[Confirmation, None] = {}  # an ordered set
        self._show = asyncio.Event()
        self.ending: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._joining: dict[str | None, None] = {}  # an ordered set; None is the board
        self._join = asyncio.Event()

    @property
    def ended(self) -> bool:
        return self.ending.done()

    def end(self, code: int | None) -> None:
        if not self.ending.done():
            self.ending.set_result(code)

    def send(self, frame: str) -> None:
        """Queues a frame; the watcher is cut off if it has not taken those before."""
        if not self.ended and not self.outbox.push(frame):
            self.end(TOO_SLOW)

    def holds(self, channel: Channel) -> bool:
        """True while this channel is watched, and not one that replaced it."""
        if isinstance(channel, BoardChannel):
            return self.board is channel
        return self.sessions.get(channel.session_id) is channel

    def session_committed(self, commit: Published) -> None:
        channel = self.sessions[commit.session_id]
        was_live = channel.live
        frame = channel.publish(commit)
        if frame is not None:
            self.send(frame)
        elif was_live and not channel.live:
            self.catch_up(channel)

    def board_changed(self, frame: str) -> None:
        if self.board is not None:
            now = self.board.publish(frame)
            if now is not None:
                self.send(now)

    def catch_up(self, channel: Channel) -> None:
        """Asks for the channel's history to be read."""
        key = channel.session_id if isinstance(channel, SessionChannel) else None
        self._joining[key] = None
        self._join.set()

    async def next_joining(self) -> Channel | None:
        """The channel whose history is to be read next; None if it is no longer watched."""
        await self._join.wait()
        key = next(iter(self._joining))
        del self._joining[key]
        if not self._joining:
            self._join.clear()
        return self.board if key is None else self.sessions.get(key)

    def shown(self, confirmation: Confirmation) -> None:
        """Keeps it to be passed on; what is too much is dropped, as if it had not been shown."""
        if len(self._shown) < MAX_SHOWN:
            self._shown[confirmation] = None
            self._show.set()

    async def next_shown(self) -> Confirmation:
        """The oldest that was kept, once there is one."""
        await self._show.wait()
        confirmation = next(iter(self._shown))
        del self._shown[confirmation]
        if not self._shown:
            self._show.clear()
        return confirmation
