"""The list of sessions: found by what is known of them, in the order asked for, a page at a time.

The keys of a page are found first, in rows of sessions alone, and only those of the page are joined
with their patients: so every filter and every order takes one look over the sessions at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sqlalchemy import BigInteger, and_, case, func, literal, or_, select, tuple_

from app.models import signed_rows
from app.models.queries import (
    ACTIVE,
    ALL,
    CANCELLED,
    Only,
    bad_cursor,
    contains,
    decode_cursor,
    encode_cursor,
)
from app.models.tables import infusion_session, patient
from app.monitoring.times import SECOND_MS, iso

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, TextClause

Session = infusion_session.c
Patient = patient.c
Sort = Literal["began", "station", "patient", "high_alarms", "duration"]
Order = Literal["asc", "desc"]
BY_NAME: Final = ("station", "patient")  # from A to Z if nothing is said; all else the most first
UNSIGNED_MS: Final = 24 * 3600 * SECOND_MS  # a record is to be signed within a day of its close


@dataclass(frozen=True, slots=True)
class SessionsAsked:
    """None: whatever it is."""

    phase: str | None = None
    active: bool | None = None
    patient: str | None = None
    station: str | None = None
    protocol: str | None = None
    since: int | None = None
    until: int | None = None
    simulated: bool | None = None
    had_high: bool | None = None
    unsigned: bool | None = None
    """True: closed for over 24 h and not signed, or changed since it was."""
    q: str | None = None
    """Part of the patient's code, initials or name, or of the station."""
    sort: Sort = "began"
    order: Order | None = None
    limit: int = 50
    cursor: str | None = None

    @property
    def rising(self) -> bool:
        return (self.order or ("asc" if self.sort in BY_NAME else "desc")) == "asc"


def sessions(db: Connection, asked: SessionsAsked, *, now: int, only: Only = ALL) -> dict[str, Any]:
    """Newest first if nothing else is asked for; raises InvalidRequest for a cursor of another
    order.
    """
    now, after = _place(db, asked, now, only)
    value = _value(asked.sort, now)
    rising = asked.rising
    keys = select(Session.key, value.label("value")).where(
        *only.sessions(), *_filters(db, asked, now)
    )
    if after is not None:
        here, there = tuple_(value, Session.key), tuple_(*map(literal, after))
        keys = keys.where(here > there if rising else here < there)
    keys = keys.order_by(*((c.asc() if rising else c.desc()) for c in (value, Session.key)))
    page = keys.limit(asked.limit + 1).subquery()
    listed = infusion_session.join(page, page.c.key == Session.key).join(patient)
    rows = db.execute(
        select(infusion_session, page.c.value, *_OF_PATIENT, *signed_rows.COLUMNS)
        .select_from(signed_rows.beside(listed))
        .order_by(*((c.asc() if rising else c.desc()) for c in (page.c.value, Session.key)))
    ).all()
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    more = None if last is None else _cursor(asked, now, last)
    return {"items": [_json(row) for row in rows[: asked.limit]], "next_cursor": more}


_OF_PATIENT: Final = (
    Patient.id.label("patient_id"),
    Patient.code.label("code"),
    Patient.initials,
    Patient.birth_date,
)


