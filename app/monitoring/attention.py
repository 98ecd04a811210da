"""Getting an unseen high alarm seen: it sounds again, and calls the next person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.monitoring.limits import RANK
from app.monitoring.state import Alarm, Escalation, EscalationCause, Recipient
from app.monitoring.times import SECOND_MS

if TYPE_CHECKING:
    from app.monitoring.rules import Condition
    from app.monitoring.work import Work

RESOUND_MS: Final = 180 * SECOND_MS  # as the re-alarm of bedside monitors: every 2-3 min
UNSEEN_MS: Final = 60 * SECOND_MS  # long enough to reach a room, too short to lose a patient
UNSEEN_BP_MS: Final = 180 * SECOND_MS  # a pressure is measured again before anybody is called
UNSOUNDED_MS: Final = 10 * SECOND_MS  # a screen that works confirms within a second
RECIPIENTS: Final[tuple[Recipient, ...]] = ("responsible", "others", "clinician")


def sounding(alarm: Alarm, at: int) -> Alarm:
    """The alarm sounds anew: a new revision, unseen by anybody."""
    again = alarm.state != "active"
    unseen_since = None
    if RANK[alarm.priority] == RANK["high"]:
        unseen_since = at if again or alarm.unseen_since is None else alarm.unseen_since
    return replace(
        alarm,
        rev=alarm.rev + 1,
        state="active",
        sounded=alarm.worst,
        sounded_at=at,
        escalation=None if again else alarm.escalation,
        unseen_since=unseen_since,
    )


def resound(
    work: Work, alarm: Alarm, condition: Condition, at: int
) -> tuple[Alarm | None, int | None]:
    """The alarm as it sounds again, None if it is not time; and when it next will. On a driven
    clock nobody listens.
    """
    if work.clock != "wall" or not condition.resounds or condition.over_at is not None:
        return None, None
    due = alarm.sounded_at + RESOUND_MS
    if due > at:
        return None, due
    return sounding(alarm, at), at + RESOUND_MS


def escalate(work: Work, alarm: Alarm, at: int) -> tuple[Alarm | None, int | None]:
    """The alarm as it calls the next person, None if it is not time; and when it next will.

    On a driven clock nobody is called: nobody could come in time. Nor to a session that says so.
    """
    if work.clock != "wall" or not work.order.calls_people or alarm.unseen_since is None:
        return None, None
    held = alarm.escalation
    recipients = RECIPIENTS if work.responsible is not None else RECIPIENTS[1:]
    left = [to for to in recipients if held is None or _order(to) > _order(held.to)]
    if not left:
        return None, None
    due, why = _due(alarm, held, _quiet_until(work, alarm))
    if due > at:
        return None, due
    level = 1 if held is None else held.level + 1
    called = replace(alarm, escalation=Escalation(level, left[0], at, why))
    return called, at + _wait(alarm) if len(left) > 1 else None


def _quiet_until(work: Work, alarm: Alarm) -> int:
    """Until when people have decided that no screen shall sound this alarm."""
    offs = [off.until for scope, off in work.audio_off.items() if scope in ("session", alarm.group)]
    pauses = [work.audio_pause.until] if work.audio_pause else []
    return max((*offs, *pauses), default=0)


def _due(alarm: Alarm, held: Escalation | None, quiet: int) -> tuple[int, EscalationCause]:
    if held is not None:
        return held.at + _wait(alarm), "unacknowledged"
    unseen = (alarm.unseen_since or alarm.sounded_at) + _wait(alarm)
    unsounded = max(alarm.sounded_at, quiet) + UNSOUNDED_MS
    if alarm.shown_rev < alarm.rev and unsounded < unseen:
        return unsounded, "not_sounded"
    return unseen, "unacknowledged"


def _wait(alarm: Alarm) -> int:
    return UNSEEN_BP_MS if alarm.group == "bp" else UNSEEN_MS


def _order(to: Recipient) -> int:
    return RECIPIENTS.index(to)
