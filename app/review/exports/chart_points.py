"""The points that a chart is drawn of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.monitoring.times import SECOND_MS, parse_iso
from app.monitoring.vitals import CUFF_INTERVAL_S, STREAM_INTERVAL_S, VITALS
from app.review.exports.readings import put_right

if TYPE_CHECKING:
    from app.review.record.model import Reading, Record

JOINED: Final = 2  # intervals: one missed value is bridged, two are a gap


@dataclass(frozen=True, slots=True)
class Point:
    at: int
    value: float
    flag: str | None
    shape: str
    standing: str
    joined_ms: float
    """How far the value before it may be for a line between them."""


def series_of(record: Record) -> dict[str, list[Point]]:
    """By vital, in order of time, what was voided or moved too."""
    found: dict[str, list[Point]] = {vital: [] for vital in VITALS}
    for reading in record.readings:
        at = parse_iso(reading.taken_at)
        shape = _shape(reading, simulated=record.simulated)
        for vital, value in reading.values.items():
            joined = _joined_ms(vital, reading)
            flag = reading.flags.get(vital)
            point = Point(at, value, flag, shape, _standing(reading, vital), joined)
            found.setdefault(vital, []).append(point)
    return {vital: points for vital, points in found.items() if points}


def _standing(reading: Reading, vital: str) -> str:
    """Of one amended value the others of its reading stand as they were."""
    if reading.standing == "amended" and not put_right(reading, vital):
        return "standing"
    return reading.standing


def thinned(points: list[Point], width_ms: float) -> list[Point]:
    """One column of ink needs its first, last, lowest and highest value; all that is not plain
    stays.
    """
    kept: list[Point] = []
    column: list[Point] = []
    for point in points:
        if column and point.at - column[0].at >= width_ms:
            kept += _of_column(column)
            column = []
        column.append(point)
    return kept + _of_column(column)


def _of_column(column: list[Point]) -> list[Point]:
    if len(column) <= 4:
        return column
    by_value = sorted(column, key=lambda point: point.value)
    keep = {id(point) for point in (column[0], column[-1], by_value[0], by_value[-1])}
    return [
        point
        for point in column
        if id(point) in keep or point.standing != "standing" or point.shape == "square"
    ]


def _shape(reading: Reading, *, simulated: bool) -> str:
    if reading.source == "manual":
        return "square"
    return "diamond" if simulated else "dot"


def _joined_ms(vital: str, reading: Reading) -> float:
    """Of a typed value none: nobody knows what it was in between."""
    if reading.source == "manual":
        return 0
    known = VITALS.get(vital)
    usual = CUFF_INTERVAL_S if known is None or known.kind != "streamed" else STREAM_INTERVAL_S
    return JOINED * SECOND_MS * max(reading.interval_s or 0, usual)
