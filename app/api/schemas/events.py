"""The log of a session: facts without gaps, told apart by `kind`."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.common import ActorOut, Clock, Phase, Time
from app.api.schemas.kinds import Answer, Ask, query_integer
from app.api.schemas.readings import ReadingData
from app.api.schemas.sessions import LimitLine, PhaseEntry, StateOut

SEQ_MAX = 2**53  # what a browser's number holds exactly
EVENTS_MAX = 1_000  # events a page: half a megabyte


class EventQuery(Ask):
    after: query_integer(0, SEQ_MAX) = 0  # type: ignore[valid-type]  # a type made from its bounds
    limit: query_integer(1, EVENTS_MAX) = 200  # type: ignore[valid-type]  # the same
    cursor: query_integer(0, SEQ_MAX) | None = None  # type: ignore[valid-type]  # as in other lists

    @property
    def place(self) -> int:
        """After which seq to read: `cursor` is what `next_cursor` said, `after` what is known."""
        return int(self.after if self.cursor is None else self.cursor)


class SessionCreated(Answer):
    state: StateOut


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


class BaselineSet(Answer):
    values: dict[str, float]
    limits: dict[str, list[LimitLine]]


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


class SignalLost(Answer):
    """A device said of these vitals, and of nothing else, that it has no signal."""

    source: Literal["device"]
    device: str | None
    taken_at: Time
    vitals: list[str]


class _Event(Answer):
    session_id: str
    seq: int
    at: Time
    recorded_at: Time
    actor: ActorOut


class SessionCreatedEvent(_Event):
    kind: Literal["session.created"]
    data: SessionCreated


class PhaseChangedEvent(_Event):
    kind: Literal["phase.changed"]
    data: PhaseChanged


class BaselineSetEvent(_Event):
    kind: Literal["baseline.set"]
    data: BaselineSet


class ReadingRecordedEvent(_Event):
    kind: Literal["reading.recorded"]
    data: ReadingData


class AlarmRaisedEvent(_Event):
    kind: Literal["alarm.raised"]
    data: AlarmData


class AlarmChangedEvent(_Event):
    kind: Literal["alarm.changed"]
    data: AlarmData


class AlarmAcknowledgedEvent(_Event):
    kind: Literal["alarm.acknowledged"]
    data: AlarmData


class AlarmLatchedEvent(_Event):
    kind: Literal["alarm.latched"]
    data: AlarmData


class AlarmReopenedEvent(_Event):
    kind: Literal["alarm.reopened"]
    data: AlarmData


class AlarmClearedEvent(_Event):
    kind: Literal["alarm.cleared"]
    data: AlarmData


class ClockMovedEvent(_Event):
    kind: Literal["clock.moved"]
    data: ClockMoved


class ClockBeganEvent(_Event):
    kind: Literal["clock.began"]
    data: ClockBegan


class SignalLostEvent(_Event):
    kind: Literal["signal.lost"]
    data: SignalLost


EventOut = Annotated[
    SessionCreatedEvent
    | PhaseChangedEvent
    | BaselineSetEvent
    | ReadingRecordedEvent
    | AlarmRaisedEvent
    | AlarmChangedEvent
    | AlarmAcknowledgedEvent
    | AlarmLatchedEvent
    | AlarmReopenedEvent
    | AlarmClearedEvent
    | ClockMovedEvent
    | ClockBeganEvent
    | SignalLostEvent,
    Field(discriminator="kind"),
]


class EventList(Answer):
    """`next_cursor` is the `after` of the next page."""

    items: list[EventOut]
    next_cursor: str | None
