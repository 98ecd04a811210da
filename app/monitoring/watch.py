"""The server watches again after a time in which it did not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.monitoring import alarms, attention
from app.monitoring.times import SECOND_MS, iso

if TYPE_CHECKING:
    from app.monitoring.commands import Actor, Resume
    from app.monitoring.work import Work


def excuse_the_gap(work: Work, now: int) -> None:
    """Done before what was due meanwhile is done: silence counts from now on, and nobody could have
    heard an alarm that stood.
    """
    work.watch_since = max(work.watch_since, now)
    for key, alarm in work.alarms.items():
        if alarm.unseen_since is None:
            continue
        if alarm.sounded_at != now or alarm.escalation is not None:
            work.hushed.add(key)
        work.alarms[key] = replace(alarm, unseen_since=now, sounded_at=now, escalation=None)


def go_live(work: Work) -> None:
    """While a script drove the clock nobody could have come: an unseen alarm calls from now on."""
    for alarm in list(work.alarms.values()):
        if alarm.key in work.hushed:
            alarms.say(work, "alarm.changed", alarm, work.now)


def resume(work: Work, command: Resume, actor: Actor) -> None:
    """Calls for unseen alarms begin anew, and what stands of the patient sounds once. On a driven
    clock there is no time in which nobody watched.
    """
    now = work.now
    if work.clock == "driven" or now == work.resumed_at:
        return
    work.resumed_at = now
    data = {"since": iso(command.since), "gap_s": max(0, now - command.since) / SECOND_MS}
    work.record("watch.resumed", now, data, actor)
    for alarm in list(work.alarms.values()):
        if alarm.state != "active":
            continue
        anew = attention.sounding(alarm, now) if alarm.kind == "physiological" else alarm
        if anew is not alarm or alarm.key in work.hushed:
            alarms.say(work, "alarm.changed", anew, now)
