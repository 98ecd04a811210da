"""Readings: values taken together at one time from one source."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, SkipValidation, Tag, create_model, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.common import ActorOut, Basis, Flag, Problem, Source, Time
from app.api.schemas.kinds import (
    SEQ_MAX,
    Answer,
    Ask,
    Code,
    IntervalS,
    Moment,
    Number,
    Text,
    Uuid,
    whole_number,
)
from app.monitoring.commands import NotTakenReason, ReadingFor, RecordReading
from app.monitoring.vitals import VITALS
from app.services.senders import NO_PLACE

LIST_MAX = (
    1_000  # readings a request: about 20 min of a second-by-second recording, half a second of work
)

SINGLE, MANY = "<single>", "<many>"  # names no field can have; cut from the place of an error
TAGS = frozenset({SINGLE, MANY})

if TYPE_CHECKING:
    VitalCode = str

    class ValuesIn(Ask): ...
else:
    VitalCode = Literal[tuple(VITALS)]
    ValuesIn = create_model(
        "ValuesIn",
        __base__=Ask,
        __doc__="Numbers by vital sign; null means not measured.",
        **{
            code: (Number | None, Field(default=None, title=vital.label, description=vital.unit))
            for code, vital in VITALS.items()
        },
    )


Seq = whole_number(1, SEQ_MAX)


class ReadingIn(Ask):
    """`charted` are values that a person took over from a device: by vital sign, the `seq` of the
    device's reading. `not_taken` were tried. With either `values` may be empty.
    """

    values: ValuesIn
    id: Uuid | None = None
    taken_at: Moment | None = None
    source: Source | None = None
    device: Text | None = None
    interval_s: IntervalS | None = None
    sent_at: Moment | None = None
    confirmed: bool = False
    weak: list[VitalCode] = Field(default_factory=list, max_length=len(VITALS))
    cuff_inflating: bool = False
    charted: dict[VitalCode, Seq] = Field(default_factory=dict)  # type: ignore[valid-type]  # a type made from its bounds
    not_taken: dict[VitalCode, NotTakenReason] = Field(default_factory=dict)
    not_taken_note: Text | None = None

    def to_command(self, sent_at: int | None = None) -> RecordReading:
        """`sent_at` is that of the whole list, for a reading without its own."""
        fields = {name: getattr(self, name) for name in RecordReading.__slots__ if name != "values"}
        fields["sent_at"] = sent_at if self.sent_at is None else self.sent_at
        fields["weak"] = tuple(sorted(set(self.weak)))
        for said in ("charted", "not_taken"):
            fields[said] = tuple(sorted(getattr(self, said).items()))
        sent = self.values.model_dump(exclude_unset=True)
        return RecordReading(values=sent, **fields)


class ReadingForIn(ReadingIn):
    """A reading that names its session, the station whose active session it is for, or only the
    device that is attached to it; of a token that is for one of them it need name nothing.
    """

    session_id: Uuid | None = None
    station: Code | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        """None at all is a question of the credential."""
        if self.session_id is not None and self.station is not None:
            raise PydanticCustomError("session_or_station", NO_PLACE)
        return self

    def to_item(self, sent_at: int | None) -> ReadingFor:
        command = self.to_command(sent_at)
        return ReadingFor(command, session_id=self.session_id, station=self.station)


class ReadingListIn(Ask):
    """Each reading stands alone: checked by itself, stored or refused by itself."""

    readings: Annotated[list[SkipValidation[ReadingIn]], Field(max_length=LIST_MAX)]
    sent_at: Moment | None = None


class ReadingForListIn(Ask):
    readings: Annotated[list[SkipValidation[ReadingForIn]], Field(max_length=LIST_MAX)]
    sent_at: Moment | None = None


def _single_or_many(body: Any) -> str:
    return MANY if isinstance(body, Mapping) and "readings" in body else SINGLE


ReadingsBody = Annotated[
    Annotated[ReadingIn, Tag(SINGLE)] | Annotated[ReadingListIn, Tag(MANY)],
    Discriminator(_single_or_many),
]


class RejectedValue(Answer):
    vital: str
    value: float
    code: Literal["no_signal", "sentinel", "implausible", "inconsistent"]


class ChartedValue(Answer):
    """A device's value that a person took over, with its own time."""

    seq: int
    device: str
    taken_at: Time
    value: float


class NotTaken(Answer):
    """A vital sign was tried and not taken, the `times`-th time in a row; it is due at `until` now,
    null where this put nothing off.
    """

    reason: NotTakenReason
    at: Time
    until: Time | None
    times: int
    by: ActorOut


class MovedFromOut(Answer):
    """The reading of another session that this was, and why a person moved it."""

    session_id: str
    reading_id: str
    source: Source
    device: str | None
    reason: str


class ReadingData(Answer):
    """A reading as the log keeps it. What was charted or not taken is told where there is any,
    `after_close` where it was charted once the session was closed, and `moved_from` where it was
    moved here.
    """

    id: str
    taken_at: Time
    device_time: Time | None
    skew_s: float
    source: Source
    device: str | None
    interval_s: float | None
    values: dict[str, float]
    confirmed: bool
    derived: list[str]
    rejected: list[RejectedValue]
    unconfirmed: list[str]
    late: list[str]
    superseded: list[str]
    repeated: list[str]
    weak: list[str]
    cuff_inflating: bool
    flags: dict[str, Flag]
    basis: dict[str, Basis]
    fresh_s: dict[str, float]
    charted: dict[str, ChartedValue] = Field(default_factory=dict)
    not_taken: dict[str, NotTakenReason] = Field(default_factory=dict)
    not_taken_note: str | None = None
    put_off: dict[str, NotTaken] = Field(default_factory=dict)
    after_close: bool = False
    moved_from: MovedFromOut | None = None


class ReadingOut(ReadingData):
    session_id: str
    seq: int
    recorded_at: Time
    recorded_by: ActorOut
    simulated: bool
    alarms: list[AlarmOut]


class RecordedItem(Answer):
    status: Literal[200, 201]
    reading: ReadingOut


class RefusedItem(Answer):
    status: int
    problem: Problem


class ReadingItems(Answer):
    """One item per reading sent, in order."""

    items: list[RecordedItem | RefusedItem]
