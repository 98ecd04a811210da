"""The log of a session: facts without gaps, told apart by `kind`."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas import event_data as told
from app.api.schemas.annotations import AnnotationCorrected, AnnotationRecorded, AnnotationVoided
from app.api.schemas.common import ActorOut, Time
from app.api.schemas.kinds import SEQ_MAX, Answer, Ask, query_integer
from app.api.schemas.readings import ReadingData

EVENTS_MAX = 1_000  # events a page: half a megabyte


class EventQuery(Ask):
    after: query_integer(0, SEQ_MAX) = 0  # type: ignore[valid-type]  # a type made from its bounds
    limit: query_integer(1, EVENTS_MAX) = 200  # type: ignore[valid-type]  # the same
    cursor: query_integer(0, SEQ_MAX) | None = None  # type: ignore[valid-type]  # as in other lists

    @property
    def place(self) -> int:
        """After which seq to read: `cursor` is what `next_cursor` said, `after` what is known."""
        return int(self.after if self.cursor is None else self.cursor)


class _Event(Answer):
    session_id: str
    seq: int
    at: Time
    recorded_at: Time
    actor: ActorOut


class SessionCreatedEvent(_Event):
    kind: Literal["session.created"]
    data: told.SessionCreated


class PhaseChangedEvent(_Event):
    kind: Literal["phase.changed"]
    data: told.PhaseChanged


class PhaseCorrectedEvent(_Event):
    kind: Literal["phase.corrected"]
    data: told.PhaseCorrected


class PhaseTakenBackEvent(_Event):
    kind: Literal["phase.taken_back"]
    data: told.PhaseTakenBack


class AnnotationRecordedEvent(_Event):
    kind: Literal["annotation.recorded"]
    data: AnnotationRecorded


class AnnotationVoidedEvent(_Event):
    kind: Literal["annotation.voided"]
    data: AnnotationVoided


class AnnotationCorrectedEvent(_Event):
    kind: Literal["annotation.corrected"]
    data: AnnotationCorrected


class RecordSignedEvent(_Event):
    kind: Literal["record.signed"]
    data: told.RecordSigned


class BaselineSetEvent(_Event):
    kind: Literal["baseline.set"]
    data: told.BaselineSet


class LimitsChangedEvent(_Event):
    kind: Literal["limits.changed"]
    data: told.LimitsChanged


class ReadingRecordedEvent(_Event):
    kind: Literal["reading.recorded"]
    data: ReadingData


class ReadingVoidedEvent(_Event):
    kind: Literal["reading.voided"]
    data: told.ReadingVoided


class ReadingAmendedEvent(_Event):
    kind: Literal["reading.amended"]
    data: told.ReadingAmended


class StopPromptRaisedEvent(_Event):
    kind: Literal["stop_prompt.raised"]
    data: told.StopPromptRaised


class StopPromptEndedEvent(_Event):
    kind: Literal["stop_prompt.ended"]
    data: told.StopPromptEnded


class SignalLostEvent(_Event):
    kind: Literal["signal.lost"]
    data: told.SignalLost


class SignalHeldEvent(_Event):
    kind: Literal["signal.held"]
    data: told.SignalHeld


class ExcursionMissedEvent(_Event):
    kind: Literal["excursion.missed"]
    data: told.ExcursionMissed


class AlarmRaisedEvent(_Event):
    kind: Literal["alarm.raised"]
    data: told.AlarmData


class AlarmChangedEvent(_Event):
    kind: Literal["alarm.changed"]
    data: told.AlarmData


class AlarmAcknowledgedEvent(_Event):
    kind: Literal["alarm.acknowledged"]
    data: told.AlarmData


class AlarmLatchedEvent(_Event):
    kind: Literal["alarm.latched"]
    data: told.AlarmData


class AlarmReopenedEvent(_Event):
    kind: Literal["alarm.reopened"]
    data: told.AlarmData


class AlarmClearedEvent(_Event):
    kind: Literal["alarm.cleared"]
    data: told.AlarmData


class AlarmEscalatedEvent(_Event):
    kind: Literal["alarm.escalated"]
    data: told.AlarmData


class AlarmSoundedEvent(_Event):
    kind: Literal["alarm.sounded"]
    data: told.AlarmData


class AudioPausedEvent(_Event):
    kind: Literal["audio.paused"]
    data: told.AudioPaused


class AudioResumedEvent(_Event):
    kind: Literal["audio.resumed"]
    data: told.AudioResumed


class AudioSwitchedOffEvent(_Event):
    kind: Literal["audio.switched_off"]
    data: told.SwitchedOff


class AudioSwitchedOnEvent(_Event):
    kind: Literal["audio.switched_on"]
    data: told.SwitchedOn


class AlarmsSwitchedOffEvent(_Event):
    kind: Literal["alarms.switched_off"]
    data: told.SwitchedOff


class AlarmsSwitchedOnEvent(_Event):
    kind: Literal["alarms.switched_on"]
    data: told.SwitchedOn


class StandbyBeganEvent(_Event):
    kind: Literal["standby.began"]
    data: told.StandbyBegan


class StandbyEndedEvent(_Event):
    kind: Literal["standby.ended"]
    data: told.StandbyEnded


class DeviceAttachedEvent(_Event):
    kind: Literal["device.attached"]
    data: told.DeviceAttached


class DeviceDetachedEvent(_Event):
    kind: Literal["device.detached"]
    data: told.DeviceDetached


class ResponsibleSetEvent(_Event):
    kind: Literal["responsible.set"]
    data: told.ResponsibleSet


class HelpCalledEvent(_Event):
    kind: Literal["help.called"]
    data: told.HelpCalled


class HelpEndedEvent(_Event):
    kind: Literal["help.ended"]
    data: told.HelpEnded


class PlannedEndPassedEvent(_Event):
    kind: Literal["planned_end.passed"]
    data: told.NothingMore


class WatchResumedEvent(_Event):
    kind: Literal["watch.resumed"]
    data: told.WatchResumed


class ClockMovedEvent(_Event):
    kind: Literal["clock.moved"]
    data: told.ClockMoved


class ClockBeganEvent(_Event):
    kind: Literal["clock.began"]
    data: told.ClockBegan


EventOut = Annotated[
    SessionCreatedEvent
    | PhaseChangedEvent
    | PhaseCorrectedEvent
    | PhaseTakenBackEvent
    | AnnotationRecordedEvent
    | AnnotationVoidedEvent
    | AnnotationCorrectedEvent
    | RecordSignedEvent
    | BaselineSetEvent
    | LimitsChangedEvent
    | ReadingRecordedEvent
    | ReadingVoidedEvent
    | ReadingAmendedEvent
    | StopPromptRaisedEvent
    | StopPromptEndedEvent
    | SignalLostEvent
    | SignalHeldEvent
    | ExcursionMissedEvent
    | AlarmRaisedEvent
    | AlarmChangedEvent
    | AlarmAcknowledgedEvent
    | AlarmLatchedEvent
    | AlarmReopenedEvent
    | AlarmClearedEvent
    | AlarmEscalatedEvent
    | AlarmSoundedEvent
    | AudioPausedEvent
    | AudioResumedEvent
    | AudioSwitchedOffEvent
    | AudioSwitchedOnEvent
    | AlarmsSwitchedOffEvent
    | AlarmsSwitchedOnEvent
    | StandbyBeganEvent
    | StandbyEndedEvent
    | DeviceAttachedEvent
    | DeviceDetachedEvent
    | ResponsibleSetEvent
    | HelpCalledEvent
    | HelpEndedEvent
    | PlannedEndPassedEvent
    | WatchResumedEvent
    | ClockMovedEvent
    | ClockBeganEvent,
    Field(discriminator="kind"),
]


class EventList(Answer):
    """`next_cursor` is the `after` of the next page."""

    items: list[EventOut]
    next_cursor: str | None
