"""From one phase to the next: what may follow, what is missing, what the change sets going."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from app.monitoring import alarms, controls, phases
from app.monitoring.device_times import EARLIEST_MS, LATEST_MS
from app.monitoring.errors import (
    BeforePreviousPhase,
    FieldError,
    GateFailed,
    IllegalTransition,
    InvalidRequest,
    ReasonRequired,
    TakenInFuture,
)
from app.monitoring.excursions import redraw
from app.monitoring.in_force import draw
from app.monitoring.limit_changes import broken_by
from app.monitoring.readings import FUTURE_TOLERANCE_MS
from app.monitoring.state import PhaseSpan
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.view import public_lines, public_review
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Actor, ChangePhase
    from app.monitoring.limits import Number
    from app.monitoring.state import Rested
    from app.monitoring.work import Work


def change_phase(work: Work, command: ChangePhase, actor: Actor) -> None:
    """Raises DomainError with nothing done."""
    to, frm = command.to, work.phase
    if to not in phases.FORWARD:
        raise InvalidRequest(
            "There is no such phase.",
            errors=[FieldError(("to",), "unknown_phase", "There is no such phase.")],
        )
    at = _moment(work, command)
    missing = _refuse(work, command, at)
    work.phase, work.phase_since = to, at
    work.phases = (*work.phases, PhaseSpan(to, at, command.reason, work.now))
    follow_phases(work)
    if to in phases.CLOSED:
        work.closed_at = at
    work.record("phase.changed", at, _data(work, command, frm, missing), actor)
    for key, alarm in work.alarms.items():
        if alarm.kind == "technical":
            work.endings[key] = Ending("phase_changed")
    controls.leave_phase(work, at, actor)
    if frm == "baseline" and to == "ready":
        _set_baseline(work, at, actor)
    if work.closed_at is not None:
        alarms.close(work)


def follow_phases(work: Work) -> None:
    """Infused time and schedule are what the phases make them, whoever changed the phases."""
    work.infused_ms, work.infusing_since = phases.infused(work.phases)
    every, before = work.limits.protocol.schedule, work.schedule
    work.schedule, work.schedule_since = phases.scheduled(work.phases, every)
    if work.schedule != before:
        work.not_taken = {}


def baseline_of(rested: Mapping[str, tuple[Rested, ...]]) -> dict[str, Number]:
    """The median of the last two values of each vital taken at rest."""
    return {v: round(median(held.value for held in values), 1) for v, values in rested.items()}


def _refuse(work: Work, command: ChangePhase, at: int) -> tuple[str, ...]:
    """Raises if the phase cannot change so; answers what is missing and was overridden."""
    to, frm = command.to, work.phase
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
    return missing


def _data(work: Work, command: ChangePhase, frm: str, missing: tuple[str, ...]) -> dict[str, Any]:
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


def _moment(work: Work, command: ChangePhase) -> int:
    if command.at is None:
        now = work.now or work.order.created_at
        return now if work.phase == phases.SCHEDULED else max(now, work.phase_since)
    at = command.at
    if not EARLIEST_MS <= at <= LATEST_MS:
        error = FieldError(("at",), "implausible", "The time is outside 2000 to 2100.")
        raise InvalidRequest("The time is outside 2000 to 2100.", errors=[error])
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
        wanted = work.limits.protocol.baseline_set
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


def _set_baseline(work: Work, at: int, actor: Actor) -> None:
    if not work.rested:
        return
    work.baseline = {**baseline_of(work.rested), **work.given}  # what a clinician has set stays
    redraw(work, draw(work.limits.protocol, work.baseline, work.moved))
    work.to_review = broken_by(work.baseline, work.limits.lines)
    data = {
        "values": work.baseline,
        "limits": public_lines(work.limits.lines),
        "to_review": public_review(work.to_review, work.limits.lines, work.baseline),
    }
    work.record("baseline.set", at, data, actor)