def _filters(
    db: Connection, asked: SessionsAsked, now: int
) -> list[ColumnElement[bool] | TextClause]:
    found: list[ColumnElement[bool] | TextClause] = []
    if asked.active is not None:
        found.append(ACTIVE if asked.active else Session.active.is_(False))
    if asked.patient is not None:
        theirs = select(Patient.key).where(Patient.id == asked.patient)
        found.append(Session.patient_key == theirs.scalar_subquery())
    for column, wanted in (
        (Session.phase, asked.phase),
        (Session.station, asked.station),
        (Session.protocol, asked.protocol),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if asked.since is not None:
        found.append(Session.created_at >= asked.since)
    if asked.until is not None:
        found.append(Session.created_at < asked.until)
    if asked.simulated is not None:
        found.append(Session.simulated.is_(asked.simulated))
    if asked.had_high is not None:
        found.append(Session.high_alarms > 0 if asked.had_high else Session.high_alarms == 0)
    if asked.unsigned is not None:
        found.append(_unsigned(now) if asked.unsigned else ~_unsigned(now))
    if asked.q:
        found.append(_named(db, asked.q))
    return found


def _unsigned(now: int) -> ColumnElement[bool]:
    never = and_(Session.signed_seq.is_(None), Session.closed_at < now - UNSIGNED_MS)
    changed = and_(Session.signed_seq.is_not(None), Session.seq > Session.signed_seq)
    kept = and_(Session.closed_at.is_not(None), Session.phase != CANCELLED)
    return and_(kept, or_(never, changed))


def _named(db: Connection, q: str) -> ColumnElement[bool]:
    """PostgreSQL looks through the patients once, and not in each of its workers; and through all
    that names one at once, line by line, for what is asked for has no line end.
    """
    named = Patient.code + "\n" + Patient.initials + "\n" + func.coalesce(Patient.name, "")
    theirs = select(Patient.key).where(contains(db, named, q))
    found = theirs.cte("named").prefix_with("MATERIALIZED")
    return or_(Session.patient_key.in_(select(found.c.key)), contains(db, Session.station, q))


def _value(sort: Sort, now: int) -> ColumnElement[Any]:
    """What the list is sorted by, and by the key where that is the same."""
    match sort:
        case "began":
            return Session.created_at
        case "station":
            return Session.station
        case "patient":
            return Session.patient_code
        case "high_alarms":
            return Session.high_alarms
        case "duration":
            so_far = func.coalesce(Session.closed_at, literal(now, BigInteger))
            return case((Session.clock == "wall", so_far - Session.created_at), else_=0)


def _place(
    db: Connection, asked: SessionsAsked, now: int, only: Only
) -> tuple[int, list[Any] | None]:
    """The moment for which the list is made, which is that of its first page, and the value and key
    of the last row that was given; raises InvalidRequest.

    A cursor stands in addresses, where nothing is read of a patient: in the order of patients it
    names the row alone, and the code is that of the row.
    """
    kind: type[int | str] = str if asked.sort in BY_NAME else int
    place = decode_cursor(asked.cursor, str, int, kind, int)
    if place is None:
        return now, None
    said, then, *after = place
    if said != _named_order(asked):
        raise bad_cursor()
    if asked.sort == "patient":
        own = select(Session.patient_code).where(Session.key == after[1], *only.sessions())
        if (code := db.execute(own).scalar()) is None:
            raise bad_cursor()
        after = [code, after[1]]
    return then, after


def _cursor(asked: SessionsAsked, now: int, last: Row[Any]) -> str:
    value = "" if asked.sort == "patient" else last.value
    return encode_cursor(_named_order(asked), now, value, last.key)


def _named_order(asked: SessionsAsked) -> str:
    return f"{asked.sort} {'asc' if asked.rising else 'desc'}"


def _json(row: Row[Any]) -> dict[str, Any]:
    said = row.signed_seq is not None
    signed = said and signed_rows.stands(row)
    return {
        "id": row.id,
        "seq": row.seq,
        "patient": {
            "id": row.patient_id,
            "code": row.code,
            "initials": row.initials,
            "birth_year": None if row.birth_date is None else int(row.birth_date[:4]),
        },
        "station": row.station,
        "protocol": row.protocol,
        "phase": row.phase,
        "phase_since": iso(row.phase_since),
        "active": bool(row.active),
        "simulated": bool(row.simulated),
        "clock": row.clock,
        "created_at": iso(row.created_at),
        "closed_at": None if row.closed_at is None else iso(row.closed_at),
        "duration_s": _duration_s(row),
        "high_alarms": row.high_alarms,
        "signed": signed,
        "changed_since_signed": max(0, row.seq - row.signed_seq) if signed else 0,
        "broken": said and not signed,
    }


def _duration_s(row: Row[Any]) -> float | None:
    """None while it goes on, so that a list that did not change reads the same again; and on a
    driven clock: it began at another time than it was created here.
    """
    if row.clock != "wall" or row.closed_at is None:
        return None
    return max(0, int(row.closed_at) - int(row.created_at)) / SECOND_MS


SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
