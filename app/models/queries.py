"""What is read beside the scribe: lists, states, logs and alarms, each a function of a read-only
connection.
"""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from sqlalchemy import Connection, Row, RowMapping, Select, and_, or_, select, text

from app.errors import NotBound, SimulatedMismatch, UnknownPatient, UnknownSession
from app.models.codec import event_text, state_at
from app.models.tables import alarm, event, infusion_session, patient, reading, session_state
from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement

    from app.monitoring.state import State

    Committed = Callable[[str], State | None]

Session = infusion_session.c
Patient = patient.c
Event = event.c
Reading = reading.c
Alarm = alarm.c
OF_VISIT: Final = ("weight_kg", "dose_mg_per_kg", "planned_minutes")
LIKE_OWN: Final = re.compile("[%_/]")  # what a LIKE would not take as it stands
CANCELLED: Final = "cancelled"  # a visit that did not take place
ACTIVE = text("infusion_session.active")
"""As the indexes of active sessions say it: SQLite would not use them for `active = 1`."""


def encode_cursor(*place: int | str) -> str:
    """An opaque place in a list."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def decode_cursor(cursor: str | None, *kinds: type[int | str]) -> list[Any] | None:
    """The place that `encode_cursor` made of values of these kinds; raises InvalidRequest for
    anything else.
    """
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error) as error:
        raise bad_cursor() from error
    good = isinstance(place, list) and [type(part) for part in place] == list(kinds)
    if not good or not all(_small(part) for part in place):
        raise bad_cursor()
    return list(place)


def _small(part: int | str) -> bool:
    """Fits a column, and is no text that a database cannot take."""
    return abs(part) < 2**53 if isinstance(part, int) else part.isprintable() and len(part) < 100


def bad_cursor() -> InvalidRequest:
    return InvalidRequest(
        "This cursor is not one that a list gave.",
        errors=[FieldError(("query", "cursor"), "bad_cursor", "Not a cursor of this list.")],
    )


def session_key(db: Connection, session_id: str) -> int:
    key = db.execute(select(Session.key).where(Session.id == session_id)).scalar()
    if key is None:
        raise UnknownSession("There is no session with this id.")
    return int(key)


def place_of(db: Connection, *, session_id: str) -> tuple[str, bool] | None:
    """Station of a session and whether it is simulated; None if there is none with this id."""
    columns = infusion_session.c
    row = db.execute(
        select(columns.station, columns.simulated).where(columns.id == session_id)
    ).one_or_none()
    return None if row is None else (row.station, bool(row.simulated))


@dataclass(frozen=True, slots=True)
class Only:
    """What somebody may see who may not see all: simulated ones, of one station, one session."""

    simulated: bool = False
    station: str | None = None
    session_id: str | None = None

    def sessions(self) -> list[ColumnElement[bool]]:
        """What holds of every session that is seen."""
        found: list[ColumnElement[bool]] = []
        if self.simulated:
            found.append(Session.simulated.is_(True))
        if self.station is not None:
            found.append(Session.station == self.station)
        if self.session_id is not None:
            found.append(Session.id == self.session_id)
        return found

    def patients(self) -> list[ColumnElement[bool]]:
        """What holds of every patient that is seen."""
        found: list[ColumnElement[bool]] = []
        if self.simulated:
            found.append(Patient.simulated.is_(True))
        if self.station is not None or self.session_id is not None:
            theirs = select(Session.key).where(Session.patient_key == Patient.key)
            found.append(theirs.where(*self.sessions()).exists())
        return found


ALL: Final = Only()


def one_patient(db: Connection, patient_id: str, only: Only = ALL) -> dict[str, Any]:
    row = db.execute(select(patient).where(Patient.id == patient_id)).mappings().one_or_none()
    if row is None:
        raise UnknownPatient("There is no patient with this id.")
    if only.simulated and not row["simulated"]:
        raise SimulatedMismatch("Nothing is shown: a simulator sees simulated patients only.")
    if (rules := only.patients()) and not db.execute(
        select(Patient.key).where(Patient.id == patient_id, *rules)
    ).first():
        raise NotBound("Nothing is shown: this token is for another place.")
    return patient_json(row)


def patient_view(db: Connection, patient_id: str, only: Only = ALL) -> dict[str, Any]:
    """The patient with the last visit that was weighed."""
    found = one_patient(db, patient_id, only)
    return {**found, "last_visit": _last_visit(db, patient_id, only)}


def _last_visit(db: Connection, patient_id: str, only: Only) -> dict[str, Any] | None:
    """A session says what it was created with in its first event; few have no weight. What somebody
    was trained with is no visit of a patient's.
    """
    query = (
        select(Session.id, Session.created_at, Event.data)
        .join(patient, Patient.key == Session.patient_key)
        .join(event, and_(Event.session_key == Session.key, Event.seq == 1))
        .where(Patient.id == patient_id, Session.phase != CANCELLED, *only.sessions())
        .where(Session.simulated == Patient.simulated)
        .order_by(Session.key.desc())
        .execution_options(yield_per=1)
    )
    with closing(db.execute(query)) as rows:
        for id, created_at, data in rows:
            began = orjson.loads(data)["state"]
            if began["weight_kg"] is not None:
                told = {name: began[name] for name in OF_VISIT}
                return {"session_id": id, "at": iso(created_at), **told}
    return None


def patient_json(row: RowMapping) -> dict[str, Any]:
    fields = ("id", "code", "initials", "name", "birth_date", "sex", "weight_kg", "indication")
    told = {field: row[field] for field in fields}
    return {**told, "simulated": bool(row["simulated"]), "created_at": iso(row["created_at"])}


def patients(
    db: Connection,
    *,
    q: str | None,
    simulated: bool | None = None,
    limit: int,
    cursor: str | None,
    only: Only = ALL,
) -> dict[str, Any]:
    """Newest first; `q` finds part of the code, the initials or the name."""
    query = select(patient).where(*only.patients())
    if simulated is not None:
        query = query.where(Patient.simulated.is_(simulated))
    query = query.order_by(Patient.key.desc()).limit(limit + 1)
    place = decode_cursor(cursor, int)
    if place is not None:
        query = query.where(Patient.key < place[0])
    if q:
        query = query.where(
            or_(*(contains(db, c, q) for c in (Patient.code, Patient.initials, Patient.name)))
        )
    rows = db.execute(query).mappings().all()
    items = [patient_json(row) for row in rows[:limit]]
    more = encode_cursor(rows[limit - 1]["key"]) if len(rows) > limit else None
    return {"items": items, "next_cursor": more}


def contains(db: Connection, column: Any, q: str) -> ColumnElement[bool]:
    """Whether it has `q` in it, in capitals or not. SQLite's LIKE asks for no more, and would be
    thrice as slow by way of `lower`.
    """
    part = LIKE_OWN.sub(lambda own: f"/{own[0]}", q)
    way = column.like if db.dialect.name == "sqlite" else column.ilike
    return cast("ColumnElement[bool]", way(f"%{part}%", escape="/"))


def nothing_held(_session_id: str) -> None:
    """Of a process without a scribe."""


def state(db: Connection, session_id: str, committed: Committed = nothing_held) -> State:
    """The session's state as last committed, taken from what `committed` holds where that is no
    older.
    """
    row = db.execute(_stored_states().where(Session.id == session_id)).one_or_none()
    if row is None:
        raise UnknownSession("There is no session with this id.")
    return _state(db, session_id, row, committed)


def active_states(
    db: Connection, committed: Committed = nothing_held, simulated: bool | None = None
) -> list[State]:
    """Of every active session, or of those that are simulated or are not, in order of creation;
    from what `committed` holds as in `state`.
    """
    query = _stored_states().where(ACTIVE)
    if simulated is not None:
        query = query.where(Session.simulated.is_(simulated))
    rows = db.execute(query).all()
    rows = sorted(rows, key=lambda row: row.key)  # SQLite would read every session for an ORDER BY
    return [_state(db, row.id, row, committed) for row in rows]


def _stored_states() -> Select[Any]:
    """With a row for every session: one whose stored state is missing is made from its log, never
    left out.
    """
    stored = session_state.c
    return select(
        Session.id,
        Session.key,
        Session.seq,
        stored.version,
        stored.data,
        stored.seq.label("at_seq"),
    ).outerjoin(session_state, stored.session_key == Session.key)


def _state(
    db: Connection, session_id: str, row: Row[*tuple[Any, ...]], committed: Committed
) -> State:
    held = committed(session_id)
    if held is not None and held.seq >= row.seq:
        return held
    stored = None if row.data is None else (row.at_seq, row.version, row.data)

    def log_after(after: int) -> list[bytes]:
        return _log(db, row.key, session_id, after=after, limit=row.seq - after)

    return state_at(stored, row.seq, log_after)[0]


def head(db: Connection, session_id: str) -> int:
    """The seq of the session's last event."""
    seq = db.execute(select(Session.seq).where(Session.id == session_id)).scalar()
    if seq is None:
        raise UnknownSession("There is no session with this id.")
    return int(seq)


