"""What is simulated has names of its own: it takes no station, patient's code or device of the
clinic's, sees none of them and calls nobody, but on a server where people are trained.
"""

from __future__ import annotations

from dataclasses import replace
from json import loads
from typing import TYPE_CHECKING

import pytest

from app.errors import IdConflict, PatientCodeTaken, PatientInSession, StationOccupied
from app.models.codec import digest
from app.models.session_list import SessionsAsked
from app.monitoring.commands import (
    Actor,
    AttachDevice,
    CallHelp,
    ChangePhase,
    CreatePatient,
    DetachDevice,
    ReadingFor,
)
from app.monitoring.errors import DomainError
from app.monitoring.rebuild import restep
from app.services import attention, devices, notices, patients, readings, sessions
from app.services.sweep import sweep
from app.services.watch import mark_alive
from tests.models.ward import (
    NURSE,
    admit,
    check_log,
    infusing,
    order,
    patient,
    record,
    sent,
    typed,
)
from tests.support.callers import device, person, program, simulator

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.models.store import Store
    from app.monitoring.commands import RecordReading
    from tests.models.clock import Clock
    from tests.models.databases import Database, OpenStore

SIMULATOR = Actor("program", "sim", "Simulator", "simulator")
ROOM = "Room 1"
MONITOR = "mon-01"


async def both(store: Store, **fields: str) -> tuple[str, str]:
    """A real session and a simulated one."""
    return await admit(store, **fields), await admit(store, simulated=True, **fields)


async def goes_to(
    store: Store, caller: Caller, reading: RecordReading, *, station: str | None = None
) -> str | None:
    """The session that takes the reading, or the code that it is refused with."""
    (outcome,) = await readings.record_readings(
        store, caller, [ReadingFor(reading, station=station)]
    )
    if isinstance(outcome, DomainError):
        return outcome.code
    found = [s for s in await sessions.board_rows(store) if s["values"].get("hr", {}).get("value")]
    return str(next(s["id"] for s in found if s["values"]["hr"]["value"] == reading.values["hr"]))


async def test_one_station_has_a_real_and_a_simulated_session_at_once(store: Store) -> None:
    real, simulated = await both(store, station=ROOM)
    for asked in (False, True):
        with pytest.raises(StationOccupied):
            await admit(store, station=ROOM, simulated=asked)
    await sessions.change_phase(store, NURSE, simulated, ChangePhase("cancelled", reason="over"))
    with pytest.raises(StationOccupied):
        await admit(store, station=ROOM)
    assert await admit(store, station=ROOM, simulated=True) not in (real, simulated)


async def test_a_reading_by_station_goes_to_the_session_of_its_kind(store: Store) -> None:
    real, simulated = await both(store, station=ROOM)
    assert await goes_to(store, simulator(), sent(MONITOR, hr=71), station=ROOM) == simulated
    assert await goes_to(store, simulator(), typed(hr=72), station=ROOM) == simulated
    assert await goes_to(store, device(), sent(MONITOR, hr=73), station=ROOM) == real
    assert await goes_to(store, device(station=ROOM), sent(MONITOR, hr=74)) == real
    assert await goes_to(store, person(), typed(hr=75), station=ROOM) == real
    bound = replace(program("simulator"), bound_station=ROOM)
    assert await goes_to(store, bound, typed(hr=76)) == simulated


@pytest.mark.parametrize("only", ["real", "simulated"])
async def test_a_reading_by_station_never_goes_over(store: Store, only: str) -> None:
    await admit(store, station=ROOM, simulated=only == "simulated")
    theirs, other = (device(), simulator()) if only == "real" else (simulator(), device())
    assert await goes_to(store, other, sent(MONITOR, hr=71), station=ROOM) == "unknown_session"
    assert len(await goes_to(store, theirs, sent(MONITOR, hr=72), station=ROOM) or "") == 36


