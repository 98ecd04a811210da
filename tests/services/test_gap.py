"""A time in which nobody watched: each session is told of it once, before anything else."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.clock import now_ms
from app.models import queries
from app.models.watch import GAP_MS, Gap, Watch
from app.monitoring.commands import MoveClock
from app.monitoring.errors import IllegalTransition
from app.monitoring.times import iso, parse_iso
from app.services import sessions
from app.services.sweep import sweep_forever, wake
from app.services.watch import mark_alive
from tests.models.ward import (
    NURSE,
    admit,
    check_log,
    held_up,
    infusing,
    log_of,
    move_to,
    queued,
    record,
)

if TYPE_CHECKING:
    from app.models.committed import CommittedBatch
    from app.models.store import Store
    from tests.models.clock import Clock
    from tests.models.databases import Database, OpenStore

HOUR_MS = 3_600_000
DRIVEN = {"simulated": True, "clock": "driven", "starts_at": 1_700_000_000_000}


def kinds(log: list[dict[str, Any]], after: int = 0) -> list[str]:
    return [event["kind"] for event in log if event["seq"] > after]


def resumed(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in log if event["kind"] == "watch.resumed"]


async def test_the_first_start_of_all_is_no_gap(database: Database, store: Store) -> None:
    await mark_alive(store)
    session_id = await infusing(store)
    await record(store, session_id, hr=80)
    assert store.gap is None
    assert resumed(await check_log(store, database, session_id)) == []


async def test_after_a_start_a_session_is_told_before_anything_else(
    database: Database, open_store: OpenStore
) -> None:
    before = open_store(database)
    session_id = await infusing(before)
    await mark_alive(before)
    ((alive_at,),) = database.ask("SELECT value FROM meta WHERE name = 'alive_at'")
    held = (await sessions.session_state(before, session_id))["seq"]
    commits: list[CommittedBatch] = []
    store = open_store(database, commits=commits)
    await record(store, session_id, hr=80)
    await record(store, session_id, hr=81)
    log = await check_log(store, database, session_id)
    assert kinds(log, held) == ["watch.resumed", "reading.recorded", "reading.recorded"]
    (told,) = resumed(log)
    assert told["data"]["since"] == iso(int(alive_at))
    assert told["actor"]["kind"] == "system"
    assert [len(commit.events) for batch in commits for commit in batch] == [2, 1]
    state = await sessions.session_state(store, session_id)
    assert state["watch_resumed_at"] == told["at"]


async def test_a_server_that_never_marked_was_alive_at_its_last_event(
    sqlite: Database, open_store: OpenStore
) -> None:
    session_id = await admit(open_store(sqlite))
    ((recorded_at,),) = sqlite.ask("SELECT recorded_at FROM infusion_session")
    store = open_store(sqlite)
    await record(store, session_id, hr=80)
    (told,) = resumed(await log_of(store, session_id))
    assert told["data"]["since"] == iso(recorded_at)


async def test_every_active_session_on_the_wall_clock_is_told_without_an_input_of_its_own(
    database: Database, open_store: OpenStore
) -> None:
    before = open_store(database)
    watched = [await infusing(before) for _ in range(3)]
    driven = await infusing(before, **DRIVEN)
    closed = await admit(before)
    await move_to(before, closed, "cancelled")
    store = open_store(database)
    sweeping = asyncio.create_task(sweep_forever(store))
    for session_id in watched:
        while not resumed(await log_of(store, session_id)):  # noqa: ASYNC110  # no event for it
            await asyncio.sleep(0.01)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    for session_id in watched:
        assert len(resumed(await check_log(store, database, session_id))) == 1
    for session_id in (driven, closed):
        assert resumed(await check_log(store, database, session_id)) == []
    assert await wake(store, store.gap) is store.gap  # once is enough
    assert [len(resumed(await log_of(store, session_id))) for session_id in watched] == [1, 1, 1]


async def test_all_that_comes_at_once_after_a_gap_tells_it_once(
    database: Database, open_store: OpenStore
) -> None:
    session_id = await infusing(open_store(database))
    store = open_store(database)
    async with held_up(store):
        waiting = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(10)]
        await queued(store, 10)
    await asyncio.gather(*waiting)
    log = await check_log(store, database, session_id)
    assert kinds(log)[-11:] == ["watch.resumed", *["reading.recorded"] * 10]


async def test_what_is_refused_after_a_gap_tells_nothing(
    database: Database, open_store: OpenStore
) -> None:
    session_id = await infusing(open_store(database))
    store = open_store(database)
    with pytest.raises(IllegalTransition):
        await move_to(store, session_id, "discharged")
    assert resumed(await check_log(store, database, session_id)) == []
    await record(store, session_id, hr=80)
    assert len(resumed(await check_log(store, database, session_id))) == 1


async def test_a_machine_that_was_suspended_has_a_gap_and_a_pause_of_seconds_is_none(
    database: Database, store: Store, clock: Clock
) -> None:
    session_id = await infusing(store)
    clock.now += GAP_MS
    await record(store, session_id, hr=80)
    assert store.gap is None
    clock.now += HOUR_MS
    asleep = store.gap is None
    await record(store, session_id, hr=81)
    (told,) = resumed(await check_log(store, database, session_id))
    assert asleep
    assert parse_iso(told["at"]) - parse_iso(told["data"]["since"]) == HOUR_MS
    began_after = await infusing(store)
    await record(store, began_after, hr=82)
    assert resumed(await log_of(store, began_after)) == []


async def test_a_clock_that_was_set_back_between_two_runs_tells_it_once(
    database: Database, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await infusing(open_store(database))
    monkeypatch.setattr("app.models.scribe.now_ms", lambda: now_ms() - HOUR_MS)
    store = open_store(database)
    for _ in range(3):
        await record(store, session_id, hr=80)
    (told,) = resumed(await check_log(store, database, session_id))
    assert told["data"]["since"] <= told["at"]
    assert told["data"]["gap_s"] >= 0


async def test_a_session_that_went_live_after_the_gap_was_not_in_it(
    sqlite: Database, open_store: OpenStore
) -> None:
    session_id = await infusing(open_store(sqlite), **DRIVEN)
    store = open_store(sqlite)
    await mark_alive(store)
    await sessions.move_clock(store, NURSE, session_id, MoveClock(live=True))
    await record(store, session_id, hr=80)
    assert resumed(await check_log(store, sqlite, session_id)) == []


async def test_a_log_with_a_gap_makes_the_same_state_again(
    database: Database, open_store: OpenStore
) -> None:
    session_id = await infusing(open_store(database))
    store = open_store(database)
    await record(store, session_id, hr=80)
    query = partial(queries.state, session_id=session_id)
    kept = await store.reader.read(query)
    database.ask("DELETE FROM session_state")
    assert await store.reader.read(query) == kept


def test_a_gap_lasts_until_a_commit_succeeds() -> None:
    watch = Watch(1_000)
    watch.look(1_500)
    assert watch.gap == Gap(1_000, 1_500)  # a start, however short
    watch.look(2_000)  # the commit before this one failed
    assert watch.gap == Gap(1_000, 2_000)
    watch.alive(2_000)
    watch.look(2_000 + GAP_MS)
    assert watch.gap == Gap(1_000, 2_000)
    watch.look(2_001 + GAP_MS)
    assert watch.gap == Gap(2_000, 2_001 + GAP_MS)


def test_a_new_database_has_no_gap_before_its_first_commit() -> None:
    watch = Watch(None)
    watch.look(HOUR_MS)
    assert watch.gap is None