def events(db: Connection, session_id: str, *, after: int, limit: int) -> list[bytes]:
    """Event texts after `after`, in order, without gaps."""
    return _log(db, session_key(db, session_id), session_id, after=after, limit=limit)


def _log(
    db: Connection, key: int, session_id: str, *, after: int, limit: int | None
) -> list[bytes]:
    rows = db.execute(
        select(Event.seq, Event.kind, Event.at, Event.recorded_at, Event.actor, Event.data)
        .where(Event.session_key == key, Event.seq > after)
        .order_by(Event.seq)
        .limit(limit)
    )
    return [event_text(session_id, *row) for row in rows]


def alarms(
    db: Connection, session_id: str, *, standing: bool | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Newest raised first."""
    key = session_key(db, session_id)
    query = select(Alarm.data, Alarm.raised_at, Alarm.id).where(Alarm.session_key == key)
    if standing is not None:
        query = query.where(Alarm.state != "cleared" if standing else Alarm.state == "cleared")
    place = decode_cursor(cursor, int, str)
    if place is not None:
        raised_at, id = place
        query = query.where(
            or_(Alarm.raised_at < raised_at, and_(Alarm.raised_at == raised_at, Alarm.id < id))
        )
    query = query.order_by(Alarm.raised_at.desc(), Alarm.id.desc()).limit(limit + 1)
    rows = db.execute(query).all()
    more = None
    if len(rows) > limit:
        more = encode_cursor(rows[limit - 1].raised_at, rows[limit - 1].id)
    return {"items": [orjson.loads(row.data) for row in rows[:limit]], "next_cursor": more}


def due_sessions(db: Connection, now: int, limit: int) -> list[str]:
    """Sessions on the wall clock whose engine must be asked at or before `now`, the
    longest due first.
    """
    rows = db.execute(
        select(Session.id)
        .where(Session.next_due_at <= now, Session.clock == "wall", ACTIVE)
        .order_by(Session.next_due_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def wall_sessions(db: Connection) -> list[str]:
    """Every active session on the wall clock."""
    rows = db.execute(select(Session.id).where(Session.clock == "wall", ACTIVE))
    return [row.id for row in rows]