async def test_a_device_of_one_name_is_attached_once_in_each(
    database: Database, store: Store
) -> None:
    real, simulated = await both(store)
    await devices.attach(store, NURSE, real, AttachDevice(MONITOR))
    await devices.attach(store, SIMULATOR, simulated, AttachDevice(MONITOR))
    assert await goes_to(store, device(), sent(MONITOR, hr=71)) == real
    assert await goes_to(store, simulator(), sent(MONITOR, hr=72)) == simulated
    another = await admit(store, simulated=True)
    await devices.attach(store, SIMULATOR, another, AttachDevice(MONITOR))
    assert await goes_to(store, simulator(), sent(MONITOR, hr=73)) == another
    assert await goes_to(store, device(), sent(MONITOR, hr=74)) == real
    await devices.detach(store, SIMULATOR, another, DetachDevice(MONITOR))
    assert await goes_to(store, simulator(), sent(MONITOR, hr=75)) == "unknown_session"
    assert await goes_to(store, device(), sent(MONITOR, hr=76)) == real
    kinds = [event["kind"] for event in await check_log(store, database, real)]
    assert "device.detached" not in kinds


async def test_a_patients_code_is_taken_once_in_each(store: Store) -> None:
    real = CreatePatient("P-1", "R.P.")
    simulated = replace(real, initials="S.P.", simulated=True)
    for command in (real, simulated):
        made, _ = await patients.create_patient(store, NURSE, command)
        assert (made["code"], made["simulated"]) == ("P-1", command.simulated)
        with pytest.raises(PatientCodeTaken):
            await patients.create_patient(store, NURSE, command)
    with pytest.raises(PatientCodeTaken):
        await patients.create_patient(store, SIMULATOR, real)
    for asked in (True, False):
        found = await patients.find_patients(
            store, person(), q=None, limit=9, cursor=None, simulated=asked
        )
        assert [one["initials"] for one in found["items"]] == ["S.P." if asked else "R.P."]


async def test_what_a_patient_is_stays_with_its_id(store: Store) -> None:
    command = CreatePatient("P-2", "R.P.", id="01930000-0000-7000-8000-00000000bbbb")
    said_so = replace(command, simulated=True)
    await patients.create_patient(store, NURSE, said_so)
    assert not (await patients.create_patient(store, NURSE, said_so))[1]
    with pytest.raises(IdConflict):
        await patients.create_patient(store, NURSE, command)
    by_simulator = replace(command, code="P-3", id="01930000-0000-7000-8000-00000000cccc")
    for again in (by_simulator, replace(by_simulator, simulated=True), by_simulator):
        made, _ = await patients.create_patient(store, SIMULATOR, again)
        assert made["simulated"]


async def test_a_real_patient_keeps_the_id_that_was_told_before(
    database: Database, store: Store
) -> None:
    """A digest of before there was such a field is still the same."""
    made, _ = await patients.create_patient(store, NURSE, CreatePatient("P-4", "R.P."))
    fields = ("code", "initials", "name", "birth_date", "sex", "weight_kg", "indication")
    [(kept,)] = database.ask("SELECT digest FROM patient WHERE id = ?", (made["id"],))
    assert bytes(kept) == digest({name: made[name] for name in fields})


async def test_a_patient_has_a_session_of_each_kind_and_a_simulated_one_no_real_one(
    store: Store,
) -> None:
    theirs = await patient(store)
    await both(store, patient_id=theirs)
    for simulated in (False, True):
        with pytest.raises(PatientInSession):
            await admit(store, patient_id=theirs, simulated=simulated)
    made_up = await patient(store, simulated=True)
    with pytest.raises(DomainError) as refused:
        await sessions.create_session(store, NURSE, order(made_up))
    assert refused.value.code == "simulated_mismatch"


async def test_a_training_session_is_no_visit_of_the_patient(store: Store) -> None:
    theirs, made_up = await patient(store), await patient(store, simulated=True)
    visit = await admit(store, patient_id=theirs)
    await admit(store, patient_id=theirs, simulated=True)
    trained = await admit(store, patient_id=made_up, simulated=True)
    for who, last in ((theirs, visit), (made_up, trained)):
        told = await patients.patient(store, person(), who)
        assert told["last_visit"]["session_id"] == last


