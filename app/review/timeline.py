"""One session over time: columnar series, flags as judged, phases, alarms, and limits as steps.

What was voided is left out, what was amended is shown as it should have been.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, select

from app.models import queries
from app.models.tables import alarm, event, reading
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.view import public

if TYPE_CHECKING:
    from app.models.store import Store

LIMIT_EVENTS: Final = (
    "session.created",
    "baseline.set",
    "limits.changed",
    "reading.voided",
    "reading.amended",
)
MIN_POINTS: Final = 4  # below this nothing of a curve is left


async def timeline(
    store: Store,
    session_id: str,
    *,
    since: int | None = None,
    until: int | None = None,
    points: int | None = None,
) -> dict[str, Any]:
    """The protocol's timeline object; with `points` each series keeps at most so many, its extremes
    among them.
    """
    query = partial(_timeline, session_id=session_id, since=since, until=until, points=points)
    return await store.reader.read_slowly(query)


def _timeline(
    db: Connection, session_id: str, *, since: int | None, until: int | None, points: int | None
) -> dict[str, Any]:
    state = queries.state(db, session_id)
    said = public(state)
    key = queries.session_key(db, session_id)
    query = select(
        reading.c.taken_at,
        reading.c.seq,
        reading.c.source,
        reading.c["values"].label("sent"),
        reading.c.judged,
    ).where(reading.c.session_key == key, reading.c.seq <= state.seq, reading.c.voided.is_(False))
    if since is not None:
        query = query.where(reading.c.taken_at >= since)
    if until is not None:
        query = query.where(reading.c.taken_at < until)
    rows = db.execute(query.order_by(reading.c.taken_at, reading.c.seq)).all()
    t0 = (
        since
        if since is not None
        else min([state.phases[0].at, *(row.taken_at for row in rows[:1])])
    )
    series: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        offset = (row.taken_at - t0) / SECOND_MS
        flags, late = row.judged["flags"], row.judged["late"]
        again = row.judged.get("repeated", ())  # no new measurement: it has its place already
        for vital, value in row.sent.items():
            if vital in again:
                continue
            columns = series.get(vital)
            if columns is None:
                columns = series[vital] = {
                    c: [] for c in ("t", "v", "flag", "source", "late", "seq")
                }
            columns["t"].append(offset)
            columns["v"].append(value)
            columns["flag"].append(flags.get(vital))
            columns["source"].append(row.source)
            columns["late"].append(vital in late)
            columns["seq"].append(row.seq)
    if points is not None:
        series = {vital: thin(columns, points) for vital, columns in series.items()}
    return {
        "session_id": session_id,
        "seq": state.seq,
        "t0": iso(t0),
        "now": said["now"],
        "series": series,
        "phases": said["phases"],
        "alarms": _alarms(db, key),
        "limits": _limits(db, key),
    }


def thin(columns: dict[str, list[Any]], points: int) -> dict[str, list[Any]]:
    """At most `points` of a series: the lowest and the highest of each stretch of equally many, in
    order of time.
    """
    values = columns["v"]
    count = len(values)
    points = max(points, MIN_POINTS)
    if count <= points:
        return columns
    stretches = points // 2
    kept: list[int] = []
    for stretch in range(stretches):
        span = range(stretch * count // stretches, (stretch + 1) * count // stretches)
        kept += sorted({min(span, key=values.__getitem__), max(span, key=values.__getitem__)})
    return {name: [column[index] for index in kept] for name, column in columns.items()}


def _alarms(db: Connection, key: int) -> list[dict[str, Any]]:
    rows = db.execute(
        select(alarm.c.data)
        .where(alarm.c.session_key == key)
        .order_by(alarm.c.raised_at, alarm.c.id)
    )
    return [orjson.loads(row.data) for row in rows]


def _limits(db: Connection, key: int) -> list[dict[str, Any]]:
    """The limits in force from each moment on at which they changed; a correction changes them only
    if a baseline was made of the reading.
    """
    rows = db.execute(
        select(event.c.kind, event.c.at, event.c.data)
        .where(event.c.session_key == key, event.c.kind.in_(LIMIT_EVENTS))
        .order_by(event.c.seq)
    )
    steps = []
    for row in rows:
        data = orjson.loads(row.data)
        limits = data["state"]["limits"] if row.kind == "session.created" else data["limits"]
        if limits is not None:
            steps.append({"at": iso(row.at), "limits": limits})
    return steps
