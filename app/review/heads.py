"""What a timeline needs of a session's state: how far it has come, and its phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.errors import UnknownSession
from app.models import queries
from app.models.tables import infusion_session, session_state
from app.monitoring.state import ENGINE_VERSION, PhaseSpan

if TYPE_CHECKING:
    from app.monitoring.state import State

Session: Final = infusion_session.c
Stored: Final = session_state.c
HEAD: Final = (
    select(
        Session.key, Session.seq, Session.clock, Stored.seq.label("at"), Stored.version, Stored.data
    )
    .outerjoin(session_state, Stored.session_key == Session.key)
    .where(Session.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Head:
    """`now` is the session's own present, None on the wall clock."""

    key: int
    seq: int
    now: int | None
    phases: tuple[PhaseSpan, ...]


class _Told(msgspec.Struct):
    """What is read of a stored state: the rest of it is five times as much."""

    now: int
    phases: tuple[PhaseSpan, ...]


_told: Final = msgspec.json.Decoder(_Told)


def head_of(db: Connection, session_id: str) -> Head:
    """Raises UnknownSession.

    A state that is stored later than its readings is as good: only readings that change nothing but
    values may be missing in it, and on a driven clock, which they move, none are.
    """
    row = db.execute(HEAD, {"id": session_id}).one_or_none()
    if row is None:
        raise UnknownSession("There is no session with this id.")
    usable = row.version == ENGINE_VERSION and (row.at == row.seq or row.clock == "wall")
    try:
        told: _Told | State = _told.decode(row.data if usable else b"")
    except msgspec.MsgspecError:  # damaged, gone or of another engine
        told = queries.state(db, session_id)
    now = told.now if row.clock == "driven" and told.now else None
    return Head(row.key, row.seq, now, told.phases)
