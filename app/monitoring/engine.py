"""The pure engine: `step(state, input, limits, now)` says what one input does to one session.

No clock, no I/O; frozen values in and out. Before the input it does all that was due at or before
`now`, in due order, each with its due moment as `at`, so that the sweeper's jitter is invisible.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from app.monitoring import alarms, phases
from app.monitoring.commands import Acknowledge, Actor, ChangePhase, CreateSession, MoveClock
from app.monitoring.errors import (
    BeforePreviousPhase,
    FieldError,
    GateFailed,
    IllegalTransition,
    InvalidRequest,
    NotDriven,
    ReasonRequired,
    SessionClosed,
    TakenInFuture,
)
from app.monitoring.limits import Basis, Limits, flag
from app.monitoring.protocols import PROTOCOLS, Protocol, lines_in_force
from app.monitoring.readings import (
    EARLIEST_MS,
    FUTURE_TOLERANCE_MS,
    LATEST_MS,
    LostSignals,
    Reading,
)
from app.monitoring.state import Event, Order, Patient, PhaseSpan, Sample, State, Step
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.view import public, public_lines, public_phases
from app.monitoring.vitals import VITALS, device_fresh_s
from app.monitoring.work import Work

GRACE_SHARE: Final = 0.2  # a typed value may be a fifth of its interval late before it is stale
GRACE_FLOOR_S: Final = 60.0  # and never less than a minute
MAX_DUE: Final = 10_000  # moments done in one step; more would mean that a rule never rests


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; with nothing due it does nothing."""


Input = Reading | LostSignals | ChangePhase | Acknowledge | MoveClock | Tick


def create(
    command: CreateSession, patient: Patient, protocol: Protocol, *, id: str, now: int, actor: Actor
) -> Step:
    """The first state of a session and its first event, `session.created`."""
    wall = command.clock == "wall"
    order = Order(
        id=id,
        patient=patient,
        station=command.station,
        protocol=protocol.code,
        protocol_version=protocol.version,
        simulated=command.simulated,
        weight_kg=command.weight_kg,
        dose_mg_per_kg=command.dose_mg_per_kg,
        planned_minutes=command.planned_minutes,
        starts_at=command.starts_at,
        created_at=now,
    )
    since = now if wall or command.starts_at is None else command.starts_at
    state = State(
        order=order,
        seq=1,
        now=now if wall else command.starts_at or 0,
        clock=command.clock,
        phase=phases.SCHEDULED,
        phase_since=since,
        phases=(PhaseSpan(phases.SCHEDULED, since, None),),
        infused_ms=0,
        infusing_since=None,
        closed_at=None,
        baseline=None,
        schedule={},
        schedule_since=since,
        samples={},
        newest={},
        lost={},
        out={},
        rested={},
        rechecks={},
        devices={},
        alarms={},
        recent={},
        next_due_at=None,
    )
    return Step(state, (Event(1, "session.created", since, actor, {"state": public(state)}),))


def moment(state: State, command: Input, wall_now: int) -> int:
    """The session's own `now` for an input: the wall clock, or the greatest time that its feed has
    sent.
    """
    if state.clock == "wall" or (isinstance(command, MoveClock) and command.live):
        return max(state.now, wall_now)
    match command:
        case Reading() | LostSignals():
            return max(state.now, command.taken_at)
        case ChangePhase() | MoveClock():
            return state.now if command.at is None else max(state.now, command.at)
        case _:
            return state.now


def step(state: State, command: Input, limits: Limits, now: int, actor: Actor) -> Step:
    """What the input does at the session's time `now`; raises DomainError with nothing done.

    A tick with nothing due answers the same state and no events.
    """
    due = state.next_due_at
    if isinstance(command, Tick) and (due is None or due > now):
        return Step(state, ())
    if isinstance(command, LostSignals) and state.closed_at is not None:
        return Step(state, ())
    work = Work(state, limits)
    done = 0
    while due is not None and due <= now:
        work.now = max(work.now, due)
        due = alarms.judge(work, due)
        done += 1
        if done > MAX_DUE:
            raise RuntimeError("a rule is due again and again at the same moment")
    if _begins(work, command) and now > 0:
        _begin_clock(work, now)
    work.now = max(work.now, now)
    match command:
        case Reading():
            _record(work, command, actor)
        case LostSignals():
            _lose(work, command, actor, moved=now > state.now)
        case ChangePhase():
            _change_phase(work, command, actor)
        case Acknowledge():
            alarms.acknowledge(work, command, actor, work.now)
        case MoveClock():
            _move_clock(work, command, actor)
        case Tick():
            pass
    due = alarms.judge(work, work.now)
    return Step(work.freeze(due), tuple(work.events))


