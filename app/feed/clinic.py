"""What every screen of the clinic is told: notices, and how many screens can be heard."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from app.feed import frames
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from app.feed.hub import Hub
    from app.feed.watcher import Watcher

CLINIC_S = 1.0  # between two frames at least: screens that come and go in a storm are told once

Notices = list[dict[str, Any]]


class Told(NamedTuple):
    """The frame, and that for who may not read notices."""

    whole: str
    without_notices: str

    def to(self, watcher: Watcher) -> str:
        return self.whole if watcher.rights.notices else self.without_notices


class Clinic:
    """What was told last; it is told again only when it would say something else."""

    def __init__(self) -> None:
        self._notices: Notices = []
        self._screens: dict[str, int] = {}
        self._told: Told | None = None
        self.elsewhere: Mapping[str, int] = {}

    def told(self, watchers: Callable[[], Collection[Watcher]]) -> Told:
        """For one who comes: what the others were told last."""
        return self._told or _told(self._notices, self._all(watchers()))

    def changed(self, notices: Notices | None, watchers: Collection[Watcher]) -> Told | None:
        """What everybody is told; None if nothing has changed. `notices` None are those known."""
        before = (self._notices, self._screens)
        now = (self._notices if notices is None else notices, self._all(watchers))
        if now == before:
            return None
        self._notices, self._screens = now
        self._told = _told(*now)
        return self._told

    def _all(self, watchers: Collection[Watcher]) -> dict[str, int]:
        return {
            kind: count + self.elsewhere.get(kind, 0) for kind, count in screens(watchers).items()
        }


def _told(notices: Notices, screens: dict[str, int]) -> Told:
    whole = frames.clinic(notices, screens)
    return Told(whole, frames.clinic([], screens) if notices else whole)


def screens(watchers: Collection[Watcher]) -> dict[str, int]:
    sounds = Counter(watcher.sound for watcher in watchers)
    return {"live": len(watchers), "sound_proven": sounds["proven"], "quiet": sounds["quiet"]}


async def tell_forever(hub: Hub, read: Callable[[], Awaitable[Notices]]) -> None:
    """Once a second, until it is cancelled."""
    while True:
        notices: Notices | None = None
        with suppress(DomainError):  # they stay; the heartbeat says that the database is gone
            notices = await read()
        hub.tell_clinic(notices)
        await asyncio.sleep(CLINIC_S)
