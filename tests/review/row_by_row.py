"""The timeline made the long way, a row and a value at a time: what the quick one must equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, select

from app.models import queries
from app.models.tables import alarm, event, reading
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.view import public

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

LIMIT_EVENTS: Final = (
    "session.created",
    "baseline.set",
    "limits.changed",
    "phase.taken_back",
    "reading.voided",
    "reading.amended",
)
MIN_POINTS: Final = 4


def timeline(
    db: Connection, session_id: str, since: int | None, until: int | None, points: int | None
) -> dict[str, Any]:
    state = queries.state(db, session_id)
    said = public(state)
    key = queries.session_key(db, session_id)
    query = select(reading).where(
        reading.c.session_key == key, reading.c.seq <= state.seq, reading.c.voided.is_(False)
    )
    if since is not None:
        query = query.where(reading.c.taken_at >= since)
    if until is not None:
        query = query.where(reading.c.taken_at < until)
    rows = db.execute(query.order_by(reading.c.taken_at, reading.c.seq)).mappings().all()
    first = [row["taken_at"] for row in rows[:1]]
    t0 = since if since is not None else min([state.phases[0].at, *first])
    series: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        _add(series, row, t0)
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
        "annotations": _annotations(db, key, session_id),
        "limits": _limits(db, key),
    }


def _add(series: dict[str, dict[str, list[Any]]], row: RowMapping, t0: int) -> None:
    judged = row["judged"]
    for vital, value in row["values"].items():
        if vital in judged.get("repeated", ()):
            continue
        columns = series.setdefault(
            vital, {name: [] for name in ("t", "v", "flag", "source", "late", "seq")}
        )
        columns["t"].append((row["taken_at"] - t0) / SECOND_MS)
        columns["v"].append(value)
        columns["flag"].append(judged["flags"].get(vital))
        columns["source"].append(row["source"])
        columns["late"].append(vital in judged["late"])
        columns["seq"].append(row["seq"])


def thin(columns: dict[str, list[Any]], points: int) -> dict[str, list[Any]]:
    """The lowest and the highest of each stretch of equally many, in order of time."""
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
    query = select(alarm.c.data).where(alarm.c.session_key == key)
    rows = db.execute(query.order_by(alarm.c.raised_at, alarm.c.id))
    return [orjson.loads(row.data) for row in rows]


def _annotations(db: Connection, key: int, session_id: str) -> list[dict[str, Any]]:
    query = select(event).where(event.c.session_key == key).order_by(event.c.at, event.c.seq)
    rows = [(row, orjson.loads(row.data)) for row in db.execute(query)]
    voids: dict[str, Any] = {}
    corrections: dict[str, list[Any]] = {}
    now: dict[str, Any] = {}
    for row, data in sorted(rows, key=lambda told: told[0].seq):
        why = {"at": iso(row.at), "by": orjson.loads(row.actor), "reason": data.get("reason")}
        if row.kind == "annotation.voided":
            voids[data["annotation_id"]] = why
        elif row.kind == "annotation.corrected":
            correction = {**why, "seq": row.seq, "was": data["was"]}
            corrections.setdefault(data["annotation_id"], []).append(correction)
            now[data["annotation_id"]] = data["now"]
    told = [
        {
            **data,
            "session_id": session_id,
            "seq": row.seq,
            "recorded_at": iso(row.recorded_at),
            "recorded_by": orjson.loads(row.actor),
            "voided": voids.get(data["id"]),
            "corrections": corrections.get(data["id"], []),
            **now.get(data["id"], {}),
        }
        for row, data in rows
        if row.kind == "annotation.recorded"
    ]
    return sorted(told, key=lambda one: (one["at"], one["seq"]))


def _limits(db: Connection, key: int) -> list[dict[str, Any]]:
    query = select(event.c.kind, event.c.at, event.c.data).where(
        event.c.session_key == key, event.c.kind.in_(LIMIT_EVENTS)
    )
    steps = []
    for row in db.execute(query.order_by(event.c.seq)):
        data = orjson.loads(row.data)
        drawn = data["redrawn"] or {} if row.kind == "phase.taken_back" else data
        limits = drawn["state"]["limits"] if row.kind == "session.created" else drawn.get("limits")
        if limits is not None:
            steps.append({"at": iso(row.at), "limits": limits})
    return steps
