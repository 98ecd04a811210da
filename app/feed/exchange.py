"""One of several processes on one database: its commits are told to the others, theirs are read
from the log for those who watch here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from app.clock import monotonic_s
from app.feed import peers
from app.feed.peers import HERE_S, Peers
from app.feed.relay import FromLog, Head, Missing, Relay, Watched
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.feed.protocol import Commit

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0  # between looks at the heads of the log: a word that was lost costs so much
JOIN_S: Final = 0.050  # after a word or a read: what comes meanwhile goes together, if not urgent
AGAIN_S: Final = 0.5  # between attempts while the database cannot be read


class Watchers(Watched, Protocol):
    """The hub, as far as it is needed here."""

    def screens(self) -> dict[str, int]: ...
    def screens_elsewhere(self, counts: Mapping[str, int]) -> None: ...


@dataclass(frozen=True, slots=True)
class Log:
    """What is read from the store; a database that is gone raises a DomainError."""

    heads: Callable[[Sequence[str]], Awaitable[list[Head]]]
    """Of all active sessions, and of those named."""
    beyond: Callable[[Sequence[Missing]], Awaitable[list[FromLog]]]


class Turns:
    """When it is time: at once after a rest of `JOIN_S`, and for what is urgent."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._urgent = asyncio.Event()

    def ask(self, *, urgent: bool) -> None:
        self._asked.set()
        if urgent:
            self._urgent.set()

    async def next(self) -> None:
        """Waits for the next turn; called again when it was taken, from when the rest counts."""
        rested_at = monotonic_s() + JOIN_S
        await self._asked.wait()
        if (wait_s := rested_at - monotonic_s()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._urgent.wait()
        self._asked.clear()
        self._urgent.clear()


class Exchange:
    """One per process; everything is called on the event loop."""

    def __init__(
        self,
        me: str,
        watchers: Watchers,
        log: Log,
        publish: Callable[[Sequence[Commit]], None],
        on_new: Callable[[], None],
    ) -> None:
        """`on_new` is called when another process has begun, or is heard of again."""
        self._me = me
        self._watchers = watchers
        self._log = log
        self._publish = publish
        self._on_new = on_new
        self._relay = Relay(watchers)
        self._peers = Peers()
        self._spans: dict[str, tuple[int, int]] = {}
        self._said: tuple[float, dict[str, int]] = (-HERE_S, {})  # when, and how many screens
        self._to_say = False
        self._urgent = False  # among the spans
        self._to_tell = Turns()
        self._to_read = Turns()
        self._to_look = asyncio.Event()

    def committed(self, batch: Sequence[Commit]) -> None:
        """Of this process, once per commit and in order: published, and told if there is anybody to
        tell.
        """
        ready = self._relay.committed(batch)
        if ready:
            self._publish(ready)
        urgent = any(commit.urgent for commit in batch)
        if self._relay.wants:
            self._to_read.ask(urgent=urgent)
        if not self._peers.others:
            return
        for commit in batch:
            first, _ = self._spans.get(commit.session_id, (commit.seq + 1 - len(commit.events), 0))
            self._spans[commit.session_id] = (first, commit.seq)
        self._urgent |= urgent
        self._to_tell.ask(urgent=urgent)

    def heard(self, text: str) -> None:
        """A message of any process of this database, this one too."""
        word = peers.parse(text)
        if word is None or word.by == self._me:
            return
        for span in word.spans:
            self._relay.told(*span)
        if word.spans:
            self._to_read.ask(urgent=word.urgent)
        if word.screens is not None and self._peers.heard(word.by, word.screens, monotonic_s()):
            self._greet()
            self._on_new()

    def connected(self) -> None:
        """From now on nothing is missed; what was before is looked for at once."""
        self._greet()

    async def messages(self) -> Iterable[bytes]:
        """What is to be told, once there is something."""
        await self._to_tell.next()
        spans, self._spans = self._spans, {}
        urgent, self._urgent = self._urgent, False
        said = list(peers.words(self._me, spans, urgent=urgent))
        if self._to_say:
            said.append(peers.here(self._me, self._said[1]))
            self._to_say = False
        return said

    async def read_forever(self) -> None:
        """Reads what watchers here lack, everything that is known of at a time."""
        while True:
            await self._to_read.next()
            missing = self._relay.missing()
            if not missing:
                continue
            try:
                found = await self._log.beyond(missing)
            except DomainError as error:
                log.warning("commits of other processes wait: %s", error.code)
                self._relay.unread(missing)
                self._to_read.ask(urgent=True)
                await asyncio.sleep(AGAIN_S)
                continue
            ready = self._relay.read(found)
            if ready:
                self._publish(ready)
            if self._relay.wants:
                self._to_read.ask(urgent=False)

    async def look_forever(self) -> None:
        """Finds by itself what nobody told, and says that this process is there."""
        while True:
            self._say_here()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._to_look.wait()
            self._to_look.clear()
            if self._watchers.watched or self._watchers.board_watched:
                try:
                    self._relay.looked(await self._log.heads(self._relay.known))
                except DomainError as error:
                    log.warning("the log could not be looked at: %s", error.code)
                else:
                    if self._relay.wants:
                        self._to_read.ask(urgent=True)

    def _greet(self) -> None:
        """Who has come, or does not know that we have, is told at once that we are here."""
        self._said = (-HERE_S, {})
        self._to_look.set()

    def _say_here(self) -> None:
        now_s, screens = monotonic_s(), self._watchers.screens()
        said_at, said = self._said
        if screens != said or now_s - said_at >= HERE_S:
            self._said = (now_s, screens)
            self._to_say = True
            self._to_tell.ask(urgent=True)
        self._watchers.screens_elsewhere(self._peers.screens(now_s))
