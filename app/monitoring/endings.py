"""A person ends an alarm that will not end by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.monitoring import alarms, controls
from app.monitoring.commands import EndHelp
from app.monitoring.errors import FieldError, ReasonRequired, StillPresent, UnknownAlarm
from app.monitoring.excursions import keep_only
from app.monitoring.rules.silence import detached
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from app.monitoring.commands import Actor, EndAlarm
    from app.monitoring.state import Alarm, Excursion
    from app.monitoring.work import Work


def end_alarm(work: Work, command: EndAlarm, actor: Actor) -> None:
    """Raises UnknownAlarm, ReasonRequired, or StillPresent while it is true."""
    alarm = alarms.standing(work, command.alarm_id)
    if alarm is None:
        raise UnknownAlarm("This alarm does not stand in this session any more, or never did.")
    if not command.reason:
        error = FieldError(("reason",), "required", "Required.")
        raise ReasonRequired("Say why the alarm is ended.", errors=[error])
    ending = Ending("person", command.reason, actor)
    match alarm.condition:
        case "help":
            controls.end_help(work, EndHelp(command.reason), actor)
        case "limit":
            _end_excursions(work, alarm)
        case "recheck":
            for vital in [v for v in work.rechecks if VITALS[v].group == alarm.group]:
                del work.rechecks[vital]
        case "missed_offline":
            key = f"{alarm.group}|{alarm.side or ''}"
            work.missed = {k: missed for k, missed in work.missed.items() if k != key}
        case _:
            raise StillPresent(
                "Nothing was ended: this alarm is about equipment and ends when that is mended."
                " Detach the device, or begin a standby."
            )
    work.endings[alarm.key] = ending
    if alarm.state == "latched":
        alarms.clear(work, alarm, work.now, ending)


def _end_excursions(work: Work, alarm: Alarm) -> None:
    def concerned(key: str, excursion: Excursion) -> bool:
        if excursion.line.tier == "stop" and _is_live(work, key, excursion):
            return False  # it is no part of the alarm: while it is so, its prompt stands
        vital = key.split("|", 1)[0]
        return (VITALS[vital].group, excursion.line.side) == (alarm.group, alarm.side)

    for key, excursions in work.out.items():
        for excursion in excursions:
            if concerned(key, excursion) and _is_live(work, key, excursion):
                raise StillPresent(
                    "Nothing was ended: the value still comes and is beyond its limit."
                )
    work.stop_ended_by = "corrected"
    keep_only(work, lambda key, excursion: not concerned(key, excursion))


def _is_live(work: Work, key: str, excursion: Excursion) -> bool:
    """True if the excursion's newest value is fresh and its signal there."""
    vital, origin = key.split("|", 1)
    sample = excursion.sample
    if excursion.inside_since is not None or origin in work.lost.get(vital, {}):
        return False
    if detached(work, sample.device or ""):
        return False
    return work.now - sample.taken_at <= sample.fresh_s[vital] * SECOND_MS
