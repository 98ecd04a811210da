"""What is known of one session: frozen, complete, and rebuilt from its log alone.

A reading makes one `Sample`, shared by all vitals in it; `newest` points from each vital and origin
to its sample. All moments are milliseconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.monitoring.commands import Actor, ClockKind, NotTakenReason, Person, Site, Source
from app.monitoring.frozen import filled_at_once
from app.monitoring.limits import Basis, Drawn, Line, Number, Priority, Side

ENGINE_VERSION: Final = 5  # a stored state of another version is stepped again from the log

AlarmKind = Literal["physiological", "technical"]
AlarmState = Literal["active", "acknowledged", "latched", "cleared"]
Recipient = Literal["responsible", "others", "clinician"]
EscalationCause = Literal["unacknowledged", "not_sounded"]


@dataclass(frozen=True, slots=True)
class Patient:
    id: str
    code: str
    initials: str
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the session was created with; it does not change."""

    id: str
    patient: Patient
    station: str
    protocol: str
    protocol_version: int
    simulated: bool
    weight_kg: Number | None
    dose_mg_per_kg: Number
    planned_minutes: int
    starts_at: int | None
    created_at: int
    calls_people: bool = True
    """False: a simulated session that alarms in itself, and nobody is called to it."""


@filled_at_once
@dataclass(frozen=True, slots=True)
class Lost:
    """When the last device gave or will give up a vital, and which it was; ahead of now while it is
    fresh. `excused` if it was silent before, and its silence counts only from then on.
    """

    at: int
    device: str
    devices: tuple[str, ...]
    excused: bool


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """`told_at` is when it was recorded, by the session's time."""

    phase: str
    at: int
    reason: str | None
    told_at: int


@filled_at_once
@dataclass(frozen=True, slots=True)
class Sample:
    """One reading as judged when it came."""

    seq: int
    taken_at: int
    source: Source
    device: str | None
    interval_s: Number | None
    values: Mapping[str, Number]
    flags: Mapping[str, str]
    basis: Mapping[str, Basis]
    fresh_s: Mapping[str, Number]
    derived: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    late: tuple[str, ...]


@filled_at_once
@dataclass(frozen=True, slots=True)
class Excursion:
    """One vital of one origin is beyond one line: since when, and since when back inside by the
    hysteresis.

    `single` is true where the next value is not due within the line's delay (cuff, typed, slow
    devices). `sample` was judged last: a newer value that came too late to be judged is not it.
    `worst` holds the value furthest out so far; `told_at` is when the first of it came.
    """

    line: Line
    priority: Priority
    since: int
    told_at: int
    single: bool
    sample: Sample
    worst: Sample
    inside_since: int | None = None


@filled_at_once
@dataclass(frozen=True, slots=True)
class Rested:
    """A value taken at rest, from which the baseline may be made."""

    value: Number
    taken_at: int


@filled_at_once
@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """What is known of one device: its clock, where it sits, and its cuff.

    `attached` is None for a device that sends to the session by its id and was never attached.
    `cuff_at` is its last cuff measurement, `cuff_every` the time between the last two;
    `cuff_told_at` when it last sent cuff values, new or the same again; `cuff_told` is the last
    measurement as it sent it, whatever a person has said of it since. From `held_from` to
    `held_until` alarms of its probe wait for the cuff, once for the measurement `held_for`. Since
    `late_since` all its streamed values come later than they are fresh. Its silence counts from
    `watch_since` on.
    """

    skew_ms: int = 0
    last_at: int | None = None
    attached: bool | None = None
    probe: Site | None = None
    cuff: Site | None = None
    cuff_at: int | None = None
    cuff_every: int | None = None
    cuff_told_at: int | None = None
    cuff_told: tuple[tuple[str, Number], ...] = ()
    inflating: bool = False
    inflating_at: int | None = None
    held_for: int | None = None
    held_from: int | None = None
    held_until: int | None = None
    late_since: int | None = None
    watch_since: int = 0


@dataclass(frozen=True, slots=True)
class Recheck:
    """A value beyond a limit that came too late to be judged as now; asked for from `ask_at` on."""

    seq: int
    value: Number
    taken_at: int
    critical: bool
    ask_at: int


@dataclass(frozen=True, slots=True)
class OfflineExcursion:
    """A late value of a device is beyond a line: nobody could see it when it was so."""

    line: Line
    since: int
    worst: Number


@dataclass(frozen=True, slots=True)
class Missed:
    """An excursion that began and ended while its device was offline."""

    vital: str
    side: Side
    since: int
    until: int
    worst: Number
    limit: Number


@dataclass(frozen=True, slots=True)
class AudioPause:
    """`priority` is the highest that stood when it began, None if nothing did."""

    until: int
    at: int
    by: Actor
    priority: Priority | None


@dataclass(frozen=True, slots=True)
class Off:
    """Audio or alarms switched off for one scope, or standby: who, why, until when."""

    until: int
    at: int
    by: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class Help:
    at: int
    by: Actor
    note: str | None


