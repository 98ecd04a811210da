"""One connected browser, as the hub sees it: what it watches, and whether it takes what it is sent.

A frame goes out in the same turn of the loop if the socket takes it. If not, a task waits for the
socket, and nothing queues up: of heartbeats and the like the newest of a kind is kept, and what was
committed meanwhile is joined into one frame a channel, made from the watcher's place in it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from app.feed.protocol import BoardPlace, SessionPlace
from app.feed.wire import GONE, begin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from app.feed.rights import Audience, Rights, Sound
    from app.feed.wire import Send

MAX_SESSIONS = 64  # sessions a watcher follows: more than a clinic has rooms
MAX_SHOWN = 256  # confirmations waiting: more alarms than a clinic has at once
MAX_UNTOLD = 80  # frames without a place kept for a watcher that is behind: its refusals, and a few
MAX_MISSED = 4  # heartbeats without a frame taken: twenty seconds, and every screen says NOT LIVE

TOO_SLOW = 4008
RESTARTING = 1012

Place = SessionPlace | BoardPlace


class Confirmation(NamedTuple):
    """A screen has shown and sounded this revision of an alarm."""

    session_id: str
    alarm_id: str
    rev: int


class Watcher:
    """Told what was committed; never waited for.

    `stop` ends the reading of its socket. `join` brings a place up to where what is published
    follows on; `confirm` passes on what the screen has shown. Both run in `tasks`, while there is
    something to do.
    """

    __slots__ = (
        "_confirm",
        "_confirming",
        "_finishing",
        "_join",
        "_joining",
        "_missed",
        "_send",
        "_shown",
        "_stop",
        "_tasks",
        "_to_join",
        "_untold",
        "boards",
        "code",
        "ended",
        "rights",
        "sessions",
        "sound",
    )

    def __init__(
        self,
        send: Send,
        tasks: asyncio.TaskGroup,
        stop: Callable[[], None],
        join: Callable[[Watcher, Place], Awaitable[None]],
        confirm: Callable[[Confirmation], Awaitable[None]],
        rights: Rights,
    ) -> None:
        self.rights = rights
        self.boards: dict[Audience, BoardPlace] = {}
        self.sessions: dict[str, SessionPlace] = {}
        self.sound: Sound = "unproven"
        self.ended = False
        self.code: int | None = None
        self._send = send
        self._tasks = tasks
        self._stop = stop
        self._join = join
        self._confirm = confirm
        self._finishing: asyncio.Task[None] | None = None
        self._joining: asyncio.Task[None] | None = None
        self._confirming: asyncio.Task[None] | None = None
        self._missed = 0
        self._untold: dict[str, str] = {}
        self._to_join: dict[Place, None] = {}  # an ordered set
        self._shown: dict[Confirmation, None] = {}  # an ordered set

    @property
    def ready(self) -> bool:
        """True if it has taken all that it was sent."""
        return self._finishing is None and not self.ended

    @property
    def for_training(self) -> bool:
        """True if it watches simulated sessions and nothing of the clinic, or never could."""
        if self.rights.audience.simulated:
            return True
        watched = [place.simulated for place in self.sessions.values()]
        watched += [audience.simulated is True for audience in self.boards]
        return bool(watched) and all(watched)

    def shows_of_clinic(self, session_id: str) -> bool:
        """Whether it watches this session, or a board that has those of the clinic; True if it
        watches nothing, for then it does not say.
        """
        if session_id in self.sessions or not (self.sessions or self.boards):
            return True
        return any(audience.simulated is not True for audience in self.boards)

    def end(self, code: int | None) -> None:
        """Once; `code` is what to close with, None if the browser has gone."""
        if not self.ended:
            self.ended = True
            self.code = code
            self._stop()

    def leave(self) -> None:
        """Ends what runs for it."""
        self.ended = True
        for task in (self._finishing, self._joining, self._confirming):
            if task is not None:
                task.cancel()

    def send(self, frame: str) -> None:
        """Only while it is `ready`, so that no two frames can mix."""
        try:
            rest = begin(self._send({"type": "websocket.send", "text": frame}))
        except GONE:
            self.end(None)
        else:
            if rest is not None:
                self._finishing = self._start(self._finish(rest))

    def tell(self, kind: str, frame: str) -> None:
        """A frame that needs no place; if the watcher is behind, the newest of its kind is kept."""
        if self.ready:
            self.send(frame)
        elif not self.ended:
            self._untold[kind] = frame
            if len(self._untold) > MAX_UNTOLD:
                del self._untold[next(iter(self._untold))]

    def advance(self, place: Place) -> None:
        """Only while it is `ready`: sends what was published after its place."""
        if place.live:
            frame = place.next()
            if frame is not None:
                self.send(frame)
            elif not place.live:
                self.join(place)

    def beat(self, frame: str) -> None:
        """A heartbeat. Who has taken nothing since `MAX_MISSED` of them is cut off; who may see
        more or less by now is sent away to come back.
        """
        if self.rights.changed():
            self.end(RESTARTING)
        if not self.ready:
            self._missed += 1
            if self._missed >= MAX_MISSED:
                self.end(TOO_SLOW)
        self.tell("heartbeat", frame)

    def holds(self, place: Place) -> bool:
        """True while this place is watched from, and not one that replaced it."""
        if self.ended:
            return False
        if isinstance(place, BoardPlace):
            return self.boards.get(place.rows.audience) is place
        return self.sessions.get(place.tail.session_id) is place

    async def taken(self) -> None:
        """Waits until it is `ready`, so that history is read no faster than it is taken."""
        while self._finishing is not None:
            await asyncio.wait((self._finishing,))

    def join(self, place: Place) -> None:
        """Asks for the place to be brought up to what is published."""
        self._to_join[place] = None
        if self._joining is None and not self.ended:
            self._joining = self._start(self._join_all())

    def shown(self, confirmation: Confirmation) -> None:
        """Keeps it to be passed on; what is too much is dropped, as if it had not been shown."""
        if len(self._shown) < MAX_SHOWN:
            self._shown[confirmation] = None
            if self._confirming is None and not self.ended:
                self._confirming = self._start(self._confirm_all())

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        """None where one of its tasks has failed, and the others are ending."""
        try:
            return self._tasks.create_task(work)
        except RuntimeError:
            work.close()
            self.end(None)
            return None

    async def _finish(self, rest: Awaitable[None]) -> None:
        """Waits for the socket to take the frame under way, and sends what has come up since."""
        try:
            await rest
            self._missed = 0
            while (frame := self._next()) is not None:
                await self._send({"type": "websocket.send", "text": frame})
                self._missed = 0
        except GONE:
            self.end(None)
        finally:
            self._finishing = None

    def _next(self) -> str | None:
        if self._untold:
            return self._untold.pop(next(iter(self._untold)))
        places: list[Place] = [*self.sessions.values(), *self.boards.values()]
        for place in places:
            was_live = place.live
            frame = place.next()
            if frame is not None:
                return frame
            if was_live and not place.live:
                self.join(place)
        return None

    async def _join_all(self) -> None:
        while self._to_join:
            place = next(iter(self._to_join))
            del self._to_join[place]
            if self.holds(place):
                await self._join(self, place)
        self._joining = None

    async def _confirm_all(self) -> None:
        while self._shown:
            confirmation = next(iter(self._shown))
            del self._shown[confirmation]
            await self._confirm(confirmation)
        self._confirming = None
