"""Signing in, and who is at a screen. Passwords are taken as they were typed."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.access.caller import CallerKind, LockedWhy
from app.access.passwords import TYPED_MOST
from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Text, Uuid
from app.monitoring.commands import Role


def _typed(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("not_text", "Must be text")
    if not value:
        raise PydanticCustomError("empty", "Must not be empty")
    if len(value) > TYPED_MOST:
        raise PydanticCustomError(
            "text_too_long", "Must have at most {max} characters", {"max": TYPED_MOST}
        )
    return value


Typed = Annotated[
    str,
    PlainValidator(_typed),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": TYPED_MOST, "format": "password"}
    ),
]
"""A secret: nothing is cut off it, and it is never shown again."""


class LoginIn(Ask):
    """`station` goes with `shared`: a screen that several people use."""

    name: Text = Field(validation_alias=AliasChoices("name", "username"))
    password: Typed
    shared: bool = False
    station: Text | None = None

    @model_validator(mode="after")
    def _has_a_station(self) -> "LoginIn":
        if self.shared and self.station is None:
            raise PydanticCustomError("missing", "A shared screen has a station")
        return self


class DemoIn(Ask):
    role: Literal["nurse", "clinician", "administrator"]


class LinkIn(Ask):
    link: Typed


class Proof(Ask):
    """A PIN or a password, one of the two."""

    pin: Typed | None = None
    password: Typed | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Proof":
        if (self.pin is None) == (self.password is None):
            raise PydanticCustomError("missing", "Give a PIN or a password, one of the two")
        return self


class GrantIn(Proof):
    user_id: Uuid
    method: Typed
    path: Typed


class PasswordIn(Ask):
    password: Typed
    new_password: Typed


class PinIn(Ask):
    password: Typed
    pin: Typed


class WelcomeOut(Answer):
    demo: bool
    users: bool


class PersonOut(Answer):
    id: str
    name: str
    role: Role


class PeopleOut(Answer):
    items: list[PersonOut]


class EmergencyNowOut(Answer):
    id: str
    reason: str
    began_at: Time
    expires_at: Time


class MeOut(Answer):
    """`id`, `name` and `role` are what is written down; `user` is who the sign-in belongs to;
    `permissions` are those that hold now.
    """

    kind: CallerKind
    id: str
    name: str
    role: Role
    user: PersonOut | None
    permissions: list[str]
    locked: bool
    why: LockedWhy | None
    shared: bool
    station: str | None
    idle_s: int | None
    locks_at: Time | None
    expires_at: Time | None
    has_pin: bool
    password_change_needed: bool
    emergency: EmergencyNowOut | None
    demo: bool
    training: bool


class GrantOut(Answer):
    grant: str
    user: PersonOut
    expires_at: Time


class SignInOut(Answer):
    id: str
    created_at: Time
    active_at: Time
    expires_at: Time
    shared: bool
    station: str | None
    browser: str
    current: bool


class SignInsOut(Answer):
    items: list[SignInOut]
