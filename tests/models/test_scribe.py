"""The scribe keeps its promises: answered means stored, one bad submission fails alone, people go
first.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import Busy
from app.models.scribe import BATCH_S
from app.monitoring.commands import CallHelp
from app.monitoring.errors import SessionClosed
from app.monitoring.readings import check
from app.services import attention, readings
from tests.models.ward import (
    NURSE,
    SENDING,
    admit,
    check_log,
    held_up,
    infusing,
    log_of,
    patient,
    queued,
    record,
    sent,
    settled,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.committed import CommittedBatch
    from app.models.store import Store
    from app.models.unit import Item
    from tests.models.databases import Database, OpenStore

ADD_PATIENT = (
    "INSERT INTO patient (id, code, initials, created_at, actor, digest)"
    " VALUES ({mark}, {mark}, 'T.P.', 0, '', {mark})"
)


def write_patient(item: Item, code: str) -> str:
    """A write of the work's own, before it ends well or not."""
    item.cursor.execute(ADD_PATIENT.format(mark=item.sql.mark), (code, code, b""))
    return code


def never(_: str) -> None:
    """No vital was taken before."""


def patients_of(database: Database) -> set[str]:
    return {code for (code,) in database.ask("SELECT code FROM patient")}


async def test_an_answer_comes_after_the_commit(database: Database, store: Store) -> None:
    session_id = await admit(store)
    for number in range(20):
        answer, _ = await record(store, session_id, hr=60 + number)
        stored = database.ask("SELECT seq FROM reading WHERE id = ?", [answer["id"]])
        assert stored == [(answer["seq"],)]


async def test_what_waits_together_is_committed_together(
    database: Database, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.scribe.BATCH_S", 60.0)  # else a busy machine makes more of it
    commits: list[CommittedBatch] = []
    store = open_store(database, commits=commits)
    rooms = [await admit(store) for _ in range(4)]
    await settled(store)
    commits.clear()
    async with held_up(store):
        waiting = [asyncio.create_task(record(store, rooms[n % 4], hr=60 + n)) for n in range(40)]
        await queued(store, 40)
    await asyncio.gather(*waiting)
    await settled(store)
    assert len(commits) == 1
    assert {committed.session_id for batch in commits for committed in batch} == set(rooms)
    for session_id in rooms:
        await check_log(store, database, session_id)


def refused(_: Item) -> str:
    raise SessionClosed("no")


def broken(item: Item) -> str:
    write_patient(item, "half done")
    raise LookupError("a fault of ours")


def endless(item: Item) -> str:
    write_patient(item, "half done")
    return next(iter([]))


def twice(item: Item) -> str:
    write_patient(item, "half done")
    return write_patient(item, "half done")


def not_sql(item: Item) -> str:
    write_patient(item, "half done")
    item.cursor.execute("SELECT * FROM nowhere")
    return ""


@pytest.mark.parametrize(
    ("bad", "raised"),
    [
        (refused, "SessionClosed"),
        (broken, "LookupError"),
        (endless, "RuntimeError"),
        (twice, "IntegrityError|UniqueViolation"),
        (not_sql, "OperationalError|UndefinedTable"),
    ],
)
async def test_one_bad_submission_fails_alone(
    database: Database, store: Store, bad: Callable[[Item], str], raised: str
) -> None:
    """And nothing of it stays, whatever it had written before."""
    session_id = await infusing(store)
    async with held_up(store):
        before = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(5)]
        await queued(store, 5)
        failing = asyncio.create_task(store.scribe.submit(bad, sessions=[session_id]))
        await queued(store, 6)
        after = [asyncio.create_task(patient(store, code=f"after {n}")) for n in range(5)]
        await queued(store, 11)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # its type is compared by name below
        await failing
    assert type(caught.value).__name__ in raised.split("|")
    assert all(new for _, new in await asyncio.gather(*before))
    await asyncio.gather(*after)
    assert patients_of(database) >= {f"after {n}" for n in range(5)}
    assert "half done" not in patients_of(database)
    assert store.commit_ok
    log = await check_log(store, database, session_id)
    assert [e["data"]["values"]["hr"] for e in log if e["kind"] == "reading.recorded"][-5:] == [
        60, 61, 62, 63, 64
    ]  # fmt: skip


async def test_a_session_that_cannot_be_loaded_keeps_nobody_else_from_writing(
    database: Database, store: Store
) -> None:
    good, bad = await infusing(store), await infusing(store)
    ((key,),) = database.ask("SELECT key FROM infusion_session WHERE id = ?", [bad])
    database.ask("UPDATE session_state SET data = ? WHERE session_key = ?", [b"{", key])
    database.forge("UPDATE event SET data = '{}' WHERE session_key = ? AND seq = 1", [key])
    database.ask("UPDATE infusion_session SET head = ? WHERE id = ?", [b"", bad])  # not the cached
    async with held_up(store):
        waiting = [asyncio.create_task(record(store, room, hr=80)) for room in (good, bad, good)]
        await queued(store, 3)
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(answer, KeyError) for answer in answers] == [False, True, False]
    await record(store, good, hr=82)
    await check_log(store, database, good)


