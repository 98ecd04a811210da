"""The rows of the figure, one above the other over the same time: which vitals share one, how high
it is, and what range it shows at least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP: Final = 0.015  # of the figure's height between two rows
ROOM: Final = 0.06  # of a row's range above and below its values
RECORD_RANGE: Final = (0.0, 220.0)  # of the shared axis of an anaesthesia record
RECORD_STEP: Final = 20  # mmHg, or beats a minute
MG, ALARMS, EVENTS = "mg", "alarms", "events"


@dataclass(frozen=True, slots=True)
class Row:
    """`least` is the range that it shows in any case; None: its values' own."""

    name: str
    vitals: tuple[str, ...]
    height: float
    least: tuple[float, float] | None
    fixed: bool = False


ROWS: Final = (
    Row("pressure", ("sbp", "dbp", "map"), 3.0, (40, 180)),
    Row("hr", ("hr",), 2.0, (40, 140)),
    Row("spo2", ("spo2",), 1.6, (84, 101)),
    Row("rr", ("rr", "etco2"), 1.6, (0, 50)),
    Row("temp", ("temp",), 1.0, (35, 39)),
    Row("scores", ("sedation", "dissociation", "pain"), 1.4, (-0.5, 10.5)),
    Row("oxygen", ("o2_flow",), 0.8, (0, 6)),
)
RECORD_ROWS: Final = (
    Row("record", ("sbp", "dbp", "map", "hr", "rr"), 5.0, RECORD_RANGE, fixed=True),
    Row("spo2", ("spo2",), 1.4, (84, 101)),
    Row("etco2", ("etco2",), 1.2, (0, 60)),
    *ROWS[4:],
)
LANES: Final = (
    Row(MG, (), 0.9, None),
    Row(ALARMS, (), 0.9, None),
    Row(EVENTS, (), 0.9, None),
)


def rows_of(vitals: Iterable[str], lanes: Iterable[str], *, symbols: bool) -> list[Row]:
    """Those in which there is something, from top to bottom."""
    shown, wanted = set(vitals), set(lanes)
    rows = [row for row in (RECORD_ROWS if symbols else ROWS) if shown.intersection(row.vitals)]
    return [*rows, *(lane for lane in LANES if lane.name in wanted)]


def axis_of(row: int) -> str:
    """`y`, `y2`, ...: the name of the axis of the nth row."""
    return "y" if row == 0 else f"y{row + 1}"


def axes(rows: Sequence[Row], ranges: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """The layout's entry for the axis of each row, with the share of the height that it has."""
    whole = sum(row.height for row in rows)
    free = 1 - GAP * max(0, len(rows) - 1)
    top, layout = 1.0, {}
    for place, row in enumerate(rows):
        bottom = max(0.0, top - free * row.height / whole)
        layout[f"yaxis{'' if place == 0 else place + 1}"] = _axis(row, bottom, top, ranges)
        top = bottom - GAP
    return layout


def _axis(
    row: Row, bottom: float, top: float, ranges: dict[str, tuple[float, float]]
) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "domain": [round(bottom, 4), round(top, 4)],
        "anchor": "x",
        "title": {"text": _title(row)},
        "fixedrange": True,
        "zeroline": False,
    }
    if row.name in (ALARMS, EVENTS):
        axis |= {"showgrid": False, "showticklabels": False}
    if row.fixed:
        axis |= {"range": list(RECORD_RANGE), "tick0": 0, "dtick": RECORD_STEP}
    elif row.name in ranges:
        low, high = ranges[row.name]
        axis["range"] = [round(low, 2), round(high, 2)]
    return axis


def _title(row: Row) -> str:
    match row.name:
        case "pressure":
            return "BP mmHg"
        case "record":
            return "mmHg, /min"
        case "scores":
            return "Scores"
        case "mg":
            return "mg"
        case "alarms":
            return "Alarms"
        case "events":
            return "Events"
        case "rr":
            return "RR, EtCO2"
    vital = VITALS[row.vitals[0]]
    return f"{vital.short} {vital.unit}".strip()


def value_range(row: Row, values: Sequence[float]) -> tuple[float, float]:
    """All of the values with some room, and no less than the row shows in any case."""
    low, high = min(values), max(values)
    room = ROOM * max(1.0, high - low)
    least = row.least or (low, high)
    return min(least[0], low - room), max(least[1], high + room)
