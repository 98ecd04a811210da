"""What people may still, for a time and in the sight of all: sound, alarms of a group, the watch
over silence. Everything ends by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from app.monitoring.errors import FieldError, InvalidRequest, ReasonRequired, RoleNeeded
from app.monitoring.limits import RANK, Priority
from app.monitoring.rules.condition import key_of
from app.monitoring.state import AudioPause, Help, Off
from app.monitoring.times import MINUTE_MS, SECOND_MS
from app.monitoring.view import public_help, public_off, public_pause
from app.monitoring.vitals import VITALS
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from app.monitoring.commands import (
        Actor,
        BeginStandby,
        CallHelp,
        EndHelp,
        PauseAudio,
        SetResponsible,
        SwitchOff,
        SwitchOn,
    )
    from app.monitoring.rules import Condition
    from app.monitoring.state import Alarm
    from app.monitoring.work import Work

PAUSE_MAX_S: Final = 120  # the usual bound of audio pause
OFF_MS: Final = 30 * MINUTE_MS  # longer would outlive the memory of it
STANDBY_MAX_MIN: Final = 10  # a walk to the bathroom
SESSION: Final = "session"  # the scope of audio off that means every group
GROUPS: Final = frozenset(vital.group for vital in VITALS.values())
SILENCES: Final = frozenset({"signal_stale", "device_lost", "no_signal", "vitals_overdue"})
SWITCHABLE: Final = frozenset(
    {"limit", "recheck", "missed_offline", "signal_stale", "check_cannula"}
)
Why = Literal["ended", "expired", "phase_changed"]


def pause_audio(work: Work, command: PauseAudio, actor: Actor) -> None:
    if not 1 <= command.seconds <= PAUSE_MAX_S:
        raise _wrong("seconds", "out_of_range", f"Between 1 and {PAUSE_MAX_S} seconds.")
    now = work.now
    highest: Priority | None = None
    for alarm in work.alarms.values():
        if highest is None or RANK[alarm.priority] > RANK[highest]:
            highest = alarm.priority
    work.audio_pause = AudioPause(now + command.seconds * SECOND_MS, now, actor, highest)
    work.record("audio.paused", now, {"pause": public_pause(work.audio_pause)}, actor)


def resume_audio(work: Work, actor: Actor) -> None:
    if work.audio_pause is not None:
        work.audio_pause = None
        work.record("audio.resumed", work.now, {"why": "ended", "alarm_id": None}, actor)


def break_through(work: Work, alarm: Alarm, before: Alarm | None, at: int) -> None:
    """A new alarm of equal or higher priority than any that stood when the audio was paused, or one
    that becomes high, ends the pause.
    """
    pause = work.audio_pause
    if pause is None:
        return
    if before is None:
        loud = pause.priority is None or RANK[alarm.priority] >= RANK[pause.priority]
    else:
        loud = alarm.priority == "high" and before.priority != "high"
    if loud:
        work.audio_pause = None
        work.record("audio.resumed", at, {"why": "broken_through", "alarm_id": alarm.id})


def switch_off(work: Work, command: SwitchOff, actor: Actor) -> None:
    """Raises RoleNeeded: it hides what others rely on."""
    if actor.role != "clinician":
        raise RoleNeeded("Only a clinician may switch audio or alarms off.")
    scopes = GROUPS | {SESSION} if command.what == "audio" else GROUPS
    if command.scope not in scopes:
        raise _wrong("scope", "unknown_scope", f"One of {', '.join(sorted(scopes))}.")
    if not command.reason:
        raise _needs_reason()
    off = Off(work.now + OFF_MS, work.now, actor, command.reason)
    if command.what == "audio":
        work.audio_off = {**work.audio_off, command.scope: off}
    else:
        work.alarm_off = {**work.alarm_off, command.scope: off}
    data = {"scope": command.scope, "off": public_off(off)}
    work.record(f"{command.what}.switched_off", work.now, data, actor)


def switch_on(work: Work, command: SwitchOn, actor: Actor) -> None:
    held = work.audio_off if command.what == "audio" else work.alarm_off
    if command.scope in held:
        _switch_on(work, command.what, command.scope, "ended", work.now, actor)


def is_off(work: Work, condition: Condition) -> bool:
    """True if a clinician has switched the alarms of the condition's group off."""
    if condition.condition not in SWITCHABLE:
        return False
    vital = condition.vital
    return (VITALS[vital].group if vital else condition.group) in work.alarm_off


