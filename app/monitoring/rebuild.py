"""Stepping a log again: the input that an event stands for, and the state that a log makes.

Used when a stored state is missing or of another engine version, and by the re-step law of the
tests: the log's inputs, stepped again by the same engine version, give equal events but for
`recorded_at` and `hash`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.commands import Acknowledge, Actor, ChangePhase, CreateSession, MoveClock
from app.monitoring.engine import Input, Tick, create, moment, step
from app.monitoring.limits import prepare
from app.monitoring.protocols import PROTOCOLS, lines_in_force
from app.monitoring.readings import LostSignals, Reading, Rejected
from app.monitoring.state import Event, Patient, State, Step
from app.monitoring.times import parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def restep(log: Iterable[Mapping[str, Any]]) -> tuple[State, list[Event]]:
    """The state and the events that the inputs of a whole log give; `log` is in order of seq and
    begins with `session.created`.
    """
    state: State | None = None
    events: list[Event] = []
    last_recorded = 0
    for logged in log:
        last_recorded = max(last_recorded, parse_iso(logged["recorded_at"]))
        if state is None:
            made = _created(logged)
        else:
            command = input_of(logged, driven=state.clock == "driven")
            if command is None:
                continue
            limits = prepare(lines_in_force(PROTOCOLS[state.order.protocol], state.baseline))
            now = moment(state, command, last_recorded)
            made = step(state, command, limits, now, _actor(logged["actor"]))
        state = made.state
        events += made.events
    if state is None:
        raise ValueError("an empty log has no state")
    limits = prepare(lines_in_force(PROTOCOLS[state.order.protocol], state.baseline))
    if state.clock == "wall":
        made = step(state, Tick(), limits, max(state.now, last_recorded), Actor("system", "", ""))
        state, events = made.state, events + list(made.events)
    return state, events


def input_of(logged: Mapping[str, Any], *, driven: bool) -> Input | None:
    """The input that an event records; None for what the engine said by itself."""
    data = logged["data"]
    match logged["kind"]:
        case "reading.recorded":
            return _reading(data)
        case "signal.lost":
            return LostSignals(data["device"], parse_iso(data["taken_at"]), tuple(data["vitals"]))
        case "phase.changed":
            at: int | None = parse_iso(logged["at"])
            if driven and (data["now"] is None or data["now"] < logged["at"]):
                at = None
            return ChangePhase(
                to=data["to"],
                at=at,
                reason=data["reason"],
                override_reason=data["override_reason"],
            )
        case "alarm.acknowledged":
            seen = data["alarm"]["acknowledgements"][-1]
            return Acknowledge(data["alarm"]["id"], None, seen["rev"], seen["action"], seen["note"])
        case "clock.moved":
            live = data["clock"] == "wall"
            return MoveClock(at=None if live else parse_iso(data["now"]), live=live)
        case _:
            return None


def _reading(data: Mapping[str, Any]) -> Reading:
    return Reading(
        id=data["id"],
        taken_at=parse_iso(data["taken_at"]),
        source=data["source"],
        device=data["device"],
        interval_s=data["interval_s"],
        values=data["values"],
        derived=tuple(data["derived"]),
        rejected=tuple(Rejected(r["vital"], r["value"], r["code"]) for r in data["rejected"]),
        unconfirmed=tuple(data["unconfirmed"]),
        confirmed=data["confirmed"],
        device_time=None if data["device_time"] is None else parse_iso(data["device_time"]),
        skew_ms=round(data["skew_s"] * 1000),
    )


def _created(logged: Mapping[str, Any]) -> Step:
    said = logged["data"]["state"]
    patient = Patient(said["patient"]["id"], said["patient"]["code"], said["patient"]["initials"])
    command = CreateSession(
        patient_id=patient.id,
        station=said["station"],
        protocol=said["protocol"],
        weight_kg=said["weight_kg"],
        dose_mg_per_kg=said["dose_mg_per_kg"],
        planned_minutes=said["planned_minutes"],
        simulated=said["simulated"],
        clock=said["clock"],
        starts_at=None if said["starts_at"] is None else parse_iso(said["starts_at"]),
    )
    return create(
        command,
        patient,
        PROTOCOLS[said["protocol"]],
        id=said["id"],
        now=parse_iso(said["created_at"]),
        actor=_actor(logged["actor"]),
    )


def _actor(said: Mapping[str, Any]) -> Actor:
    return Actor(said["kind"], said["id"], said["name"])
