"""The record, made of the log alone, says what the tables beside the log say, and what the engine
makes of the log: two other ways to the same.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.models import queries
from app.monitoring.times import parse_iso
from app.monitoring.view import public
from app.review.record.made import record_of
from app.review.timeline import timeline_json
from tests.models.ward import plain
from tests.review.test_same_timeline import lived

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.store import Store
    from app.review.record.model import Record

Json = dict[str, Any]


def columns(record: Record, t0: int) -> Json:
    """What stands, as the timeline tells it."""
    made: Json = defaultdict(lambda: defaultdict(list))
    for reading in record.readings:
        if reading.standing in ("voided", "moved"):
            continue
        for vital, value in reading.values.items():
            column = made[vital]
            column["t"].append((parse_iso(reading.taken_at) - t0) / 1000)
            column["v"].append(value)
            column["flag"].append(reading.flags.get(vital))
            column["source"].append(reading.source)
            column["late"].append(vital in reading.late)
            column["seq"].append(reading.seq)
    return {vital: dict(column) for vital, column in made.items()}


def all_three(db: Connection, session_id: str) -> tuple[Record, Json, Json]:
    timeline = orjson.loads(timeline_json(db, session_id, None, None, None))
    state = plain(public(queries.state(db, session_id)))
    return record_of(db, session_id), timeline, state


@pytest.mark.parametrize("seed", [3])
async def test_a_random_session_with_corrections(store: Store, seed: int) -> None:
    session_id = await lived(store, seed)
    record, timeline, state = await store.reader.read(lambda db: all_three(db, session_id))
    assert columns(record, parse_iso(timeline["t0"])) == timeline["series"]
    told = {alarm.alarm["id"]: alarm.alarm for alarm in record.alarms}
    assert told == {alarm["id"]: alarm for alarm in timeline["alarms"]}
    assert [(p.phase, p.at, p.reason) for p in record.phases] == [
        (p["phase"], p["at"], p["reason"]) for p in timeline["phases"]
    ]
    assert record.now == timeline["now"] == state["now"]
    assert record.limits[-1].limits == timeline["limits"][-1]["limits"] == state["limits"]
    assert record.baseline == state["baseline"]
    assert record.seq == state["seq"]
    assert record.ended_at == state["closed_at"]
