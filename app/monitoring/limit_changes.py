"""Moving the limits of one session: by whom, how far, and in which order they must stay."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.commands import AS_A_NURSE
from app.monitoring.errors import (
    FieldError,
    InvalidRequest,
    LimitsChanged,
    ReasonRequired,
    RoleNeeded,
)
from app.monitoring.excursions import redraw
from app.monitoring.in_force import draw
from app.monitoring.limits import NAMED, named_line
from app.monitoring.view import public_lines, public_review
from app.monitoring.vitals import VITALS
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Actor, ChangeLimits
    from app.monitoring.limits import Lines, Number
    from app.monitoring.work import Work

WARNINGS: Final = frozenset({"low", "high"})  # a nurse may move these; the others a clinician
OUTWARDS: Final = ("low_critical", "low", "high", "high_critical")  # each above the one before


def change_limits(work: Work, command: ChangeLimits, actor: Actor) -> None:
    """Raises InvalidRequest with one error per field, ReasonRequired, RoleNeeded or LimitsChanged,
    with nothing done.
    """
    _refuse(work, command, actor)
    before = work.limits
    moved = dict(work.moved)
    changes: list[dict[str, Any]] = []
    for vital, wanted in command.lines.items():
        for name, value in wanted.items():
            line = named_line(before.lines.get(vital, ()), name)
            was = None if line is None else line.value
            changes.append({"vital": vital, "flag": name, "from": was, "to": value})
            if was != value:
                moved[f"{vital}.{name}"] = value
    baseline = work.baseline
    if command.baseline:
        baseline = {**(work.baseline or {}), **command.baseline}
        work.given = {**work.given, **command.baseline}
    work.moved, work.baseline = moved, baseline
    redraw(work, draw(before.protocol, baseline, moved))
    changed = {
        VITALS[vital].group
        for vital, lines in work.limits.lines.items()
        if lines != before.lines.get(vital)
    }
    for key, alarm in work.alarms.items():
        if alarm.condition == "limit" and alarm.group in changed:
            work.endings[key] = Ending("limits_changed", command.reason, actor)
    looked_at = {f"{change['vital']}.{change['flag']}" for change in changes}
    broken = broken_by(baseline or {}, work.limits.lines)
    anew = {name for name in broken if name.partition(".")[0] in command.baseline}
    work.to_review = tuple(
        name for name in broken if name not in looked_at and (name in anew | {*work.to_review})
    )
    work.limits_version += 1
    data = {
        "version": work.limits_version,
        "reason": command.reason,
        "changes": changes,
        "given": dict(command.baseline),
        "baseline": baseline,
        "limits": public_lines(work.limits.lines),
        "to_review": public_review(work.to_review, work.limits.lines, baseline),
    }
    work.record("limits.changed", work.now, data, actor)


def broken_by(baseline: Mapping[str, Number], lines: Lines) -> tuple[str, ...]:
    """The limits, as `vital.flag`, that a patient's baseline is beyond already."""
    broken = []
    for vital, value in baseline.items():
        for name in OUTWARDS:
            line = named_line(lines.get(vital, ()), name)
            if line is not None and line.priority is not None and line.reached(value):
                broken.append(f"{vital}.{name}")
    return tuple(broken)


def _refuse(work: Work, command: ChangeLimits, actor: Actor) -> None:
    if not command.reason:
        error = FieldError(("reason",), "required", "Required.")
        raise ReasonRequired("Give a reason for the change.", errors=[error])
    if command.version is not None and command.version != work.limits_version:
        raise LimitsChanged(
            "Nothing was changed: somebody else changed the limits meanwhile. Look at them again."
        )
    errors = [*_wrong_lines(work, command.lines), *_wrong_baseline(command.baseline)]
    if not command.lines and not command.baseline:
        errors.append(FieldError(("limits",), "required", "Name at least one limit."))
    if errors:
        raise InvalidRequest("Nothing was changed. Correct the limits listed.", errors=errors)
    critical = any(name not in WARNINGS for names in command.lines.values() for name in names)
    if actor.role not in AS_A_NURSE:
        raise RoleNeeded("Only a nurse or a clinician may change limits.")
    if (critical or command.baseline) and actor.role != "clinician":
        raise RoleNeeded("Critical limits and the baseline are a clinician's to change.")


def _wrong_baseline(baseline: Mapping[str, float]) -> list[FieldError]:
    errors = []
    for code, value in baseline.items():
        vital = VITALS.get(code)
        if vital is None:
            errors.append(FieldError(("baseline", code), "unknown_vital", "No such vital sign."))
        elif not vital.manual_reject[0] <= value <= vital.manual_reject[1]:
            low, high = vital.manual_reject
            msg = f"{vital.label} must be between {low:g} and {high:g}."
            errors.append(FieldError(("baseline", code), "implausible", msg))
    return errors


def _wrong_lines(work: Work, lines: Mapping[str, Mapping[str, float]]) -> list[FieldError]:
    errors = []
    for code, wanted in lines.items():
        held = work.limits.lines.get(code, ())
        now = {name: line.value for name in NAMED if (line := named_line(held, name)) is not None}
        bounds = VITALS[code].limit_bounds if code in VITALS else None
        unknown = [name for name in wanted if bounds is None or name not in now]
        errors += [
            FieldError(("limits", code, name), "no_such_line", "There is no such limit to move.")
            for name in unknown
        ]
        if unknown or bounds is None:
            continue
        outside = [name for name, value in wanted.items() if not bounds[0] <= value <= bounds[1]]
        msg = f"Between {bounds[0]:g} and {bounds[1]:g} {VITALS[code].unit}".rstrip() + "."
        errors += [FieldError(("limits", code, name), "out_of_bounds", msg) for name in outside]
        if not outside:
            errors += _disordered(code, wanted, {**now, **wanted})
    return errors


def _disordered(
    code: str, wanted: Mapping[str, float], after: Mapping[str, float]
) -> list[FieldError]:
    """Low below high, critical outside warning, and a least distance between neighbours."""
    gap = VITALS[code].limit_gap
    errors = []
    present = [name for name in OUTWARDS if name in after]
    for lower, upper in pairwise(present):
        distance = after[upper] - after[lower]
        named = upper if upper in wanted else lower
        if named not in wanted or distance >= gap:
            continue
        names = f"{lower.replace('_', ' ')} and {upper.replace('_', ' ')}"
        if distance <= 0:
            msg = f"The limits {names} must keep their order."
            errors.append(FieldError(("limits", code, named), "not_ordered", msg))
        else:
            msg = f"The limits {names} must be at least {gap:g} apart."
            errors.append(FieldError(("limits", code, named), "too_close", msg))
    return errors
