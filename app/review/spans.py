"""When sessions were watched: from their creation to their end, or to their present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import Connection, Row, Select, and_, or_, select

from app.models import queries
from app.models.tables import infusion_session, session_state

if TYPE_CHECKING:
    from collections.abc import Iterator

Session: Final = infusion_session.c


@dataclass(frozen=True, slots=True)
class Span:
    """A session and its time by its own clock; `until` is its end, or its present."""

    key: int
    id: str
    station: str
    simulated: bool
    since: int
    until: int
    seq: int

    def within(self, since: int, until: int) -> int:
        """Milliseconds of the period in which it was watched."""
        return max(0, min(self.until, until) - max(self.since, since))


class _Begun(msgspec.Struct):
    at: int


class _Told(msgspec.Struct):
    """What a stored state tells of a driven session's time; the rest of it is not read."""

    now: int
    phases: list[_Begun]
    closed_at: int | None


_told: Final = msgspec.json.Decoder(_Told)


def one_span(db: Connection, session_id: str, now: int) -> Span:
    """Raises UnknownSession."""
    key = queries.session_key(db, session_id)
    row = db.execute(_rows().where(Session.key == key)).one()
    return _span(db, row, now)


def spans(db: Connection, since: int, until: int, *, now: int, simulated: bool) -> Iterator[Span]:
    """Every session that was watched in the period."""
    lasted = or_(Session.closed_at.is_(None), Session.closed_at > since)
    on_the_wall = and_(Session.clock == "wall", Session.created_at < until, lasted)
    query = _rows().where(Session.simulated.is_(simulated))
    query = query.where(or_(on_the_wall, Session.clock == "driven") if simulated else on_the_wall)
    for row in db.execute(query.order_by(Session.key)):
        span = _span(db, row, now)
        if span.within(since, until):
            yield span


def _rows() -> Select[Any]:
    return select(
        Session.key,
        Session.id,
        Session.station,
        Session.simulated,
        Session.clock,
        Session.created_at,
        Session.closed_at,
        Session.seq,
        session_state.c.data,
    ).outerjoin(
        session_state,
        and_(session_state.c.session_key == Session.key, Session.clock == "driven"),
    )


def _span(db: Connection, row: Row[Any], now: int) -> Span:
    since, until = row.created_at, now if row.closed_at is None else row.closed_at
    if row.clock == "driven":
        since, until = _driven(db, row)
    return Span(row.key, row.id, row.station, row.simulated, since, until, row.seq)


def _driven(db: Connection, row: Row[Any]) -> tuple[int, int]:
    """Its clock is not ours: its state tells when it began and how far it has come."""
    try:
        told = _told.decode(row.data or b"")
    except msgspec.MsgspecError:  # damaged or gone
        state = queries.state(db, row.id)
        return state.phases[0].at, state.now if state.closed_at is None else state.closed_at
    return told.phases[0].at, told.now if told.closed_at is None else told.closed_at
