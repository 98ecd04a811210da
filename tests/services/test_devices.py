"""A device is one session's at a time, also when two people attach it at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import IdConflict, UnknownSession
from app.monitoring.commands import AttachDevice, DetachDevice, ReadingFor
from app.monitoring.errors import DeviceDetached, DomainError
from app.services import devices, readings, sessions
from app.services.ids import new_id
from tests.models.ward import (
    NURSE,
    admit,
    check_log,
    held_up,
    infusing,
    log_of,
    move_to,
    plain,
    queued,
    sent,
)
from tests.support.callers import device, person, simulator

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

DEVICE = "mon-07"


async def attach(store: Store, session_id: str, **fields: Any) -> dict[str, Any]:
    return await devices.attach(store, NURSE, session_id, AttachDevice(DEVICE, **fields))


async def attached(store: Store, *session_ids: str) -> list[bool | None]:
    states = [await sessions.session_state(store, id) for id in session_ids]
    return [state["devices"].get(DEVICE, {}).get("attached") for state in states]


async def by_device(store: Store) -> str:
    """Where a reading that names only its device goes, or the code of its refusal."""
    (outcome,) = await readings.record_readings(store, device(), [ReadingFor(sent(DEVICE, hr=80))])
    return (
        outcome.code if isinstance(outcome, DomainError) else str(plain(outcome[1])["session_id"])
    )


async def test_attaching_takes_it_from_every_other(database: Database, store: Store) -> None:
    first, second, third = [await infusing(store) for _ in range(3)]
    await attach(store, first)
    reading = ReadingFor(sent(DEVICE, hr=80), session_id=first)
    await readings.record_readings(store, device(), [reading])
    await attach(store, second, probe="left_arm")
    assert await attached(store, first, second, third) == [False, True, None]
    assert await by_device(store) == second
    await attach(store, third)
    assert await attached(store, first, second, third) == [False, False, True]
    for session_id in (first, second, third):
        await check_log(store, database, session_id)
    (left,) = [e for e in await log_of(store, second) if e["kind"] == "device.detached"]
    assert left["data"]["moved_to"] == third


async def test_two_who_attach_it_at_once_do_not_both_get_it(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    async with held_up(store):
        both = [asyncio.create_task(attach(store, id)) for id in (first, second)]
        await queued(store, 2)
    await asyncio.gather(*both)
    had = await attached(store, first, second)
    assert sorted(had, key=str) == [False, True]
    assert await by_device(store) == (first, second)[had.index(True)]


async def test_a_session_that_heard_it_just_before_loses_it_too(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    reading = replace(sent(DEVICE, hr=80), source="manual")  # in the lane of the attachment
    async with held_up(store):
        hearing = asyncio.create_task(readings.record_reading(store, person(), second, reading))
        await queued(store, 1)
        attaching = asyncio.create_task(attach(store, first))
        await queued(store, 2)
    await asyncio.gather(hearing, attaching)
    assert await attached(store, first, second) == [True, False]


async def test_a_reading_that_waited_with_the_attachment_finds_it(store: Store) -> None:
    session_id = await admit(store)
    async with held_up(store):
        attaching = asyncio.create_task(attach(store, session_id))
        await queued(store, 1)
        reading = asyncio.create_task(by_device(store))
        await queued(store, 2)
    await attaching
    assert await reading == session_id


async def test_it_comes_back_to_a_session_that_it_left(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    for session_id in (first, second, first):
        await attach(store, session_id)
    assert await attached(store, first, second) == [True, False]
    assert await by_device(store) == first


async def test_a_closed_session_has_no_device(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    await attach(store, first)
    await move_to(store, first, "cancelled")
    assert await by_device(store) == "unknown_session"
    seq = (await sessions.session_state(store, first))["seq"]
    await attach(store, second)
    assert (await sessions.session_state(store, first))["seq"] == seq  # nothing is said of it


async def test_what_is_refused_leaves_it_where_it_was(store: Store) -> None:
    first, closed = await admit(store), await admit(store)
    await attach(store, first)
    await move_to(store, closed, "cancelled")
    with pytest.raises(DomainError):
        await attach(store, closed)
    with pytest.raises(UnknownSession):
        await attach(store, new_id())
    assert await attached(store, first) == [True]
    assert await by_device(store) == first


async def test_a_known_id_attaches_nothing_again(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    command = AttachDevice(DEVICE, probe="ear", id=new_id())
    await devices.attach(store, NURSE, first, command)
    await attach(store, second)
    again = await devices.attach(store, NURSE, first, command)
    assert again["devices"][DEVICE]["attached"] is False
    assert again == plain(await sessions.session_state(store, first))
    assert await by_device(store) == second
    with pytest.raises(IdConflict):
        await devices.attach(store, NURSE, first, replace(command, probe="other"))


async def test_what_a_driven_session_hears_is_detached_too(
    database: Database, store: Store
) -> None:
    start = 1_700_000_000_000
    driven = await admit(store, simulated=True, clock="driven", starts_at=start)
    wall = await admit(store, simulated=True)
    reading = replace(sent(DEVICE, hr=80), taken_at=start + 1_000)
    await readings.record_reading(store, simulator(), driven, reading)
    await attach(store, wall)
    assert await attached(store, driven, wall) == [False, True]
    later = replace(reading, taken_at=start + 2_000)
    with pytest.raises(DeviceDetached):
        await readings.record_reading(store, simulator(), driven, later)
    await check_log(store, database, driven)


async def test_detached_it_may_be_anywhere_else(store: Store) -> None:
    first, second = await admit(store), await admit(store)
    await attach(store, first)
    state = await devices.detach(store, NURSE, first, DetachDevice(DEVICE, reason="Broken"))
    assert state["devices"][DEVICE]["attached"] is False
    assert await by_device(store) == "unknown_session"
    reading = ReadingFor(sent(DEVICE, hr=80), session_id=second)
    (outcome,) = await readings.record_readings(store, device(), [reading])
    assert isinstance(outcome, tuple)
