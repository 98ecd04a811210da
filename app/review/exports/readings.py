"""The readings as a printed table: what stands, and struck through what was put right or taken out.

A monitor that sends each second fills hundreds of pages nobody reads. Of a long session the
printed table has one reading of a device for each minute and every one that says more; it says so,
and readings.csv has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.times import MINUTE_MS, parse_iso
from app.monitoring.vitals import VITALS
from app.review.exports.document import Cell, Column, Row, Section, Table
from app.review.exports.texts import FLAG_TONES, NONE, flagged, label, number, unit, who, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.review.exports.document import Tone
    from app.review.exports.texts import Clock
    from app.review.record.model import Reading, Record

WHOLE: Final = 600  # readings that are printed without leaving any out: ten pages, one second
LEGEND: Final = (
    "L and H: beyond a warning limit; LL and HH: beyond a critical one, as judged by the limits of"
    " that time. Struck through: an earlier value that was put right, or a reading that was voided"
    " or moved; it counts no more."
)


def readings(record: Record, clock: Clock) -> Section:
    shown = printed(record)
    vitals = vitals_of(record)
    notes = [LEGEND] if shown else []
    if len(shown) < len(record.readings):
        notes.append(
            f"{len(shown)} of {len(record.readings)} readings are printed: of a device one for each"
            " minute and each way in which it was flagged, the highest and lowest of each vital"
            " sign, and every one with a blood pressure, typed, late, refused in part or put right."
            " readings.csv has all of them."
        )
    table = Table(_columns(vitals), [_row(reading, vitals, clock) for reading in shown])
    title = "Readings"
    return Section("readings", title, table if shown else None, notes, "No readings were recorded.")


def vitals_of(record: Record) -> list[str]:
    """Those with a value, in the order of the registry."""
    seen = {vital for reading in record.readings for vital in reading.values}
    seen |= {v for reading in record.readings if reading.first for v in reading.first.values}
    seen |= {v for reading in record.readings for c in reading.corrections for v in c.was}
    return [*(vital for vital in VITALS if vital in seen), *sorted(seen - VITALS.keys())]


def printed(record: Record) -> list[Reading]:
    """All of a session of ordinary length; else those that say more than the one before."""
    if len(record.readings) <= WHOLE:
        return record.readings
    extremes = _extremes(record.readings)
    found: list[Reading] = []
    told: set[tuple[str, int, tuple[tuple[str, str], ...]]] = set()
    for reading in record.readings:
        minute = parse_iso(reading.taken_at) // MINUTE_MS
        news = (reading.device or reading.source, minute, tuple(sorted(reading.flags.items())))
        if news not in told or _says_more(reading) or reading.seq in extremes:
            found.append(reading)
        told.add(news)
    return found


def _says_more(reading: Reading) -> bool:
    return bool(
        reading.source == "manual"
        or reading.standing != "standing"
        or reading.late
        or reading.unconfirmed
        or reading.rejected
        or reading.not_taken
        or reading.after_close
        or reading.moved_from
        or any(VITALS[v].kind == "cuff" for v in reading.values if v in VITALS)
    )


def _extremes(readings: Sequence[Reading]) -> set[int]:
    """Where each vital was first at its lowest and its highest."""
    low: dict[str, tuple[float, int]] = {}
    high: dict[str, tuple[float, int]] = {}
    for reading in readings:
        if reading.standing in ("voided", "moved"):
            continue
        for vital, value in reading.values.items():
            if vital not in low or value < low[vital][0]:
                low[vital] = (value, reading.seq)
            if vital not in high or value > high[vital][0]:
                high[vital] = (value, reading.seq)
    return {seq for _, seq in (*low.values(), *high.values())}


def _columns(vitals: Sequence[str]) -> list[Column]:
    return [
        Column("Time"),
        Column("T+", "right", under="min"),
        *(Column(label(vital), "right", under=unit(vital)) for vital in vitals),
        Column("Source", width=1.2),
        Column("Remarks", width=2),
    ]


def _row(reading: Reading, vitals: Sequence[str], clock: Clock) -> Row:
    struck = reading.standing in ("voided", "moved")
    was = [clock.time(text) for text in _earlier_times(reading)]
    cells = [
        Cell(clock.time(reading.taken_at), "", tuple(was)),
        Cell(clock.since_zero(reading.taken_at)),
        *(_value(reading, vital) for vital in vitals),
        Cell(source(reading)),
        Cell(remarks(reading, clock)),
    ]
    return Row(cells, struck)


def _value(reading: Reading, vital: str) -> Cell:
    struck = []
    for at, correction in enumerate(reading.corrections):
        if correction.kind != "amended" or vital not in correction.was:
            continue
        earlier = correction.was[vital]
        first = reading.first.flags.get(vital) if at == 0 and reading.first else None
        if earlier != next_value(reading, at, vital):
            struck.append(flagged(earlier, first))
    value = reading.values.get(vital)
    if value is None:
        return Cell("" if struck else NONE, "quiet", tuple(struck))
    flag = reading.flags.get(vital)
    tone: Tone = FLAG_TONES.get(flag or "", "")  # type: ignore[assignment]  # words of Tone all
    return Cell(flagged(value, flag), tone, tuple(struck))


def put_right(reading: Reading, vital: str) -> bool:
    """Whether this value, or its time, is not as it was recorded."""
    first = reading.first
    return first is not None and (
        first.taken_at != reading.taken_at or first.values.get(vital) != reading.values.get(vital)
    )


def next_value(reading: Reading, at: int, vital: str) -> float | None:
    """What the value became by its correction number `at`."""
    for later in reading.corrections[at + 1 :]:
        if later.kind == "amended":
            return later.was.get(vital)
    return reading.values.get(vital)


def _earlier_times(reading: Reading) -> list[str]:
    amended = [c.was_taken_at for c in reading.corrections if c.kind == "amended"]
    following = [*amended[1:], reading.taken_at]
    return [was for was, now in zip(amended, following, strict=False) if was != now]


def source(reading: Reading) -> str:
    """The device, or the person who typed it."""
    return reading.device or "device" if reading.source == "device" else who(reading.by)


def remarks(reading: Reading, clock: Clock) -> str:
    """All that is to be known of it, shortly."""
    said = []
    if reading.after_close:
        said.append(f"charted after the close, at {clock.full(reading.recorded_at)}")
    elif reading.late:
        said.append(f"entered late at {clock.time(reading.recorded_at)}")
    if moved := reading.moved_from:
        device = f" (there from {moved['device']})" if moved["device"] else ""
        said.append(f"moved here from session {moved['session_id']}{device}: {moved['reason']}")
    if reading.unconfirmed:
        said.append(f"not confirmed: {_labels(reading.unconfirmed)}")
    if reading.superseded:
        said.append(f"older than what was known: {_labels(reading.superseded)}")
    for refused in reading.rejected:
        code = str(refused.get("code", "")).replace("_", " ")
        said.append(f"{label(str(refused.get('vital')))} {number(refused.get('value'))} {code}")
    said += [f"{label(v)} not taken: {words([why])}" for v, why in reading.not_taken.items()]
    if reading.not_taken_note:
        said.append(reading.not_taken_note)
    if reading.device_time and abs(reading.skew_s) > 60:
        said.append(f"device clock {round(reading.skew_s / 60)} min off, corrected")
    for correction in reading.corrections:
        said.append(
            f"{correction.kind} by {who(correction.by)} at {clock.time(correction.at)}:"
            f" {correction.reason}"
        )
    return "; ".join(said)


def _labels(vitals: Sequence[str]) -> str:
    return ", ".join(label(vital) for vital in vitals)