def begin_standby(work: Work, command: BeginStandby, actor: Actor) -> None:
    if not 1 <= command.minutes <= STANDBY_MAX_MIN:
        raise _wrong("minutes", "out_of_range", f"Between 1 and {STANDBY_MAX_MIN} minutes.")
    if not command.reason:
        raise _needs_reason()
    for key, alarm in work.alarms.items():
        if alarm.condition in SILENCES:
            work.endings[key] = Ending("standby", command.reason, actor)
    until = work.now + command.minutes * MINUTE_MS
    work.standby = Off(until, work.now, actor, command.reason)
    work.record("standby.began", work.now, {"standby": public_off(work.standby)}, actor)


def end_standby(work: Work, actor: Actor) -> None:
    if work.standby is not None:
        _end_standby(work, "ended", work.now, actor)


def set_responsible(work: Work, command: SetResponsible, actor: Actor) -> None:
    person = command.person
    if person == work.responsible:
        return
    work.responsible = person
    said = None if person is None else {"id": person.id, "name": person.name}
    work.record("responsible.set", work.now, {"person": said}, actor)


def call_help(work: Work, command: CallHelp, actor: Actor) -> None:
    """Called again while it stands, it stays one call."""
    if work.help is None:
        work.help = Help(work.now, actor, command.note)
        work.record("help.called", work.now, {"help": public_help(work.help)}, actor)


def end_help(work: Work, command: EndHelp, actor: Actor) -> None:
    if work.help is None:
        return
    work.help = None
    work.endings[key_of("help", "help", None)] = Ending("person", command.reason, actor)
    work.record("help.ended", work.now, {"reason": command.reason}, actor)


def leave_phase(work: Work, at: int, actor: Actor) -> None:
    """What was stilled for one phase is not stilled for the next."""
    for scope in list(work.audio_off):
        _switch_on(work, "audio", scope, "phase_changed", at, actor)
    for scope in list(work.alarm_off):
        _switch_on(work, "alarms", scope, "phase_changed", at, actor)
    if work.standby is not None:
        _end_standby(work, "phase_changed", at, actor)


def expire(work: Work, at: int) -> int | None:
    """Ends what is over at `at`; answers when the next of it will be."""
    due: list[int] = []
    if work.audio_pause is not None:
        if work.audio_pause.until <= at:
            work.audio_pause = None
            work.record("audio.resumed", at, {"why": "expired", "alarm_id": None})
        else:
            due.append(work.audio_pause.until)
    _expire_off(work, "audio", at, due)
    _expire_off(work, "alarms", at, due)
    if work.standby is not None:
        if work.standby.until <= at:
            _end_standby(work, "expired", at)
        else:
            due.append(work.standby.until)
    end = _planned_end(work)
    if end is not None:
        if end <= at:
            work.planned_end_passed_at = end
            work.record("planned_end.passed", end, {})
        else:
            due.append(end)
    return min(due, default=None)


def _expire_off(work: Work, what: Literal["audio", "alarms"], at: int, due: list[int]) -> None:
    for scope, off in list((work.audio_off if what == "audio" else work.alarm_off).items()):
        if off.until <= at:
            _switch_on(work, what, scope, "expired", at)
        else:
            due.append(off.until)


def _switch_on(
    work: Work,
    what: Literal["audio", "alarms"],
    scope: str,
    why: Why,
    at: int,
    actor: Actor | None = None,
) -> None:
    held = work.audio_off if what == "audio" else work.alarm_off
    left = {other: off for other, off in held.items() if other != scope}
    if what == "audio":
        work.audio_off = left
    else:
        work.alarm_off = left
    _record(work, f"{what}.switched_on", at, {"scope": scope, "why": why}, actor)


def _end_standby(work: Work, why: Why, at: int, actor: Actor | None = None) -> None:
    work.standby = None
    work.watch_since = max(work.watch_since, at)
    _record(work, "standby.ended", at, {"why": why}, actor)


def _record(work: Work, kind: str, at: int, data: dict[str, str], actor: Actor | None) -> None:
    if actor is None:
        work.record(kind, at, data)
    else:
        work.record(kind, at, data, actor)


def _planned_end(work: Work) -> int | None:
    """When the infused time reaches the planned one, if it has not before."""
    if work.infusing_since is None or work.planned_end_passed_at is not None:
        return None
    return work.infusing_since + work.order.planned_minutes * MINUTE_MS - work.infused_ms


def _wrong(field: str, code: str, msg: str) -> InvalidRequest:
    return InvalidRequest(f"Nothing was changed. {msg}", errors=[FieldError((field,), code, msg)])


def _needs_reason() -> ReasonRequired:
    error = FieldError(("reason",), "required", "Required.")
    return ReasonRequired("Nothing was changed. Say why.", errors=[error])
