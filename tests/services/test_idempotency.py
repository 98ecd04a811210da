"""Sent again, recorded once: the same id with the same content answers the original, other content
is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import IdConflict, PatientCodeTaken, UnknownProtocol
from app.monitoring.commands import (
    Acknowledge,
    ChangePhase,
    CreatePatient,
    MoveClock,
    ReadingFor,
    RecordReading,
)
from app.monitoring.errors import DomainError, InvalidRequest, SessionClosed
from app.services import alarms, patients, readings, sessions
from app.services.ids import new_id
from tests.models.ward import (
    NURSE,
    admit,
    check_log,
    infusing,
    move_to,
    order,
    patient,
    plain,
    record,
    sent,
    typed,
)
from tests.support.callers import person, simulator

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

CRITICAL = 82.0  # SpO2 far below every line: raised at once when typed


async def test_a_patient(store: Store) -> None:
    command = CreatePatient(code="P-1", initials="T.P.", id=new_id(), weight_kg=70.0)
    made, new = await patients.create_patient(store, NURSE, command)
    again, new_again = await patients.create_patient(store, NURSE, replace(command, weight_kg=70))
    assert (again, new, new_again) == (made, True, False)
    other = CreatePatient(code="P-2", initials="O.P.")
    await patients.create_patient(store, NURSE, other)
    with pytest.raises(IdConflict):  # before the code, which is taken too
        await patients.create_patient(store, NURSE, replace(other, id=command.id))
    with pytest.raises(PatientCodeTaken):
        await patients.create_patient(store, NURSE, replace(command, id=new_id()))


async def test_a_session(store: Store) -> None:
    command = order(await patient(store), id=new_id())
    made, new = await sessions.create_session(store, NURSE, command)
    again, new_again = await sessions.create_session(store, NURSE, command)
    assert (again, new, new_again) == (made, True, False)
    spelled = replace(command, weight_kg=70.0)  # as some clients write 70
    assert await sessions.create_session(store, NURSE, spelled) == (made, False)
    for other in (
        replace(command, station="elsewhere"),
        replace(command, protocol="no such protocol"),
        replace(command, clock="driven"),
        replace(command, starts_at=-1),
        replace(command, patient_id=new_id()),
    ):
        with pytest.raises(IdConflict):
            await sessions.create_session(store, NURSE, other)
    with pytest.raises(UnknownProtocol):
        await sessions.create_session(store, NURSE, replace(command, id=None, protocol="none"))


async def test_a_session_whose_answer_came_late_is_known_after_it_has_ended(store: Store) -> None:
    command = order(await patient(store), id=new_id())
    await sessions.create_session(store, NURSE, command)
    await move_to(store, str(command.id), "cancelled", reason="felt better")
    again, new = await sessions.create_session(store, NURSE, command)
    assert (again["phase"], new) == ("cancelled", False)


async def test_a_phase_change(database: Database, store: Store) -> None:
    session_id = await admit(store)
    command = ChangePhase(to="checked_in", id=new_id())
    first = await sessions.change_phase(store, NURSE, session_id, command)
    assert await sessions.change_phase(store, NURSE, session_id, command) == first
    for other in (replace(command, to="nowhere"), replace(command, reason="why not")):
        with pytest.raises(IdConflict):
            await sessions.change_phase(store, NURSE, session_id, other)
    log = await check_log(store, database, session_id)
    assert [e["kind"] for e in log] == ["session.created", "phase.changed"]


async def test_a_clock_that_is_moved(database: Database, store: Store) -> None:
    session_id = await admit(store, simulated=True, clock="driven", starts_at=1_700_000_000_000)
    command = MoveClock(id=new_id(), at=1_700_000_060_000)
    first = await sessions.move_clock(store, NURSE, session_id, command)
    await sessions.move_clock(store, NURSE, session_id, MoveClock(at=1_700_000_120_000))
    await sessions.move_clock(store, NURSE, session_id, command)
    for other in (replace(command, at=1), replace(command, live=True), MoveClock(id=command.id)):
        with pytest.raises(IdConflict):
            await sessions.move_clock(store, NURSE, session_id, other)
    with pytest.raises(InvalidRequest):
        await sessions.move_clock(store, NURSE, session_id, MoveClock(id=new_id()))
    log = await check_log(store, database, session_id)
    moved = [e["data"]["now"] for e in log if e["kind"] == "clock.moved"]
    assert moved == ["2023-11-14T22:14:20.000Z", "2023-11-14T22:15:20.000Z"]
    assert first["now"] == moved[0]


async def test_an_acknowledgement(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    answer, _ = await record(store, session_id, spo2=CRITICAL)
    alarm_id = answer["alarms"][0]["id"]
    command = Acknowledge(alarm_id, id=new_id(), action="repositioned_probe")
    first = await alarms.acknowledge(store, NURSE, session_id, command)
    assert await alarms.acknowledge(store, NURSE, session_id, command) == plain(first)
    with pytest.raises(IdConflict):
        await alarms.acknowledge(store, NURSE, session_id, replace(command, alarm_id=new_id()))
    log = await check_log(store, database, session_id)
    assert [e["kind"] for e in log].count("alarm.acknowledged") == 1


async def test_an_acknowledgement_of_what_has_ended_since(store: Store) -> None:
    session_id = await infusing(store)
    answer, _ = await record(store, session_id, spo2=CRITICAL)
    command = Acknowledge(answer["alarms"][0]["id"], id=new_id())
    await alarms.acknowledge(store, NURSE, session_id, command)
    await record(store, session_id, spo2=98)
    again = await alarms.acknowledge(store, NURSE, session_id, command)
    assert again["state"] == "cleared"
    assert len(again["acknowledgements"]) == 1


async def test_a_reading(database: Database, store: Store) -> None:
    session_id, id = await infusing(store), new_id()
    first, new = await record(store, session_id, id=id, spo2=CRITICAL, hr=80)
    await record(store, session_id, hr=81)
    again, new_again = await record(store, session_id, id=id, spo2=82, hr=80.0)
    assert (plain(again), new, new_again) == (plain(first), True, False)
    assert [alarm["group"] for alarm in first["alarms"]] == ["spo2"]
    for values in ({"hr": 80.0}, {"hr": 999.0, "spo2": CRITICAL}):
        with pytest.raises(IdConflict):
            await record(store, session_id, id=id, **values)
    log = await check_log(store, database, session_id)
    assert [e["data"]["id"] for e in log if e["kind"] == "reading.recorded"].count(id) == 1


async def test_a_reading_that_is_sent_again_to_a_closed_session(store: Store) -> None:
    session_id, id = await infusing(store), new_id()
    first, _ = await record(store, session_id, id=id, hr=80)
    await move_to(store, session_id, "transferred")
    again, new = await record(store, session_id, id=id, hr=80)
    assert (plain(again), new) == (plain(first), False)
    with pytest.raises(IdConflict):
        await record(store, session_id, id=id, hr=81)
    with pytest.raises(SessionClosed):
        await record(store, session_id, id=new_id(), hr=81)


async def test_one_id_in_two_sessions_is_two_readings(store: Store) -> None:
    first, second, id = await admit(store), await admit(store), new_id()
    _, new = await record(store, first, id=id, hr=80)
    _, new_too = await record(store, second, id=id, hr=90)
    assert (new, new_too) == (True, True)


@pytest.mark.parametrize("first", ["reading", "phase"])
async def test_one_id_for_two_kinds_of_record_is_refused(store: Store, first: str) -> None:
    session_id, id = await admit(store), new_id()

    async def phase() -> None:
        await move_to(store, session_id, "checked_in", id=id)

    async def reading() -> None:
        await record(store, session_id, id=id, hr=80)

    before, after = (reading, phase) if first == "reading" else (phase, reading)
    await before()
    with pytest.raises(IdConflict):
        await after()


async def listed(store: Store, session_id: str, *commands: RecordReading) -> list[Any]:
    items = [ReadingFor(command, session_id=session_id) for command in commands]
    outcomes = await readings.record_readings(store, person(), items)
    return [o.code if isinstance(o, DomainError) else (o[0], plain(o[1])["seq"]) for o in outcomes]


async def test_one_id_twice_in_a_list(database: Database, store: Store) -> None:
    session_id, id = await admit(store), new_id()
    same, other = typed(id, hr=80), typed(id, hr=81)
    assert await listed(store, session_id, same, same, other, typed(hr=82)) == [
        (201, 2),
        (200, 2),
        "id_conflict",
        (201, 3),
    ]
    await check_log(store, database, session_id)


async def test_what_a_list_does_not_hold_against_its_neighbours(store: Store) -> None:
    session_id = await admit(store)
    outcomes = await listed(store, session_id, typed(hr=80), typed(hr=9_999), typed(hr=81))
    assert outcomes == [(201, 2), "invalid_request", (201, 3)]
    assert await listed(store, new_id(), typed(hr=80)) == ["unknown_session"]


async def test_a_list_that_is_sent_again_answers_as_the_first_time(
    database: Database, store: Store
) -> None:
    """A driven session: what falls due between two readings of a list belongs to neither answer."""
    start = 1_700_000_000_000
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=start)
    values = [98.0] * 20 + [82.0] * 30 + [97.0] * 60 + [81.0] * 30
    commands = [
        replace(sent(id=new_id(), spo2=v, hr=80), taken_at=start + 600_000 + n * 5_000)
        for n, v in enumerate(values)
    ]
    items = [ReadingFor(command, session_id=session_id) for command in commands]
    first = await readings.record_readings(store, simulator(), items)
    again = await readings.record_readings(store, simulator(), items)
    assert {status for status, _ in first} == {201}  # type: ignore[misc]  # none is refused
    assert {status for status, _ in again} == {200}  # type: ignore[misc]  # none is refused
    answers = [plain(reading) for _, reading in first]  # type: ignore[misc]  # none is refused
    assert [plain(reading) for _, reading in again] == answers  # type: ignore[misc]  # the same
    log = await check_log(store, database, session_id)
    raised = [e["data"]["alarm"] for e in log if e["kind"] == "alarm.raised"]
    assert raised  # else nothing was compared
