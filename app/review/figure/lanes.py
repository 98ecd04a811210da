"""What lies below the values: how much was given, alarms as bars, and events as numbered marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import parse_iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.review.record.model import AlarmTold, Record, Told

Trace = dict[str, Any]

APART: Final = 0.012  # of the time shown: two marks closer than that are put one above the other
EVENT_ROWS: Final = 4  # more would not be read
PRIORITIES: Final = ("high", "medium", "low")


def mg(record: Record, since: int, until: int, yaxis: str) -> Trace:
    """Nothing before the first, the same as ever after the last."""
    begin, end = min(since, parse_iso(record.phases[0].at)), until
    x, y = [begin], [0.0]
    for dose in record.doses:
        x.append(parse_iso(dose.at))
        y.append(dose.mg)
    x.append(max(end, x[-1]))
    y.append(y[-1])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "mg",
        "x": x,
        "y": y,
        "xaxis": "x",
        "yaxis": yaxis,
        "fill": "tozeroy",
        "line": {"width": 1.5},
        "meta": {"role": "mg", "token": "infusion", "unit": "mg"},
    }


def alarms(found: Sequence[AlarmTold], until: int, yaxis: str) -> list[Trace]:
    """A bar from raised to cleared for each, one trace for a priority; where a person first
    acknowledged it is marked. What still stands goes on to the end.
    """
    rows = _packed([_stood(alarm, until) for alarm in found])
    bars: dict[str, Trace] = {}
    for alarm, row in zip(found, rows, strict=True):
        trace = bars.setdefault(alarm.priority, _bars(alarm.priority, yaxis))
        since, end = _stood(alarm, until)
        told = _told(alarm)
        trace["x"] += (since, end, None)
        trace["y"] += (-row, -row, None)
        trace["customdata"] += (told, told, None)
    ordered = [bars[priority] for priority in PRIORITIES if priority in bars]
    seen = [(a, row) for a, row in zip(found, rows, strict=True) if a.seen_at is not None]
    return [*ordered, *([_acknowledged(seen, yaxis)] if seen else [])]


def _bars(priority: str, yaxis: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{priority.capitalize()} alarms",
        "x": [],
        "y": [],
        "customdata": [],
        "xaxis": "x",
        "yaxis": yaxis,
        "line": {"width": 7},
        "marker": {"symbol": "line-ns-open", "size": 9},
        "meta": {"role": "alarm", "priority": priority},
    }


def _acknowledged(seen: Sequence[tuple[AlarmTold, int]], yaxis: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Acknowledged",
        "x": [parse_iso(alarm.seen_at or alarm.raised_at) for alarm, _ in seen],
        "y": [-row for _, row in seen],
        "customdata": [_told(alarm) for alarm, _ in seen],
        "xaxis": "x",
        "yaxis": yaxis,
        "marker": {"symbol": "circle", "size": 7},
        "meta": {"role": "ack"},
    }


def _told(alarm: AlarmTold) -> list[object]:
    said = alarm.alarm
    return [said["id"], said["text"], alarm.priority, said["kind"], said["state"], alarm.rejudged]


def _stood(alarm: AlarmTold, until: int) -> tuple[int, int]:
    since = parse_iso(alarm.raised_at)
    end = until if alarm.cleared_at is None else parse_iso(alarm.cleared_at)
    return since, max(since, end)


def _packed(stretches: Sequence[tuple[int, int]]) -> list[int]:
    """For each, in order of its beginning, the first row in which nothing else is then."""
    free_at: list[int] = []
    rows = []
    for since, until in stretches:
        row = next((n for n, free in enumerate(free_at) if free < since), len(free_at))
        free_at[row:] = [until, *free_at[row + 1 :]]
        rows.append(row)
    return rows


def numbered(events: Sequence[Told], since: int, until: int) -> list[Told]:
    """Those with a mark of their own in the time shown."""
    return [e for e in events if e.number is not None and since <= parse_iso(e.at) <= until]


def events(found: Sequence[Told], since: int, until: int, yaxis: str) -> list[Trace]:
    """One trace for a kind of mark, the number as its text."""
    apart = round((until - since) * APART)
    in_order = sorted(found, key=lambda event: (event.at, event.seq))
    rows = _packed([(at, at + apart) for at in (parse_iso(event.at) for event in in_order)])
    traces: dict[str, Trace] = {}
    for event, row in zip(in_order, rows, strict=True):
        trace = traces.setdefault(event.mark, _marks(event.mark, yaxis))
        trace["x"].append(parse_iso(event.at))
        trace["y"].append(-(row % EVENT_ROWS))
        trace["text"].append(str(event.number))
        trace["customdata"].append([event.seq, event.number, event.mark, event.text])
    return list(traces.values())


def _marks(mark: str, yaxis: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": mark.capitalize(),
        "x": [],
        "y": [],
        "text": [],
        "customdata": [],
        "xaxis": "x",
        "yaxis": yaxis,
        "textposition": "middle center",
        "marker": {"symbol": "circle", "size": 17},
        "meta": {"role": "event", "mark": mark},
    }


def marks(found: Sequence[Told]) -> list[dict[str, Any]]:
    """The list beside the figure, in order of the numbers."""
    return [
        {
            "number": event.number,
            "seq": event.seq,
            "kind": event.kind,
            "mark": event.mark,
            "at": event.at,
            "text": event.text,
        }
        for event in found
    ]
