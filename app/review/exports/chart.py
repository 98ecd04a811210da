"""The chart of a printed record: its vital signs over one time, limits as steps, phases, dose,
alarms and numbered marks. Nothing is smoothed: points are values, and a missing value is a gap.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.monitoring.times import MINUTE_MS, SECOND_MS, parse_iso
from app.review.exports.chart_lanes import alarm_lane, dose_lane, event_lane
from app.review.exports.chart_panels import PANELS, panel
from app.review.exports.chart_paper import FAINT, INK, SOFT, Paper, Scale, step_minutes
from app.review.exports.chart_points import series_of
from app.review.exports.document import Chart
from app.review.exports.texts import MINUS, label, number, words

if TYPE_CHECKING:
    from app.review.exports.texts import Clock
    from app.review.record.model import Record

WIDTH: Final = 720.0
LEFT: Final = 46.0  # room for the names of the vitals and their numbers
RIGHT: Final = 700.0
PHASE_FILL: Final = {
    "infusing": "#fff1d6",
    "paused": "#eceff2",
    "baseline": "#eef5fb",
    "recovery": "#edf6ee",
}
GAP_FILL: Final = "#e3e6ea"
PHASE_LABEL_WIDTH: Final = 4.2  # of a letter, in units of the chart: a label that fits is shown


def chart(record: Record, clock: Clock) -> Chart:
    begin, end = _span(record)
    x = Scale(begin, end, LEFT, RIGHT)
    paper = Paper(WIDTH)
    backs = Paper(WIDTH)  # drawn first, once it is known how far down they reach
    y = _phase_strip(paper, record, x)
    series = series_of(record)
    shown = [one for one in PANELS if any(vital in series for vital in one.vitals)]
    top = y
    for one in shown:
        y = panel(paper, one, record, series, x, y)
    y = dose_lane(paper, record, x, y)
    y = alarm_lane(paper, record, x, y)
    y = event_lane(paper, record, x, y)
    _backs(backs, record, x, top, y)
    _time_axis(backs, clock, x, top, y)
    paper.parts[:0] = backs.parts
    height = y + 16
    return Chart(paper.svg(height), WIDTH, height, _says(record, list(series)))


def _span(record: Record) -> tuple[int, int]:
    """All that is recorded, however far back it was charted, and at least five minutes."""
    times = [parse_iso(reading.taken_at) for reading in record.readings]
    times += [parse_iso(text) for text in (record.phases[0].at, record.t0, record.last_at)]
    begin, end = min(times), max(times)
    return begin, max(end, begin + 5 * MINUTE_MS)


def _phase_strip(paper: Paper, record: Record, x: Scale) -> float:
    """The phases by name, above all."""
    for phase in record.phases:
        begin = x.within(parse_iso(phase.at))
        end = x.within(parse_iso(phase.until or record.last_at))
        paper.box(begin, 14, end - begin, 11, PHASE_FILL.get(phase.phase, "#f4f6f8"))
        paper.line(begin, 14, begin, 25, "#aab4be")
        name = words([phase.phase])
        if end - begin > PHASE_LABEL_WIDTH * len(name):
            paper.text(begin + 3, 22, name, size=7.5, colour=INK)
    return 29


def _backs(paper: Paper, record: Record, x: Scale, top: float, bottom: float) -> None:
    for phase in record.phases:
        fill = PHASE_FILL.get(phase.phase)
        if fill in (PHASE_FILL["infusing"], PHASE_FILL["paused"]):
            begin = x.within(parse_iso(phase.at))
            end = x.within(parse_iso(phase.until or record.last_at))
            paper.box(begin, top, end - begin, bottom - top, fill)
    for gap in record.gaps:
        begin, end = x.within(parse_iso(gap.since)), x.within(parse_iso(gap.until))
        paper.box(begin, top, end - begin, bottom - top, GAP_FILL)
        paper.text(begin + 2, top + 8, "not watched", size=7)


def _time_axis(paper: Paper, clock: Clock, x: Scale, top: float, bottom: float) -> None:
    """Clock time above, T+ below, each with lines of its own only where they fall together."""
    minutes = (x.high - x.low) / MINUTE_MS
    step = step_minutes(minutes)
    at = datetime.fromtimestamp(x.low / SECOND_MS, clock.zone)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    ms = round(midnight.timestamp() * SECOND_MS)
    while ms <= x.high:  # on by true minutes: an hour is left out or comes twice in a year
        if ms >= x.low:
            said = datetime.fromtimestamp(ms / SECOND_MS, clock.zone).strftime("%H:%M")
            paper.line(x(ms), top, x(ms), bottom, FAINT, width=0.5)
            paper.text(x(ms), 9, said, size=8, anchor="middle")
        ms += step * MINUTE_MS
    first = int((x.low - clock.zero_ms) / MINUTE_MS / step) * step
    for minute in range(first, round(minutes) + first + 2 * step, step):
        ms = clock.zero_ms + minute * MINUTE_MS
        if x.low <= ms <= x.high:
            paper.line(x(ms), bottom, x(ms), bottom + 3, SOFT)
            said = f"T+{minute}" if minute >= 0 else f"{MINUS}{-minute}"
            paper.text(x(ms), bottom + 11, said, size=8, anchor="middle")
    paper.text(4, 9, "Time", size=8)
    paper.line(LEFT, bottom, RIGHT, bottom, SOFT)


def _says(record: Record, vitals: list[str]) -> str:
    said = [
        f"{label(one.vital)} from {number(one.min)} to {number(one.max)}"
        for one in record.summary.vitals
        if one.vital in vitals
    ]
    alarms = len(record.alarms)
    counted = "1 alarm" if alarms == 1 else f"{alarms} alarms"
    return f"Chart of the vital signs over time: {'; '.join(said) or 'no values'}. {counted}."
