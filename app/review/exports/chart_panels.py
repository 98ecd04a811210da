"""One panel of the chart: a few vitals that share an axis, their limits as steps, their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.monitoring.times import parse_iso
from app.review.exports.chart_paper import FAINT, SOFT, Scale, cross, mark, nice_step, ring
from app.review.exports.chart_points import thinned
from app.review.exports.texts import label, number, unit

if TYPE_CHECKING:
    from app.review.exports.chart_paper import Paper
    from app.review.exports.chart_points import Point
    from app.review.record.model import Record

COLOURS: Final = {
    "sbp": "#24405e",
    "dbp": "#24405e",
    "map": "#7a92ab",
    "hr": "#14804a",
    "spo2": "#0a7286",
    "rr": "#8a6400",
    "etco2": "#6a4fa3",
    "temp": "#2c7a66",
    "o2_flow": "#0a7286",
    "sedation": "#4b5fc4",
    "dissociation": "#8f4fb0",
    "pain": "#a3485f",
}
BEYOND: Final = {"critical": "#b3261e", "warning": "#b86e00"}
FLAG_RINGS: Final = {
    "low_critical": BEYOND["critical"],
    "high_critical": BEYOND["critical"],
    "low": BEYOND["warning"],
    "high": BEYOND["warning"],
}
COLUMN: Final = 0.7  # units of the chart: what is closer cannot be told apart in print
NAME_LETTERS: Final = 9  # of this size beside the axis; a longer name is written smaller
DENSE: Final = 150  # values; more are drawn as a line with marks only where there is more to say
LIMITS_OF: Final = ("sbp", "dbp", "hr", "spo2", "rr", "temp")  # others would only crowd the panel


@dataclass(frozen=True, slots=True)
class Panel:
    vitals: tuple[str, ...]
    height: float
    least: tuple[float, float]
    """The span that is always shown, so that small changes do not look like storms."""


PANELS: Final = (
    Panel(("sbp", "dbp", "map"), 112, (60, 140)),
    Panel(("hr",), 62, (50, 110)),
    Panel(("spo2",), 56, (88, 100)),
    Panel(("rr", "etco2"), 56, (6, 30)),
    Panel(("temp",), 36, (36, 38)),
    Panel(("sedation", "dissociation", "pain"), 40, (0, 5)),
    Panel(("o2_flow",), 34, (0, 6)),
)


def panel(
    paper: Paper,
    of: Panel,
    record: Record,
    series: dict[str, list[Point]],
    x: Scale,
    top: float,
) -> float:
    """Draws it; where the next may begin."""
    vitals = [vital for vital in of.vitals if vital in series]
    values = [point.value for vital in vitals for point in series[vital]]
    low, high = min(*values, of.least[0]), max(*values, of.least[1])
    room = (high - low) * 0.06
    ceiling = 100 if vitals == ["spo2"] else high + room
    y = Scale(low - room, ceiling, top + of.height - 4, top + 5)
    _grid(paper, y, x, of.height)
    _names(paper, vitals, top, of.height)
    for vital in vitals:
        if vital in LIMITS_OF:
            _limits(paper, record, vital, x, y)
    if {"sbp", "dbp"} <= series.keys() and "sbp" in vitals:
        _pressures(paper, series, x, y)
    for vital in vitals:
        _points(paper, series[vital], COLOURS.get(vital, SOFT), x, y)
    paper.line(x.begin, top + of.height, x.end, top + of.height, "#aab4be")
    return top + of.height


def _grid(paper: Paper, y: Scale, x: Scale, height: float) -> None:
    step = nice_step(y.high - y.low, max(2, int(height / 15)))
    value = round(y.low / step) * step
    while value <= y.high:
        if value >= y.low:
            paper.line(x.begin, y(value), x.end, y(value), FAINT, width=0.4)
            text = number(round(value, 3))
            paper.text(x.begin - 4, y(value) + 2.6, text, size=7.5, anchor="end")
        value += step


def _names(paper: Paper, vitals: list[str], top: float, height: float) -> None:
    """At the left edge, each in its colour."""
    y = top + 10
    for vital, after in zip(vitals, [*vitals[1:], None], strict=True):
        size = 7.5 if len(label(vital)) <= NAME_LETTERS else 5.8
        paper.text(2, y, label(vital), size=size, colour=COLOURS.get(vital, SOFT), bold=True)
        y += 8.5
        units = unit(vital)
        if units and (after is None or unit(after) != units):  # once for those that share it
            paper.text(2, y, units, size=6.5)
            y += 8.5


def _limits(paper: Paper, record: Record, vital: str, x: Scale, y: Scale) -> None:
    ends = [parse_iso(step.at) for step in record.limits[1:]] + [parse_iso(record.last_at)]
    dash = "0.8 2" if vital == "dbp" else "3 2.4"
    for step, until in zip(record.limits, ends, strict=False):
        for line in step.limits.get(vital, []):
            colour = BEYOND.get(str(line.get("tier")))
            value = line.get("value")
            if colour and isinstance(value, int | float) and y.low <= value <= y.high:
                begin, end = x.within(parse_iso(step.at)), x.within(until)
                paper.line(begin, y(value), end, y(value), colour, width=0.7, dash=dash)


def _pressures(paper: Paper, series: dict[str, list[Point]], x: Scale, y: Scale) -> None:
    """A pair that was taken together is joined, as on paper."""
    low = {point.at: point for point in series["dbp"]}
    for point in thinned(series["sbp"], COLUMN * (x.high - x.low) / (x.end - x.begin)):
        pair = low.get(point.at)
        if pair is not None:
            at = x(point.at)
            paper.line(at, y(point.value), at, y(pair.value), "#b9c6d4", width=0.8)


def _points(paper: Paper, points: list[Point], colour: str, x: Scale, y: Scale) -> None:
    shown = thinned(points, COLUMN * (x.high - x.low) / (x.end - x.begin))
    for run in _runs([point for point in shown if point.standing not in ("voided", "moved")]):
        paper.path([(x(p.at), y(p.value)) for p in run], colour, width=0.8)
    dense = len(shown) > DENSE
    ringed = -1.0
    for point in shown:
        at, value = x(point.at), y(point.value)
        counts_no_more = point.standing in ("voided", "moved")
        if counts_no_more:
            paper.shape(cross(at, value, SOFT))
        elif not dense or point.shape == "square" or point.standing == "amended":
            hollow = point.standing == "amended"
            paper.shape(mark(point.shape, at, value, colour, hollow=hollow))
        if point.flag in FLAG_RINGS and not counts_no_more and (not dense or at - ringed > 5):
            paper.shape(ring(at, value, FLAG_RINGS[point.flag]))
            ringed = at


def _runs(points: list[Point]) -> list[list[Point]]:
    """Those with no value missing between them."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= point.joined_ms:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
