"""The tables of a record but for its readings, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.vitals import VITALS
from app.review.exports.document import Cell, Column, Row, Section, Table, plain
from app.review.exports.texts import (
    NONE,
    flagged,
    label,
    number,
    who,
    words,
)
from app.review.record.sentences import ENDED

if TYPE_CHECKING:
    from app.review.exports.document import Tone
    from app.review.exports.texts import Clock
    from app.review.record.model import (
        AlarmTold,
        AnnotationCorrection,
        Limits,
        Reading,
        Record,
        Signature,
        Values,
    )

COMPARATORS: Final = {
    "<=": "\N{LESS-THAN OR EQUAL TO}",
    "<": "<",
    ">": ">",
    ">=": "\N{GREATER-THAN OR EQUAL TO}",
}
TIERS: Final = ("low_critical", "low", "high", "high_critical")
PRIORITY_TONES: Final[dict[str, Tone]] = {"high": "critical", "medium": "warning", "low": ""}


def events(record: Record, clock: Clock) -> Section:
    columns = [
        Column("No.", "right"),
        Column("Time"),
        Column("T+", "right", under="min"),
        Column("What", width=4),
        Column("Who", width=1.3),
        Column("Event", "right"),
    ]
    rows = [
        Row(
            plain(
                "" if told.number is None else str(told.number),
                clock.time(told.at),
                clock.since_zero(told.at),
                told.text,
                who(told.by),
                str(told.seq),
            )
        )
        for told in record.events
    ]
    note = "The number (No.) is that of the mark in the figure; Event is the place in the log."
    table = Table(columns, rows) if rows else None
    return Section("events", "Events", table, [note] if rows else [], "Nothing happened.")


def alarms(record: Record, clock: Clock) -> Section:
    columns = [
        Column("Raised"),
        Column("Cleared"),
        Column("Seen"),
        Column("Priority"),
        Column("Alarm", width=3),
        Column("What became of it", width=4),
    ]
    rows = [
        Row(
            [
                Cell(clock.time(told.raised_at)),
                Cell(clock.time(told.cleared_at)),
                Cell(clock.time(told.seen_at)),
                Cell(told.priority, PRIORITY_TONES.get(told.priority, "")),
                Cell(str(told.alarm.get("text", told.alarm.get("condition", "")))),
                Cell(_became(told, clock)),
            ]
        )
        for told in record.alarms
    ]
    table = Table(columns, rows) if rows else None
    return Section("alarms", "Alarms", table, [], "No alarm was raised.")


def _became(told: AlarmTold, clock: Clock) -> str:
    said = []
    if told.rejudged:
        said.append("judged again after a correction")
    worst = told.alarm.get("worst")
    if worst is not None:
        said.append(f"worst {number(worst)} {told.alarm.get('unit') or ''}".strip())
    for seen in told.alarm.get("acknowledgements", ()):
        action = f", {words([seen['action']])}" if seen.get("action") else ""
        note = f": {seen['note']}" if seen.get("note") else ""
        said.append(f"seen by {who(seen.get('by'))} at {clock.time(seen.get('at'))}{action}{note}")
    if told.cleared_at is None:
        said.append("stands")
    elif told.alarm.get("ended_reason"):
        said.append(f"ended: {told.alarm['ended_reason']}")
    elif told.alarm.get("ended_by"):
        by = str(told.alarm["ended_by"])
        said.append(f"ended: {ENDED.get(by, words([by]))}")
    return "; ".join(said)


def notes(record: Record, clock: Clock) -> Section:
    columns = [
        Column("Time"),
        Column("T+", "right", under="min"),
        Column("Kind"),
        Column("What", width=4),
        Column("Who", width=1.3),
        Column("Remarks", width=2),
    ]
    rows = []
    for note in record.annotations:
        said = []
        if note.after_close:
            said.append(f"written after the close, {clock.full(note.recorded_at)}")
        said += [_put_right(correction, clock) for correction in note.corrections]
        if note.voided is not None:
            by, at = who(note.voided.get("by")), clock.full(note.voided.get("at"))
            said.append(f"voided by {by}, {at}: {note.voided.get('reason', '')}")
        cells = plain(
            clock.time(note.at),
            clock.since_zero(note.at),
            words([note.kind]),
            note.says,
            who(note.by),
            "; ".join(said),
        )
        rows.append(Row(cells, note.voided is not None))
    table = Table(columns, rows) if rows else None
    return Section("annotations", "Annotations", table, [], "No annotation was written.")


def _put_right(correction: AnnotationCorrection, clock: Clock) -> str:
    was = correction.was
    earlier = " ".join(filter(None, (clock.time(was.get("at")), was.get("text"))))
    by, at = who(correction.by), clock.full(correction.at)
    return f"put right by {by}, {at}, was {earlier}: {correction.reason}"


def corrections(record: Record, clock: Clock) -> Section:
    columns = [
        Column("Put right", under="when"),
        Column("Taken"),
        Column("What"),
        Column("Was", width=2),
        Column("Is", width=2),
        Column("Who", width=1.3),
        Column("Why", width=2),
    ]
    found = [
        (correction.seq, Row(plain(*_corrected(reading, at, clock))))
        for reading in record.readings
        for at, correction in enumerate(reading.corrections)
    ]
    rows = [row for _, row in sorted(found, key=lambda pair: pair[0])]
    table = Table(columns, rows) if rows else None
    return Section("corrections", "Corrections", table, [], "No reading was put right.")


def _corrected(reading: Reading, at: int, clock: Clock) -> tuple[str, ...]:
    correction = reading.corrections[at]
    became = [c for c in reading.corrections[at + 1 :] if c.kind == "amended"]
    now = became[0].was if became else reading.values
    taken = became[0].was_taken_at if became else reading.taken_at
    flags = reading.first.flags if at == 0 and reading.first else {}
    own = {} if became else reading.flags
    if correction.kind == "amended":
        vitals = [v for v in {**correction.was, **now} if correction.was.get(v) != now.get(v)]
        was = [_said(v, correction.was, flags) for v in vitals]
        is_now = [_said(v, now, own) for v in vitals]
        if taken != correction.was_taken_at:
            was.insert(0, f"taken {clock.time(correction.was_taken_at)}")
            is_now.insert(0, f"taken {clock.time(taken)}")
    else:
        values = correction.was or reading.values
        was = [_said(v, values, flags or own) for v in values]
        is_now = ["counts no more" if correction.kind == "voided" else "in another session"]
    return (
        clock.full(correction.at),
        clock.time(correction.was_taken_at),
        correction.kind,
        ", ".join(was),
        ", ".join(is_now),
        who(correction.by),
        correction.reason,
    )


def _said(vital: str, values: Values, flags: dict[str, str]) -> str:
    value = values.get(vital)
    said = NONE if value is None else flagged(value, flags.get(vital))
    return f"{label(vital)} {said}"


def limits(record: Record, clock: Clock) -> Section:
    columns = [
        Column("From"),
        Column("Vital"),
        Column("Critical low", "right"),
        Column("Low", "right"),
        Column("High", "right"),
        Column("Critical high", "right"),
        Column("From baseline", "right"),
        Column("Who", width=1),
        Column("Why", width=1.5),
    ]
    rows: list[Row] = []
    before: dict[str, list[dict[str, Any]]] = {}
    for step in record.limits:
        for vital in [*VITALS, *sorted(step.limits.keys() - VITALS.keys())]:
            lines = step.limits.get(vital, [])
            if lines != before.get(vital, []):
                rows.append(_limit_row(step, vital, lines, clock))
        before = step.limits
    note = "The whole set at first, then what was changed. Lines from baseline are plain numbers."
    table = Table(columns, rows) if rows else None
    return Section("limits", "Alarm limits", table, [note] if rows else [], "No limits were set.")


def _limit_row(step: Limits, vital: str, lines: list[dict[str, Any]], clock: Clock) -> Row:
    named: dict[str, list[str]] = {}
    for line in lines:
        if line.get("tier") in ("technical", "stop"):
            continue
        tier, side = line.get("tier"), line.get("side")
        name = "relative" if tier == "relative" else f"{side}{'_critical' * (tier == 'critical')}"
        comparator = COMPARATORS.get(str(line.get("comparator")), "")
        named.setdefault(name, []).append(f"{comparator} {number(line.get('value'))}")
    cells = [", ".join(named.get(name, [NONE])) for name in (*TIERS, "relative")]
    return Row(
        plain(clock.time(step.at), label(vital), *cells, who(step.by), step.reason or "as preset")
    )


def signatures(record: Record, clock: Clock) -> Section:
    columns = [
        Column("When"),
        Column("What"),
        Column("Meaning"),
        Column("By", width=1.2),
        Column("Text", width=2),
        Column("Covers", "right", under="event"),
        Column("Hash", width=2),
        Column("Holds"),
    ]
    rows = [
        Row([*_signed(signature, clock), _holds(signature.holds)])
        for signature in record.signatures
    ]
    table = Table(columns, rows) if rows else None
    return Section("signatures", "Signatures", table, [], "This record is not signed.")


def _signed(signature: Signature, clock: Clock) -> list[Cell]:
    return plain(
        clock.full(signature.at),
        signature.kind,
        signature.meaning or NONE,
        who(signature.by),
        signature.text or "",
        str(signature.covers),
        signature.hash,
    )


def _holds(holds: bool | None) -> Cell:
    if holds is None:
        return Cell("not checked here", "quiet")
    return Cell("yes", "good") if holds else Cell("NO", "critical")
