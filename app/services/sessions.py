"""Sessions: begun, moved through their phases and through time, found again."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.clock import now_ms
from app.errors import (
    IdConflict,
    PatientInSession,
    SimulatedMismatch,
    StationOccupied,
    UnknownPatient,
    UnknownProtocol,
)
from app.models import queries, session_list
from app.models.codec import digest, number
from app.monitoring.device_times import EARLIEST_MS, LATEST_MS
from app.monitoring.engine import create
from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.protocols import Protocol, find_protocol
from app.monitoring.state import Patient, State, Step
from app.monitoring.view import board_row, public
from app.services.changes import change
from app.services.ids import new_id
from app.services.visible import visible_to

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.models.session_list import SessionsAsked
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import (
        Actor,
        ChangePhase,
        CorrectPhase,
        CreateSession,
        MoveClock,
        TakeBackPhase,
    )


async def create_session(
    store: Store, actor: Actor, command: CreateSession
) -> tuple[dict[str, Any], bool]:
    """The session's state, and whether it is new.

    Simulated sessions have stations and patients of their own: they take none of the clinic's.

    Raises IdConflict, UnknownPatient, UnknownProtocol, StationOccupied, PatientInSession,
    InvalidRequest, and SimulatedMismatch where a simulator asks for anything that is not simulated,
    or anybody for a real session of a simulated patient.
    """
    run = partial(_create, actor=actor, command=command)
    sessions = [command.id] if command.id else []
    return await store.scribe.submit(run, sessions=sessions)


async def find_sessions(store: Store, caller: Caller, asked: SessionsAsked) -> dict[str, Any]:
    """Those that the caller may see."""
    query = partial(session_list.sessions, asked=asked, now=now_ms(), only=visible_to(caller))
    return await store.reader.page(query, asked.limit)


async def session_state(store: Store, session_id: str) -> dict[str, Any]:
    """Raises UnknownSession."""

    def query(db: Any) -> State:
        return queries.state(db, session_id, store.scribe.committed_state)

    return public(await store.reader.read(query))


async def board_rows(store: Store, simulated: bool | None = None) -> list[dict[str, Any]]:
    """A row for each active session: the simulated ones, the real ones, or both."""
    held = store.scribe.committed_state
    query = partial(queries.active_states, committed=held, simulated=simulated)
    return [board_row(state) for state in await store.reader.read(query)]


async def change_phase(
    store: Store, actor: Actor, session_id: str, command: ChangePhase
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict, IllegalTransition, GateFailed and what
    the engine raises.
    """
    return await change(store, actor, session_id, command, name="phase")


