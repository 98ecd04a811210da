"""Sessions and alarms put into a database as rows, where what made them does not matter."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import insert

from app.models.database import connect
from app.models.tables import alarm, infusion_session, patient
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.review.alarm_load import Raised
    from tests.models.databases import Database

_numbers = count(1)


def session_row(created_at: int, closed_at: int | None, **fields: Any) -> dict[str, Any]:
    """A session on the wall clock; its key is its number."""
    number = next(_numbers)
    return {
        "key": number,
        "id": str(UUID(int=number)),
        "patient_key": number,
        "station": f"Room {number}",
        "protocol": "ketamine_adult",
        "simulated": False,
        "clock": "wall",
        "phase": "infusing",
        "phase_since": created_at,
        "active": closed_at is None,
        "seq": 1,
        "recorded_at": created_at,
        "head": b"",
        "created_at": created_at,
        "closed_at": closed_at,
        "digest": b"",
        **fields,
    }


def alarm_row(key: int, raised: Raised) -> dict[str, Any]:
    """The alarm's row, its JSON as far as it is read."""
    seen = [] if raised.seen_at is None else [{"at": iso(raised.seen_at), "by": {}, "rev": 1}]
    fields = ("id", "session_id", "kind", "condition", "group", "vital", "side", "text")
    said = {name: getattr(raised, name) for name in fields}
    return {
        "id": raised.id,
        "session_key": key,
        "condition": raised.condition,
        "priority": raised.priority,
        "state": "active" if raised.cleared_at is None else "cleared",
        "raised_at": raised.raised_at,
        "cleared_at": raised.cleared_at,
        "seq": 1,
        "data": orjson.dumps({**said, "acknowledgements": seen, "rev": 1}).decode(),
    }


def put(
    database: Database, sessions: Iterable[dict[str, Any]], alarms: Iterable[dict[str, Any]]
) -> None:
    """Writes them, with a patient for each session."""
    sessions, alarms = list(sessions), list(alarms)
    patients = [
        {
            "key": row["key"],
            "id": row["id"],
            "code": f"P-{row['key']}",
            "initials": "T.P.",
            "created_at": row["created_at"],
            "actor": "{}",
            "digest": b"",
        }
        for row in sessions
    ]
    engine = connect(database.url)
    try:
        with engine.begin() as db:
            db.execute(insert(patient), patients)
            db.execute(insert(infusion_session), sessions)
            if alarms:
                db.execute(insert(alarm), alarms)
    finally:
        engine.dispose()
