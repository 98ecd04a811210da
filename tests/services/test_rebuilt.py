"""The log alone is enough: a stored state that is damaged or gone is made again, equal."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.clock import now_ms
from app.models import queries
from app.monitoring.commands import Acknowledge, ReadingFor
from app.monitoring.state import ENGINE_VERSION
from app.monitoring.times import iso
from app.services import alarms, readings, sessions
from tests.models.ward import NURSE, check_log, infusing, move_to, record, sent
from tests.support.callers import device, simulator

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore


async def eventful(store: Store, **fields: Any) -> str:
    """A session in which much has happened: alarms raised, seen and over, phases, a signal lost."""
    session_id = await infusing(store, **fields)
    start = fields.get("starts_at", now_ms() - 30_000)
    course = [97.0] * 3 + [84.0] * 12 + [0.0] * 2 + [95.0] * 8 + [82.0] * 3
    items = [
        ReadingFor(replace(sent(spo2=v, hr=80.0 + n), taken_at=start + n * 1_000), session_id)
        for n, v in enumerate(course)
    ]
    sends = simulator() if fields.get("simulated") else device()
    await readings.record_readings(store, sends, items)
    answer, _ = await record(store, session_id, sbp=204.0, dbp=118.0)
    for alarm in answer["alarms"]:
        seen = Acknowledge(alarm["id"], action="slowed_rate")
        await alarms.acknowledge(store, NURSE, session_id, seen)
    await move_to(store, session_id, "paused", "infusing")
    await record(store, session_id, sbp=130.0, dbp=80.0, pain=2.0)
    return session_id


DAMAGE = {
    "of another engine version": "UPDATE session_state SET version = 999",
    "missing": "DELETE FROM session_state",
    "cut off": "UPDATE session_state SET data = substr(data, 1, 100)",
    "of an earlier event": "UPDATE session_state SET seq = seq - 1",
}


DRIVEN = {"simulated": True, "clock": "driven", "starts_at": 1_700_000_000_000}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_stored_state_is_made_again_from_the_log(
    database: Database, open_store: OpenStore, damage: str
) -> None:
    store = open_store(database)
    session_id = await eventful(store, **(DRIVEN if damage == "missing" else {}))
    kept = await store.reader.read(partial(queries.state, session_id=session_id))
    row = await sessions.board_rows(store)
    assert len(kept.alarms) >= 1
    database.ask(DAMAGE[damage])
    after_restart = open_store(database)
    assert await after_restart.reader.read(partial(queries.state, session_id=session_id)) == kept
    assert await sessions.board_rows(after_restart) == row
    _, new = await record(after_restart, session_id, hr=81)
    assert new
    log = await check_log(after_restart, database, session_id)
    driven = kept.clock == "driven"  # a start is a gap for those on the wall clock
    assert log[kept.seq]["kind"] == ("reading.recorded" if driven else "watch.resumed")
    assert database.ask("SELECT seq, version FROM session_state") == [(len(log), ENGINE_VERSION)]


async def test_a_value_without_a_time_is_of_the_sessions_own_now(
    database: Database, store: Store
) -> None:
    start = 1_700_000_000_000
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=start)
    answer, _ = await record(store, session_id, hr=80)
    assert answer["taken_at"] == iso(start)
    assert (await sessions.session_state(store, session_id))["now"] == iso(start)