def _begins(work: Work, command: Input) -> bool:
    """True if nothing has told a driven session the time before."""
    live = isinstance(command, MoveClock) and command.live
    return work.clock == "driven" and work.now == 0 and not live


def _begin_clock(work: Work, now: int) -> None:
    work.begin_time(now)
    since = work.infusing_since
    data = {
        "now": iso(now),
        "phases": public_phases(work.phases),
        "phase_since": iso(now),
        "schedule_since": iso(now),
        "infusing_since": None if since is None else iso(since),
    }
    work.record("clock.began", now, data)


def _lose(work: Work, lost: LostSignals, actor: Actor, *, moved: bool) -> None:
    """Said once; also, of no vital, when it moves a driven clock: the log must tell the time."""
    newly = work.lose(lost)
    if not newly and not (moved and work.clock == "driven"):
        return
    work.hear(lost)
    data = {
        "source": "device",
        "device": lost.device,
        "taken_at": iso(lost.taken_at),
        "vitals": newly,
    }
    work.record("signal.lost", lost.taken_at, data, actor)


def _record(work: Work, reading: Reading, actor: Actor) -> None:
    if work.closed_at is not None:
        raise SessionClosed("Nothing was stored: this session is closed.")
    origin, taken_at = reading.origin, reading.taken_at
    fresh_s = {vital: _fresh_s(work, reading, vital) for vital in reading.values}
    superseded, late = [], []
    for vital in reading.values:
        before = work.newest.get(vital, {}).get(origin)
        if before is not None and work.samples[before].taken_at > taken_at:
            superseded.append(vital)
        if work.now - taken_at > fresh_s[vital] * SECOND_MS:
            late.append(vital)
    flags: dict[str, str] = {}
    basis: dict[str, Basis] = {}
    for vital, value in reading.values.items():
        band = work.limits.get(vital)
        if band is None or band.low < value < band.high:
            continue
        found = flag(band.lines, value)
        if found is not None:
            flags[vital], rests_on = found
            if rests_on == "relative":
                basis[vital] = rests_on
    event = work.record(
        "reading.recorded",
        taken_at,
        {
            "id": reading.id,
            "taken_at": iso(taken_at),
            "device_time": None if reading.device_time is None else iso(reading.device_time),
            "skew_s": reading.skew_ms / SECOND_MS,
            "source": reading.source,
            "device": reading.device,
            "interval_s": reading.interval_s,
            "values": reading.values,
            "confirmed": reading.confirmed,
            "derived": reading.derived,
            "rejected": [
                {"vital": r.vital, "value": r.value, "code": r.code} for r in reading.rejected
            ],
            "unconfirmed": reading.unconfirmed,
            "late": late,
            "superseded": superseded,
            "flags": flags,
            "basis": basis,
            "fresh_s": fresh_s,
        },
        actor,
    )
    sample = Sample(
        seq=event.seq,
        taken_at=taken_at,
        source=reading.source,
        device=reading.device,
        interval_s=reading.interval_s,
        values=reading.values,
        flags=flags,
        basis=basis,
        fresh_s=fresh_s,
        derived=reading.derived,
        unconfirmed=reading.unconfirmed,
        late=tuple(late),
    )
    work.take(reading, sample, tuple(superseded))


def _fresh_s(work: Work, reading: Reading, vital: str) -> float:
    if reading.source == "device":
        return device_fresh_s(VITALS[vital], reading.interval_s)
    every = work.schedule.get(vital)
    if every is None:
        return VITALS[vital].fresh_s
    return every + max(GRACE_FLOOR_S, GRACE_SHARE * every)


