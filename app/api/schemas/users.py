"""Users: people with accounts, as the administrator sees them."""

from app.api.schemas.auth import Typed
from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Text, Uuid
from app.monitoring.commands import Role


class UserIn(Ask):
    """Without a password one is made, which must be changed at the first sign-in."""

    name: Text
    display_name: Text
    role: Role
    id: Uuid | None = None
    password: Typed | None = None


class UserChangeIn(Ask):
    """What is left out stays as it is."""

    display_name: Text | None = None
    role: Role | None = None
    active: bool | None = None


class UserOut(Answer):
    """`last_seen_at`: when one of their own screens was last used."""

    id: str
    name: str
    display_name: str
    role: Role
    active: bool
    has_pin: bool
    locked_until: Time | None
    created_at: Time
    last_seen_at: Time | None


class NewUserOut(UserOut):
    """`password`: only in the answer that made it."""

    password: str | None = None


class UserList(Answer):
    items: list[UserOut]
    next_cursor: str | None
