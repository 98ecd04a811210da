"""The values of a record as points: for each vital and source those that stand, those that were
amended, and those that were voided or moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import gt, sub
from typing import TYPE_CHECKING, Final, NamedTuple

from app.monitoring.times import SECOND_MS, parse_iso
from app.monitoring.vitals import (
    CUFF_CYCLE_S,
    CUFF_INTERVAL_S,
    STREAM_INTERVAL_S,
    VITALS,
)
from app.review.figure.lttb import thinned
from app.review.record.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.review.record.model import Reading, Record, Values

STANDS: Final = ("standing", "amended")
CONNECTED: Final = 2  # intervals between two values: more, and one was missed
FEW: Final = 2  # times what was asked for: to leave out single ones would hide much and save little
SIMULATED: Final = "simulated"


class Point(NamedTuple):
    """`standing` is the reading's, or `first` of what an amended one was before."""

    at: int
    value: float
    seq: int
    flag: str | None
    late: bool
    standing: str

    def told(self) -> list[object]:
        """What the browser says when it is pointed at, and asks by."""
        return [self.seq, self.flag, self.late, self.standing, number(self.value)]


class Kept(NamedTuple):
    """Points of a curve, each with the number of its run, for between two runs values are missing,
    and with its reading.
    """

    points: list[Point]
    runs: list[int]
    readings: list[Reading]


class Curve:
    """The standing values of one vital from one source in order of time, as columns: there may be
    many thousands. Each is connected to the one before it if no value is missing between them.
    """

    __slots__ = ("at", "notable", "readings", "source", "value", "vital")

    def __init__(self, vital: str, source: str) -> None:
        self.vital = vital
        self.source = source
        self.at: list[int] = []
        self.value: list[float] = []
        self.readings: list[Reading] = []
        self.notable: list[int] = []
        """Places of what was typed, flagged, late or amended."""

    def add(self, at: int, value: float, reading: Reading, *, notable: bool) -> None:
        if notable:
            self.notable.append(len(self.at))
        self.at.append(at)
        self.value.append(value)
        self.readings.append(reading)

    def point(self, place: int) -> Point:
        reading = self.readings[place]
        flag, late = reading.flags.get(self.vital), self.vital in reading.late
        return Point(self.at[place], self.value[place], reading.seq, flag, late, reading.standing)

    def thinned(self, points: int) -> Kept:
        """All of them up to `FEW` times `points`, else as many, and what may not be lost."""
        runs = self._runs()
        kept: Sequence[int] = range(len(self.at))
        if len(kept) > FEW * points:
            kept = thinned(self.at, self.value, points, self._kept_anyway(runs, points))
        readings = [self.readings[place] for place in kept]
        return Kept(
            [self.point(place) for place in kept], [runs[place] for place in kept], readings
        )

    def _runs(self) -> list[int]:
        source = self.readings[0].source
        told_s = {reading.interval_s for reading in self.readings}
        within = {one: _within(self.vital, source, one) for one in told_s}
        gaps = list(map(sub, self.at[1:], self.at))
        if max(gaps, default=0) <= min(within.values()):
            return [0] * len(self.at)  # as nearly always
        connected = [within[reading.interval_s] for reading in self.readings[1:]]
        return list(accumulate(map(gt, gaps, connected), initial=0))

    def _kept_anyway(self, runs: list[int], points: int) -> set[int]:
        """All that is notable. Where that is more than `points`, the first and the last of each
        stretch that is judged alike; and where runs end and begin, unless those are too many, too.
        """
        told = self.notable
        if len(told) > points:
            judged = [(place, *self.point(place)[3:]) for place in told]
            ends = [
                place
                for one, two in pairwise(judged)
                if two[0] != one[0] + 1 or one[1:] != two[1:]
                for place in (one[0], two[0])
            ]
            told = [told[0], *ends, told[-1]]
        edges = []
        if runs[0] != runs[-1]:
            edges = [n for n, (one, two) in enumerate(pairwise(runs)) if one != two]
        if len(edges) <= points:
            told = [*told, *edges, *(edge + 1 for edge in edges)]
        return set(told)


@dataclass(slots=True)
class Points:
    """All that is drawn of values; `first` and `gone` are by vital."""

    curves: dict[tuple[str, str], Curve] = field(default_factory=dict)
    first: dict[str, list[Point]] = field(default_factory=dict)
    gone: dict[str, list[Point]] = field(default_factory=dict)

    @property
    def vitals(self) -> set[str]:
        return {vital for vital, _ in self.curves} | self.first.keys() | self.gone.keys()

    def struck(self, vital: str) -> list[float]:
        """The numbers of a vital that do not stand."""
        return [point.value for point in (*self.first.get(vital, ()), *self.gone.get(vital, ()))]


def points_of(record: Record, since: int, until: int) -> Points:
    """Those taken from `since` to `until`, both among them."""
    found = Points()
    for reading in record.readings:
        at = parse_iso(reading.taken_at)
        if since <= at <= until:
            _add(found, reading, at, simulated=record.simulated)
        if reading.first is not None and reading.standing in STANDS:
            _add_first(found, reading, since, until)
    return found


def _add(found: Points, reading: Reading, at: int, *, simulated: bool) -> None:
    if reading.standing not in STANDS:
        for vital, value in reading.values.items():
            flag, late = reading.flags.get(vital), vital in reading.late
            point = Point(at, value, reading.seq, flag, late, reading.standing)
            found.gone.setdefault(vital, []).append(point)
        return
    source = SIMULATED if simulated and reading.source == "device" else reading.source
    typed = reading.source == "manual" or reading.standing != "standing"
    told = {*reading.flags, *reading.late} if reading.flags or reading.late else ()
    curves = found.curves
    for vital, value in reading.values.items():
        curve = curves.get((vital, source))
        if curve is None:
            curve = curves[vital, source] = Curve(vital, source)
        curve.add(at, value, reading, notable=typed or vital in told)


def _add_first(found: Points, reading: Reading, since: int, until: int) -> None:
    """What an amendment has changed, as it was before; all of it if it has moved in time."""
    first = reading.first
    if first is None or not since <= parse_iso(first.taken_at) <= until:
        return
    moved = first.taken_at != reading.taken_at
    changed = first.values if moved else dict(_changed(first.values, reading.values))
    for vital, value in changed.items():
        flag, at = first.flags.get(vital), parse_iso(first.taken_at)
        point = Point(at, value, reading.seq, flag, vital in reading.late, "first")
        found.first.setdefault(vital, []).append(point)


def _changed(was: Values, now: Values) -> Iterator[tuple[str, float]]:
    return ((vital, value) for vital, value in was.items() if now.get(vital) != value)


@lru_cache(maxsize=1_024)  # every vital of every interval that a clinic's devices declare
def _within(vital: str, source: str, told_s: float | None) -> int:
    """Milliseconds; what a person types comes as often as the vital stays current."""
    known = VITALS[vital]
    interval_s = known.fresh_s
    if source == "device" and known.kind == "streamed":
        interval_s = told_s or STREAM_INTERVAL_S
    elif source == "device" and known.kind == "cuff":
        declared = told_s or 0.0
        interval_s = declared if declared >= CUFF_CYCLE_S else CUFF_INTERVAL_S
    return round(CONNECTED * interval_s * SECOND_MS)
