"""The board, and what of it a wall may show that anybody can read: nobody's name, initials or code,
and nothing that a person wrote.
"""

from app.api.schemas.alarms import AlarmFacts
from app.api.schemas.common import Priority, Time
from app.api.schemas.kinds import Answer, Ask, QueryFlag
from app.api.schemas.sessions import BoardRow, Lines, SessionFacts
from app.monitoring.commands import ActorKind, NotTakenReason, Role


class Somebody(Answer):
    """Who it was, as far as a wall tells."""

    kind: ActorKind
    role: Role | None


class WallPause(Answer):
    until: Time
    at: Time
    by: Somebody
    priority: Priority | None


class WallOff(Answer):
    until: Time
    at: Time
    by: Somebody
    reason: None


class WallHelp(Answer):
    at: Time
    by: Somebody
    note: None


class WallNotTaken(Answer):
    reason: NotTakenReason
    at: Time
    until: Time | None
    times: int


class WallAcknowledgement(Answer):
    by: Somebody
    at: Time
    rev: int
    action: str | None
    note: None


class WallAlarm(AlarmFacts):
    acknowledgements: list[WallAcknowledgement]
    ended_reason: None


class WallRow(SessionFacts):
    """A board row for a viewer or an administrator."""

    patient: None
    responsible: None
    audio_pause: WallPause | None
    audio_off: dict[str, WallOff]
    alarm_off: dict[str, WallOff]
    standby: WallOff | None
    help: WallHelp | None
    alarms: dict[str, WallAlarm]
    not_taken: dict[str, WallNotTaken]
    lines: Lines


BoardRows = list[BoardRow | WallRow]
"""All of one kind, by who asks."""


class BoardQuery(Ask):
    simulated: QueryFlag = False


class BoardOut(Answer):
    items: BoardRows
    next_cursor: str | None
