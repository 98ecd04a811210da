"""The figure of a record, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import MINUTE_MS, parse_iso
from app.monitoring.vitals import VITALS
from app.review.errors import bad_period
from app.review.figure import lanes, traces
from app.review.figure.points import points_of
from app.review.figure.rows import ALARMS, EVENTS, MG, axes, axis_of, rows_of, value_range
from app.review.figure.shading import shapes

if TYPE_CHECKING:
    from app.review.figure.points import Points
    from app.review.figure.rows import Row
    from app.review.record.model import Record

POINTS: Final = 600  # of each trace: two pixels of a wide screen
WINDOW_POINTS: Final = 4_000  # an hour at 1 Hz, whole
RECORD_POINTS: Final = 120  # symbols are larger: more would run together
STEPS_MIN: Final = (1, 5, 15, 30, 60)  # minutes between two marks of T+
MOST_STEPS: Final = 20  # marks that stand apart on a tablet
LEAST_MS: Final = MINUTE_MS  # shown in any case: a session may have lasted no time
Range = tuple[float, float]


def figure(
    record: Record,
    *,
    since: int | None = None,
    until: int | None = None,
    points: int | None = None,
    symbols: bool = False,
) -> dict[str, Any]:
    """`{data, layout, marks}` from `since` to `until`, or of the whole session; each curve longer
    than twice `points` with so many, and what may not be lost beside them.
    """
    begin, end = _window(record, since, until)
    found = points_of(record, begin, end)
    events = lanes.numbered(record.events, begin, end)
    alarms = [a for a in record.alarms if _shown(a.raised_at, a.cleared_at, begin, end)]
    present = {MG: bool(record.doses), ALARMS: bool(alarms), EVENTS: bool(events)}
    rows = rows_of(found.vitals, [name for name in present if present[name]], symbols=symbols)
    limit = points or (POINTS if since is None and until is None else WINDOW_POINTS)
    limit = min(limit, RECORD_POINTS) if symbols else limit
    data: list[dict[str, Any]] = []
    ranges: dict[str, Range] = {}
    for place, row in enumerate(rows):
        yaxis = axis_of(place)
        if row.vitals:
            ranges[row.name] = value_range(row, _bounds(row, record, found))
            data += _vitals(row, record, found, (begin, end), yaxis, limit, symbols)
        elif row.name == MG:
            data.append(lanes.mg(record, begin, end, yaxis))
            ranges[MG] = (0, 1.1 * max(record.mg_ordered or 0, 1))
        elif row.name == ALARMS:
            data += lanes.alarms(alarms, end, yaxis)
        else:
            data += lanes.events(events, begin, end, yaxis)
    layout = _layout(record, rows, ranges, begin, end, symbols=symbols)
    return {"data": data, "layout": layout, "marks": lanes.marks(events)}


def _window(record: Record, since: int | None, until: int | None) -> tuple[int, int]:
    """Raises InvalidRequest for one that ends where it begins, or before."""
    if since is not None and until is not None and since >= until:
        raise bad_period()
    begin, end = parse_iso(record.phases[0].at), parse_iso(record.last_at)
    if record.readings:
        begin = min(begin, parse_iso(record.readings[0].taken_at))
        end = max(end, parse_iso(record.readings[-1].taken_at))
    begin = begin if since is None else since
    if until is not None:
        return min(begin, until - (LEAST_MS if since is None else 0)), until
    return begin, max(end, begin + LEAST_MS)


def _shown(since: str, until: str | None, begin: int, end: int) -> bool:
    return parse_iso(since) <= end and (until is None or parse_iso(until) >= begin)


def _bounds(row: Row, record: Record, found: Points) -> list[float]:
    """The same whatever part of the session is shown: a closer look does not move the values."""
    told = [one for one in record.summary.vitals if one.vital in row.vitals]
    drawn = [value for vital in row.vitals for value in found.struck(vital)]
    return [*(one.min for one in told), *(one.max for one in told), *drawn]


def _vitals(
    row: Row,
    record: Record,
    found: Points,
    window: tuple[int, int],
    yaxis: str,
    points: int,
    symbols: bool,
) -> list[dict[str, Any]]:
    data = []
    for vital in (vital for vital in row.vitals if vital in found.vitals):
        data += traces.limits(vital, record.limits, *window, yaxis)
    for vital in row.vitals:
        for (of, _), curve in found.curves.items():
            if of == vital:
                kept = curve.thinned(points)
                if vital == "sbp":
                    data.append(traces.pairs(kept, yaxis))
                data.append(traces.line(curve, kept, yaxis))
                data.append(traces.values(curve, kept, yaxis, symbols=symbols))
        if vital in found.first:
            data.append(traces.first(vital, found.first[vital], yaxis))
        if vital in found.gone:
            data.append(traces.gone(vital, found.gone[vital], yaxis))
    return data


def _layout(
    record: Record,
    rows: list[Row],
    ranges: dict[str, Range],
    begin: int,
    end: int,
    *,
    symbols: bool,
) -> dict[str, Any]:
    t0 = parse_iso(record.t0)
    step = _step(begin, end)
    first = t0 - (t0 - begin) // step * step
    ticks = list(range(first, end + 1, step))
    xaxis: dict[str, Any] = {
        "type": "date",
        "range": [begin, end],
        "anchor": axis_of(len(rows) - 1) if rows else "y",
    }
    if symbols:  # squares of 5 and 15 min, as the paper has them
        xaxis |= {"tick0": begin // (15 * MINUTE_MS) * 15 * MINUTE_MS, "dtick": 15 * MINUTE_MS}
        xaxis["minor"] = {"dtick": 5 * MINUTE_MS, "showgrid": True}
    return {
        **axes(rows, ranges),
        "xaxis": xaxis,
        "shapes": shapes(record, begin, end),
        "meta": {
            "symbols": symbols,
            "t0": t0,
            "t_plus": {
                "tickvals": ticks,
                "ticktext": [_t_plus(at, t0) for at in ticks],
            },
            "rows": [_row(place, row) for place, row in enumerate(rows)],
        },
    }


def _row(place: int, row: Row) -> dict[str, Any]:
    vitals = [{"vital": v, "label": VITALS[v].label, "unit": VITALS[v].unit} for v in row.vitals]
    return {"name": row.name, "yaxis": axis_of(place), "height": row.height, "vitals": vitals}


def _step(begin: int, end: int) -> int:
    """Between two marks of T+, in milliseconds."""
    for minutes in STEPS_MIN:
        if (end - begin) / (minutes * MINUTE_MS) <= MOST_STEPS:
            return minutes * MINUTE_MS
    hours = -(-(end - begin) // (MOST_STEPS * 60 * MINUTE_MS))
    return int(hours) * 60 * MINUTE_MS


def _t_plus(at: int, t0: int) -> str:
    """`T+23`, `T-10`: whole minutes of the infusion's time."""
    minutes = round((at - t0) / MINUTE_MS)
    return f"T{'+' if minutes >= 0 else '-'}{abs(minutes)}"
