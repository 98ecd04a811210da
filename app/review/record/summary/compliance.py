"""How well the observation schedule was kept, by the rules that the session's own alarm goes by:
a vital is due its interval after its last value, and not while it was put off.

Nothing is due in standby, nor while the server did not watch: then it is due at the end of that.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from app.monitoring.intake import GRACE_FLOOR_S, GRACE_SHARE
from app.monitoring.times import SECOND_MS, parse_iso
from app.monitoring.vitals import VITALS
from app.review.record.model import Compliance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.review.record.spans import Span


class Stretch(NamedTuple):
    """A schedule in force: how many seconds may pass between two values of each vital."""

    since: int
    until: int
    every: Mapping[str, float]


class PutOff(NamedTuple):
    """Tried at `at` and not taken: due at `until` instead."""

    at: int
    until: int


class _Counted:
    def __init__(self) -> None:
        self.due = self.in_time = self.late = self.missed = self.longest_ms = 0


def stretches(
    phases: Sequence[Mapping[str, str]],
    schedule: Mapping[str, Mapping[str, float]],
    end: int,
) -> list[Stretch]:
    """A phase with the same schedule as the one before it goes on with it."""
    found: list[Stretch] = []
    for place, span in enumerate(phases):
        since = parse_iso(span["at"])
        until = parse_iso(phases[place + 1]["at"]) if place + 1 < len(phases) else end
        every = schedule.get(span["phase"], {})
        if found and found[-1].every == every and found[-1].until == since:
            found[-1] = found[-1]._replace(until=until)
        else:
            found.append(Stretch(since, until, every))
    return [stretch for stretch in found if stretch.every and stretch.until > stretch.since]


def compliance(
    stretches: Sequence[Stretch],
    taken: Mapping[str, Sequence[int]],
    put_off: Mapping[str, Sequence[PutOff]],
    excused: Sequence[Span],
) -> list[Compliance]:
    """For each vital that a schedule asked for; `taken` are the moments of its values in order."""
    asked = {vital for stretch in stretches for vital in stretch.every}
    return [
        _of_vital(vital, stretches, taken.get(vital, ()), put_off.get(vital, ()), excused)
        for vital in VITALS
        if vital in asked
    ]


def _of_vital(
    vital: str,
    stretches: Sequence[Stretch],
    taken: Sequence[int],
    put_off: Sequence[PutOff],
    excused: Sequence[Span],
) -> Compliance:
    counted = _Counted()
    for stretch in stretches:
        if vital in stretch.every:
            every = round(stretch.every[vital] * SECOND_MS)
            _count(counted, stretch, every, _Asked(taken, put_off, excused))
    return Compliance(
        vital=vital,
        due=counted.due,
        in_time=counted.in_time,
        late=counted.late,
        missed=counted.missed,
        longest_gap_s=counted.longest_ms / SECOND_MS,
    )


class _Asked(NamedTuple):
    taken: Sequence[int]
    put_off: Sequence[PutOff]
    excused: Sequence[Span]

    def newest(self, at: int) -> int | None:
        """The last value taken at or before."""
        place = bisect_right(self.taken, at)
        return self.taken[place - 1] if place else None

    def next(self, at: int) -> int | None:
        """The first value taken after."""
        place = bisect_right(self.taken, at)
        return self.taken[place] if place < len(self.taken) else None

    def due(self, at: int, last: int, grace: int) -> int:
        """`at`, or when it is due instead."""
        again = True
        while again:
            again = False
            for tried, until in self.put_off:
                if last <= tried <= at + grace and until > at:
                    at, again = until, True
            for since, until in self.excused:
                if since <= at < until:
                    at, again = until, True
        return at


def _count(counted: _Counted, stretch: Stretch, every: int, asked: _Asked) -> None:
    grace = max(round(GRACE_FLOOR_S * SECOND_MS), round(GRACE_SHARE * every))
    since, end = stretch.since, stretch.until
    last = asked.newest(since)
    due = since + every if last is None else max(since, last + every)
    last = since if last is None else last
    while True:
        due = asked.due(due, last, grace)
        if due >= end:
            break
        before = asked.newest(due)
        if before is not None and before > last:
            counted.due, counted.in_time = counted.due + 1, counted.in_time + 1
            last, due = before, before + every
            continue
        after = asked.next(due)
        if (after is None or after > end) and due + grace > end:
            break  # there was still time when the schedule ended
        counted.due += 1
        if after is not None and after <= due + max(every, grace):
            in_time = after <= due + grace
            counted.in_time, counted.late = (
                counted.in_time + in_time,
                counted.late + (not in_time),
            )
            last, due = after, after + every
        else:
            counted.missed += 1
            due += every
    counted.longest_ms = max(counted.longest_ms, _longest(since, end, asked.taken))


def _longest(since: int, end: int, taken: Sequence[int]) -> int:
    inside = [since, *(at for at in taken if since < at < end), end]
    return max(after - before for before, after in pairwise(inside))
