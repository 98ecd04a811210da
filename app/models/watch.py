"""When the server last did its work, and the time in which it did not: a gap.

In a gap nothing was judged: the machine was off, suspended or stalled, the database took nothing,
or the clock was set ahead. Sessions that were under way are told of it before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from app.models.tables import infusion_session, meta

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.monitoring.state import State

GAP_MS: Final = 10_000  # between two commits: two marks of the sweep are missing


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody watched from `since` to `until`; `seen` are the sessions stepped after it."""

    since: int
    until: int
    seen: set[str] = field(default_factory=set, compare=False)

    def concerns(self, state: State) -> bool:
        """True for a session that was under way in the gap and was not yet told of it."""
        return (
            state.clock == "wall"
            and state.closed_at is None
            and state.order.created_at < self.until
            and (state.resumed_at is None or state.resumed_at < self.until)
        )


class Watch:
    """Kept by the scribe's thread; `alive_at` is when a server of this database last was at work,
    None if none ever was.
    """

    def __init__(self, alive_at: int | None) -> None:
        self._alive_at = alive_at
        self._starting = True
        self.gap: Gap | None = None

    def look(self, now: int) -> None:
        """Called as a transaction begins: a start is a gap, however short, and so is a long
        silence.
        """
        last = self._alive_at
        if last is not None and (self._starting or now - last > GAP_MS):
            self.gap = Gap(last, max(now, last))

    def alive(self, now: int) -> None:
        """Called after the commit of a transaction that began at `now`."""
        self._alive_at = now
        self._starting = False

    def leave(self) -> None:
        """The server ends."""


def last_alive(engine: Engine) -> int | None:
    """The later of the sweep's last mark and the last event; None on a database without either."""
    mark = select(meta.c.value).where(meta.c.name == "alive_at")
    with engine.connect() as db:
        marked = db.execute(mark).scalar()
        recorded = db.execute(select(func.max(infusion_session.c.recorded_at))).scalar()
    known = [int(moment) for moment in (marked, recorded) if moment is not None]
    return max(known, default=None)
