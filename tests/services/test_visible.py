"""A simulator sees and changes what is simulated, and nothing else; a token that is for one place
that place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.errors import IdConflict, NotBound, SimulatedMismatch
from app.models.session_list import SessionsAsked
from app.monitoring.commands import (
    Acknowledge,
    Actor,
    AttachDevice,
    CallHelp,
    ChangePhase,
    CreatePatient,
    MoveReading,
    PauseAudio,
    VoidReading,
)
from app.monitoring.errors import InvalidRequest
from app.services import alarms, attention, corrections, devices, patients, sessions
from app.services.visible import check_begins, is_for_one_place
from tests.models.ward import NURSE, admit, log_of, order, patient, record
from tests.support.callers import person, program, simulator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.access.caller import Caller
    from app.models.store import Store

SIMULATOR = Actor("program", "sim", "Simulator", "simulator")


async def of_a_simulator(store: Store, code: str) -> str:
    command = CreatePatient(code=code, initials="S.P.")
    made, _ = await patients.create_patient(store, SIMULATOR, command)
    return str(made["id"])


async def listed(store: Store, caller: Caller) -> tuple[set[str], set[str]]:
    """Ids of the sessions and the patients that it finds."""
    found = await sessions.find_sessions(store, caller, SessionsAsked())
    people = await patients.find_patients(store, caller, q=None, limit=50, cursor=None)
    return {s["id"] for s in found["items"]}, {p["id"] for p in people["items"]}


async def test_a_simulator_finds_what_is_simulated(store: Store) -> None:
    theirs, other = await of_a_simulator(store, "S-1"), await patient(store)
    real = await admit(store, patient_id=other)
    made = await admit(store, patient_id=theirs, simulated=True)
    by_a_nurse = await admit(store, simulated=True)  # simulated, of a patient that a person made
    assert await listed(store, simulator()) == ({made, by_a_nurse}, {theirs})
    assert {real, made} < (await listed(store, person()))[0]
    assert (await patients.patient(store, simulator(), theirs))["code"] == "S-1"
    with pytest.raises(SimulatedMismatch):
        await patients.patient(store, simulator(), other)
    assert (await patients.patient(store, person(), theirs))["code"] == "S-1"


async def test_a_token_for_one_place_finds_that_place(store: Store) -> None:
    mine, other = await patient(store), await patient(store)
    here = await admit(store, patient_id=mine, station="Room 1")
    await admit(store, patient_id=other, station="Room 2")
    for caller in (program("nurse", station="Room 1"), program("nurse", session=here)):
        assert is_for_one_place(caller)
        assert await listed(store, caller) == ({here}, {mine})
        assert (await patients.patient(store, caller, mine))["id"] == mine
        with pytest.raises(NotBound):
            await patients.patient(store, caller, other)
        with pytest.raises(NotBound):
            check_begins(caller, order(other, station="Room 3"))
    check_begins(program("nurse", station="Room 3"), order(other, station="Room 3"))
    check_begins(person(), order(other, station="Room 3"))


async def test_a_simulator_begins_simulated_sessions_of_its_own_patients(store: Store) -> None:
    theirs, other = await of_a_simulator(store, "S-1"), await patient(store)
    for patient_id, simulated in ((other, False), (other, True), (theirs, False)):
        with pytest.raises(SimulatedMismatch):
            await sessions.create_session(store, SIMULATOR, order(patient_id, simulated=simulated))
    state, new = await sessions.create_session(store, SIMULATOR, order(theirs, simulated=True))
    assert (state["simulated"], new) == (True, True)
    _, begun = await sessions.create_session(store, NURSE, order(other, simulated=True))
    assert begun, "a person may simulate anybody's session"


async def test_a_simulator_does_not_find_a_patient_by_sending_it_again(store: Store) -> None:
    command = CreatePatient(code="P-77", initials="T.P.", id="01930000-0000-7000-8000-00000000aaaa")
    await patients.create_patient(store, NURSE, command)
    with pytest.raises(IdConflict):
        await patients.create_patient(store, SIMULATOR, command)
    assert not (await patients.create_patient(store, NURSE, command))[1]


CHANGES: dict[str, Callable[[Store, str, str], Awaitable[Any]]] = {
    "phase": lambda s, id, _: sessions.change_phase(s, SIMULATOR, id, ChangePhase("checked_in")),
    "acknowledge": lambda s, id, _: alarms.acknowledge(s, SIMULATOR, id, Acknowledge("x")),
    "pause": lambda s, id, _: attention.pause_audio(s, SIMULATOR, id, PauseAudio(60)),
    "help": lambda s, id, _: attention.call_help(s, SIMULATOR, id, CallHelp()),
    "attach": lambda s, id, _: devices.attach(s, SIMULATOR, id, AttachDevice("mon-01")),
    "void": lambda s, id, r: corrections.correct(s, SIMULATOR, id, VoidReading(r, "wrong")),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_simulator_changes_no_session_that_is_not_simulated(
    store: Store, name: str
) -> None:
    real = await admit(store)
    reading, _ = await record(store, real, hr=80)
    before = await log_of(store, real)
    with pytest.raises(SimulatedMismatch):
        await CHANGES[name](store, real, reading["id"])
    assert await log_of(store, real) == before


async def test_a_simulator_takes_no_device_and_moves_no_reading(store: Store) -> None:
    real, simulated = await admit(store), await admit(store, simulated=True)
    await devices.attach(store, NURSE, real, AttachDevice("mon-01"))
    reading, _ = await record(store, simulated, hr=80)
    await devices.attach(store, SIMULATOR, simulated, AttachDevice("mon-01"))  # another one
    move = MoveReading(reading["id"], real, "wrong patient")
    with pytest.raises(SimulatedMismatch):
        await corrections.correct(store, SIMULATOR, simulated, move)
    with pytest.raises(InvalidRequest):
        await corrections.correct(store, NURSE, simulated, move)
    kinds = [event["kind"] for event in await log_of(store, real)]
    assert kinds == ["session.created", "device.attached"]
    kinds = [event["kind"] for event in await log_of(store, simulated)]
    assert kinds == ["session.created", "reading.recorded", "device.attached"]
