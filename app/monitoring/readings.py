"""Is this a reading? What is impossible is refused, what is unlikely is marked, what is missing is
derived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from app.monitoring.commands import NotTakenReason, RecordReading, Source
from app.monitoring.device_times import EARLIEST_MS, LATEST_MS, by_our_clock
from app.monitoring.errors import FieldError, InvalidRequest, NoUsableValues, TakenInFuture
from app.monitoring.frozen import filled_at_once
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import SENTINELS, VITALS, Span, VitalSign, mean_pressure

FUTURE_TOLERANCE_MS: Final = (
    60 * SECOND_MS
)  # a tablet's clock may run a minute fast; more is a slip
JUMP_WINDOW_MS: Final = (
    300 * SECOND_MS
)  # a change over 5 min or more is a course, not a typing slip
LOST_CODES: Final = frozenset({"no_signal", "sentinel"})  # the device has no signal
WEAK_SPO2: Final = 50  # below this without a pulse in the message the probe is off
PULSE_PRESSURE_LIKELY: Final = (15.0, 120.0)  # mmHg between systolic and diastolic
MAP_TOLERANCE: Final = 15.0  # mmHg between a measured mean and the formula's

PLAIN: Final[Mapping[str, Span]] = {  # a device's value in here is a measurement, and a likely one
    code: (inf, -inf) if vital.integer else vital.likely for code, vital in VITALS.items()
}

LIKELY: Final[Mapping[str, tuple[float, float, float | None]]] = {
    code: (*vital.likely, vital.jump) for code, vital in VITALS.items()
}

Newest = Callable[[str], tuple[float, int] | None]
"""The newest value of a vital and when it was taken, None if it was never taken."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A value that a device sent and that is no measurement; kept, never judged or charted."""

    vital: str
    value: float
    code: str


@dataclass(frozen=True, slots=True)
class Charted:
    """A device's value that a person took over, with its own time."""

    vital: str
    seq: int
    device: str
    taken_at: int
    value: float


@dataclass(frozen=True, slots=True)
class MovedFrom:
    """Which reading of another session this was, from where it came there, and why it was moved."""

    session_id: str
    reading_id: str
    source: Source
    device: str | None
    reason: str


@filled_at_once
@dataclass(frozen=True, slots=True)
class Reading:
    """A checked reading: what is left of it may be judged and charted as it stands.

    `after_close`: it may be charted in a closed session, whenever that is. `retimed`: its time was
    corrected, and it is flagged by the limits of the right one. `told_again`: where a log
    is stepped again in another course, the cuff values that the device only sent again.
    """

    id: str
    taken_at: int
    source: Source
    device: str | None
    interval_s: float | None
    values: Mapping[str, float]
    derived: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    unconfirmed: tuple[str, ...]
    confirmed: bool
    device_time: int | None = None
    skew_ms: int = 0
    weak: tuple[str, ...] = ()
    cuff_inflating: bool = False
    kept_seq: int | None = None  # of the event that first recorded it, where a log is stepped again
    charted: tuple[Charted, ...] = ()
    not_taken: tuple[tuple[str, NotTakenReason], ...] = ()
    not_taken_note: str | None = None
    after_close: bool = False
    retimed: bool = False
    told_again: tuple[str, ...] | None = None
    moved_from: MovedFrom | None = None

    @property
    def origin(self) -> str:
        """Names the source among the session's sources: `manual`, or the device."""
        return "manual" if self.source == "manual" else f"device:{self.device or ''}"


@dataclass(frozen=True, slots=True)
class LostSignals:
    """A device said of these vitals, and of nothing else, that it has no signal."""

    device: str | None
    taken_at: int
    vitals: tuple[str, ...]

    @property
    def origin(self) -> str:
        return f"device:{self.device or ''}"


