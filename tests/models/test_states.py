"""A stored state may lag behind the log by some readings; nobody can tell.

The law: whatever a session has lived through, the state that is loaded is the state that was held.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.models import queries
from app.models.unit import STATE_EVERY
from app.monitoring.commands import ReadingFor
from app.services import readings
from app.services.sweep import sweep
from tests.models.clock import Clock
from tests.models.ward import SENDING, check_log, infusing, move_to, record, sent
from tests.support.few import few_of

if TYPE_CHECKING:
    from app.models.store import Store
    from app.monitoring.state import State
    from tests.models.databases import Database, OpenStore

START = 1_790_000_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Clock:
    return Clock(monkeypatch, START, request.module)


async def loaded(store: Store, session_id: str) -> State:
    """As a process that holds nothing finds it."""
    return await store.reader.read(partial(queries.state, session_id=session_id))


async def same(store: Store, session_id: str) -> State:
    found = await loaded(store, session_id)
    held = store.scribe.committed_state(session_id)
    if held is None:  # just started, and nothing has come yet
        return found
    assert replace(found, next_due_at=None) == replace(held, next_due_at=None)
    if held.next_due_at is not None:
        assert found.next_due_at is not None
        assert found.next_due_at <= held.next_due_at
    return held


async def live(store: Store, session_id: str, clock: Clock, dice: random.Random) -> None:
    """One thing that may happen to a session."""
    clock.now += dice.choice((0, 1, 250, 1_000, 1_000, 5_000, 9_000, 16_000))
    what = dice.random()
    if what < 0.75:
        many = dice.choice((1, 1, 2, 5, 12))
        low = dice.random() < 0.15
        items = [
            ReadingFor(
                replace(
                    sent(
                        f"mon-{dice.choice((1, 1, 1, 2))}",
                        spo2=86.0 if low else 97.0 + dice.randint(-1, 1),
                        hr=80.0 + dice.randint(-4, 4),
                    ),
                    taken_at=clock.now - 1_000 * (many - n - 1),
                ),
                session_id,
            )
            for n in range(many)
        ]
        await readings.record_readings(store, SENDING, items)
    elif what < 0.9:
        await sweep(store)
    elif what < 0.97:
        await record(store, session_id, sbp=120.0 + dice.randint(-9, 60), dbp=70.0)
    else:
        await move_to(store, session_id, "paused", "infusing")


@pytest.mark.parametrize("seed", few_of(6))
async def test_the_state_loaded_is_the_state_held(
    database: Database, open_store: OpenStore, clock: Clock, seed: int
) -> None:
    dice = random.Random(seed)
    store = open_store(database)
    session_id = await infusing(store)
    for _ in range(60):
        await live(store, session_id, clock, dice)
        await same(store, session_id)
        if dice.random() < 0.1:  # a server that was killed stops nothing
            before = await same(store, session_id)
            store = open_store(database)
            assert replace(await loaded(store, session_id), next_due_at=None) == replace(
                before, next_due_at=None
            )
    await check_log(store, database, session_id)


async def test_a_file_holds_the_state_of_every_so_many_readings(
    sqlite: Database, open_store: OpenStore, clock: Clock
) -> None:
    store = open_store(sqlite)
    session_id = await infusing(store)
    ((begun,),) = sqlite.ask("SELECT seq FROM session_state")
    kept = set()
    for _ in range(3 * STATE_EVERY):
        clock.now += 1_000
        reading = replace(sent(hr=80.0, spo2=98.0), taken_at=clock.now)
        await readings.record_readings(store, SENDING, [ReadingFor(reading, session_id)])
        ((seq,),) = sqlite.ask("SELECT seq FROM session_state")
        kept.add(seq)
    held = await same(store, session_id)
    assert held.seq - STATE_EVERY < max(kept) <= held.seq
    assert len(kept) <= 5  # the first of a device says more than itself
    assert begun <= min(kept)
    stale = queries.state
    found = await store.reader.read(
        partial(stale, session_id=session_id, committed=store.scribe.committed_state)
    )
    assert found is held  # nothing was decoded, nor stepped


async def test_a_server_holds_every_state_for_the_others(
    postgres: Database, open_store: OpenStore, clock: Clock
) -> None:
    store = open_store(postgres)
    session_id = await infusing(store)
    for _ in range(5):
        clock.now += 1_000
        reading = replace(sent(hr=80.0, spo2=98.0), taken_at=clock.now)
        await readings.record_readings(store, SENDING, [ReadingFor(reading, session_id)])
        held = await same(store, session_id)
        assert postgres.ask("SELECT seq FROM session_state") == [(held.seq,)]


async def test_a_state_before_something_else_than_readings_is_of_no_use(
    sqlite: Database, open_store: OpenStore
) -> None:
    """It cannot come about; if it does, the whole log tells."""
    store = open_store(sqlite)
    session_id = await infusing(store)
    (early,) = sqlite.ask("SELECT seq, version, data FROM session_state")
    await record(store, session_id, sbp=204.0, dbp=118.0)
    await move_to(store, session_id, "paused", "infusing")
    sqlite.ask("UPDATE session_state SET seq = ?, version = ?, data = ?", early)
    held = store.scribe.committed_state(session_id)
    assert held is not None
    assert (await loaded(store, session_id)).seq == held.seq
    await check_log(open_store(sqlite), sqlite, session_id)
