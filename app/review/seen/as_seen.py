"""What the board and the session page showed at a moment, made of the log as they made it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import bindparam, select

from app.clock import now_ms
from app.models.logged import logged
from app.models.queries import session_key
from app.models.tables import infusion_session
from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.fold import fold
from app.monitoring.times import iso, parse_iso
from app.review.seen.around import Around, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from app.models.store import Store

Json = dict[str, Any]

NOT_ON_THE_BOARD: Final = frozenset(
    {"baseline", "limits", "limits_to_review", "phases", "devices", "starts_at"}
)
"""What a session page is told and a tile is not."""
LAST_SEQ: Final = select(infusion_session.c.seq).where(infusion_session.c.key == bindparam("key"))


async def as_seen(
    store: Store,
    session_id: str,
    *,
    seq: int | None = None,
    at: int | None = None,
    clinic: bool = True,
) -> bytes:
    """The protocol's "as seen" object as JSON, at an event or a moment, else at the last event; of
    what has yet to come nothing was seen: then it is now.
    Without `clinic` nothing is said of people and screens. Raises UnknownSession, InvalidRequest.
    """
    made: bytes = await store.reader.apart(as_seen_json, session_id, seq, at, clinic)
    return made


def as_seen_json(
    db: Connection, session_id: str, seq: int | None, at: int | None, clinic: bool
) -> bytes:
    if seq is not None and at is not None:
        raise _wrong("at", "not_allowed", "Give a seq or a moment, not both")
    key = session_key(db, session_id)
    with closing(logged(db, key, session_id)) as events:  # seldom read to its end
        seen = _folded(events, seq, at)
    if seq is not None and seen.seq != seq:
        raise _wrong("seq", "unknown", "The log of this session does not go so far")
    state, driven = seen.state, seen.state["clock"] == "driven"
    of_clinic = seen.recorded_at if driven or at is None else max(min(at, now_ms()), seen.first)
    gaps = [] if driven else _gaps(db, key, session_id)
    around = Around(db, of_clinic, state, gaps)
    return orjson.dumps(
        {
            "session_id": session_id,
            "seq": seen.seq,
            "last_seq": last_seq(db, key),
            "at": iso(seen.moment if driven else of_clinic),
            "clinic_at": iso(of_clinic),
            "state": state,
            "row": row_of(state),
            "live": around.live(),
            "screens": around.screens() if clinic else None,
            "people": around.people() if clinic else None,
            "clock_offsets": {name: it["skew_s"] for name, it in state["devices"].items()},
            "software": around.software,
            "engine": around.engine,
            "until": None if driven else around.until(),
        }
    )


def row_of(state: Json) -> Json:
    """The row of the board that goes with a state: the same facts, and of the limits the warnings
    for its small trends.
    """
    row = {name: value for name, value in state.items() if name not in NOT_ON_THE_BOARD}
    row["lines"] = {vital: _pair(lines) for vital, lines in state["limits"].items()}
    return row


def _pair(lines: list[Json]) -> list[float | None]:
    pair: list[float | None] = [None, None]
    for line in lines:
        if line["tier"] == "warning":
            pair[0 if line["side"] == "low" else 1] = line["value"]
    return pair


@dataclass(slots=True)
class _Seen:
    """How far a log is folded; moments in milliseconds."""

    state: Json
    seq: int
    recorded_at: int
    moment: int
    """When it was seen: by the session's own clock, if it has one, else when it was stored."""
    first: int


def _folded(events: Iterator[tuple[int, Json]], seq: int | None, at: int | None) -> _Seen:
    """As far as event `seq`, or as what had been seen at `at`: the first event at least."""
    _, began = next(events)
    recorded_at = parse_iso(began["recorded_at"])
    seen = _Seen(fold(None, began), began["seq"], recorded_at, recorded_at, recorded_at)
    for _, event in events:
        if seq is not None and event["seq"] > seq:
            break
        state, recorded_at = fold(seen.state, event), parse_iso(event["recorded_at"])
        moment = _moment(state, recorded_at)
        if at is not None and moment is not None and moment > at:
            break
        seen.state, seen.seq, seen.recorded_at = state, event["seq"], recorded_at
        seen.moment = seen.moment if moment is None else moment
    return seen


def _moment(state: Json, recorded_at: int) -> int | None:
    """None while a clock that follows its feed has not begun."""
    if state["clock"] != "driven":
        return recorded_at
    return None if state["now"] is None else parse_iso(state["now"])


def last_seq(db: Connection, key: int) -> int:
    return int(db.execute(LAST_SEQ, {"key": key}).scalar_one())


def _gaps(db: Connection, key: int, session_id: str) -> list[Gap]:
    """When this session was under way and nobody watched, the oldest first."""
    return [
        Gap(parse_iso(event["data"]["since"]), at)
        for at, event in logged(db, key, session_id, ("watch.resumed",))
    ]


def _wrong(field: str, code: str, msg: str) -> InvalidRequest:
    errors = [FieldError(("query", field), code, msg)]
    return InvalidRequest("Nothing is shown. Correct the fields listed.", errors=errors)