async def test_a_log_that_the_engine_would_not_take_again_is_gone_on_with(
    database: Database, store: Store, open_store: OpenStore
) -> None:
    good, bad = await infusing(store), await infusing(store)
    ((key,),) = database.ask("SELECT key FROM infusion_session WHERE id = ?", [bad])
    database.ask("DELETE FROM session_state WHERE session_key = ?", [key])
    skips = """UPDATE event SET data = replace(data, '"to":"baseline"', '"to":"infusing"')"""
    database.forge(f"{skips} WHERE session_key = ?", [key])
    after_restart = open_store(database)
    async with held_up(after_restart):
        waiting = [asyncio.create_task(record(after_restart, room, hr=80)) for room in (good, bad)]
        await queued(after_restart, 2)
    assert [new for _, new in await asyncio.gather(*waiting)] == [True, True]
    for session_id in (good, bad):
        log = await log_of(after_restart, session_id)
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))


async def test_a_listener_that_fails_does_not_end_the_scribe(
    sqlite: Database, open_store: OpenStore
) -> None:
    class Deaf(list[Any]):
        def append(self, batch: Any) -> None:
            raise RuntimeError("the loop is closed")

    store = open_store(sqlite, commits=Deaf())
    session_id = await admit(store)
    await record(store, session_id, hr=70)
    await check_log(store, sqlite, session_id)


async def test_a_caller_who_went_away_is_recorded_all_the_same(
    database: Database, store: Store
) -> None:
    session_id = await admit(store)
    async with held_up(store):
        gone = asyncio.create_task(record(store, session_id, id="a" * 36, hr=70))
        await queued(store, 1)
        gone.cancel()
        stays = asyncio.create_task(record(store, session_id, hr=71))
        await queued(store, 2)
    assert (await stays)[1]
    assert database.ask("SELECT count(*) FROM reading") == [(2,)]


async def test_a_long_batch_is_split_and_all_are_answered(
    database: Database, open_store: OpenStore
) -> None:
    commits: list[CommittedBatch] = []
    store = open_store(database, commits=commits)
    session_id = await infusing(store)
    await settled(store)
    commits.clear()

    def slow(item: Item) -> int:
        time.sleep(BATCH_S / 2)
        reading = check(sent(hr=80), id="x", newest=never, now=item.now, driven=False)
        held, _ = item.step(item.held(session_id), reading, NURSE)
        return held.state.seq

    async with held_up(store):
        waiting = [
            asyncio.create_task(store.scribe.submit(slow, sessions=[session_id])) for _ in range(12)
        ]
        await queued(store, 12)
    seqs = await asyncio.gather(*waiting)
    await settled(store)
    assert len(set(seqs)) == 12
    assert 4 <= len(commits) <= 12


async def test_stopping_writes_what_waits(database: Database, open_store: OpenStore) -> None:
    store = open_store(database)
    session_id = await admit(store)
    async with held_up(store):
        waiting = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(50)]
        await queued(store, 50)
        stopping = asyncio.create_task(asyncio.to_thread(store.scribe.stop))
    answers = await asyncio.gather(*waiting)
    await stopping
    assert {answer["seq"] for answer, _ in answers} == set(range(2, 52))
    assert database.ask("SELECT count(*) FROM reading") == [(50,)]
    with pytest.raises(Busy):
        await record(store, session_id, hr=70)


ODD = ['"', "\\", '\\"', "{}", "NULL", "a,b", "é\u2028 \t", "' OR 1=1", "%s ? $1"]


async def test_odd_texts_are_stored_as_they_are(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    for text in ODD:
        await attention.call_help(store, NURSE, session_id, CallHelp(text))
        device = replace(sent(text, hr=80.0), source="device")
        await readings.record_reading(store, SENDING, session_id, device)
        await attention.end_help(store, NURSE, session_id)
    log = await check_log(store, database, session_id)
    notes = [e["data"]["help"]["note"] for e in log if e["kind"] == "help.called"]
    assert notes == ODD
    devices = [e["data"]["device"] for e in log if e["kind"] == "reading.recorded"]
    assert devices[-len(ODD) :] == ODD


async def test_the_known_ids_of_a_batch_are_asked_at_once(database: Database, store: Store) -> None:
    """And are known whether they were recorded before, or a moment ago in the same batch."""
    session_id = await infusing(store)
    old, new = "0" * 36, "1" * 36
    await record(store, session_id, old, hr=80.0)
    asked: list[Any] = []

    def look(item: Item) -> list[int | None]:
        held = item.held(session_id)
        asked.append(item._unit._known)
        return [item._unit.known((held.key, id)) is not None for id in (old, new)]

    found = await store.scribe.submit(
        look, sessions=[session_id], ids=[(session_id, old), (session_id, new), ("nobody", old)]
    )
    assert found == [True, False]
    assert len(asked[0]) == 2


async def test_two_processes_write_into_one_session(
    database: Database, open_store: OpenStore
) -> None:
    """A cached state is of no use when another process has moved the session on."""
    stores = [open_store(database), open_store(database)]
    session_id = await infusing(stores[0])

    async def chart(store: Store, first: int) -> None:
        for start in range(0, 200, 8):
            many = [record(store, session_id, hr=60 + (first + start + n) % 40) for n in range(8)]
            await asyncio.gather(*many)

    await asyncio.gather(chart(stores[0], 0), chart(stores[1], 100))
    first, second = [await check_log(store, database, session_id) for store in stores]
    assert first == second
    assert len([e for e in first if e["kind"] == "reading.recorded"]) == 401