async def test_nobody_is_told_of_a_simulated_device_that_sends_into_the_void(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    lost = sent(MONITOR, hr=70)
    assert await goes_to(store, simulator(), lost) == "unknown_session"
    await readings.note_unreadable(store, simulator(), [{"device": MONITOR}])
    assert await notices.told(store) == []
    assert await goes_to(store, device(), lost) == "unknown_session"
    assert [one["device"] for one in await notices.told(store)] == [MONITOR]
    store.stop()
    training = open_store(database, training=True)
    assert await goes_to(training, simulator(), sent("mon-02", hr=70)) == "unknown_session"
    assert {one["device"] for one in await notices.told(training)} == {MONITOR, "mon-02"}


async def unseen(store: Store, session_id: str, clock: Clock) -> list[str]:
    """The calls of a high alarm that nobody sounds or sees for a while."""
    await record(store, session_id, hr=38)
    for _ in range(2):  # small enough steps to be no gap
        clock.now += 7_000
        await mark_alive(store)
        await sweep(store)
    return [str(row["escalation"]) for row in await alarms_of(store, session_id)]


async def alarms_of(store: Store, session_id: str) -> list[dict[str, object]]:
    return list((await sessions.session_state(store, session_id))["alarms"].values())


@pytest.mark.parametrize("training", [False, True])
async def test_a_simulated_session_alarms_in_itself_and_calls_where_people_are_trained(
    sqlite: Database, open_store: OpenStore, clock: Clock, training: bool
) -> None:
    store = open_store(sqlite, calling=True, training=training)
    session_id = await infusing(store, simulated=True)
    calls = await unseen(store, session_id, clock)
    assert calls, "it alarms in itself"
    await attention.call_help(store, NURSE, session_id, CallHelp())
    log = await check_log(store, sqlite, session_id)
    kinds = [event["kind"] for event in log]
    assert "help.called" in kinds
    assert ("alarm.escalated" in kinds) is training
    told = sqlite.ask("SELECT body FROM delivery")
    assert len(told) == (2 if training else 0), "the alarm and the call for help, or nobody"
    assert all(loads(body)["simulated"] for (body,) in told), "whoever is called is told what it is"
    assert log[0]["data"].get("calls_people", True) is training


@pytest.mark.parametrize("training", [False, True])
async def test_who_is_called_is_for_good_whatever_is_set_later(
    sqlite: Database, open_store: OpenStore, clock: Clock, training: bool
) -> None:
    """Its log steps again to the same, on a server that is set otherwise too."""
    store = open_store(sqlite, training=training)
    session_id = await infusing(store, simulated=True)
    store.stop()
    store = open_store(sqlite, calling=True, training=not training)
    await unseen(store, session_id, clock)
    log = await check_log(store, sqlite, session_id)
    assert ("alarm.escalated" in [event["kind"] for event in log]) is training
    state, made = restep(log)
    assert [event.kind for event in made][: len(log)] == [event["kind"] for event in log]
    assert state.order.calls_people is training
    assert len(sqlite.ask("SELECT body FROM delivery")) == 0, "never both: it or the server says no"


async def test_a_real_session_calls_on_every_server(
    sqlite: Database, open_store: OpenStore, clock: Clock
) -> None:
    store = open_store(sqlite, calling=True)
    session_id = await infusing(store)
    await unseen(store, session_id, clock)
    log = await check_log(store, sqlite, session_id)
    assert "alarm.escalated" in [event["kind"] for event in log]
    assert "calls_people" not in log[0]["data"], "as logs of before"
    assert len(sqlite.ask("SELECT body FROM delivery")) == 1


async def test_a_log_of_before_calls_as_it_did(
    sqlite: Database, open_store: OpenStore, clock: Clock
) -> None:
    store = open_store(sqlite, training=True)
    session_id = await infusing(store, simulated=True)
    await unseen(store, session_id, clock)
    log = await check_log(store, sqlite, session_id)
    assert "calls_people" not in log[0]["data"], "so it is in every log of before"
    assert "alarm.escalated" in [event.kind for event in restep(log)[1]]


async def test_lists_tell_them_apart(store: Store) -> None:
    real, simulated = await both(store, station=ROOM)
    for asked, ids in ((None, {real, simulated}), (True, {simulated}), (False, {real})):
        wanted = SessionsAsked(active=True, simulated=asked, limit=9)
        found = await sessions.find_sessions(store, person(), wanted)
        assert {one["id"] for one in found["items"]} == ids
        assert {row["id"] for row in await sessions.board_rows(store, asked)} == ids
