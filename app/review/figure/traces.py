"""Traces of values and limits, without a colour: what each is stands in its `meta`, and whoever
draws it chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import parse_iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.review.figure.points import Curve, Kept, Point
    from app.review.record.model import Limits

Trace = dict[str, Any]

SHAPES: Final[Mapping[str, str]] = {"manual": "square", "device": "circle", "simulated": "diamond"}
RECORD_SHAPES: Final[Mapping[str, str]] = {  # as anaesthesia records draw them
    "sbp": "arrow-down-open",  # its tip is the value
    "dbp": "arrow-up-open",
    "hr": "circle",
    "rr": "circle-open",
    "map": "x-thin-open",
    "temp": "triangle-up-open",
}
STRUCK: Final = "line-ew-open"
GONE: Final = "x-thin-open"


def values(curve: Curve, kept: Kept, yaxis: str, *, symbols: bool) -> Trace:
    shape = SHAPES[curve.source]
    if symbols:
        shape = RECORD_SHAPES.get(curve.vital, shape)
    meta = {"role": "values", **_of(curve.vital), "source": curve.source}
    return _markers(kept.points, yaxis, shape, meta, VITALS[curve.vital].short)


def line(curve: Curve, kept: Kept, yaxis: str) -> Trace:
    """Connects what no value is missing between."""
    x: list[int | None] = []
    y: list[float | None] = []
    before = None
    for point, run in zip(kept.points, kept.runs, strict=True):
        if before is not None and run != before:
            x.append(None)
            y.append(None)
        x.append(point.at)
        y.append(point.value)
        before = run
    meta = {"role": "line", **_of(curve.vital), "source": curve.source}
    return _lines(x, y, yaxis, meta)


def pairs(kept: Kept, yaxis: str) -> Trace:
    """From diastolic to systolic of each cuff."""
    x: list[int | None] = []
    y: list[float | None] = []
    for point, reading in zip(kept.points, kept.readings, strict=True):
        if "dbp" in reading.values:
            x += (point.at, point.at, None)
            y += (reading.values["dbp"], point.value, None)
    return _lines(x, y, yaxis, {"role": "pair", **_of("sbp")})


def first(vital: str, points: Sequence[Point], yaxis: str) -> Trace:
    """What amended readings were before."""
    meta = {"role": "first", **_of(vital)}
    return _markers(points, yaxis, STRUCK, meta, VITALS[vital].short)


def gone(vital: str, points: Sequence[Point], yaxis: str) -> Trace:
    """What was voided or moved to another session."""
    meta = {"role": "voided", **_of(vital)}
    return _markers(points, yaxis, GONE, meta, VITALS[vital].short)


def limits(
    vital: str, changes: Sequence[Limits], since: int, until: int, yaxis: str
) -> list[Trace]:
    """One for each tier and side: the innermost line of it, from each moment on at which it
    changed.
    """
    moments = [max(since, parse_iso(change.at)) for change in changes]
    drawn = [_lines_of(change.limits.get(vital, ())) for change in changes]
    traces = []
    for tier, side in dict.fromkeys(name for found in drawn for name in found):
        x: list[int | None] = []
        y: list[float | None] = []
        for at, found in zip(moments, drawn, strict=True):
            value = found.get((tier, side))
            if x and x[-1] == at:  # of those from before the time shown the last counts
                y[-1] = value
            elif at <= until and (not y or y[-1] != value):
                x.append(at)
                y.append(value)
        x.append(until)
        y.append(y[-1])
        meta = {"role": "limit", **_of(vital), "tier": tier, "side": side}
        trace = _lines(x, y, yaxis, meta)
        trace["line"] = {"shape": "hv", "dash": "dash" if tier == "critical" else "dot", "width": 1}
        traces.append(trace)
    return traces


def _lines_of(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for one in lines:
        name, low = (one["tier"], one["side"]), one["side"] == "low"
        value, also = one["value"], one["and_value"]
        if also is not None:  # beyond both, or it is not reached
            value = min(value, also) if low else max(value, also)
        before = found.get(name, value)
        found[name] = max(before, value) if low else min(before, value)
    return found


def _of(vital: str) -> dict[str, str]:
    return {"vital": vital, "token": VITALS[vital].token, "unit": VITALS[vital].unit}


def _markers(
    points: Sequence[Point], yaxis: str, shape: str, meta: dict[str, str], name: str
) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [point.at for point in points],
        "y": [point.value for point in points],
        "customdata": [point.told() for point in points],
        "xaxis": "x",
        "yaxis": yaxis,
        "marker": {"symbol": shape},
        "meta": meta,
    }


def _lines(x: list[int | None], y: list[float | None], yaxis: str, meta: dict[str, str]) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "xaxis": "x",
        "yaxis": yaxis,
        "line": {"width": 1},
        "connectgaps": False,
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": meta,
    }
