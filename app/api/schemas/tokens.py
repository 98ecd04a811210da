"""Tokens of programs, and wall screens."""

from app.access.tokens import DAYS_MAX
from app.api.schemas.auth import PersonOut
from app.api.schemas.common import ActorOut, Time
from app.api.schemas.kinds import Answer, Ask, Code, Text, Uuid, whole_number
from app.monitoring.commands import Role


class TokenIn(Ask):
    """Of a role (`device`, `simulator`, `viewer`) or of a user; for a station, a session, or any.

    Without `expires_in_days`: a device's and a wall screen's hold 365, a simulator's 30, a user's
    90.
    """

    name: Text
    role: Role | None = None
    user_id: Uuid | None = None
    station: Code | None = None
    session_id: Uuid | None = None
    expires_in_days: whole_number(1, DAYS_MAX) | None = None  # type: ignore[valid-type]  # made of bounds
    id: Uuid | None = None


class TokenOut(Answer):
    """`prefix` is how people know it; `role` of a user's is that of its user."""

    id: str
    prefix: str
    name: str
    role: Role
    user: PersonOut | None
    station: str | None
    session_id: str | None
    created_at: Time
    created_by: ActorOut
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None


class NewTokenOut(TokenOut):
    """`token`, or a wall screen's `link`: only in the answer that made it."""

    token: str | None = None
    link: str | None = None


class TokenList(Answer):
    items: list[TokenOut]
    next_cursor: str | None
