"""Which screens of this server are there, what they show and whether they can be heard, written to
the access log as they change; and when this server began and ended. From this a session can be
shown later as it was seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from app.clock import now_ms
from app.models.access_log import DATA_BYTES, Entry
from app.models.codec import canonical
from app.monitoring.commands import Actor
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.models.access_log import Kind

BY: Final = Actor("system", "server", "Infusion monitor")
EVERY_S: Final = 5.0  # between two entries at least: screens come and go in storms
SETTLE_S: Final = 1.0  # a screen says what it shows and sounds within moments of its coming
MOST: Final = 200  # screens that are listed, more than a clinic has; of those beyond, the count
ROOM_BYTES: Final = DATA_BYTES - 400  # of an entry, what the list may fill

Note = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Screen:
    """`boards`: all, real, simulated, or own, that of its station or session only."""

    id: str
    by: Actor | None
    station: str | None
    sound: str
    since: int
    boards: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        return {**asdict(self), "since": iso(self.since)}


@dataclass(slots=True)
class Present:
    """Of one process; everything is called on the event loop."""

    note: Note
    server: str = field(default_factory=lambda: str(uuid4()))
    _screens: dict[str, Screen] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _number: int = 0

    def began(self, *, version: str, engine: int, together: bool) -> None:
        """`together`: others may serve the same database beside this one."""
        self._note("server.started", version=version, engine=engine, together=together)

    def ended(self) -> None:
        self._screens.clear()
        self._note("server.stopped")

    def sounds(self, id: str, by: Actor | None, station: str | None, sound: str) -> None:
        """It has come, says what it sounds like, or has gone."""
        if sound == "gone":
            self._screens.pop(id, None)
        else:
            known = self._screens.get(id) or Screen(id, by, station, "unproven", now_ms())
            heard = known.sound if sound == "live" else sound
            self._screens[id] = replace(known, sound=heard, since=now_ms())
        self._changed.set()

    def watches(
        self, id: str, *, board: str | None = None, session: str | None = None, on: bool
    ) -> None:
        """It shows a board or a session from now on, or no longer."""
        screen = self._screens.get(id)
        if screen is None:  # it has gone
            return
        boards, sessions = _with(screen.boards, board, on), _with(screen.sessions, session, on)
        self._screens[id] = replace(screen, boards=boards, sessions=sessions, since=now_ms())
        self._changed.set()

    def again(self) -> None:
        """Another process has begun: from its start on only those count that tell their screens
        anew, for one that died cannot say so.
        """
        self._changed.set()

    async def write_forever(self) -> None:
        """A background task: tells every change, at most every `EVERY_S`."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(SETTLE_S)
            self.tell()
            await asyncio.sleep(EVERY_S - SETTLE_S)

    def tell(self) -> None:
        """All screens as they are now, in as many entries as they need."""
        self._changed.clear()
        self._number += 1
        screens = list(self._screens.values())
        parts = _parts([screen.told() for screen in screens[:MOST]])
        for number, part in enumerate(parts):
            self._note(
                "screens.changed",
                number=self._number,
                part=number,
                parts=len(parts),
                screens=part,
                live=len(screens),
            )

    def _note(self, kind: Kind, **data: Any) -> None:
        self.note(Entry(kind, BY, data={"server": self.server, **data}))


def _with(held: tuple[str, ...], name: str | None, on: bool) -> tuple[str, ...]:
    if name is None:
        return held
    others = tuple(one for one in held if one != name)
    return (*others, name) if on else others


def _parts(screens: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """At least one; none longer than an entry may be."""
    parts: list[list[dict[str, Any]]] = [[]]
    room = ROOM_BYTES
    for screen in screens:
        size = len(canonical(screen)) + 1
        if size > room and parts[-1]:
            parts.append([])
            room = ROOM_BYTES
        parts[-1].append(screen)
        room -= size
    return parts
