"""The checks find what they look for: a run in which nothing is found would prove nothing else."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from app.services.ids import new_id
from tests.chaos import checks
from tests.chaos.load import Ledger
from tests.chaos.places import Places
from tests.chaos.watchers import Crowd
from tests.models.ward import infusing, log_of, record

if TYPE_CHECKING:
    from tests.models.databases import Database, OpenStore

Log = list[dict[str, Any]]


class Ward:
    """One session with a high pressure and its alarm, as all of it should be."""

    def __init__(self, database: Database, session_id: str, log: Log) -> None:
        self.database, self.id, self.log = database, session_id, log
        self.ledger = Ledger()
        self.ledger.opened(session_id)
        crowd = Crowd(Places([]), self.ledger, random.Random(1))
        self.watcher = crowd.add([session_id], board=False)
        first = next(checks.folds(log))
        self.watcher._take({"kind": "snapshot", "session": session_id, "seq": 1, "state": first})
        self.watcher._take({"kind": "events", "session": session_id, "events": log[1:]})

    def check(self) -> None:
        folded = list(checks.folds(self.log))
        checks.check_readings(self.ledger, self.database, self.id, self.log)
        checks.check_alarms(self.database, self.id, self.log, folded)
        checks.check_watcher(self.watcher, self.id, self.log, folded)


@pytest.fixture
async def ward(sqlite: Database, open_store: OpenStore) -> Ward:
    store = open_store(sqlite)
    session_id = await infusing(store)
    await record(store, session_id, sbp=214, dbp=128)
    return Ward(sqlite, session_id, await log_of(store, session_id))


def test_nothing_is_found_where_nothing_is_wrong(ward: Ward) -> None:
    assert checks.alarms_in(ward.log, "alarm.raised")
    assert any(checks.critical(e) for e in ward.log if e["kind"] == "reading.recorded")
    ward.check()


def test_what_was_acknowledged_and_lost(ward: Ward) -> None:
    ward.ledger.promised[ward.id][new_id()] = None
    with pytest.raises(AssertionError, match="acknowledged and lost"):
        ward.check()


def test_what_is_stored_twice_or_not_in_the_table(ward: Ward) -> None:
    reading = next(e for e in ward.log if e["kind"] == "reading.recorded")
    with pytest.raises(AssertionError, match="stored twice"):
        checks.check_readings(ward.ledger, ward.database, ward.id, [*ward.log, reading])
    ward.database.ask("DELETE FROM reading WHERE id = ?", (reading["data"]["id"],))
    with pytest.raises(AssertionError):
        ward.check()


def test_an_alarm_that_was_not_raised(ward: Ward) -> None:
    ward.log = [event for event in ward.log if not event["kind"].startswith("alarm.")]
    with pytest.raises(AssertionError):
        checks.check_alarms(ward.database, ward.id, ward.log, list(checks.folds(ward.log)))


def test_an_alarm_that_the_table_does_not_hold(ward: Ward) -> None:
    ward.database.ask("DELETE FROM alarm")
    with pytest.raises(AssertionError):
        ward.check()


def test_a_dashboard_that_missed_something(ward: Ward) -> None:
    gap = {**ward.log[-1], "seq": len(ward.log) + 2}
    with pytest.raises(AssertionError, match="after"):
        ward.watcher._take({"kind": "events", "session": ward.id, "events": [gap]})
    with pytest.raises(AssertionError, match="after"):
        ward.watcher._take({"kind": "events", "session": ward.id, "events": [ward.log[-1]]})
    ward.watcher.alarms[ward.id].pop()
    with pytest.raises(AssertionError):
        ward.check()


def test_a_dashboard_that_shows_something_else(ward: Ward) -> None:
    ward.watcher.states[ward.id]["phase"] = "paused"
    with pytest.raises(AssertionError):
        ward.check()