def _change_phase(work: Work, command: ChangePhase, actor: Actor) -> None:
    to, frm = command.to, work.phase
    if to not in phases.FORWARD:
        raise InvalidRequest(
            "There is no such phase.",
            errors=[FieldError(("to",), "unknown_phase", "There is no such phase.")],
        )
    at = _phase_moment(work, command)
    if to not in phases.allowed(frm):
        names = ", ".join(phases.allowed(frm)) or "nothing: the session is closed"
        raise IllegalTransition(
            f"From {frm} the next can be: {names}.", allowed=phases.allowed(frm)
        )
    back = phases.is_back(frm, to)
    if back and to == "infusing" and at - work.phase_since > phases.BACK_TO_INFUSING_S * SECOND_MS:
        raise IllegalTransition("Back to infusing is possible for 10 minutes after the end only.")
    if (back or to in phases.NEEDS_REASON) and not command.reason:
        raise ReasonRequired(
            f"Give a reason for {to}.", errors=[FieldError(("reason",), "required", "Required.")]
        )
    missing = _missing(work, to, back)
    if missing and not command.override_reason:
        raise GateFailed(
            f"Before {to} something is missing: {', '.join(missing)}.", missing=list(missing)
        )
    if work.infusing_since is not None:
        work.infused_ms += max(0, at - work.infusing_since)
        work.infusing_since = None
    if to == "infusing":
        work.infusing_since = at
    protocol = PROTOCOLS[work.order.protocol]
    work.phase, work.phase_since = to, at
    work.phases = (*work.phases, PhaseSpan(to, at, command.reason))
    schedule = protocol.schedule.get(to, {})
    if schedule != work.schedule:
        work.schedule, work.schedule_since = schedule, at
    if to in phases.CLOSED:
        work.closed_at = at
    work.record("phase.changed", at, _phase_data(work, command, frm, missing), actor)
    if frm == "baseline" and to == "ready":
        _set_baseline(work, protocol, at, actor)
    if work.closed_at is not None:
        alarms.close(work)


def _phase_data(
    work: Work, command: ChangePhase, frm: str, missing: tuple[str, ...]
) -> dict[str, Any]:
    since = work.infusing_since
    return {
        "from": frm,
        "to": command.to,
        "reason": command.reason,
        "override_reason": command.override_reason,
        "missing": list(missing),
        "infused_s": work.infused_ms / SECOND_MS,
        "infusing_since": None if since is None else iso(since),
        "schedule": work.schedule,
        "schedule_since": iso(work.schedule_since),
        "active": work.closed_at is None,
        "now": iso(work.now) if work.clock == "driven" and work.now else None,
    }


def _phase_moment(work: Work, command: ChangePhase) -> int:
    if command.at is None:
        now = work.now or work.order.created_at
        return now if work.phase == phases.SCHEDULED else max(now, work.phase_since)
    at = command.at
    errors = []
    if not EARLIEST_MS <= at <= LATEST_MS:
        errors.append(FieldError(("at",), "implausible", "The time is outside 2000 to 2100."))
    if errors:
        raise InvalidRequest("The time is outside 2000 to 2100.", errors=errors)
    if work.phase != phases.SCHEDULED and at < work.phase_since:
        raise BeforePreviousPhase(
            f"The phase {work.phase} began at {iso(work.phase_since)}; the next cannot be earlier."
        )
    if work.clock == "wall" and at > work.now + FUTURE_TOLERANCE_MS:
        raise TakenInFuture("The time is more than a minute ahead.")
    return at


def _missing(work: Work, to: str, back: bool) -> tuple[str, ...]:
    """What a gate still wants: names of vitals, `weight`, or `acknowledgement`."""
    if to == "ready" and not back:
        wanted = PROTOCOLS[work.order.protocol].baseline_set
        return tuple(vital for vital in wanted if vital not in work.rested)
    if to == "infusing" and work.phase == "ready" and work.order.weight_kg is None:
        return ("weight",)
    if to == "discharged":
        unseen = any(
            alarm.priority == "high" and alarm.state in ("active", "latched")
            for alarm in work.alarms.values()
        )
        return ("acknowledgement",) if unseen else ()
    return ()


def _set_baseline(work: Work, protocol: Protocol, at: int, actor: Actor) -> None:
    if not work.rested:
        return
    baseline = {vital: round(median(values), 1) for vital, values in work.rested.items()}
    work.baseline = baseline
    lines = lines_in_force(protocol, baseline)
    work.draw_lines(lines)
    data = {"values": baseline, "limits": public_lines(lines)}
    work.record("baseline.set", at, data, actor)


def _move_clock(work: Work, command: MoveClock, actor: Actor) -> None:
    if work.clock != "driven":
        raise NotDriven("Only a simulated session on a driven clock can be moved in time.")
    if command.live:
        work.clock = "wall"
    elif command.at is None:
        raise InvalidRequest(
            "Give `at` or `live`.", errors=[FieldError(("at",), "required", "Required.")]
        )
    now = None if work.clock == "wall" else iso(work.now)
    work.record("clock.moved", work.now, {"clock": work.clock, "now": now}, actor)
