"""The watch of several processes on one PostgreSQL database: nobody watched only if none of them
did.

A process that starts while another is at work has no gap, nor has one that stalled while another
went on. What was a gap is written down, so that all of them tell of the same one.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import psycopg

from app.models.presence import Db, Presence
from app.models.watch import GAP_MS, Gap, Watch, last_alive

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

KEEP_MS: Final = 4_000  # between looks whether the others still see this process: every mark
RECENT_MS: Final = 60_000  # the first of all ticks every session at once: all are told long before

_FACTS: Final = (
    "SELECT name, value FROM meta WHERE name IN ('alive_at', 'gap') ORDER BY name FOR UPDATE"
)
_SET: Final = (
    "INSERT INTO meta (name, value) VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class SharedWatch(Watch):
    """As Watch, by what all processes have marked."""

    def __init__(self, presence: Presence, alive_at: int, gap: Gap | None) -> None:
        super().__init__(alive_at)
        self._starting = False
        self.gap = gap
        self._presence = presence
        self._at_work = alive_at
        self._kept_at = alive_at

    @classmethod
    def begin(cls, url: str, engine: Engine, now: int) -> SharedWatch:
        """Enters; if no other process is at work, the time since the last one was is a gap."""
        presence = Presence(url)
        with presence.enter() as (db, alone):
            if alone:
                alive_at, gap = now, None
                if (last := last_alive(engine)) is not None:
                    gap = Gap(last, max(now, last))
                    db.execute(_SET, ("gap", f"{gap.since} {gap.until}"))
                db.execute(_SET, ("alive_at", str(now)))
            else:
                with db.transaction():
                    marked, gap = _facts(db)
                alive_at = now if marked is None else marked
                if gap is not None and now - gap.until > RECENT_MS:
                    gap = None
        return cls(presence, alive_at, gap)

    def look(self, now: int) -> None:
        """Called as a transaction begins: after a silence of ours the database tells whether it was
        everybody's. Raises psycopg.Error if it does not.
        """
        mine = self._at_work
        if now - mine <= GAP_MS:
            return
        db = self._presence.keep()
        with db.transaction():
            marked, told = _facts(db)
            alive_at = max(mine, marked or 0)
            if told is not None and told.until > mine:
                if told != self.gap:
                    self.gap = told
            elif now - alive_at > GAP_MS:
                self.gap = Gap(alive_at, now)
                db.execute(_SET, ("gap", f"{alive_at} {now}"))

    def alive(self, now: int) -> None:
        self._at_work = now
        if abs(now - self._kept_at) >= KEEP_MS:
            self._kept_at = now
            try:
                self._presence.keep()
            except psycopg.Error as error:  # the next mark tries again
                log.warning("the others may not see this process (%s)", type(error).__name__)

    def leave(self) -> None:
        self._presence.leave()


def _facts(db: Db) -> tuple[int | None, Gap | None]:
    """When somebody was last at work, and the last gap that was told; the rows stay locked."""
    facts = {str(name): str(value) for name, value in db.execute(_FACTS).fetchall()}
    marked, gap = facts.get("alive_at"), facts.get("gap")
    if gap is not None:
        since, until = gap.split()
        return (None if marked is None else int(marked)), Gap(int(since), int(until))
    return (None if marked is None else int(marked)), None
