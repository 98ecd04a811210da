"""Attention: what quiets a session for a while, who is called first, and the call for help."""

from typing import Literal

from app.api.schemas.common import ActorOut, Priority, Time
from app.api.schemas.kinds import Answer, Ask, Code, Note, Text, Uuid, Word, whole_number
from app.monitoring.commands import (
    AnswerStopPrompt,
    BeginStandby,
    CallHelp,
    PauseAudio,
    Person,
    SetResponsible,
    SwitchOff,
)

WHOLE_SESSION = "session"  # the scope of an audio off that names no group

PauseSeconds = whole_number(1, 120)  # two minutes: longer, and nobody remembers the silence
StandbyMinutes = whole_number(1, 10)  # a walk to the toilet; longer is no standby but a pause


class AudioPauseIn(Ask):
    seconds: PauseSeconds  # type: ignore[valid-type]  # a type made from its bounds
    id: Uuid | None = None

    def to_command(self) -> PauseAudio:
        return PauseAudio(**dict(self))


class AudioOffIn(Ask):
    """`scope` is a group of vital signs, or the whole session."""

    reason: Note
    scope: Word = WHOLE_SESSION
    id: Uuid | None = None

    def to_command(self) -> SwitchOff:
        return SwitchOff("audio", **dict(self))


class AlarmOffIn(Ask):
    """`scope` is a group of vital signs."""

    scope: Word
    reason: Note
    id: Uuid | None = None

    def to_command(self) -> SwitchOff:
        return SwitchOff("alarms", **dict(self))


class StopAnswerIn(Ask):
    """The prompt was seen, and the infusion goes on."""

    decision: Literal["continue"]
    reason: Note
    id: Uuid | None = None

    def to_command(self, vital: str) -> AnswerStopPrompt:
        return AnswerStopPrompt(vital, self.reason, self.id)


class AudioOffQuery(Ask):
    scope: Word = WHOLE_SESSION


class AlarmOffQuery(Ask):
    scope: Word


class StandbyIn(Ask):
    minutes: StandbyMinutes  # type: ignore[valid-type]  # a type made from its bounds
    reason: Note
    id: Uuid | None = None

    def to_command(self) -> BeginStandby:
        return BeginStandby(**dict(self))


class PersonIn(Ask):
    id: Code
    name: Text

    def to_person(self) -> Person:
        return Person(**dict(self))


class ResponsibleIn(Ask):
    """Null: nobody in particular."""

    person: PersonIn | None
    id: Uuid | None = None

    def to_command(self) -> SetResponsible:
        person = None if self.person is None else self.person.to_person()
        return SetResponsible(person, id=self.id)


class HelpIn(Ask):
    note: Note | None = None
    id: Uuid | None = None

    def to_command(self) -> CallHelp:
        return CallHelp(**dict(self))


class AudioPause(Answer):
    """`priority` is the highest that stood when it began, null if nothing did."""

    until: Time
    at: Time
    by: ActorOut
    priority: Priority | None


class Off(Answer):
    """What was switched off, or a standby: until when, since when, by whom and why."""

    until: Time
    at: Time
    by: ActorOut
    reason: str


class PersonRef(Answer):
    id: str
    name: str


class Help(Answer):
    at: Time
    by: ActorOut
    note: str | None


class HeldSignal(Answer):
    """Alarms of this vital sign wait, because the cuff on the probe's arm is being inflated."""

    until: Time
    why: Literal["cuff"]
