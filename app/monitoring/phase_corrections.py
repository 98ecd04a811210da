"""Phase taps put right: one given its true time, the last one taken back.

What follows from the phases is worked out from them anew, as if they had been tapped so; the alarms
are judged by it in the same step. Silence never comes back by itself: what a tap switched on again
stays on until a person stills it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.monitoring import controls, phases
from app.monitoring.errors import (
    FieldError,
    NothingToTakeBack,
    OutOfOrder,
    PhaseChanged,
    TakenInFuture,
    TooLate,
)
from app.monitoring.excursions import redraw
from app.monitoring.in_force import draw
from app.monitoring.intake import RESTED_PHASES, rest_again
from app.monitoring.limit_changes import broken_by
from app.monitoring.phase_changes import follow_phases
from app.monitoring.readings import FUTURE_TOLERANCE_MS
from app.monitoring.times import MINUTE_MS, SECOND_MS, iso
from app.monitoring.view import public_lines, public_phases, public_review
from app.monitoring.vitals import VITALS
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from app.monitoring.commands import Actor, CorrectPhase, TakeBackPhase
    from app.monitoring.work import Work


def correct_phase(work: Work, command: CorrectPhase, actor: Actor) -> None:
    """Raises PhaseChanged, OutOfOrder or TakenInFuture with nothing done."""
    _refuse_time(work, command)
    entry, was = command.entry, work.phases[command.entry]
    moved = replace(was, at=command.at)
    work.phases = (*work.phases[:entry], moved, *work.phases[entry + 1 :])
    _follow(work)
    said = {
        "entry": entry,
        "phase": was.phase,
        "was": iso(was.at),
        "at": iso(command.at),
        "reason": command.reason,
        **_followed(work),
    }
    work.record("phase.corrected", work.now, said, actor)


def take_back(work: Work, command: TakeBackPhase, actor: Actor) -> None:
    """Raises PhaseChanged, NothingToTakeBack or TooLate with nothing done."""
    if command.phase != work.phase:
        raise PhaseChanged(f"Nothing was changed: the phase is {work.phase} now. Look again.")
    if len(work.phases) == 1:
        raise NothingToTakeBack("Nothing was changed: no phase was tapped yet.")
    *kept, mistaken = work.phases
    if work.now - mistaken.told_at > phases.TAKE_BACK_S * SECOND_MS:
        raise TooLate(
            "Nothing was changed: a phase can be taken back for 10 minutes. Go on to the right one."
        )
    work.phases = tuple(kept)
    work.phase = kept[-1].phase
    _follow(work)
    if mistaken.phase not in RESTED_PHASES:
        rest_again(work, mistaken.told_at)
    for key, alarm in work.alarms.items():
        if alarm.kind == "technical":
            work.endings[key] = Ending("phase_changed", command.reason, actor)
    was_ready = (work.phase, mistaken.phase) == ("baseline", "ready")
    made_baseline = was_ready and work.baseline != (work.given or None)
    said = {
        "phase": mistaken.phase,
        "to": work.phase,
        "reason": command.reason,
        **_followed(work),
        "schedule": work.schedule,
        "redrawn": _without_its_baseline(work, command, actor) if made_baseline else None,
    }
    work.record("phase.taken_back", work.now, said, actor)
    controls.leave_phase(work, work.now, actor)


def _refuse_time(work: Work, command: CorrectPhase) -> None:
    spans, entry, at = work.phases, command.entry, command.at
    if entry >= len(spans) or spans[entry].phase != command.phase:
        raise PhaseChanged("Nothing was changed: the phases are others now. Look at them again.")
    if entry + 1 == len(spans):
        ahead = FUTURE_TOLERANCE_MS if work.clock == "wall" else 0
        if at > work.now + ahead:
            error = FieldError(("at",), "in_future", "Lies in the future.")
            raise TakenInFuture("Nothing was changed: the time lies ahead.", errors=[error])
    elif at > spans[entry + 1].at:
        after = spans[entry + 1]
        raise OutOfOrder(f"Nothing was changed: {after.phase} began at {iso(after.at)}.")
    earliest = spans[entry - 1].at if entry else work.order.created_at
    if entry < 2:  # a check-in may have been told before the session was
        earliest = min(earliest, spans[entry].at)
    if at < earliest:
        raise OutOfOrder(f"Nothing was changed: it cannot have begun before {iso(earliest)}.")


def _follow(work: Work) -> None:
    work.phase_since = work.phases[-1].at
    follow_phases(work)
    planned = work.order.planned_minutes * MINUTE_MS
    work.planned_end_passed_at = phases.infused_for(work.phases, planned, work.now)


def _followed(work: Work) -> dict[str, Any]:
    since, passed = work.infusing_since, work.planned_end_passed_at
    return {
        "phases": public_phases(work.phases),
        "infused_s": work.infused_ms / SECOND_MS,
        "infusing_since": None if since is None else iso(since),
        "phase_since": iso(work.phase_since),
        "schedule_since": iso(work.schedule_since),
        "planned_end_passed_at": None if passed is None else iso(passed),
    }


def _without_its_baseline(work: Work, command: TakeBackPhase, actor: Actor) -> dict[str, Any]:
    """The lines as only what a person has set draws them."""
    before = work.limits.lines
    work.baseline = work.given or None
    redraw(work, draw(work.limits.protocol, work.baseline, work.moved))
    lines = work.limits.lines
    for key, alarm in work.alarms.items():
        vitals = (v for v in lines if VITALS[v].group == alarm.group)
        if alarm.condition == "limit" and any(lines[v] != before.get(v) for v in vitals):
            work.endings[key] = Ending("limits_changed", command.reason, actor)
    broken = broken_by(work.given, lines)
    work.to_review = tuple(name for name in broken if name in work.to_review)
    return {
        "baseline": work.baseline,
        "limits": public_lines(lines),
        "to_review": public_review(work.to_review, lines, work.baseline),
    }
