"""The summary of a record as tables: vital signs, alarms, schedule, phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.review.exports.document import Cell, Column, Row, Section, Table, plain
from app.review.exports.tables import PRIORITY_TONES
from app.review.exports.texts import NONE, change, label, number, span, unit, who, words

if TYPE_CHECKING:
    from app.review.exports.document import Tone
    from app.review.exports.texts import Clock
    from app.review.record.model import Record


def vital_summary(record: Record) -> Section:
    columns = [
        Column("Vital", width=1.7),
        Column("n", "right", 0.8),
        Column("First", "right", 0.9),
        Column("Baseline", "right", 1),
        Column("Min", "right", 0.9),
        Column("Mean", "right", 0.9),
        Column("Max", "right", 0.9),
        Column("Last", "right", 0.9),
        Column("Change", "right", 1),
        Column("Below", "right", 1.2),
        Column("Above", "right", 1.2),
        Column("No value", "right", 1.2),
    ]
    rows = []
    for one in record.summary.vitals:
        vital = f"{label(one.vital)} {unit(one.vital)}".strip()
        rows.append(
            Row(
                [
                    *plain(
                        vital,
                        str(one.count),
                        number(one.first),
                        number(one.baseline),
                        number(one.min),
                        number(one.mean),
                        number(one.max),
                        number(one.last),
                        change(one.change),
                    ),
                    _beyond(one.beyond, "low"),
                    _beyond(one.beyond, "high"),
                    Cell(span(one.gaps_s) if one.gaps_s else NONE),
                ]
            )
        )
    note = (
        "Of the values that stand; mean weighted by time. Below and above: time beyond the nearest"
        " alarm limit, gaps in the values left out. Change: of the value furthest from the"
        " baseline."
    )
    table = Table(columns, rows) if rows else None
    return Section("summary", "Vital signs", table, [note] if rows else [], "No values.")


def _beyond(beyond: list[Any], side: str) -> Cell:
    """Time beyond the nearest line of the side, and beyond the critical one if it was reached."""
    by_tier = {one.tier: one.seconds for one in beyond if one.side == side}
    outside = max(by_tier.values(), default=0)
    if not outside:
        return Cell("0" if by_tier else NONE, "quiet")
    tone: Tone = "critical" if by_tier.get("critical") else "warning" if outside else ""
    return Cell(span(outside), tone)


def alarm_counts(record: Record) -> Section:
    columns = [
        Column("Priority", width=1),
        Column("Kind", width=1.5),
        Column("Alarms", "right", 1),
        Column("Acknowledged", "right", 1),
        Column("Time to acknowledge", "right", 1.5, "median"),
        Column("", "right", 1, "longest"),
    ]
    rows = [
        Row(
            [
                Cell(one.priority, PRIORITY_TONES.get(one.priority, "")),
                *plain(
                    one.kind,
                    str(one.count),
                    str(one.acknowledged),
                    _seconds(one.seconds_to_acknowledge_median),
                    _seconds(one.seconds_to_acknowledge_longest),
                ),
            ]
        )
        for one in record.summary.alarms
    ]
    table = Table(columns, rows) if rows else None
    return Section("alarm-counts", "Alarms in numbers", table, [], "No alarm was raised.")


def _seconds(value: float | None) -> str:
    return NONE if value is None else span(value)


def compliance(record: Record) -> Section:
    columns = [
        Column("Vital", width=1.5),
        Column("Due", "right", 1),
        Column("In time", "right", 1),
        Column("Late", "right", 1),
        Column("Missed", "right", 1),
        Column("Longest gap", "right", 1),
    ]
    rows = [
        Row(
            plain(
                label(one.vital),
                str(one.due),
                str(one.in_time),
                str(one.late),
                str(one.missed),
                span(one.longest_gap_s),
            )
        )
        for one in record.summary.compliance
    ]
    table = Table(columns, rows) if rows else None
    missing = record.summary.completeness
    notes = [f"Missing: {sentence}" for sentence in missing]
    title = "Observation schedule and completeness"
    return Section("compliance", title, table, notes, "No observation was due.")


def phases(record: Record, clock: Clock) -> Section:
    columns = [
        Column("From"),
        Column("Until"),
        Column("Phase", width=1),
        Column("Who", width=1),
        Column("Why", width=2),
    ]
    rows = [
        Row(
            plain(
                clock.time(phase.at),
                clock.time(phase.until),
                words([phase.phase]),
                who(phase.by),
                phase.reason or "",
            )
        )
        for phase in record.phases
    ]
    gaps = [
        f"{clock.time(gap.since)} to {clock.time(gap.until)}: not watched, the server was not there"
        for gap in record.gaps
    ]
    return Section("phases", "Phases", Table(columns, rows) if rows else None, gaps)