def check(
    command: RecordReading, *, id: str, newest: Newest, now: int, driven: bool, known_skew: int = 0
) -> Reading:
    """The reading that the command asks to record, at wall time `now`; `known_skew` is what was
    last known of its device's clock.

    Raises InvalidRequest (one error per field), NoUsableValues or TakenInFuture; nothing is
    recorded then. On a driven clock the feed's times are the clock, so that no skew is taken out.
    """
    source: Source = command.source or ("device" if command.device else "manual")
    sent = {vital: value for vital, value in command.values.items() if value is not None}
    beside = bool(command.charted or command.not_taken)
    if beside or command.not_taken_note is not None:
        _refuse_contradiction(command, source, sent)
    taken_at, device_time, skew = _when(command, source, now, driven, known_skew)
    if source == "manual":
        rejected: tuple[Rejected, ...] = ()
        _refuse_impossible(sent)
        values = sent
    else:
        values, rejected = _set_apart(sent)
    if not values and not beside:
        raise NoUsableValues(
            "Nothing was stored: none of the values is a measurement. Check probe and leads.",
            errors=[
                FieldError(("values", r.vital), r.code, "This value is not a measurement.")
                for r in rejected
            ],
        )
    derived: tuple[str, ...] = ()
    if "sbp" in values and "dbp" in values and "map" not in values:
        values = {**values, "map": mean_pressure(values["sbp"], values["dbp"])}
        derived = ("map",)
    unconfirmed = () if command.confirmed else _unlikely(values, derived, newest, taken_at)
    return Reading(
        id=id,
        taken_at=taken_at,
        source=source,
        device=command.device,
        interval_s=command.interval_s,
        values=values,
        derived=derived,
        rejected=rejected,
        unconfirmed=unconfirmed,
        confirmed=command.confirmed,
        device_time=device_time,
        skew_ms=skew,
        weak=command.weak if source == "device" else (),
        cuff_inflating=command.cuff_inflating and source == "device",
        not_taken=command.not_taken,
        not_taken_note=command.not_taken_note,
    )


def amended(reading: Reading, values: Mapping[str, float | None]) -> Reading:
    """The reading as a person says that it should have been: the values named replaced, those of
    None taken out.

    Raises InvalidRequest, one error per field, or NoUsableValues. What was derived is derived
    again; nothing of it is unconfirmed, for a person has looked at it.
    """
    merged = {v: x for v, x in reading.values.items() if v not in reading.derived}
    for vital, value in values.items():
        if value is None:
            merged.pop(vital, None)
        else:
            merged[vital] = value
    _refuse_impossible({v: x for v, x in merged.items() if v in values} | _pair(merged))
    set_now = {vital for vital, value in values.items() if value is not None}
    charted = tuple(c for c in reading.charted if c.vital not in set_now)
    not_taken = tuple(said for said in reading.not_taken if said[0] not in set_now)
    if not (merged or charted or not_taken):
        raise NoUsableValues("Nothing was changed: no value would be left. Void the reading.")
    derived: tuple[str, ...] = ()
    if "sbp" in merged and "dbp" in merged and "map" not in merged:
        merged["map"] = mean_pressure(merged["sbp"], merged["dbp"])
        derived = ("map",)
    return replace(
        reading,
        values=dict(sorted(merged.items())),
        derived=derived,
        rejected=tuple(r for r in reading.rejected if r.vital not in merged),
        unconfirmed=(),
        confirmed=True,
        charted=charted,
        not_taken=not_taken,
    )


def _pair(values: Mapping[str, float]) -> dict[str, float]:
    """Systolic and diastolic are judged together, whichever of them was changed."""
    return {v: values[v] for v in ("sbp", "dbp") if "sbp" in values and "dbp" in values}


def lost_signals(
    command: RecordReading, *, now: int, driven: bool, known_skew: int = 0
) -> LostSignals | None:
    """What a device's reading without a usable value still tells; None if it tells nothing."""
    if (command.source or ("device" if command.device else "manual")) == "manual":
        return None
    sent = {vital: value for vital, value in command.values.items() if value is not None}
    _, rejected = _set_apart(sent)
    vitals = tuple(r.vital for r in rejected if r.code in LOST_CODES)
    if not vitals:
        return None
    taken_at, _, _ = _when(command, "device", now, driven, known_skew)
    return LostSignals(command.device, taken_at, vitals)


def _when(
    command: RecordReading, source: Source, now: int, driven: bool, known_skew: int
) -> tuple[int, int | None, int]:
    said = now if command.taken_at is None else command.taken_at
    taken_at, skew = said, 0
    if source == "device" and not driven:
        taken_at, skew = by_our_clock(command, said, now, known_skew)
    if not EARLIEST_MS <= taken_at <= LATEST_MS:
        raise InvalidRequest(
            "Nothing was stored. The time is outside 2000 to 2100.",
            errors=[FieldError(("taken_at",), "implausible", "The time is outside 2000 to 2100.")],
        )
    if source == "manual" and taken_at > now + FUTURE_TOLERANCE_MS:
        raise TakenInFuture(
            "Nothing was stored. The time is over a minute ahead: correct it and save again.",
            errors=[FieldError(("taken_at",), "in_future", "More than a minute ahead.")],
        )
    if source == "manual" and not driven:
        taken_at = min(taken_at, now)  # or the values typed after it would count as superseded
    return taken_at, None if taken_at == said else said, skew


