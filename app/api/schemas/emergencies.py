"""Emergency access: who took it, why, and who looked at it after."""

from app.api.schemas.auth import PersonOut
from app.api.schemas.common import ActorOut, Page, Time
from app.api.schemas.kinds import Answer, Ask, Note, QueryFlag, Uuid


class EmergencyIn(Ask):
    """`reason`: at least 10 characters."""

    reason: Note
    session_id: Uuid | None = None
    id: Uuid | None = None


class ReviewIn(Ask):
    note: Note | None = None


class EmergencyQuery(Page):
    reviewed: QueryFlag | None = None


class EmergencyOut(Answer):
    """`ended_at`: before its time."""

    id: str
    user: PersonOut
    reason: str
    session_id: str | None
    began_at: Time
    until: Time
    ended_at: Time | None
    reviewed_at: Time | None
    reviewed_by: ActorOut | None
    note: str | None


class EmergencyList(Answer):
    items: list[EmergencyOut]
    next_cursor: str | None
