"""The quick timeline says what the plain one says, whatever was recorded."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import text

from app.monitoring.commands import AmendReading, ReadingFor, VoidReading
from app.monitoring.errors import DomainError
from app.review.timeline import LIMIT_EVENTS, timeline_json
from app.services import corrections, readings
from tests.models.ward import NURSE, admit, infusing, plain, sent, typed
from tests.review import row_by_row
from tests.support.callers import device, simulator
from tests.support.few import few_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.store import Store
    from app.monitoring.commands import RecordReading
    from tests.models.databases import Database

START = 1_700_000_000_000
MINUTE = 60_000
DISORDER_MS = 20_000  # what is told so much later is late
PRESSURES = [(128.0, 80.0), (171.0, 99.0), (86.0, 44.0)]


def random_reading(chance: random.Random, second: int) -> RecordReading:
    """Of a monitor that repeats its cuff, loses signals and sends late; now and then a nurse's."""
    at = START + second * 1_000 - chance.choice([0, 0, 0, 0, DISORDER_MS])
    sbp, dbp = PRESSURES[second // 100 % len(PRESSURES)]
    values = {
        "hr": 80.0 + chance.randint(-5, 60),
        "spo2": 97.0 - chance.choice([0, 1, 2, 14]),
        "sbp": sbp,
        "dbp": dbp,
        "temp": 36.5 + chance.randint(-2, 2) / 10,
    }
    if chance.random() < 0.1:
        pain = float(chance.randint(0, 9))
        return replace(typed(), values={**values, "pain": pain}, taken_at=at)
    sends = {vital: value for vital, value in values.items() if chance.random() < 0.8}
    return replace(sent(), values=sends or {"hr": 80.0}, taken_at=at)


async def lived(store: Store, seed: int) -> str:
    """A session of some minutes with corrections."""
    chance = random.Random(seed)
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=START)
    recorded: list[str] = []
    for first in range(1, 300, 20):
        some = [random_reading(chance, second) for second in range(first, first + 20)]
        items = [ReadingFor(reading, session_id) for reading in some]
        for outcome in await readings.record_readings(store, simulator(), items):
            if not isinstance(outcome, DomainError):
                recorded.append(plain(outcome[1])["id"])
    for wrong in chance.sample(recorded, 4):
        await corrections.correct(store, NURSE, session_id, VoidReading(wrong, "slip"))
    for wrong in chance.sample(recorded, 6):
        amend = AmendReading(wrong, {"hr": float(chance.randint(60, 150))}, "other line")
        try:
            await corrections.correct(store, NURSE, session_id, amend)
        except DomainError:  # it was voided
            continue
    return session_id


def both(db: Connection, asked: tuple[Any, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    return plain(row_by_row.timeline(db, *asked)), orjson.loads(timeline_json(db, *asked))


@pytest.mark.parametrize("seed", few_of(2))
async def test_of_a_random_session(store: Store, seed: int) -> None:
    session_id = await lived(store, seed)
    since, until = START + MINUTE, START + 3 * MINUTE
    for asked in (
        (None, None, 40),
        (None, None, 11),
        (since, None, None),
        (None, until, 10),
        (since, until, 30),
        (START - 2, START - 1, None),
        (until, since, 10),
        (None, None, None),
    ):
        wanted, shown = await store.reader.read(partial(both, asked=(session_id, *asked)))
        assert shown == wanted, asked
    columns = list(shown["series"].values())
    assert len(columns) == 9
    assert any(any(of["flag"]) for of in columns)
    assert any(any(of["late"]) for of in columns)
    assert len(shown["series"]["sbp"]["t"]) < len(shown["series"]["hr"]["t"])
    assert len(shown["limits"]) > 1


async def test_of_a_session_without_readings(store: Store) -> None:
    session_id = await admit(store)
    asked = (session_id, None, None, None)
    wanted, shown = await store.reader.read(partial(both, asked=asked))
    assert shown == wanted
    assert shown["series"] == {}


async def test_of_a_session_whose_stored_state_lags(store: Store) -> None:
    session_id = await infusing(store)
    for _ in range(3):
        await readings.record_reading(store, device(), session_id, sent(hr=80.0, spo2=97.0))
    wanted, shown = await store.reader.read(partial(both, asked=(session_id, None, None, None)))
    assert shown == wanted
    assert shown["now"] is None
    assert len(shown["series"]["hr"]["t"]) == 4


@pytest.mark.parametrize("damage", ["data = CAST('{' AS {bytes})", "version = 0"])
async def test_of_a_session_whose_stored_state_is_of_no_use(
    database: Database, store: Store, damage: str
) -> None:
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=START)
    damage = damage.replace("{bytes}", "blob" if database.is_sqlite else "bytea")
    database.ask(f"UPDATE session_state SET {damage}")
    wanted, shown = await store.reader.read(partial(both, asked=(session_id, None, None, None)))
    assert shown == wanted
    assert shown["now"] is not None


def plan(db: Connection, *, sqlite: bool) -> str:
    if sqlite:
        explain = "EXPLAIN QUERY PLAN"
    else:
        db.execute(text("SET LOCAL enable_seqscan = off"))  # few rows need no index
        explain = "EXPLAIN"
    rows = db.execute(text(f"{explain} {LIMIT_EVENTS.text}"), {"key": 1, "head": 9})
    return " ".join(str(row) for row in rows)


async def test_what_is_no_reading_is_found_by_its_own_index(
    database: Database, store: Store
) -> None:
    used = await store.reader.read(partial(plan, sqlite=database.is_sqlite))
    assert "ix_event_not_reading" in used
