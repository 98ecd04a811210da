"""How much worse a condition is than its alarm has told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from app.monitoring.rules import Condition
    from app.monitoring.state import Alarm

ROUNDING: Final = 1e-9  # steps; two ways to the same number may differ by less


def worse_by_a_step(condition: Condition, alarm: Alarm) -> bool:
    """By one step of the vital, of two vitals of a group further beyond its limit by one step."""
    worse = _worse_by(condition, alarm)
    return worse is not None and worse >= 1 - ROUNDING


def _worse_by(condition: Condition, alarm: Alarm) -> float | None:
    """How many steps further out the condition is than the alarm was when it last sounded; None if
    they do not compare.
    """
    if condition.worse_by is None or condition.value is None or alarm.sounded is None:
        return None
    if condition.vital == alarm.vital:
        return _outwards(condition, condition.value - alarm.sounded) / condition.worse_by
    if condition.limit is None or alarm.limit is None or alarm.vital is None:
        return None
    now = _outwards(condition, condition.value - condition.limit) / condition.worse_by
    said = _outwards(condition, alarm.sounded - alarm.limit) / VITALS[alarm.vital].worsening
    return now - said


def as_far(alarm: Alarm, condition: Condition) -> float | None:
    """The value of the condition's vital that is as far beyond its limit, in steps, as that of the
    other vital of the group was when the alarm last sounded.
    """
    if alarm.sounded is None or alarm.limit is None or alarm.vital is None:
        return condition.worst
    if condition.limit is None or condition.worse_by is None:
        return condition.worst
    steps = (alarm.sounded - alarm.limit) / VITALS[alarm.vital].worsening
    return condition.limit + steps * condition.worse_by


def worse_unseen(condition: Condition, alarm: Alarm) -> bool:
    """A high one of a cuff or a typed value that nobody has seen sounds again with any worse
    reading, for it does not by itself.
    """
    if condition.resounds or alarm.state != "active" or alarm.priority != "high":
        return False
    worse = _worse_by(condition, alarm)
    return worse is not None and worse > ROUNDING


def _outwards(condition: Condition, change: float) -> float:
    return change if condition.side == "high" else -change


def further(condition: Condition, alarm: Alarm) -> float | None:
    """The value furthest from the limit so far; values of another vital of the group do
    not compare.
    """
    if condition.vital != alarm.vital:
        return alarm.worst
    if condition.worst is None or alarm.worst is None:
        return condition.worst
    choose = max if condition.side == "high" else min
    return choose(condition.worst, alarm.worst)
