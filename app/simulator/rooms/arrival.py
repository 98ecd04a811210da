"""Patients coming into their rooms: a new session, or one that an earlier run left standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.clock import now_ms
from app.simulator import wire
from app.simulator.admission import (
    Newcomer,
    birth_date,
    enrol,
    initials,
    open_session,
    read_scenario_note,
    scenario_note,
    vacate,
)
from app.simulator.client import Api, Json, SimulatorError
from app.simulator.rooms.programme import CODE_PREFIX
from app.simulator.rooms.room import Room
from app.simulator.rooms.stream import WsTransport
from app.simulator.rooms.transport import HttpTransport, Transport, Way
from app.simulator.script import LOOK_S, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.simulator.rooms.programme import Booking
    from app.simulator.scenario import Scenario

NOBODY: Callable[[int], str | None] = lambda _: None  # noqa: E731 - a room without neighbours


class NotOfAScenario(SimulatorError):
    """A session that these scripts made, but not from a scenario: there is no going on with it."""


def transport_of(api: Api, way: Way) -> Transport:
    return WsTransport(api) if way == "ws" else HttpTransport(api)


def make_visit(patient: Booking, device: str, *, nurse: bool | None) -> Visit:
    """`nurse` of None: as the scenario says."""
    scenario = _with_nurse(patient.scenario, nurse)
    return Visit(scenario, patient.seed, device=device, nurse=scenario.nurse.play)


def _with_nurse(scenario: Scenario, plays: bool | None) -> Scenario:
    """Whatever it says itself, unless somebody says otherwise."""
    if plays is None or plays == scenario.nurse.play:
        return scenario
    nurse = scenario.nurse.model_copy(update={"play": plays})
    return scenario.model_copy(update={"nurse": nurse})


async def admit(
    api: Api,
    transport: Transport,
    patient: Booking,
    visit: Visit,
    *,
    number: int,
    station: str,
    begin_ms: int,
    driven: bool,
    neighbour: Callable[[int], str | None] = NOBODY,
) -> Room:
    """A session of its own at this station, which is made free of what these scripts left there."""
    scenario, weight_kg = patient.scenario, visit.patient.traits.weight_kg
    who = Newcomer(
        code=patient.code,
        initials=initials(number),
        birth_date=birth_date(number),
        name=f"Simulated patient {number}",
        weight_kg=weight_kg,
        indication=scenario_note(scenario.name, patient.seed),
    )
    await vacate(api, station, prefix=CODE_PREFIX, code=who.code)
    record = await enrol(api, who)
    session = await open_session(
        api,
        record,
        station=station,
        weight_kg=weight_kg,
        dose_mg_per_kg=scenario.plan.dose_mg_per_kg,
        planned_minutes=scenario.plan.planned_min,
        start_ms=begin_ms + patient.due_s * 1_000,
        driven=driven,
    )
    return Room(
        api,
        transport,
        visit,
        name=station,
        scenario=scenario.name,
        session_id=str(session["id"]),
        start_ms=begin_ms + patient.checks_in_s * 1_000,
        driven=driven,
        faulty=bool(scenario.faults),
        neighbour=neighbour,
    )


async def resume(
    api: Api,
    transport: Transport,
    session_id: str,
    scenario_of: Callable[[str], Scenario],
    *,
    device: str,
    nurse: bool | None = None,
    sample_s: int | None = None,
    late_s: int = 0,
    neighbour: Callable[[int], str | None] = NOBODY,
) -> Room:
    """A session that an earlier run left: relived from its log up to the last look at it, and gone
    on with from there. What was sent after that look goes again, with the same ids.

    `late_s`: how long after `starts_at` the patient checks in, where the log does not tell yet.
    """
    state = await api.session(session_id)
    patient = await api.get(f"/api/patients/{state['patient']['id']}")
    note = read_scenario_note(patient.get("indication"))
    if note is None:
        raise NotOfAScenario(f"{state['station']}: nothing says which scenario plays there")
    name, seed = note
    scenario = _with_nurse(scenario_of(name), nurse)
    visit = Visit(scenario, seed, device=device, nurse=scenario.nurse.play, sample_s=sample_s)
    events = await api.events(session_id, 0)
    start_ms = check_in_ms(events)
    if start_ms is None:
        start_ms = wire.ms_of(state["starts_at"]) + late_s * 1_000
    driven = state["clock"] == "driven"
    visit.start_ms = start_ms
    until_s = _last_look(events, start_ms, driven=driven)
    visit.catch_up(events, until_s)
    return Room(
        api,
        transport,
        visit,
        name=str(state["station"]),
        scenario=scenario.name,
        session_id=session_id,
        start_ms=start_ms,
        driven=driven,
        faulty=bool(scenario.faults),
        neighbour=neighbour,
        heard_seq=int(events[-1]["seq"]),
    )


def check_in_ms(events: Sequence[Json]) -> int | None:
    """When the patient checked in: second 0 of the visit."""
    for event in events:
        if event["kind"] == "phase.changed" and event["data"]["to"] == "checked_in":
            return wire.ms_of(event["at"])
    return None


def _last_look(events: Sequence[Json], start_ms: int, *, driven: bool) -> int:
    """The second of the last look before which everything had been sent; -1: there was none.

    A driven session's time may have been told by the first of several things of one second.
    """
    if driven:
        told = [wire.ms_of(e["at"]) for e in events if e["kind"] != "session.created"]
        reached_s = (max(told, default=start_ms) - start_ms) // 1_000 - 1
    else:
        reached_s = (now_ms() - start_ms) // 1_000
    return -1 if reached_s < 0 else reached_s // LOOK_S * LOOK_S
