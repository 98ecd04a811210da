"""The sweep finds what falls due, each at its own moment, and otherwise leaves no trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from app.monitoring.times import iso
from app.services import readings
from app.services.sweep import sweep
from tests.models.ward import check_log, infusing, log_of, sent, settled
from tests.support.callers import device

if TYPE_CHECKING:
    from app.models.committed import CommittedBatch
    from app.models.store import Store
    from tests.models.clock import Clock
    from tests.models.databases import Database, OpenStore

DELAY_MS = 15_000  # of the warning line of the heart rate
SOON_MS = 2_500  # longer than an alarm waits for the rest of a burst


async def an_excursion_that_lasts(store: Store, clock: Clock) -> tuple[str, int]:
    """A session whose alarm for a fast heart falls due in a moment, and that moment."""
    session_id = await infusing(store)
    due = clock.now + SOON_MS
    reading = replace(sent(hr=115.0), taken_at=due - DELAY_MS)
    await readings.record_reading(store, device(), session_id, reading)
    return session_id, due


async def test_a_late_sweep_raises_the_alarm_at_its_due_moment(
    database: Database, store: Store, clock: Clock
) -> None:
    session_id, due = await an_excursion_that_lasts(store, clock)
    ((next_due_at,),) = database.ask("SELECT next_due_at FROM infusion_session")
    assert next_due_at == due
    clock.now = due + 300
    assert await sweep(store) == 1
    *_, raised = await check_log(store, database, session_id)
    assert (raised["kind"], raised["at"]) == ("alarm.raised", iso(due))
    assert raised["data"]["alarm"]["condition"] == "limit"
    assert raised["data"]["alarm"]["raised_at"] == iso(due)
    assert raised["recorded_at"] == iso(due + 300)
    assert raised["actor"]["kind"] == "system"
    assert await sweep(store) == 0  # once is enough


async def test_a_sweep_with_nothing_due_writes_nothing(
    database: Database, open_store: OpenStore
) -> None:
    commits: list[CommittedBatch] = []
    store = open_store(database, commits=commits)
    session_id = await infusing(store)
    before = database.ask("SELECT seq, recorded_at, next_due_at, head FROM infusion_session")
    await settled(store)
    commits.clear()
    assert await sweep(store) == 0
    await settled(store)
    assert commits == []
    after = database.ask("SELECT seq, recorded_at, next_due_at, head FROM infusion_session")
    assert after == before
    await check_log(store, database, session_id)


async def test_two_processes_that_sweep_at_once_say_it_once(
    database: Database, open_store: OpenStore, clock: Clock
) -> None:
    stores = [open_store(database), open_store(database)]
    session_id, due = await an_excursion_that_lasts(stores[0], clock)
    clock.now = due + 10
    await asyncio.gather(*(sweep(store) for store in stores for _ in range(3)))
    log = await check_log(stores[0], database, session_id)
    assert [e["kind"] for e in log].count("alarm.raised") == 1


async def test_a_session_that_cannot_be_read_keeps_no_other_from_being_looked_at(
    database: Database, open_store: OpenStore, clock: Clock
) -> None:
    writer = open_store(database)
    broken, _ = await an_excursion_that_lasts(writer, clock)
    good, due = await an_excursion_that_lasts(writer, clock)
    database.ask("DELETE FROM session_state")
    database.forge(
        "UPDATE event SET data = '{}' WHERE seq = 1 AND session_key ="
        " (SELECT key FROM infusion_session WHERE id = ?)",
        [broken],
    )
    store = open_store(database)  # one that has neither in its cache
    clock.now = due + 10
    assert await sweep(store) == 2
    assert "alarm.raised" in [event["kind"] for event in await log_of(store, good)]
    assert (await log_of(store, broken))[-1]["kind"] == "reading.recorded"


async def test_a_moment_that_passes_without_a_word_is_not_asked_about_again(
    database: Database, store: Store, clock: Clock
) -> None:
    session_id = await infusing(store)
    over = clock.now + SOON_MS  # when a short excursion has been inside for its 10 s
    for hr, taken_at in ((115.0, over - 12_000), (90.0, over - 10_000)):
        reading = replace(sent(hr=hr), taken_at=taken_at, interval_s=1)
        await readings.record_reading(store, device(), session_id, reading)
    ((next_due_at,),) = database.ask("SELECT next_due_at FROM infusion_session")
    assert next_due_at == over
    clock.now = over + 10
    assert await sweep(store) == 1
    assert await sweep(store) == 0
    log = await check_log(store, database, session_id)
    assert not [e for e in log if e["kind"].startswith("alarm.")]
