"""Sessions: the state that screens hold, the row of a board, and what changes them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.attention import AudioPause, HeldSignal, Help, Off, PersonRef
from app.api.schemas.common import (
    Basis,
    Clock,
    Flag,
    Phase,
    Priority,
    Source,
    Time,
)
from app.api.schemas.kinds import (
    Answer,
    Ask,
    Code,
    DoseMgPerKg,
    Moment,
    Note,
    Text,
    Uuid,
    WeightKg,
    whole_number,
)
from app.api.schemas.patients import PatientRef
from app.api.schemas.readings import NotTaken
from app.monitoring.commands import (
    ChangePhase,
    CorrectPhase,
    CreateSession,
    MoveClock,
    Site,
    TakeBackPhase,
)
from app.monitoring.limits import Tier

EntryIndex = whole_number(0, 10_000)  # more phases than a session could ever be tapped through
PlannedMinutes = whole_number(1, 1_440)  # a day: longer is a typing error


class SessionIn(Ask):
    patient_id: Uuid
    station: Code
    protocol: Text
    weight_kg: WeightKg | None = None
    dose_mg_per_kg: DoseMgPerKg
    planned_minutes: PlannedMinutes  # type: ignore[valid-type]  # a type made from its bounds
    id: Uuid | None = None
    simulated: bool = False
    clock: Clock = "wall"
    starts_at: Moment | None = None

    def to_command(self) -> CreateSession:
        return CreateSession(**dict(self))


class PhaseIn(Ask):
    to: Phase
    id: Uuid | None = None
    at: Moment | None = None
    reason: Note | None = None
    override_reason: Note | None = None

    def to_command(self) -> ChangePhase:
        return ChangePhase(**dict(self))


class PhaseCorrectIn(Ask):
    """`entry` is the index of the phase in the state's `phases`, `phase` its name."""

    phase: Phase
    entry: EntryIndex  # type: ignore[valid-type]  # a type made from its bounds
    at: Moment
    reason: Note
    id: Uuid | None = None

    def to_command(self) -> CorrectPhase:
        return CorrectPhase(**dict(self))


class PhaseTakeBackIn(Ask):
    """`phase` is the present one, which was tapped by mistake."""

    phase: Phase
    reason: Note
    id: Uuid | None = None

    def to_command(self) -> TakeBackPhase:
        return TakeBackPhase(**dict(self))


class ClockIn(Ask):
    id: Uuid | None = None
    at: Moment | None = None
    live: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.at is None) == (self.live is None):
            raise PydanticCustomError("at_or_live", "Must give either at or live")
        return self

    def to_command(self) -> MoveClock:
        return MoveClock(id=self.id, at=self.at, live=bool(self.live))


class PhaseEntry(Answer):
    phase: Phase
    at: Time
    reason: str | None


class HeldValue(Answer):
    """The newest value of a vital sign, or the last known one while there is no signal."""

    value: float | None
    taken_at: Time | None
    seq: int | None
    source: Source | None
    device: str | None
    interval_s: float | None
    fresh_s: float | None
    flag: Flag | None
    basis: Basis | None
    derived: bool
    unconfirmed: bool
    late: bool
    no_signal_since: Time | None


class LimitLine(Answer):
    """One limit; reaching one without a priority is flagged and never an alarm, a technical one
    gives no flag.
    """

    tier: Tier
    side: Literal["low", "high"]
    comparator: Literal["<", "<=", ">", ">="]
    value: float
    priority: Priority | None
    delay_s: float
    basis: Basis
    and_value: float | None


class LimitToReview(Answer):
    """A limit that the baseline already breaks, and that nobody has looked at since."""

    vital: str
    flag: Flag
    limit: float
    baseline: float


class DeviceEntry(Answer):
    """`attached` is null for a device that sends by the session's id and was never attached;
    `last_at` for one that is attached and was not heard yet.
    """

    skew_s: float
    last_at: Time | None
    attached: bool | None
    probe: Site | None
    cuff: Site | None


class StopPrompt(Answer):
    """The infusion should stop: said since `at`, by a value beyond the line."""

    at: Time
    value: float
    line: float
    side: Literal["low", "high"]


class SessionFacts(Answer):
    """What every board may show of a session."""

    id: str
    seq: int
    station: str
    protocol: str
    protocol_version: int
    simulated: bool
    clock: Clock
    now: Time | None
    weight_kg: float | None
    dose_mg_per_kg: float
    planned_minutes: int
    created_at: Time
    active: bool
    phase: Phase
    phase_since: Time
    infused_s: float
    infusing_since: Time | None
    closed_at: Time | None
    values: dict[str, HeldValue]
    schedule: dict[str, float]
    schedule_since: Time
    limits_version: int
    held: dict[str, HeldSignal]
    planned_end_passed_at: Time | None
    watch_resumed_at: Time | None
    stop_prompts: dict[str, StopPrompt]


class StateCore(SessionFacts):
    """What a board row and the full state have in common."""

    patient: PatientRef
    responsible: PersonRef | None
    audio_pause: AudioPause | None
    audio_off: dict[str, Off]
    alarm_off: dict[str, Off]
    standby: Off | None
    help: Help | None
    alarms: dict[str, AlarmOut]
    not_taken: dict[str, NotTaken]


class StateOut(StateCore):
    """Everything a screen needs of one session; events change it as the protocol says."""

    starts_at: Time | None
    phases: list[PhaseEntry]
    baseline: dict[str, float] | None
    limits: dict[str, list[LimitLine]]
    limits_to_review: list[LimitToReview]
    devices: dict[str, DeviceEntry]


Lines = dict[str, Annotated[list[float | None], Field(min_length=2, max_length=2)]]
"""The warning limits of each vital sign, for small trends."""


class BoardRow(StateCore):
    lines: Lines