def _refuse_contradiction(
    command: RecordReading, source: Source, sent: Mapping[str, float]
) -> None:
    """What is charted or was not taken is a person's word, and of each vital one thing is true. A
    note on nothing would be kept nowhere.
    """
    asked = (("charted", dict(command.charted)), ("not_taken", dict(command.not_taken)))
    errors = []
    said = set(sent)
    for field, vitals in asked:
        if vitals and source == "device":
            msg = "Only a person's reading says this."
            errors.append(FieldError((field,), "manual_only", msg))
        for vital in vitals:
            if vital in said:
                msg = f"{VITALS[vital].label} is given twice: say one of them."
                errors.append(FieldError((field, vital), "given_twice", msg))
        said |= vitals.keys()
    if command.not_taken_note is not None and not command.not_taken:
        msg = "Say which vital sign was not taken."
        errors.append(FieldError(("not_taken_note",), "nothing_not_taken", msg))
    if errors:
        raise InvalidRequest(
            "Nothing was stored. Correct the fields listed and save again.", errors=errors
        )


def _refuse_impossible(sent: Mapping[str, float]) -> None:
    errors = []
    for code, value in sent.items():
        vital = VITALS[code]
        low, high = vital.manual_reject
        if vital.integer and value != int(value):
            msg = f"{vital.label} is a whole number."
            errors.append(FieldError(("values", code), "not_whole", msg))
        elif not low <= value <= high:
            msg = f"{vital.label} must be between {low:g} and {high:g} {vital.unit}".rstrip() + "."
            errors.append(FieldError(("values", code), "implausible", msg))
    wrong = {error.loc[-1] for error in errors}
    pair = "sbp" in sent and "dbp" in sent and not wrong & {"sbp", "dbp"}
    if pair and sent["dbp"] >= sent["sbp"]:
        msg = "Diastolic must be below systolic."
        errors.append(FieldError(("values", "dbp"), "inconsistent", msg))
    if errors:
        raise InvalidRequest(
            "Nothing was stored. Correct the values listed and save again.", errors=errors
        )


def _set_apart(sent: Mapping[str, float]) -> tuple[dict[str, float], tuple[Rejected, ...]]:
    values: dict[str, float] = {}
    rejected: list[Rejected] = []
    for code, value in sent.items():
        low, high = PLAIN[code]
        why = None if low <= value <= high else _why_not(VITALS[code], value, sent)
        if why is None:
            values[code] = value
        else:
            rejected.append(Rejected(code, value, why))
    if "sbp" in values and "dbp" in values and values["dbp"] >= values["sbp"]:
        for code in ("sbp", "dbp", "map"):
            if code in values:
                rejected.append(Rejected(code, values.pop(code), "inconsistent"))
    return values, tuple(rejected)


def _why_not(vital: VitalSign, value: float, sent: Mapping[str, float]) -> str | None:
    if value in SENTINELS:
        return "sentinel"
    if value == 0 and vital.code == "rr" and _is_valid("hr", sent) and _is_valid("spo2", sent):
        return None  # pulse and saturation are there: no breath was seen, not no probe
    if value == 0 and vital.zero_is_no_signal:
        return "no_signal"
    if vital.code == "spo2" and 0 < value < WEAK_SPO2 and not _has_pulse(sent):
        return "no_signal"
    low, high = vital.reject
    if not low <= value <= high or (vital.integer and value != int(value)):
        return "implausible"
    return None


def _has_pulse(sent: Mapping[str, float]) -> bool:
    pulse = sent.get("hr", 0)
    return pulse != 0 and pulse not in SENTINELS


def _is_valid(code: str, sent: Mapping[str, float]) -> bool:
    """True if the message has a value of this vital that is a measurement."""
    low, high = VITALS[code].reject
    return code in sent and sent[code] not in SENTINELS and low <= sent[code] <= high


def _unlikely(
    values: Mapping[str, float], derived: tuple[str, ...], newest: Newest, taken_at: int
) -> tuple[str, ...]:
    doubtful = []
    for code, value in values.items():
        if code in derived:
            continue
        low, high, jump = LIKELY[code]
        if not low <= value <= high or (
            jump is not None and _jumped(jump, value, newest(code), taken_at)
        ):
            doubtful.append(code)
    if "sbp" in values and "dbp" in values:
        sbp, dbp = values["sbp"], values["dbp"]
        low, high = PULSE_PRESSURE_LIKELY
        if not low <= sbp - dbp <= high:
            doubtful += [code for code in ("sbp", "dbp") if code not in doubtful]
        mean = values["map"]
        off = not dbp <= mean <= sbp or abs(mean - mean_pressure(sbp, dbp)) > MAP_TOLERANCE
        if off and "map" not in doubtful:
            doubtful.append("map")
    return tuple(doubtful)


def _jumped(jump: float, value: float, before: tuple[float, int] | None, taken_at: int) -> bool:
    if before is None:
        return False
    last, at = before
    return abs(value - last) > jump and 0 <= taken_at - at < JUMP_WINDOW_MS
