"""A scheduled vital was tried and could not be taken: the patient sleeps, or does not want it.

It puts off when that vital is due, twice in a row at most; any value of it, from whatever source,
ends that. Only what is due is put off: what is beyond a limit is an alarm all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.newest import newest_sample
from app.monitoring.rules.condition import key_of
from app.monitoring.rules.vitals_overdue import asked_at
from app.monitoring.state import NotTaken
from app.monitoring.times import SECOND_MS, iso
from app.monitoring.view import public_not_taken
from app.monitoring.work import Ending

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.monitoring.commands import Actor
    from app.monitoring.readings import Reading
    from app.monitoring.state import Sample
    from app.monitoring.work import Work

SHARE: Final[Mapping[str, float]] = {  # of the vital's interval, from when it was tried
    "asleep": 1,
    "not_possible": 1,
    "refused": 0.5,  # who said no is asked again sooner
}
MOST: Final = 2  # times in a row: after that it is due as if nothing had been said
OVERDUE: Final = key_of("vitals_overdue", "overdue", None)


def told(reading: Reading) -> dict[str, Any]:
    """What a reading says of values that were taken over or not taken; nothing in most readings."""
    said: dict[str, Any] = {}
    if reading.charted:
        said["charted"] = {
            c.vital: {
                "seq": c.seq,
                "device": c.device,
                "taken_at": iso(c.taken_at),
                "value": c.value,
            }
            for c in reading.charted
        }
    if reading.not_taken:
        said["not_taken"] = dict(reading.not_taken)
        said["not_taken_note"] = reading.not_taken_note
    return said


def put_off(work: Work, reading: Reading, actor: Actor) -> dict[str, Any]:
    """Notes what was not taken and answers it for the event; said of a moment from before the
    vital's newest value, or before the schedule, it changes nothing.
    """
    noted: dict[str, NotTaken] = {}
    for vital, reason in reading.not_taken:
        before, newest = work.not_taken.get(vital), newest_sample(work, vital)
        known = [work.schedule_since]
        if before is not None:
            known.append(before.at)
        if newest is not None:
            known.append(newest.taken_at + 1)
        if reading.taken_at < max(known):
            continue
        times = 1 if before is None else before.times + 1
        until = _until(work, vital, reason, reading.taken_at) if times <= MOST else None
        noted[vital] = NotTaken(reason, reading.taken_at, until, times, actor)
    if noted:
        work.not_taken = {**work.not_taken, **noted}
    if any(said.until is not None for said in noted.values()):
        work.endings[OVERDUE] = Ending("put_off", reading.not_taken_note, actor)
    return {vital: public_not_taken(said) for vital, said in noted.items()}


def end(work: Work, sample: Sample, passed: Collection[str]) -> None:
    """A value ends what was said before it was taken."""
    held = work.not_taken
    over = {
        vital
        for vital in held.keys() & sample.values.keys()
        if vital not in passed and sample.taken_at >= held[vital].at
    }
    if over:
        work.not_taken = {v: said for v, said in held.items() if v not in over}
        work.touched = True


def _until(work: Work, vital: str, reason: str, taken_at: int) -> int | None:
    every = work.schedule.get(vital)
    if every is None:
        return None
    until = taken_at + round(every * SHARE[reason] * SECOND_MS)
    return until if until > asked_at(work, vital) else None
