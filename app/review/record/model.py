"""What a record holds. Times are ISO-8601 texts in UTC with `Z` and milliseconds, as the log has
them, so that they sort as they are; durations are seconds; people are actors as the log has them.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

By = dict[str, Any]
"""An actor: kind, id, name, role."""
Values = dict[str, int | float]
Standing = Literal["standing", "amended", "voided", "moved"]
Mark = Literal[
    "phase",
    "annotation",
    "alarm",
    "control",
    "correction",
    "device",
    "limits",
    "signature",
    "server",
    "reading",
]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A session as far as event `seq`, whose place in the chain is `hash`."""

    session_id: str
    seq: int
    hash: str
    """Hexadecimal, of the last event: it covers every event before it."""
    software: str
    """Version of the program that made this."""
    engine: int
    patient: PatientIs
    station: str
    protocol: str
    protocol_version: int
    simulated: bool
    clock: str
    weight_kg: float | None
    dose_mg_per_kg: float | None
    planned_minutes: float | None
    created_at: str
    t0: str
    """Zero of T+: when the infusion first began, else when the session did."""
    now: str | None
    """The session's own present on a driven clock."""
    ended_at: str | None
    """When it was closed; None while it goes on."""
    last_at: str
    """The end of what is drawn: its close, else the last event's or value's time."""
    phase: str
    phases: list[Phase]
    infused_s: float
    mg_ordered: float | None
    mg_given: float | None
    doses: list[Dose]
    baseline: Values | None
    readings: list[Reading]
    """By `taken_at`, then `seq`: as they now stand, those that were voided or moved too."""
    lost_signals: list[LostSignal]
    annotations: list[Annotation]
    alarms: list[AlarmTold]
    limits: list[Limits]
    gaps: list[Gap]
    """When the server did not watch."""
    events: list[Told]
    """Everything but calm readings, in the order in which it was recorded."""
    summary: Summary
    signatures: list[Signature]
    changed_since_signed: int
    """How many events came after the last signature."""
    broken: int | None = None
    """The first event that is not as it was written; None: none was found. An export always looks,
    the record on a screen only where somebody has signed.
    """


class PatientIs(msgspec.Struct, frozen=True):
    id: str
    code: str
    initials: str
    birth_year: int | None


class Phase(msgspec.Struct, frozen=True):
    phase: str
    at: str
    until: str | None
    reason: str | None
    by: By | None


class Dose(msgspec.Struct, frozen=True):
    """How much had been given by then; between two of them it grows evenly."""

    at: str
    mg: float


class Correction(msgspec.Struct, frozen=True):
    seq: int
    kind: Literal["amended", "voided", "moved"]
    at: str
    by: By
    reason: str
    was: Values
    was_taken_at: str
    moved_to: str | None


class First(msgspec.Struct, frozen=True):
    """A reading as it was recorded and judged then."""

    taken_at: str
    values: Values
    flags: dict[str, str]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """`values` and `flags` as they now stand; of one that was voided or moved, as they last did."""

    seq: int
    id: str
    taken_at: str
    recorded_at: str
    by: By
    source: Literal["manual", "device"]
    device: str | None
    interval_s: float | None
    values: Values
    flags: dict[str, str]
    basis: dict[str, str]
    late: list[str]
    unconfirmed: list[str]
    derived: list[str]
    superseded: list[str]
    repeated: list[str]
    rejected: list[dict[str, Any]]
    not_taken: dict[str, str]
    not_taken_note: str | None
    charted: dict[str, dict[str, Any]]
    device_time: str | None
    skew_s: float
    after_close: bool
    """Charted after the session was closed."""
    moved_from: dict[str, Any] | None
    """`{session_id, reading_id, source, device, reason}` where it was moved here."""
    standing: Standing
    corrections: list[Correction]
    first: First | None
    """None where it is as it was recorded."""


class LostSignal(msgspec.Struct, frozen=True):
    at: str
    device: str | None
    vitals: list[str]


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    seq: int
    kind: str
    at: str
    recorded_at: str
    by: By
    text: str | None
    data: dict[str, Any]
    says: str
    """One line for people."""
    after_close: bool
    voided: dict[str, Any] | None
    """`{seq, at, by, reason}`."""
    corrections: list[AnnotationCorrection]
    """What was put right of it, the first first; `at`, `text` and `data` are as they now stand."""


class AnnotationCorrection(msgspec.Struct, frozen=True):
    """`was` and `now` are each `{at, text, data}`."""

    seq: int
    at: str
    by: By
    reason: str
    was: dict[str, Any]
    now: dict[str, Any]


class AlarmTold(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm as it now stands, and what became of it."""

    alarm: dict[str, Any]
    raised_at: str
    cleared_at: str | None
    seen_at: str | None
    """When a person first acknowledged it."""
    priority: str
    """The highest that it had."""
    history: list[dict[str, Any]]
    """`{seq, kind, at, priority, state, value, text, by}` of each of its events."""
    rejudged: bool
    """Ended, raised or changed by a correction."""


class Limits(msgspec.Struct, frozen=True):
    at: str
    seq: int
    by: By | None
    reason: str | None
    limits: dict[str, list[dict[str, Any]]]


class Gap(msgspec.Struct, frozen=True):
    since: str
    until: str


class Told(msgspec.Struct, frozen=True):
    """One event in one sentence; `number` is that of its mark on the figure, None without one."""

    seq: int
    number: int | None
    kind: str
    mark: Mark
    at: str
    recorded_at: str
    by: By
    text: str


class Beyond(msgspec.Struct, frozen=True):
    """Time beyond one line, gaps in the values left out."""

    tier: str
    side: str
    seconds: float


class VitalSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One vital over the session, of the values that stand. `covered_s` is the time for which there
    was a value, `gaps_s` that for which there was none while the vital was watched.
    """

    vital: str
    count: int
    first: float
    baseline: float | None
    min: float
    max: float
    mean: float
    """Weighted by time, over what is covered; of one value that value."""
    last: float
    change: float | None
    """The value furthest from the baseline, less the baseline."""
    change_last: float | None
    covered_s: float
    gaps_s: float
    beyond: list[Beyond]


class AlarmCount(msgspec.Struct, frozen=True):
    """Alarms by the highest priority that each had; acknowledged by a person at that priority, and
    how long after it was reached.
    """

    priority: str
    kind: str
    count: int
    acknowledged: int
    seconds_to_acknowledge_median: float | None
    seconds_to_acknowledge_longest: float | None


class Compliance(msgspec.Struct, frozen=True):
    """How often one vital was due, and was there in time (its interval and the grace on it)."""

    vital: str
    due: int
    in_time: int
    late: int
    missed: int
    longest_gap_s: float


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    duration_s: float
    watched_s: float
    not_watched_s: float
    infused_s: float
    mg_given: float | None
    vitals: list[VitalSummary]
    alarms: list[AlarmCount]
    compliance: list[Compliance]
    readings: int
    values: int
    manual: int
    device: int
    late: int
    amended: int
    voided: int
    unconfirmed: int
    rejected: int
    annotations: int
    completeness: list[str]
    """What a complete record would have and this has not, one sentence each."""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """`covers` and `hash`: the last event before it and its place in the chain. `holds` is None
    where it was not looked at (no key at hand).
    """

    seq: int
    id: str
    kind: Literal["signature", "addendum"]
    at: str
    by: By
    meaning: str
    text: str | None
    covers: int
    hash: str
    holds: bool | None
