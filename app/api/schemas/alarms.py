"""Alarms: standing records of conditions, and the people who have seen them."""

from typing import Literal

from app.api.schemas.common import ActorOut, Page, Priority, Time
from app.api.schemas.kinds import Answer, Ask, Note, QueryFlag, Uuid, Word, whole_number
from app.monitoring.commands import Acknowledge, EndAlarm
from app.monitoring.state import EscalationCause, Recipient

Revision = whole_number(0, 1_000_000)
EndedBy = Literal[
    "over",
    "acknowledged",
    "person",
    "device_detached",
    "value_voided",
    "limits_changed",
    "replaced",
    "phase_changed",
    "standby",
    "put_off",
    "alarm_off",
    "session_closed",
]


class AcknowledgeIn(Ask):
    id: Uuid | None = None
    rev: Revision | None = None  # type: ignore[valid-type]  # a type made from its bounds
    action: Word | None = None
    note: Note | None = None

    def to_command(self, alarm_id: str) -> Acknowledge:
        return Acknowledge(alarm_id=alarm_id, **dict(self))


class EndAlarmIn(Ask):
    reason: Note
    id: Uuid | None = None

    def to_command(self, alarm_id: str) -> EndAlarm:
        return EndAlarm(alarm_id=alarm_id, reason=self.reason, id=self.id)


class AlarmQuery(Page):
    standing: QueryFlag | None = None


class Acknowledgement(Answer):
    by: ActorOut
    at: Time
    rev: int
    action: str | None
    note: str | None


class Escalation(Answer):
    """How far up an alarm was called that nobody has acknowledged, or that no screen sounded."""

    level: int
    to: Recipient
    at: Time
    why: EscalationCause


class AlarmFacts(Answer):
    """What the server says of an alarm."""

    id: str
    session_id: str
    kind: Literal["physiological", "technical"]
    condition: str
    group: str
    vital: str | None
    side: Literal["low", "high"] | None
    priority: Priority
    state: Literal["active", "acknowledged", "latched", "cleared"]
    rev: int
    raised_at: Time
    value: float | None
    worst: float | None
    limit: float | None
    unit: str | None
    text: str
    missing: list[str]
    since: Time
    cleared_at: Time | None
    ended_by: EndedBy | None
    devices: list[str]
    sounded_at: Time
    shown_rev: int
    escalation: Escalation | None


class AlarmOut(AlarmFacts):
    acknowledgements: list[Acknowledgement]
    ended_reason: str | None


class AlarmList(Answer):
    items: list[AlarmOut]
    next_cursor: str | None
