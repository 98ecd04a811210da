"""One session over time: columnar series, flags as judged, phases, alarms, annotations, and limits
as steps.

What was voided is left out, what was amended is shown as it should have been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, bindparam, select, text

from app.models.annotated import annotations_of
from app.models.tables import alarm
from app.monitoring.times import iso
from app.monitoring.view import public_phases
from app.review.columns import readings, series
from app.review.heads import head_of

if TYPE_CHECKING:
    from app.models.store import Store

ALARMS: Final = (
    select(alarm.c.data)
    .where(alarm.c.session_key == bindparam("key"))
    .order_by(alarm.c.raised_at, alarm.c.id)
)

# What is not a reading has an index of its own: a session has thousands of readings. Both databases
# use it only where the condition stands as it does there, not as a value.
LIMIT_EVENTS: Final = text(
    "SELECT kind, at, data FROM event"
    " WHERE session_key = :key AND seq <= :head AND kind <> 'reading.recorded'"
    " AND kind IN ('session.created', 'baseline.set', 'limits.changed', 'phase.taken_back',"
    " 'reading.voided', 'reading.amended') ORDER BY seq"
)


async def timeline(
    store: Store,
    session_id: str,
    *,
    since: int | None = None,
    until: int | None = None,
    points: int | None = None,
) -> bytes:
    """The protocol's timeline object as JSON; with `points` each series keeps at most so many, its
    extremes among them. Raises UnknownSession.
    """
    made: bytes = await store.reader.apart(timeline_json, session_id, since, until, points)
    return made


def timeline_json(
    db: Connection, session_id: str, since: int | None, until: int | None, points: int | None
) -> bytes:
    """In a process of its own: it is ten times the work of anything else that is read."""
    head = head_of(db, session_id)
    shown = readings(db, head.key, head=head.seq, since=since, until=until)
    t0 = since if since is not None else min([head.phases[0].at, *shown.at[:1]])
    return orjson.dumps(
        {
            "session_id": session_id,
            "seq": head.seq,
            "t0": iso(t0),
            "now": None if head.now is None else iso(head.now),
            "series": series(shown, t0, points),
            "phases": public_phases(head.phases),
            "alarms": _alarms(db, head.key),
            "annotations": annotations_of(db, head.key, session_id, head.seq),
            "limits": _limits(db, head.key, head.seq),
        }
    )


def _alarms(db: Connection, key: int) -> list[orjson.Fragment]:
    """As they are stored, which is as they are told."""
    return [orjson.Fragment(data) for (data,) in db.execute(ALARMS, {"key": key})]


def _limits(db: Connection, key: int, head: int) -> list[dict[str, Any]]:
    """The limits in force from each moment on at which they changed; a correction changes them only
    if a baseline was made of the reading.
    """
    steps = []
    for kind, at, said in db.execute(LIMIT_EVENTS, {"key": key, "head": head}):
        drawn = _drawn(kind, orjson.loads(said))
        if drawn is not None and drawn["limits"] is not None:
            steps.append({"at": iso(at), "limits": drawn["limits"]})
    return steps


def _drawn(kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Where an event of this kind says how the limits are drawn from then on."""
    where: dict[str, Any] | None = data
    if kind == "session.created":
        where = data["state"]
    elif kind == "phase.taken_back":
        where = data["redrawn"]  # null where the phase had set no baseline
    return where
