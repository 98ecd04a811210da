"""The life of an alarm: raised, changed, acknowledged, latched, reopened, cleared; only the engine
calls this.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring.commands import SYSTEM, Acknowledge, Actor
from app.monitoring.errors import UnknownAlarm
from app.monitoring.limits import RANK
from app.monitoring.rules import RULES, Condition
from app.monitoring.state import Acknowledgement, Alarm
from app.monitoring.times import SECOND_MS
from app.monitoring.view import public_alarm
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from app.monitoring.work import Work

REOPEN_MS: Final = (
    60 * SECOND_MS
)  # a condition back within a minute is the same trouble, not a new alarm
CALMER_MS: Final = 30 * SECOND_MS  # a priority falls only after half a minute of being lower


def judge(work: Work, at: int) -> int | None:
    """Brings the alarms in line with what is true at `at`; answers when that may change by
    itself.
    """
    work.end_excursions(at)
    present: dict[str, Condition] = {}
    due: int | None = None
    if work.closed_at is None:
        for rule in RULES:
            for condition in rule(work, at):
                present[condition.key] = condition
    for condition in present.values():
        due = _earlier(due, _apply(work, condition, at), at)
    for key, alarm in list(work.alarms.items()):
        if key not in present and alarm.state != "latched":
            _end(work, alarm, at, "session_closed" if work.closed_at is not None else "over")
    for key, alarm in list(work.recent.items()):
        if alarm.cleared_at is None or alarm.cleared_at + REOPEN_MS < at:
            del work.recent[key]
    return due


def acknowledge(work: Work, command: Acknowledge, actor: Actor, at: int) -> None:
    """A named person has seen this alarm; an older `rev` is recorded and does not quiet
    the newer.
    """
    alarm = next((a for a in work.alarms.values() if a.id == command.alarm_id), None)
    if alarm is None:
        raise UnknownAlarm("This alarm does not stand in this session any more, or never did.")
    rev = alarm.rev if command.rev is None else min(command.rev, alarm.rev)
    seen = Acknowledgement(actor, at, rev, command.action, command.note)
    state = alarm.state
    if rev == alarm.rev and state == "active":
        state = "acknowledged"
    changed = replace(alarm, state=state, acknowledgements=(*alarm.acknowledgements, seen))
    _say(work, "alarm.acknowledged", changed, at, actor)
    if alarm.state == "latched" and rev == alarm.rev:
        _clear(work, changed, at, "acknowledged")


def _apply(work: Work, condition: Condition, at: int) -> int | None:
    """Holds one condition against its alarm; answers its next moment."""
    alarm = work.alarms.get(condition.key)
    if alarm is not None and alarm.state != "latched":
        if condition.stands:
            if condition.over_at is not None:
                return condition.over_at
            return _earlier(condition.next_at, _follow(work, condition, alarm, at), at)
        _end(work, alarm, at, "over")
    if condition.over_at is not None or condition.raise_at > at:
        return condition.over_at or condition.raise_at
    _begin(work, condition, at)
    return condition.next_at


def _begin(work: Work, condition: Condition, at: int) -> Alarm:
    before = work.alarms.get(condition.key) or work.recent.pop(condition.key, None)
    if before is not None and (before.cleared_at is None or before.cleared_at + REOPEN_MS >= at):
        unseen = before.state == "latched" and RANK[before.priority] > RANK[condition.priority]
        again = replace(
            before,
            state="active",
            rev=before.rev + 1,
            priority=before.priority if unseen else condition.priority,
            value=condition.value,
            worst=condition.worst,
            sounded=condition.worst,
            limit=condition.limit,
            vital=condition.vital,
            unit=condition.unit,
            text=condition.text,
            missing=condition.missing,
            since=condition.since,
            cleared_at=None,
            ended_by=None,
            lower_since=at if unseen else None,
        )
        return _say(work, "alarm.reopened", again, at)
    name = uuid.uuid5(uuid.UUID(work.order.id), str(work.seq + 1))
    raised = Alarm(
        id=str(name),
        key=condition.key,
        kind=condition.kind,
        condition=condition.condition,
        group=condition.group,
        vital=condition.vital,
        side=condition.side,
        priority=condition.priority,
        state="active",
        rev=1,
        raised_at=at,
        since=condition.since,
        value=condition.value,
        worst=condition.worst,
        limit=condition.limit,
        unit=condition.unit,
        text=condition.text,
        missing=condition.missing,
        acknowledgements=(),
        cleared_at=None,
        ended_by=None,
        sounded=condition.worst,
        lower_since=None,
    )
    return _say(work, "alarm.raised", raised, at)


def _follow(work: Work, condition: Condition, alarm: Alarm, at: int) -> int | None:
    """Worse sounds again; better is said only when it has lasted and a person knows."""
    rank, held = RANK[condition.priority], RANK[alarm.priority]
    lower_since = None if rank >= held else (at if alarm.lower_since is None else alarm.lower_since)
    now = alarm
    if lower_since != alarm.lower_since:
        now = replace(alarm, lower_since=lower_since)
    more = bool(set(condition.missing) - set(alarm.missing))
    if rank > held or more or _worse_by_a_step(condition, alarm):
        _say(work, "alarm.changed", _updated(now, condition, rev=alarm.rev + 1), at)
        return None
    calmer_at = None
    if lower_since is not None and alarm.state == "acknowledged":
        calmer_at = lower_since + CALMER_MS
    if calmer_at is not None and calmer_at <= at:
        calmer = replace(now, priority=condition.priority, lower_since=None)
        _say(work, "alarm.changed", _updated(calmer, condition, rev=alarm.rev), at)
        return None
    if condition.missing != alarm.missing:
        _say(work, "alarm.changed", _updated(now, condition, rev=alarm.rev), at)
        return calmer_at
    if condition.vital == alarm.vital and _further(condition, alarm) != alarm.worst:
        _say(work, "alarm.changed", _updated(now, condition, rev=alarm.rev), at)
    elif now is not alarm:
        work.alarms[alarm.key] = now
    return calmer_at


def _updated(alarm: Alarm, condition: Condition, *, rev: int) -> Alarm:
    keeps = RANK[condition.priority] <= RANK[alarm.priority]
    same = condition.vital == alarm.vital
    worst = _further(condition, alarm) if same else condition.worst
    return replace(
        alarm,
        rev=rev,
        state="active" if rev > alarm.rev else alarm.state,
        priority=alarm.priority if keeps else condition.priority,
        vital=condition.vital,
        value=condition.value,
        worst=worst,
        sounded=worst if rev > alarm.rev else alarm.sounded,
        limit=condition.limit,
        unit=condition.unit,
        text=condition.text,
        missing=condition.missing,
    )


def _worse_by_a_step(condition: Condition, alarm: Alarm) -> bool:
    """By one step of the vital; of two vitals of a group the one further beyond its limit, counted
    in steps, is the worse.
    """
    if condition.worse_by is None or condition.value is None or alarm.sounded is None:
        return False
    if condition.vital == alarm.vital:
        return _outwards(condition, condition.value - alarm.sounded) >= condition.worse_by
    if condition.limit is None or alarm.limit is None or alarm.vital is None:
        return False
    now = _outwards(condition, condition.value - condition.limit) / condition.worse_by
    said = _outwards(condition, alarm.sounded - alarm.limit) / VITALS[alarm.vital].worsening
    return now >= said + 1


def _outwards(condition: Condition, change: float) -> float:
    return change if condition.side == "high" else -change


def _further(condition: Condition, alarm: Alarm) -> float | None:
    """The value furthest from the limit so far; values of another vital of the group do
    not compare.
    """
    if condition.vital != alarm.vital:
        return alarm.worst
    if condition.worst is None or alarm.worst is None:
        return condition.worst
    choose = max if condition.side == "high" else min
    return choose(condition.worst, alarm.worst)


def _end(work: Work, alarm: Alarm, at: int, ended_by: str) -> None:
    unseen = alarm.state == "active" and alarm.priority == "high" and alarm.kind == "physiological"
    if unseen and ended_by == "over":
        _say(work, "alarm.latched", replace(alarm, state="latched"), at)
        return
    _clear(work, alarm, at, ended_by)


def _clear(work: Work, alarm: Alarm, at: int, ended_by: str) -> None:
    over = replace(alarm, state="cleared", cleared_at=at, ended_by=ended_by)
    _say(work, "alarm.cleared", over, at)


def close(work: Work) -> None:
    """Ends every alarm of a session that closes, the latched ones too, and not before it
    was raised.
    """
    for alarm in list(work.alarms.values()):
        _clear(work, alarm, work.now, "session_closed")


def _say(work: Work, kind: str, alarm: Alarm, at: int, actor: Actor = SYSTEM) -> Alarm:
    work.record(kind, at, {"alarm": public_alarm(alarm, work.order.id)}, actor)
    if alarm.state == "cleared":
        work.alarms.pop(alarm.key, None)
        work.recent[alarm.key] = alarm
    else:
        work.alarms[alarm.key] = alarm
    return alarm


def _earlier(first: int | None, second: int | None, after: int) -> int | None:
    moments = [moment for moment in (first, second) if moment is not None and moment > after]
    return min(moments, default=None)
