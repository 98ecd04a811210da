"""What events leave beside the log: whose a device is, and readings as they stand corrected."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.monitoring.commands import (
    AmendReading,
    AttachDevice,
    DetachDevice,
    MoveReading,
    VoidReading,
)
from app.monitoring.errors import SessionClosed
from app.services import corrections, devices
from tests.models.ward import NURSE, admit, check_log, held_up, infusing, move_to, queued, record

if TYPE_CHECKING:
    from app.models.store import Store
    from app.models.unit import Item
    from tests.models.databases import Database


async def attach(store: Store, session_id: str, device: str = "mon-01") -> None:
    await devices.attach(store, NURSE, session_id, AttachDevice(device))


async def whose(store: Store, device: str = "mon-01") -> str | None:
    """As a reading that names a device alone asks."""

    def ask(item: Item) -> str | None:
        row = item.cursor.execute(item.sql.id_of_device, (device, False)).fetchone()
        return None if row is None else str(row[0])

    return await store.scribe.submit(ask)


async def test_a_device_is_attached_to_one_session(database: Database, store: Store) -> None:
    first, second = await admit(store), await admit(store)
    assert await whose(store) is None
    await attach(store, first)
    assert await whose(store) == first
    await attach(store, second)
    assert await whose(store) == second
    await devices.detach(store, NURSE, first, DetachDevice("mon-01"))
    assert await whose(store) == second  # what another session says of it is of no account
    await devices.detach(store, NURSE, second, DetachDevice("mon-01"))
    assert await whose(store) is None
    assert database.ask("SELECT count(*) FROM attachment") == [(0,)]
    for session_id in (first, second):
        await check_log(store, database, session_id)


async def test_a_closed_session_has_no_device(database: Database, store: Store) -> None:
    session_id, other = await admit(store), await admit(store)
    await attach(store, session_id)
    await attach(store, session_id, "mon-02")
    await attach(store, other, "mon-03")
    await move_to(store, session_id, "cancelled")
    assert database.ask("SELECT device FROM attachment") == [("mon-03",)]


async def test_what_comes_in_the_same_transaction_knows_whose_the_device_is(
    database: Database, store: Store
) -> None:
    session_id = await admit(store)

    def attach_now(item: Item) -> None:
        item.step(item.held(session_id), AttachDevice("mon-01"), NURSE)

    async with held_up(store):
        submitting = store.scribe.submit(attach_now, sessions=[session_id])
        waiting = [asyncio.create_task(submitting)]
        await queued(store, 1)
        asking = asyncio.create_task(whose(store))
        await queued(store, 2)
    await asyncio.gather(*waiting)
    assert await asking == session_id


async def test_an_attachment_that_was_refused_leaves_nothing(
    database: Database, store: Store
) -> None:
    session_id = await admit(store)

    def attach_and_fail(item: Item) -> None:
        item.step(item.held(session_id), AttachDevice("mon-01"), NURSE)
        raise SessionClosed

    with pytest.raises(SessionClosed):
        await store.scribe.submit(attach_and_fail, sessions=[session_id])
    assert await whose(store) is None


async def rows(database: Database, reading_id: str) -> list[tuple[bool, Any, Any]]:
    found = database.ask(
        'SELECT voided, "values", judged FROM reading WHERE id = ? ORDER BY key', [reading_id]
    )
    return [
        (bool(voided), *(orjson.loads(x) if isinstance(x, str) else x for x in rest))
        for voided, *rest in found
    ]


async def test_a_voided_reading_stays_and_is_marked(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    answer, _ = await record(store, session_id, sbp=204.0, dbp=118.0)
    ((voided, before, judged),) = await rows(database, answer["id"])
    assert not voided
    await corrections.correct(store, NURSE, session_id, VoidReading(answer["id"], "another arm"))
    assert await rows(database, answer["id"]) == [(True, before, judged)]
    await check_log(store, database, session_id)


async def test_an_amended_reading_is_as_it_should_have_been(
    database: Database, store: Store
) -> None:
    session_id = await infusing(store)
    answer, _ = await record(store, session_id, sbp=204.0, dbp=118.0)
    ((_, _, before),) = await rows(database, answer["id"])
    assert before["flags"]["sbp"] == "high_critical"
    amend = AmendReading(answer["id"], {"sbp": 124.0, "dbp": 78.0}, "typed wrongly")
    await corrections.correct(store, NURSE, session_id, amend)
    ((voided, values, judged),) = await rows(database, answer["id"])
    assert not voided
    assert (values["sbp"], values["dbp"]) == (124, 78)
    assert judged["flags"] == {}
    assert judged["raised"] == before["raised"]  # what was said with the original
    await check_log(store, database, session_id)


async def test_a_moved_reading_is_marked_here_and_stands_there(
    database: Database, store: Store
) -> None:
    here, there = await infusing(store), await infusing(store)
    answer, _ = await record(store, here, hr=80.0)
    await corrections.correct(store, NURSE, here, MoveReading(answer["id"], there, "wrong room"))
    assert [voided for voided, *_ in await rows(database, answer["id"])][:1] == [True]
    log = await check_log(store, database, there)
    assert log[-1]["data"]["values"] == {"hr": 80}
