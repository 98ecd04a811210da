"""The life of an alarm: raised, changed, acknowledged, latched, reopened, cleared; only the engine
calls this.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring import attention, controls, stop_prompts
from app.monitoring.commands import SYSTEM, Acknowledge, Actor, ConfirmShown
from app.monitoring.errors import UnknownAlarm
from app.monitoring.excursions import end_excursions
from app.monitoring.limits import RANK
from app.monitoring.rules import RULES, Condition
from app.monitoring.state import Acknowledgement, Alarm
from app.monitoring.times import SECOND_MS
from app.monitoring.view import public_alarm
from app.monitoring.work import Ending
from app.monitoring.worsening import as_far, further, worse_by_a_step, worse_unseen

if TYPE_CHECKING:
    from app.monitoring.work import Work

REOPEN_MS: Final = (
    60 * SECOND_MS
)  # a condition back within a minute is the same trouble, not a new alarm
CALMER_MS: Final = 30 * SECOND_MS  # a priority falls only after half a minute of being lower
OVER: Final = Ending("over")
UNKNOWING: Final = frozenset({"over", "limits_changed", "replaced", "phase_changed"})
"""Endings that nobody has seen who had to see the alarm: a high one of the patient latches."""
ANY: Final = "*"  # the ending of every alarm that goes in this step


def judge(work: Work, at: int) -> int | None:
    """Brings the alarms in line with what is true at `at`; answers when that may change by
    itself.
    """
    due = controls.expire(work, at) if work.closed_at is None else None
    end_excursions(work, at)
    present, hidden = _present(work, at)
    for condition in hidden:
        due = earlier(due, earlier(condition.next_at, condition.raise_at, at), at)
    for condition in present.values():
        due = earlier(due, _apply(work, condition, at), at)
    for key, alarm in list(work.alarms.items()):
        if key not in present and alarm.state != "latched":
            _end(work, alarm, at)
        elif alarm.state == "active" and alarm.priority == "high":
            due = earlier(due, _attend(work, alarm, present[key], at), at)
    for key, alarm in list(work.recent.items()):
        if alarm.cleared_at is None or alarm.cleared_at + REOPEN_MS < at:
            del work.recent[key]
    due = earlier(due, stop_prompts.judge(work, at), at)
    work.touched = False
    work.endings.clear()
    return due


def _present(work: Work, at: int) -> tuple[dict[str, Condition], list[Condition]]:
    """What the rules find, without what is switched off; and apart from it, what another condition
    tells better.
    """
    if work.closed_at is not None:
        work.endings[ANY] = Ending("session_closed")
        return {}, []
    work.lost_memo.clear()
    work.silent_memo.clear()
    present: dict[str, Condition] = {}
    for rule in RULES:
        for condition in rule(work, at):
            if work.alarm_off and controls.is_off(work, condition):
                work.endings[condition.key] = Ending("alarm_off")
            else:
                present[condition.key] = condition
    hidden = []
    for condition in list(present.values()):
        if condition.replaces and condition.stands and condition.raise_at <= at:
            for key in condition.replaces:
                if key in present:
                    hidden.append(present.pop(key))
                    work.endings[key] = Ending("replaced")
    return present, hidden


def acknowledge(work: Work, command: Acknowledge, actor: Actor, at: int) -> None:
    """A named person has seen this alarm; an older `rev` is recorded and does not quiet
    the newer. One that has just cleared keeps who saw it, too.
    """
    alarm = standing(work, command.alarm_id) or _recent(work, command.alarm_id, at)
    if alarm is None:
        raise UnknownAlarm("This alarm does not stand in this session any more, or never did.")
    rev = alarm.rev if command.rev is None else min(command.rev, alarm.rev)
    seen = Acknowledgement(actor, at, rev, command.action, command.note)
    changed = replace(alarm, acknowledgements=(*alarm.acknowledgements, seen))
    if rev == alarm.rev and alarm.state == "active":
        changed = replace(changed, state="acknowledged", escalation=None, unseen_since=None)
    say(work, "alarm.acknowledged", changed, at, actor)
    if rev != alarm.rev:
        return
    if alarm.state == "latched":
        clear(work, changed, at, Ending("acknowledged"))
    elif alarm.condition == "missed_offline":
        key = f"{alarm.group}|{alarm.side or ''}"
        work.missed = {k: missed for k, missed in work.missed.items() if k != key}
        work.endings[alarm.key] = Ending("acknowledged")


def confirm_shown(work: Work, command: ConfirmShown, actor: Actor, at: int) -> None:
    """A screen has shown and sounded this revision; said once for each."""
    alarm = standing(work, command.alarm_id)
    if alarm is None or not alarm.shown_rev < command.rev <= alarm.rev:
        return
    say(work, "alarm.sounded", replace(alarm, shown_rev=command.rev), at, actor)
    work.touched = True


def standing(work: Work, alarm_id: str) -> Alarm | None:
    return next((a for a in work.alarms.values() if a.id == alarm_id), None)


def _recent(work: Work, alarm_id: str, at: int) -> Alarm | None:
    """An alarm that cleared while somebody reached for it."""
    for alarm in work.recent.values():
        if alarm.id == alarm_id and (alarm.cleared_at or 0) + REOPEN_MS >= at:
            return alarm
    return None


def _apply(work: Work, condition: Condition, at: int) -> int | None:
    """Holds one condition against its alarm; answers its next moment."""
    alarm = work.alarms.get(condition.key)
    if alarm is not None and alarm.state != "latched":
        if condition.stands:
            if condition.over_at is not None:
                return condition.over_at
            return earlier(condition.next_at, _follow(work, condition, alarm, at), at)
        _end(work, alarm, at)
    if not condition.stands:
        return condition.next_at
    if condition.over_at is not None or condition.raise_at > at:
        return condition.over_at or condition.raise_at
    _begin(work, condition, at)
    return condition.next_at


def _begin(work: Work, condition: Condition, at: int) -> None:
    before = work.alarms.get(condition.key) or work.recent.pop(condition.key, None)
    if before is not None and (before.cleared_at is None or before.cleared_at + REOPEN_MS >= at):
        alarm = _reopened(before, condition, at)
        say(work, "alarm.reopened", alarm, at)
    else:
        alarm = _new(work, condition, at)
        say(work, "alarm.raised", alarm, at)
    controls.break_through(work, alarm, None, at)


def _reopened(before: Alarm, condition: Condition, at: int) -> Alarm:
    latched = before.state == "latched" and before.vital == condition.vital
    unseen = before.state == "latched" and RANK[before.priority] > RANK[condition.priority]
    priority = before.priority if unseen else condition.priority
    return replace(
        before,
        state="active",
        rev=before.rev + 1,
        priority=priority,
        value=condition.value,
        worst=further(condition, before) if latched else condition.worst,
        sounded=condition.worst,
        sounded_at=at,
        limit=condition.limit,
        vital=condition.vital,
        unit=condition.unit,
        text=condition.text,
        missing=condition.missing,
        devices=condition.devices,
        since=condition.since,
        cleared_at=None,
        ended_by=None,
        ended_reason=None,
        escalation=None,
        unseen_since=at if priority == "high" else None,
        lower_since=at if unseen else None,
    )


def _new(work: Work, condition: Condition, at: int) -> Alarm:
    name = uuid.uuid5(uuid.UUID(work.order.id), str(work.seq + 1))
    return Alarm(
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
        ended_reason=None,
        devices=condition.devices,
        sounded=condition.worst,
        sounded_at=at,
        shown_rev=0,
        escalation=None,
        unseen_since=at if condition.priority == "high" else None,
        lower_since=None,
    )


def _follow(work: Work, condition: Condition, alarm: Alarm, at: int) -> int | None:
    """Worse sounds again; better is said only when it has lasted and a person knows."""
    rank, held = RANK[condition.priority], RANK[alarm.priority]
    lower_since = None if rank >= held else (at if alarm.lower_since is None else alarm.lower_since)
    now = alarm
    if lower_since != alarm.lower_since:
        now = replace(alarm, lower_since=lower_since)
    more = bool(set(condition.missing) - set(alarm.missing))
    if rank > held or more or worse_by_a_step(condition, alarm) or worse_unseen(condition, alarm):
        changed = attention.sounding(_updated(now, condition), at)
        say(work, "alarm.changed", changed, at)
        controls.break_through(work, changed, alarm, at)
        return None
    calmer_at = None
    if lower_since is not None and alarm.state == "acknowledged":
        calmer_at = lower_since + CALMER_MS
    if calmer_at is not None and calmer_at <= at:
        calmer = replace(now, priority=condition.priority, lower_since=None)
        say(work, "alarm.changed", _updated(calmer, condition), at)
        return None
    if condition.missing != alarm.missing:
        say(work, "alarm.changed", _updated(now, condition), at)
        return calmer_at
    moved = alarm.key in work.endings and condition.limit != alarm.limit
    if moved or condition.vital != alarm.vital or further(condition, alarm) != alarm.worst:
        say(work, "alarm.changed", _updated(now, condition), at)
    elif now is not alarm:
        work.alarms[alarm.key] = now
    return calmer_at


def _updated(alarm: Alarm, condition: Condition) -> Alarm:
    keeps = RANK[condition.priority] <= RANK[alarm.priority]
    same = condition.vital == alarm.vital
    return replace(
        alarm,
        priority=alarm.priority if keeps else condition.priority,
        vital=condition.vital,
        value=condition.value,
        worst=further(condition, alarm) if same else condition.worst,
        sounded=alarm.sounded if same else as_far(alarm, condition),
        limit=condition.limit,
        unit=condition.unit,
        text=condition.text,
        missing=condition.missing,
        devices=condition.devices,
    )


def _attend(work: Work, alarm: Alarm, condition: Condition, at: int) -> int | None:
    """Sounds an unseen high alarm again, and calls further people to it."""
    sounded, due = attention.resound(work, alarm, condition, at)
    if sounded is not None:
        alarm = say(work, "alarm.changed", sounded, at)
    escalated, next_due = attention.escalate(work, alarm, at)
    if escalated is not None:
        say(work, "alarm.escalated", escalated, at)
    return earlier(due, next_due, at)


def _end(work: Work, alarm: Alarm, at: int) -> None:
    ending = work.endings.get(alarm.key) or work.endings.get(ANY) or OVER
    unseen = alarm.state == "active" and alarm.priority == "high" and alarm.kind == "physiological"
    if unseen and ending.ended_by in UNKNOWING:
        latched = replace(alarm, state="latched", escalation=None, unseen_since=None)
        say(work, "alarm.latched", latched, at)
        return
    clear(work, alarm, at, ending)


def clear(work: Work, alarm: Alarm, at: int, ending: Ending) -> None:
    """Ends an alarm; nothing that stands is ended otherwise."""
    over = replace(
        alarm,
        state="cleared",
        cleared_at=at,
        ended_by=ending.ended_by,
        ended_reason=ending.reason,
        escalation=None,
        unseen_since=None,
    )
    say(work, "alarm.cleared", over, at, ending.actor)


def close(work: Work) -> None:
    """Ends every alarm of a session that closes, the latched ones too, and not before it
    was raised.
    """
    for alarm in list(work.alarms.values()):
        clear(work, alarm, work.now, Ending("session_closed"))


def say(work: Work, kind: str, alarm: Alarm, at: int, actor: Actor = SYSTEM) -> Alarm:
    """Records the alarm as it is from now on."""
    work.hushed.discard(alarm.key)
    work.record(kind, at, {"alarm": public_alarm(alarm, work.order.id)}, actor)
    if alarm.state == "cleared":
        work.alarms.pop(alarm.key, None)
        work.recent[alarm.key] = alarm
    else:
        work.alarms[alarm.key] = alarm
    return alarm


def earlier(first: int | None, second: int | None, after: int) -> int | None:
    """The earlier of two moments that still lie ahead."""
    if first is None or first <= after:
        return second if second is not None and second > after else None
    return first if second is None or not after < second < first else second