async def correct_phase(
    store: Store, actor: Actor, session_id: str, command: CorrectPhase
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict, PhaseChanged, OutOfOrder and what the
    engine raises.
    """
    return await change(store, actor, session_id, command, name="phase_correct")


async def take_back_phase(
    store: Store, actor: Actor, session_id: str, command: TakeBackPhase
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict, PhaseChanged, NothingToTakeBack,
    TooLate and what the engine raises.
    """
    return await change(store, actor, session_id, command, name="phase_take_back")


async def move_clock(
    store: Store, actor: Actor, session_id: str, command: MoveClock
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict, InvalidRequest or NotDriven."""
    run = partial(_move_clock, actor=actor, session_id=session_id, command=command)
    return await store.scribe.submit(run, sessions=[session_id], lane="devices")


def _plausible(moment: int | None, field: str) -> None:
    if moment is not None and not EARLIEST_MS <= moment <= LATEST_MS:
        message = "The time is outside 2000 to 2100."
        raise InvalidRequest(message, errors=[FieldError((field,), "implausible", message)])


def _create(item: Item, *, actor: Actor, command: CreateSession) -> tuple[dict[str, Any], bool]:
    weight_kg = None if command.weight_kg is None else number(command.weight_kg)
    command = replace(command, weight_kg=weight_kg, dose_mg_per_kg=number(command.dose_mg_per_kg))
    content = asdict(command)
    id = content.pop("id") or new_id()
    sent = digest(content)
    _refuse_to_simulators(actor, command.simulated)
    if (known := _known(item, id, sent)) is not None:
        return known, False
    protocol = _protocol(command)
    row = item.cursor.execute(item.sql.patient_by_id, (command.patient_id,)).fetchone()
    if row is None:
        raise UnknownPatient("Nothing was stored: there is no patient with this id.")
    _refuse_to_simulators(actor, command.simulated and bool(row[5]))
    if row[5] and not command.simulated:
        raise SimulatedMismatch(
            "Nothing was stored: this patient is simulated, and has simulated sessions only."
        )
    patient_key, *who, _, _, born = row
    try:
        _refuse_if_taken(item, command.station, patient_key, simulated=command.simulated)
    except (StationOccupied, PatientInSession):
        if (known := _known(item, id, sent)) is not None:
            return known, False  # another process has just recorded this very session
        raise
    who.append(None if born is None else int(born[:4]))
    calls = item.training or not command.simulated
    patient = Patient(*who)
    made = create(command, patient, protocol, id=id, now=item.now, actor=actor, calls_people=calls)
    item.cursor.execute(item.sql.add_session, _row(made, patient_key, item.now, sent))
    (key,) = item.cursor.fetchone()
    return public(item.open(key, made).state), True


def _known(item: Item, id: str, sent: bytes) -> dict[str, Any] | None:
    """The state of a session that was recorded under this id; raises IdConflict."""
    known = item.cursor.execute(item.sql.session_known, (id,)).fetchone()
    if known is None:
        return None
    if bytes(known[0]) != sent:
        raise IdConflict("Nothing was stored: another session was recorded under this id.")
    return public(item.held(id).state)


def _refuse_if_taken(item: Item, station: str, patient_key: int, *, simulated: bool) -> None:
    """By what is simulated if that is asked for, else by what is real."""
    place = (station, simulated)
    if item.cursor.execute(item.sql.id_at_station, place).fetchone() is not None:
        raise StationOccupied("Nothing was stored: end the active session at this station first.")
    whose = (patient_key, simulated)
    taken = item.cursor.execute(item.sql.session_of_patient, whose).fetchone()
    if taken is not None:
        raise PatientInSession(f"Nothing was stored: this patient has a session at {taken[0]}.")


def _refuse_to_simulators(actor: Actor, simulated: bool) -> None:
    if actor.role == "simulator" and not simulated:
        raise SimulatedMismatch(
            "Nothing was stored: a simulator begins simulated sessions of patients that it made."
        )


def _protocol(command: CreateSession) -> Protocol:
    protocol = find_protocol(command.protocol)
    if protocol is None:
        raise UnknownProtocol("There is no protocol of this name; GET /api/protocols lists them.")
    if command.clock == "driven" and not command.simulated:
        message = "Only a simulated session can have a driven clock."
        raise InvalidRequest(message, errors=[FieldError(("clock",), "not_simulated", message)])
    _plausible(command.starts_at, "starts_at")
    return protocol


def _row(made: Step, patient_key: int, now: int, sent: bytes) -> tuple[Any, ...]:
    state, order = made.state, made.state.order
    return (
        order.id,
        patient_key,
        order.station,
        order.protocol,
        order.simulated,
        state.clock,
        state.phase,
        state.phase_since,
        True,
        state.seq,
        now,
        state.next_due_at,
        b"",
        now,
        None,
        sent,
        order.patient.code,
    )


def _move_clock(item: Item, *, actor: Actor, session_id: str, command: MoveClock) -> dict[str, Any]:
    held = item.held(session_id)
    sent = digest(["clock", command.at, command.live])
    if item.known(held, command.id, sent) is not None:
        return public(held.state)
    if command.live == (command.at is not None):
        message = "Give either `at` or `live: true`."
        raise InvalidRequest(message, errors=[FieldError(("at",), "required", message)])
    _plausible(command.at, "at")
    behind = command.at is not None and command.at <= held.state.now
    if not (behind and held.state.clock == "driven"):
        held, _ = item.step(held, command, actor)
    item.know(held, command.id, sent)
    return public(held.state)
