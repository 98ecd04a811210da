"""What each kind of event tells: the `data` of the log."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.attention import AudioPause, Help, Off, PersonRef
from app.api.schemas.common import Clock, Flag, Phase, Time
from app.api.schemas.kinds import Answer
from app.api.schemas.limits import LineChange
from app.api.schemas.readings import NotTaken, ReadingData
from app.api.schemas.sessions import (
    HeldValue,
    LimitLine,
    LimitToReview,
    PhaseEntry,
    StateOut,
    StopPrompt,
)
from app.monitoring.commands import Meaning, SignatureKind, Site

Lines = dict[str, list[LimitLine]]


class SessionCreated(Answer):
    """`calls_people` is left out where it is true."""

    state: StateOut
    calls_people: bool = True


class PhaseChanged(Answer):
    from_: Annotated[Phase, Field(alias="from")]
    to: Phase
    reason: str | None
    override_reason: str | None
    missing: list[str]
    infused_s: float
    infusing_since: Time | None
    schedule: dict[str, float]
    schedule_since: Time
    active: bool
    now: Time | None


class PhasesFollowed(Answer):
    """What the phases come to, once they were put right."""

    reason: str
    phases: list[PhaseEntry]
    infused_s: float
    infusing_since: Time | None
    phase_since: Time
    schedule_since: Time
    planned_end_passed_at: Time | None


class PhaseCorrected(PhasesFollowed):
    """The phase at index `entry` began at `at`, not when it was tapped."""

    entry: int
    phase: Phase
    was: Time
    at: Time


class LinesRedrawn(Answer):
    baseline: dict[str, float] | None
    limits: Lines
    to_review: list[LimitToReview]


class PhaseTakenBack(PhasesFollowed):
    """As if `phase` had not been tapped; `redrawn` is what is left without the baseline that it
    had set, null where it had set none.
    """

    phase: Phase
    to: Phase
    schedule: dict[str, float]
    redrawn: LinesRedrawn | None


class BaselineSet(Answer):
    values: dict[str, float]
    limits: Lines
    to_review: list[LimitToReview]


class AlarmData(Answer):
    alarm: AlarmOut


class ClockMoved(Answer):
    clock: Clock
    now: Time | None


class ClockBegan(Answer):
    """The first time that a driven session's feed has sent; what came before it came then."""

    now: Time
    phases: list[PhaseEntry]
    phase_since: Time
    schedule_since: Time
    infusing_since: Time | None


class StopPromptRaised(StopPrompt):
    vital: str


class StopPromptEnded(Answer):
    """`reason` is why a person lets the infusion go on."""

    vital: str
    ended_by: Literal["phase", "inside", "answered", "corrected"]
    reason: str | None


class SignalLost(Answer):
    """A device said of these vitals, and of nothing else, that it has no signal."""

    source: Literal["device"]
    device: str | None
    taken_at: Time
    vitals: list[str]


class LimitsChanged(Answer):
    """`given` are the baseline values that the person set."""

    version: int
    reason: str
    changes: list[LineChange]
    given: dict[str, float]
    baseline: dict[str, float] | None
    limits: Lines
    to_review: list[LimitToReview]


class AudioPaused(Answer):
    pause: AudioPause


class AudioResumed(Answer):
    """`alarm_id` is the alarm that broke through the pause."""

    why: Literal["ended", "expired", "broken_through"]
    alarm_id: str | None


class SwitchedOff(Answer):
    scope: str
    off: Off


class SwitchedOn(Answer):
    scope: str
    why: Literal["ended", "expired", "phase_changed"]


class StandbyBegan(Answer):
    standby: Off


class StandbyEnded(Answer):
    why: Literal["ended", "expired", "phase_changed"]


class DeviceAttached(Answer):
    device: str
    probe: Site | None
    cuff: Site | None


class DeviceDetached(Answer):
    """`moved_to` is the session that it was attached to instead."""

    device: str
    reason: str | None
    moved_to: str | None


class ResponsibleSet(Answer):
    person: PersonRef | None


class HelpCalled(Answer):
    help: Help


class HelpEnded(Answer):
    reason: str | None


class SignalHeld(Answer):
    device: str
    vitals: list[str]
    until: Time
    why: Literal["cuff"]


class ExcursionMissed(Answer):
    """A value was beyond a limit and back again while its device was offline."""

    vital: str
    side: Literal["low", "high"]
    flag: Flag
    limit: float
    since: Time
    until: Time
    worst: float
    device: str | None
    critical: bool


class WatchResumed(Answer):
    """The server did not watch for `gap_s` from `since` on."""

    since: Time
    gap_s: float


class RecordSigned(Answer):
    """`covers` and `hash`: the last event before it, and that event's place in the hash chain."""

    id: str
    kind: SignatureKind
    meaning: Meaning
    text: str | None
    covers: int
    hash: str


class NothingMore(Answer):
    """The kind says it all."""


class Corrected(Answer):
    """`values` are patched into the state's; the others change nothing where they are null."""

    id: str
    seq: int
    reason: str
    values: dict[str, HeldValue | None]
    baseline: dict[str, float] | None
    limits: Lines | None
    to_review: list[LimitToReview] | None
    not_taken: dict[str, NotTaken] | None = None


class ReadingVoided(Corrected):
    moved_to: str | None


class ReadingAmended(Corrected):
    """`was` are the values before, `was_taken_at` their time, which older logs do not tell;
    `reading` is the reading as it should have been.
    """

    was: dict[str, float]
    was_taken_at: Time | None = None
    reading: ReadingData