@dataclass(frozen=True, slots=True)
class Noted:
    """An annotation: the seqs of the events that tell of it, that it was voided, and corrected."""

    seq: int
    voided: int | None
    corrected: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far up an unseen alarm was called."""

    level: int
    to: Recipient
    at: int
    why: EscalationCause


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    by: Actor
    at: int
    rev: int
    action: str | None
    note: str | None


@filled_at_once
@dataclass(frozen=True, slots=True)
class Alarm:
    """The standing record of a condition. `sounded` is the worst value when it last sounded;
    `lower_since` times a fall of priority; `unseen_since` is since when it is high and nobody has
    acknowledged it.
    """

    id: str
    key: str
    kind: AlarmKind
    condition: str
    group: str
    vital: str | None
    side: Side | None
    priority: Priority
    state: AlarmState
    rev: int
    raised_at: int
    since: int
    value: Number | None
    worst: Number | None
    limit: Number | None
    unit: str | None
    text: str
    missing: tuple[str, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    cleared_at: int | None
    ended_by: str | None
    ended_reason: str | None
    devices: tuple[str, ...]
    sounded: Number | None
    sounded_at: int
    shown_rev: int
    escalation: Escalation | None
    unseen_since: int | None
    lower_since: int | None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A scheduled vital was tried and not taken: the `times`-th time in a row. It is due at `until`
    now; None if this put nothing off.
    """

    reason: NotTakenReason
    at: int
    until: int | None
    times: int
    by: Actor


@dataclass(frozen=True, slots=True)
class StopPrompt:
    """Since `at` people are told to stop the infusion, by a value beyond a stop line."""

    at: int
    value: Number
    line: Number
    side: Side


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """A person let the infusion go on at this value; it holds until that is over or worse."""

    value: Number
    side: Side


@filled_at_once
@dataclass(frozen=True, slots=True)
class State:
    """One session after event `seq`.

    `newest[vital][origin]` is the seq of the sample that holds the newest value;
    `lost[vital][origin]` is since when a device says that it has no signal; `out["vital|origin"]`
    are the excursions under way; `rested[vital]` are the last two values taken before the infusion;
    `offline["vital|origin"]` are excursions told late, `missed["group|side"]` those that were over
    when they were told; `moved["vital.flag"]` are limits that a person has set, `to_review` those
    that the baseline breaks and nobody has looked at; `given` is what of the baseline a person has
    set; `annotations` are by their ids; `held[vital]` is until when its alarms wait for a cuff;
    silence counts from `watch_since` on; `alarms` stand, `recent` cleared within the time in which
    they re-open; `stop_answers` keep a stop prompt from coming back; `signed` once somebody
    stands by the record; `drawn` is from what its limits were drawn, after the protocol alone.
    """

    order: Order
    seq: int
    now: int
    clock: ClockKind
    phase: str
    phase_since: int
    phases: tuple[PhaseSpan, ...]
    infused_ms: int
    infusing_since: int | None
    closed_at: int | None
    baseline: Mapping[str, Number] | None
    given: Mapping[str, Number]
    schedule: Mapping[str, Number]
    schedule_since: int
    annotations: Mapping[str, Noted]
    samples: Mapping[int, Sample]
    newest: Mapping[str, Mapping[str, int]]
    lost: Mapping[str, Mapping[str, int]]
    out: Mapping[str, tuple[Excursion, ...]]
    rested: Mapping[str, tuple[Rested, ...]]
    rechecks: Mapping[str, Recheck]
    offline: Mapping[str, tuple[OfflineExcursion, ...]]
    missed: Mapping[str, Missed]
    devices: Mapping[str, DeviceSeen]
    moved: Mapping[str, Number]
    limits_version: int
    to_review: tuple[str, ...]
    responsible: Person | None
    audio_pause: AudioPause | None
    audio_off: Mapping[str, Off]
    alarm_off: Mapping[str, Off]
    standby: Off | None
    help: Help | None
    held: Mapping[str, int]
    planned_end_passed_at: int | None
    resumed_at: int | None
    watch_since: int
    alarms: Mapping[str, Alarm]
    recent: Mapping[str, Alarm]
    not_taken: Mapping[str, NotTaken]
    stop_prompts: Mapping[str, StopPrompt]
    stop_answers: Mapping[str, StopAnswer]
    signed: bool = False  # states that were stored before there were signatures do not say it
    drawn: tuple[Drawn, ...] = ()
    next_due_at: int | None = None


@filled_at_once
@dataclass(frozen=True, slots=True)
class Event:
    """A recorded fact: `data` is ready to become JSON, its moments are texts."""

    seq: int
    kind: str
    at: int
    actor: Actor
    data: Mapping[str, Any]


@filled_at_once
@dataclass(frozen=True, slots=True)
class Step:
    """What one input did: the state after it and the facts to record, in order."""

    state: State
    events: tuple[Event, ...]

    @property
    def next_due_at(self) -> int | None:
        return self.state.next_due_at
