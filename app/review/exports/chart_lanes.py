"""The lanes below the vital signs: what was given, alarms as bars, and numbered marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.times import parse_iso
from app.review.exports.chart_paper import INK, SOFT, Scale
from app.review.exports.texts import label, number, words

if TYPE_CHECKING:
    from app.review.exports.chart_paper import Paper
    from app.review.record.model import AlarmTold, Record

DOSE: Final = "#c8690a"
BARS: Final = {"high": "#b3261e", "medium": "#d99000", "low": "#4f8fb3"}
ROWS: Final = 5  # of alarm bars; more at once share the last row
BAR: Final = 8.0
NUMBER_ROWS: Final = 2
LETTER: Final = 4.0  # width of a letter in a bar


def dose_lane(paper: Paper, record: Record, x: Scale, top: float) -> float:
    """How much had been given by then."""
    if not record.doses:
        return top
    height = 34.0
    most = max([dose.mg for dose in record.doses] + [record.mg_ordered or 0]) or 1
    y = Scale(0, most, top + height - 3, top + 9)
    points = [(x.within(parse_iso(dose.at)), y(dose.mg)) for dose in record.doses]
    area = [(points[0][0], y(0)), *points, (points[-1][0], y(0))]
    paper.path(area, "none", fill="#fbe3c4")
    paper.path(points, DOSE, width=1.1)
    paper.text(2, top + 10, "Given", size=7.5, colour=DOSE, bold=True)
    paper.text(2, top + 18.5, "mg", size=6.5)
    last = record.doses[-1]
    said = f"{number(last.mg)} mg"
    anchor = "end" if points[-1][0] > x.end - 40 else "start"
    shift = -3 if anchor == "end" else 3
    above, below = points[-1][1] - 2.5, points[-1][1] + 9
    beside = below if below < top + height - 2 else above  # never on the line
    paper.text(points[-1][0] + shift, beside, said, colour=INK, anchor=anchor)
    paper.line(x.begin, top + height, x.end, top + height, "#aab4be")
    return top + height


def alarm_lane(paper: Paper, record: Record, x: Scale, top: float) -> float:
    """From raised to cleared; a dark line where somebody had seen it."""
    if not record.alarms:
        return top
    ends: list[float] = []
    for told in sorted(record.alarms, key=lambda one: one.raised_at):
        begin = x.within(parse_iso(told.raised_at))
        end = max(x.within(parse_iso(told.cleared_at or record.last_at)), begin + 2)
        row = next((at for at, taken in enumerate(ends) if taken <= begin), len(ends))
        if row < ROWS:
            ends[row : row + 1] = [end + 1]
        row = min(row, ROWS - 1)
        _bar(paper, told, x, begin, end, top + 3 + row * (BAR + 2))
    paper.text(2, top + 10, "Alarms", size=7.5, colour=INK, bold=True)
    bottom = top + 5 + len(ends) * (BAR + 2)
    paper.line(x.begin, bottom, x.end, bottom, "#aab4be")
    return bottom


def _bar(paper: Paper, told: AlarmTold, x: Scale, begin: float, end: float, y: float) -> None:
    fill = BARS.get(told.priority, SOFT)
    paper.box(begin, y, end - begin, BAR, fill, corner=1.5)
    vital = told.alarm.get("vital")
    name = label(str(vital)) if vital else words([str(told.alarm.get("condition", ""))])
    ink = "#1c2733" if told.priority == "medium" else "#ffffff"
    if end - begin > LETTER * len(name) + 4:
        paper.text(begin + 3, y + 6.3, name, size=6.5, colour=ink)
    if told.seen_at is not None:
        seen = x.within(parse_iso(told.seen_at))
        paper.line(seen, y - 1.2, seen, y + BAR + 1.2, INK, width=1.4)


def event_lane(paper: Paper, record: Record, x: Scale, top: float) -> float:
    """The numbers of the list of events; where two would touch, the later one is a stroke."""
    marked = [told for told in record.events if told.number is not None]
    if not marked:
        return top
    taken = [0.0] * NUMBER_ROWS
    for told in marked:
        at = x.within(parse_iso(told.at))
        said = str(told.number)
        half = 2.2 * len(said) + 2
        paper.line(at, top, at, top + 3, SOFT, width=0.7)
        row = next((row for row, end in enumerate(taken) if at - half >= end), None)
        if row is not None:
            paper.text(at, top + 10 + 8 * row, said, size=7.5, colour=INK, anchor="middle")
            taken[row] = at + half
    paper.text(2, top + 10, "Events", size=7.5, colour=INK, bold=True)
    return top + 22
