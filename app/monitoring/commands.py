"""What people, devices and scripts may ask: plain frozen values, checked for shape by the caller.

Moments are milliseconds since the epoch. `id` is the client's id for the record, None if the server
shall make one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.monitoring.frozen import filled_at_once

Source = Literal["manual", "device"]
ActorKind = Literal["person", "station", "program", "device", "system"]
ClockKind = Literal["wall", "driven"]
Role = Literal["nurse", "clinician", "administrator", "auditor", "viewer", "device", "simulator"]
NotTakenReason = Literal["asleep", "refused", "not_possible"]
Site = Literal["left_arm", "right_arm", "left_leg", "right_leg", "ear", "forehead", "other"]

SignatureKind = Literal["signature", "addendum"]
Meaning = Literal["reviewed", "verified"]
"""What a signature says: that the record was looked at, or that what it says was so."""

AnnotationKind = Literal[
    "note", "medication", "side_effect", "assessment", "rate_change", "oxygen", "iv_site"
]


@filled_at_once
@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, and in which role; on every write."""

    kind: ActorKind
    id: str
    name: str
    role: Role | None = None


AS_A_NURSE: Final[frozenset[Role]] = frozenset({"nurse", "clinician", "simulator"})
"""Who may do what a nurse may; a simulator, on simulated sessions only."""

SYSTEM = Actor("system", "engine", "Infusion monitor")


@dataclass(frozen=True, slots=True)
class CreatePatient:
    code: str
    initials: str
    id: str | None = None
    name: str | None = None
    birth_date: str | None = None  # YYYY-MM-DD
    sex: str | None = None
    weight_kg: float | None = None
    indication: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class CreateSession:
    patient_id: str
    station: str
    protocol: str
    weight_kg: float | None
    dose_mg_per_kg: float
    planned_minutes: int
    id: str | None = None
    simulated: bool = False
    clock: ClockKind = "wall"
    starts_at: int | None = None


@filled_at_once
@dataclass(frozen=True, slots=True)
class RecordReading:
    """The values taken together at one time from one source, as they were sent.

    `weak` are vitals whose signal the device itself calls weak; `cuff_inflating` says that its cuff
    is being inflated now. `charted` are values that a person took over from a device: each vital
    with the seq of the reading that holds it; `not_taken` were tried, `not_taken_note` says more.
    """

    values: Mapping[str, float | None]
    id: str | None = None
    taken_at: int | None = None
    source: Source | None = None
    device: str | None = None
    interval_s: float | None = None
    sent_at: int | None = None
    confirmed: bool = False
    weak: tuple[str, ...] = ()
    cuff_inflating: bool = False
    charted: tuple[tuple[str, int], ...] = ()
    not_taken: tuple[tuple[str, NotTakenReason], ...] = ()
    not_taken_note: str | None = None


@dataclass(frozen=True, slots=True)
class ChangePhase:
    to: str
    id: str | None = None
    at: int | None = None
    reason: str | None = None
    override_reason: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectPhase:
    """The phase at index `entry` of the session's phases, named `phase`, began at `at`."""

    phase: str
    entry: int
    at: int
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class TakeBackPhase:
    """The last change of phase, to `phase`, was a mistake."""

    phase: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Annotate:
    """A person's note; `data` holds what its kind says, `at` is when it happened, None: now.

    `after_close`: it was let into a closed session when it was first recorded.
    """

    kind: AnnotationKind
    at: int | None = None
    text: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    after_close: bool = False


@dataclass(frozen=True, slots=True)
class VoidAnnotation:
    annotation_id: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class SignRecord:
    """A person stands by the record as far as event `covers`, whose hash in the log is `hash`: the
    end of the log just before. The first is the signature, all later ones are addenda.
    """

    kind: SignatureKind
    meaning: Meaning
    covers: int
    hash: str
    text: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectAnnotation:
    """What an annotation should have said; what is None stays as it was, and a text of no
    character is taken out.
    """

    annotation_id: str
    reason: str
    at: int | None = None
    text: str | None = None
    data: Mapping[str, Any] | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What an annotation says, and of when."""

    at: int
    text: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RewriteAnnotation:
    """The same for the engine, whole: `was` is what it said, `now` what it should have."""

    annotation_id: str
    was: Written
    now: Written
    reason: str


@dataclass(frozen=True, slots=True)
class MoveClock:
    """Move a driven session's time to `at`, or hand it to the wall clock for good with `live`."""

    id: str | None = None
    at: int | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    alarm_id: str
    id: str | None = None
    rev: int | None = None
    action: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class EndAlarm:
    """A person ends an alarm whose signal will not come back: a replaced device, a recheck
    done.
    """

    alarm_id: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerStopPrompt:
    """The infusion goes on though the value says that it should stop."""

    vital: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmShown:
    """A screen has shown and sounded this revision of an alarm."""

    alarm_id: str
    rev: int


@dataclass(frozen=True, slots=True)
class ChangeLimits:
    """Lines moved, by vital and flag name (`low_critical`, `low`, `high`, `high_critical`), and
    baseline values corrected.

    A line moved to where it is says that it was looked at and kept. `version` is what the person
    saw; None does not ask.
    """

    reason: str
    lines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    baseline: Mapping[str, float] = field(default_factory=dict)
    version: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class PauseAudio:
    seconds: int
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ResumeAudio:
    """Ends an audio pause before its time."""


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Audio off (no sound, still visible) for a group or the whole `session`, or alarms off (none
    raised) for a group.
    """

    what: Literal["audio", "alarms"]
    scope: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class SwitchOn:
    what: Literal["audio", "alarms"]
    scope: str


@dataclass(frozen=True, slots=True)
class BeginStandby:
    minutes: int
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class EndStandby:
    """Ends a standby before its time."""


@dataclass(frozen=True, slots=True)
class AttachDevice:
    """From now on this device's readings belong to the session; `probe` and `cuff` say where they
    sit.
    """

    device: str
    probe: Site | None = None
    cuff: Site | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class DetachDevice:
    """Its readings are refused from now on; with a reason, what its signals raised ends."""

    device: str
    reason: str | None = None
    moved_to: str | None = None  # the session that it was attached to instead


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SetResponsible:
    """Who is called first; None: nobody in particular."""

    person: Person | None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CallHelp:
    note: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class EndHelp:
    """Help has come, or was not needed."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class VoidReading:
    reading_id: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class AmendReading:
    """The values that the reading should have had: those named are replaced, None takes one out;
    and when it was taken, None: as it said.
    """

    reading_id: str
    values: Mapping[str, float | None]
    reason: str
    id: str | None = None
    taken_at: int | None = None


@dataclass(frozen=True, slots=True)
class MoveReading:
    """The reading belongs to another session."""

    reading_id: str
    session_id: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """The server watches again after a time in which it did not, from `since` to now."""

    since: int


@filled_at_once
@dataclass(frozen=True, slots=True)
class ReadingFor:
    """One reading of a list that names its session, or the station whose active session it
    is for.
    """

    reading: RecordReading
    session_id: str | None = None
    station: str | None = None
    loc: tuple[str | int, ...] = ()
