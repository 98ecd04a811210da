"""The source of a reading is fixed by its credential, and so is, of some, where it may go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.monitoring.commands import AttachDevice, ReadingFor, RecordReading
from app.monitoring.errors import DomainError
from app.services import devices, notices, readings
from app.services.ids import new_id
from tests.models.ward import NURSE, admit, check_log, log_of, plain
from tests.support.callers import TOKEN_ID, device, person, program, simulator

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.models.store import Store
    from tests.models.databases import Database

TYPED = RecordReading({"hr": 80})
MEASURED = RecordReading({"hr": 80}, device="mon-01")


async def what_becomes(store: Store, caller: Caller, *wanted: ReadingFor) -> list[Any]:
    """The refusal's code of each, or the reading."""
    outcomes = await readings.record_readings(store, caller, wanted)
    return [o.code if isinstance(o, DomainError) else plain(o[1]) for o in outcomes]


async def one(
    store: Store, caller: Caller, session_id: str, reading: RecordReading, **fields: Any
) -> Any:
    wanted = ReadingFor(replace(reading, **fields), session_id)
    (found,) = await what_becomes(store, caller, wanted)
    return found


@pytest.mark.parametrize(
    ("sent", "source"),
    [
        ({}, "manual"),
        ({"source": "manual"}, "manual"),
        ({"source": "manual", "device": "mon-01"}, "manual"),
        ({"device": "mon-01"}, None),
        ({"source": "device"}, None),
        ({"source": "device", "device": "mon-01"}, None),
    ],
)
async def test_what_a_person_sends_is_typed(
    database: Database, store: Store, sent: dict[str, Any], source: str | None
) -> None:
    session_id = await admit(store)
    found = await one(store, person(), session_id, TYPED, **sent)
    if source is None:
        assert found == "simulated_mismatch"
        assert len(await log_of(store, session_id)) == 1
        assert await notices.told(store) == []
    else:
        assert (found["source"], found["recorded_by"]["kind"]) == (source, "person")
    await check_log(store, database, session_id)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({}, "Monitors"),
        ({"source": "device"}, "Monitors"),
        ({"device": "mon-01"}, "mon-01"),
        ({"source": "device", "device": "mon-01"}, "mon-01"),
        ({"source": "manual"}, None),
        ({"source": "manual", "device": "mon-01"}, None),
    ],
)
async def test_what_a_device_sends_is_measured(
    database: Database, store: Store, sent: dict[str, Any], name: str | None
) -> None:
    session_id = await admit(store)
    found = await one(store, device(), session_id, TYPED, **sent)
    if name is None:
        assert found == "simulated_mismatch"
        [notice] = await notices.told(store)
        assert notice["text"].endswith("was refused once: 409 simulated mismatch")
    else:
        assert (found["source"], found["device"]) == ("device", name)
        by = {"kind": "device", "id": TOKEN_ID, "name": name, "role": "device"}
        assert found["recorded_by"] == by
    await check_log(store, database, session_id)


async def test_a_token_of_a_person_types_as_that_person(store: Store) -> None:
    session_id = await admit(store)
    token = replace(person(), kind="program", credential=f"token:{TOKEN_ID}")
    assert (await one(store, token, session_id, TYPED))["recorded_by"]["kind"] == "person"
    assert await one(store, token, session_id, MEASURED) == "simulated_mismatch"


async def test_what_is_simulated_and_what_is_not_do_not_mix(store: Store) -> None:
    real, simulated = await admit(store), await admit(store, simulated=True)
    for reading in (TYPED, MEASURED):
        found = await one(store, simulator(), simulated, reading)
        assert found["recorded_by"]["role"] == "simulator"
        assert await one(store, simulator(), real, reading) == "simulated_mismatch"
    assert await one(store, device(), simulated, MEASURED) == "simulated_mismatch"
    assert (await one(store, person(), simulated, TYPED))["simulated"] is True
    assert len(await log_of(store, real)) == 1


async def test_a_list_is_refused_item_by_item(store: Store) -> None:
    real, simulated = await admit(store, station="Room 1"), await admit(store, simulated=True)
    found = await what_becomes(
        store,
        device(),
        ReadingFor(MEASURED, real),
        ReadingFor(MEASURED, simulated),
        ReadingFor(replace(MEASURED, source="manual"), real),
        ReadingFor(MEASURED, station="Room 1"),
        ReadingFor(MEASURED, station="Room 9"),
        ReadingFor(MEASURED, new_id()),
    )
    assert [one if isinstance(one, str) else one["session_id"] for one in found] == [
        real,
        "simulated_mismatch",
        "simulated_mismatch",
        real,
        "unknown_session",
        "unknown_session",
    ]


@pytest.mark.parametrize("bound_to", ["station", "session"])
async def test_a_bound_token_writes_where_it_belongs(store: Store, bound_to: str) -> None:
    here, there = await admit(store, station="Room 1"), await admit(store, station="Room 2")
    caller = device(station="Room 1") if bound_to == "station" else device(session=here)
    found = await what_becomes(
        store,
        caller,
        ReadingFor(TYPED),
        ReadingFor(MEASURED),
        ReadingFor(MEASURED, here),
        ReadingFor(MEASURED, station="Room 1"),
        ReadingFor(MEASURED, there),
        ReadingFor(MEASURED, station="Room 2"),
    )
    assert [one if isinstance(one, str) else one["session_id"] for one in found] == [
        *[here] * 4,
        "not_bound",
        "not_bound",
    ]
    assert len(await log_of(store, there)) == 1


async def test_a_bound_tokens_device_that_is_attached_elsewhere_is_refused(store: Store) -> None:
    await admit(store, station="Room 1")
    there = await admit(store, station="Room 2")
    await devices.attach(store, NURSE, there, AttachDevice("mon-01"))
    found = await what_becomes(store, device(station="Room 1"), ReadingFor(MEASURED))
    assert found == ["device_detached"]


async def test_a_reading_that_names_no_place_needs_a_token_that_has_one(store: Store) -> None:
    (refused,) = await readings.record_readings(store, person(), [ReadingFor(TYPED)])
    assert isinstance(refused, DomainError)
    assert refused.errors[0].code == "session_or_station"
    assert (refused.status, refused.errors[0].loc) == (422, ())
    unbound = await what_becomes(store, device(), ReadingFor(TYPED))  # its name is attached nowhere
    assert unbound == ["unknown_session"]


async def test_what_is_known_is_not_read_back_by_another(store: Store) -> None:
    real, id = await admit(store), new_id()
    assert (await one(store, device(), real, MEASURED, id=id))["id"] == id
    assert await one(store, simulator(), real, MEASURED, id=id) == "simulated_mismatch"
    elsewhere = device(station="Room 99")
    assert await one(store, elsewhere, real, MEASURED, id=id) == "not_bound"


async def test_who_may_say_either_goes_by_what_is_said(store: Store) -> None:
    """A nurse's simulated typing must not wait behind simulated devices."""
    assert readings._typed(simulator(), [ReadingFor(MEASURED), ReadingFor(TYPED)])
    assert not readings._typed(simulator(), [ReadingFor(MEASURED)])
    assert readings._typed(person(), [ReadingFor(MEASURED)])
    assert not readings._typed(device(), [ReadingFor(TYPED)])
    assert readings._typed(program("nurse"), [])
