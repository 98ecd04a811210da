"""Readings and events as tables for a spreadsheet: every value a row, what was struck out too, each
with its standing, so that a sum over what stands is one filter.

`log_broken_from`, in every row: the first event that is not as it was written; empty if all are.

A spreadsheet runs text that looks like a formula; here none does. Numbers are numbers, and times
ISO-8601 in UTC.
"""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import SECOND_MS, parse_iso
from app.review.exports.readings import next_value, put_right
from app.review.exports.texts import number, unit, who

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.review.record.model import Reading, Record

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # or a spreadsheet reads UTF-8 as something else
FORMULA: Final = "=+-@\uff1d\uff0b\uff0d\uff20"  # the wide ones are taken for them, too
UNSEEN: Final = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Some programs drop these where a text begins."""
_BEGINS: Final = re.compile(rf"^[\s{UNSEEN}]*[{re.escape(FORMULA)}\t\r\n|]")
_AFTER: Final = re.compile(rf'([;,\t\r\n]["\s{UNSEEN}]*)(?=[{re.escape(FORMULA)}])')
"""Where another separator is taken, the rest of a text may begin a cell of its own."""

READINGS: Final = (
    "session_id",
    "simulated",
    "log_broken_from",
    "event",
    "reading_id",
    "vital",
    "value",
    "unit",
    "standing",
    "flag",
    "basis",
    "taken_at",
    "t_plus_s",
    "recorded_at",
    "source",
    "device",
    "by",
    "late",
    "unconfirmed",
    "derived",
    "superseded",
    "after_close",
    "moved_from",
    "moved_because",
    "reason",
    "corrected_at",
    "corrected_by",
    "corrected_event",
    "moved_to",
    "code",
)
EVENTS: Final = (
    "session_id",
    "simulated",
    "log_broken_from",
    "event",
    "number",
    "kind",
    "mark",
    "at",
    "t_plus_s",
    "recorded_at",
    "by",
    "by_id",
    "by_kind",
    "by_role",
    "text",
)

Cells = dict[str, Any]


def readings_csv(record: Record) -> bytes:
    """`standing`: standing, amended (the value that an amendment gave), replaced (an earlier one),
    voided, moved, rejected (sent and not taken for a value), not_taken.
    """
    rows = (row for reading in record.readings for row in _of_reading(record, reading))
    return _table(READINGS, rows)


def events_csv(record: Record) -> bytes:
    """Everything of the log but calm readings, one sentence each."""
    return _table(EVENTS, (_event(record, told) for told in record.events))


def safe(cell: Any) -> str:
    """Text that stays text, whatever opens the file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number(cell)
    return _harmless(str(cell))


@lru_cache(maxsize=4_096)  # the same names, kinds and reasons stand in thousands of rows
def _harmless(text: str) -> str:
    text = _AFTER.sub(r"\1'", text)
    return f"'{text}" if _BEGINS.match(text) else text


def _table(columns: Sequence[str], rows: Iterator[Cells]) -> bytes:
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([safe(row.get(column)) for column in columns] for row in rows)
    return text.getvalue().encode()


def _of_reading(record: Record, reading: Reading) -> Iterator[Cells]:
    common = _common(record, reading)
    last = reading.corrections[-1] if reading.corrections else None
    for vital, value in reading.values.items():
        ended = last is not None and last.kind in ("voided", "moved")
        amended = not ended and put_right(reading, vital)
        standing = reading.standing if ended else "amended" if amended else "standing"
        yield {
            **common,
            **_value(vital, value, standing, reading.flags.get(vital)),
            "taken_at": reading.taken_at,
            "t_plus_s": _since_zero(record, reading.taken_at),
            "basis": reading.basis.get(vital),
            "unconfirmed": vital in reading.unconfirmed,
            "derived": vital in reading.derived,
            "superseded": vital in reading.superseded,
            "late": vital in reading.late,
            **(_corrected(reading, len(reading.corrections) - 1) if ended or amended else {}),
        }
    yield from _replaced(record, reading, common)
    for refused in reading.rejected:
        sent = refused.get("value")
        cells = _value(str(refused.get("vital")), sent, "rejected", None)
        yield {**common, **cells, **_times(record, reading.taken_at), "code": refused.get("code")}
    for vital, why in reading.not_taken.items():
        cells = _value(vital, None, "not_taken", None)
        yield {**common, **cells, **_times(record, reading.taken_at), "code": why}


def _replaced(record: Record, reading: Reading, common: Cells) -> Iterator[Cells]:
    """What it said before each amendment, where that was another number or another time."""
    for at, correction in enumerate(reading.corrections):
        if correction.kind != "amended":
            continue
        later = [c for c in reading.corrections[at + 1 :] if c.kind == "amended"]
        taken = later[0].was_taken_at if later else reading.taken_at
        for vital, value in correction.was.items():
            if next_value(reading, at, vital) == value and taken == correction.was_taken_at:
                continue
            first = reading.first.flags.get(vital) if at == 0 and reading.first else None
            yield {
                **common,
                **_value(vital, value, "replaced", first),
                **_times(record, correction.was_taken_at),
                **_corrected(reading, at),
            }


def _common(record: Record, reading: Reading) -> Cells:
    moved = reading.moved_from or {}
    return {
        "session_id": record.session_id,
        "simulated": record.simulated,
        "log_broken_from": record.broken,
        "event": reading.seq,
        "reading_id": reading.id,
        "recorded_at": reading.recorded_at,
        "source": reading.source,
        "device": reading.device,
        "by": who(reading.by),
        "after_close": reading.after_close,
        "moved_from": moved.get("session_id"),
        "moved_because": moved.get("reason"),
    }


def _value(vital: str, value: Any, standing: str, flag: str | None) -> Cells:
    return {
        "vital": vital,
        "value": value,
        "unit": unit(vital),
        "standing": standing,
        "flag": flag,
    }


def _times(record: Record, taken_at: str) -> Cells:
    return {"taken_at": taken_at, "t_plus_s": _since_zero(record, taken_at)}


def _corrected(reading: Reading, at: int) -> Cells:
    correction = reading.corrections[at]
    return {
        "reason": correction.reason,
        "corrected_at": correction.at,
        "corrected_by": who(correction.by),
        "corrected_event": correction.seq,
        "moved_to": correction.moved_to,
    }


def _event(record: Record, told: Any) -> Cells:
    return {
        "session_id": record.session_id,
        "simulated": record.simulated,
        "log_broken_from": record.broken,
        "event": told.seq,
        "number": told.number,
        "kind": told.kind,
        "mark": told.mark,
        "at": told.at,
        "t_plus_s": _since_zero(record, told.at),
        "recorded_at": told.recorded_at,
        "by": who(told.by),
        "by_id": told.by.get("id"),
        "by_kind": told.by.get("kind"),
        "by_role": told.by.get("role"),
        "text": told.text,
    }


def _since_zero(record: Record, text: str) -> float:
    return (parse_iso(text) - parse_iso(record.t0)) / SECOND_MS
