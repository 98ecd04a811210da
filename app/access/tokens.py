"""Tokens: credentials of programs, shown once and kept as hashes; and wall screens, which sign in
by a link that holds once and for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import uuid_utils

from app.access import names
from app.access.by import by
from app.access.roles import MACHINES
from app.access.secrets import new_secret, new_token, secret_hash
from app.errors import (
    IdConflict,
    NotAWallScreen,
    SimulatedMismatch,
    TokenEnded,
    UnknownSession,
    UnknownToken,
    UnknownUser,
    UserInactive,
    WrongCredentials,
)
from app.models import tokens, users
from app.models.access_log import append
from app.models.codec import actor_text
from app.models.credentials import bump
from app.monitoring.commands import Role
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.access.access import Access
    from app.access.by import By
    from app.access.caller import Caller
    from app.models.item import Item
    from app.models.store import Store
    from app.models.tokens import Stored

DAY_MS: Final = 86_400_000
LINK_MS: Final = 15 * 60_000  # time to walk to the screen; what lies about longer is found
DAYS: Final[Mapping[Role, int]] = {
    "device": 365,  # monitors are serviced once a year
    "viewer": 365,  # and so are wall screens
    "simulator": 30,  # a trial or a training; it is made again in a minute
}
DAYS_OF_A_USER: Final = 90  # it may all that its user may
DAYS_MAX: Final = 1_826  # five years: nobody remembers a token that is older


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be: of a role, or of a user. `id` None: the server makes one."""

    name: str
    role: Role | None = None
    user_id: str | None = None
    station: str | None = None
    session_id: str | None = None
    days: int | None = None
    id: str | None = None

    @property
    def lasts_ms(self) -> int:
        usual = DAYS_OF_A_USER if self.role is None else DAYS[self.role]
        return (self.days or usual) * DAY_MS


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: a whole token, or a wall screen's link."""

    kind: Literal["token", "link"]
    value: str
    prefix: str

    @property
    def shown(self) -> str:
        return self.value if self.kind == "token" else wall_address(self.value)


@dataclass(frozen=True, slots=True)
class TakenLink:
    """A wall screen that may sign in now, until `expires_at` at most."""

    token_key: int
    token_id: str
    name: str
    station: str | None
    expires_at: int


def wall_address(link: str) -> str:
    """What a wall screen opens; what follows the mark never reaches a server or its logs."""
    return f"/wall#{link}"


def secret_for(role: Role | None) -> Secret:
    """A new one; a wall screen has no token, only a link to sign in with."""
    token, prefix = new_token()
    return (
        Secret("link", new_secret(), prefix) if role == "viewer" else Secret("token", token, prefix)
    )


async def create(
    store: Store, access: Access, caller: Caller, new: NewToken
) -> tuple[dict[str, Any], bool]:
    """The token and whether it is new; its secret in this answer only.

    Raises InvalidRequest, UnknownUser, UserInactive, UnknownSession, SimulatedMismatch, IdConflict.
    """
    given, secret = checked(new), secret_for(new.role)
    run = partial(create_token, new=given, secret=secret, by=by(caller))
    id, created = await store.scribe.submit(run)
    await access.changed()
    found = await token(store, id)
    return ({**found, secret.kind: secret.shown} if created else found), created


async def listed(store: Store, *, limit: int, cursor: str | None) -> dict[str, Any]:
    items, more = await store.reader.read(partial(tokens.tokens, limit=limit, cursor=cursor))
    return {"items": items, "next_cursor": more}


async def token(store: Store, token_id: str) -> dict[str, Any]:
    """Raises UnknownToken."""
    found = await store.reader.read(partial(tokens.one_token, token_id=token_id))
    if found is None:
        raise _unknown()
    return found


async def revoke(store: Store, access: Access, caller: Caller, token_id: str) -> None:
    """Whatever was opened with it ends; doing it again does nothing. Raises UnknownToken."""
    await store.scribe.submit(partial(revoke_token, token_id=token_id, by=by(caller)))
    await access.changed()


async def new_link(store: Store, caller: Caller, token_id: str) -> dict[str, Any]:
    """The token with another link, the only one that holds.

    Raises UnknownToken, NotAWallScreen, TokenEnded.
    """
    link = new_secret()
    await store.scribe.submit(partial(_set_link, token_id=token_id, link=link, by=by(caller)))
    return {**await token(store, token_id), "link": wall_address(link)}


def checked(new: NewToken) -> NewToken:
    """As it is stored; raises InvalidRequest."""
    if (new.role is None) == (new.user_id is None):
        raise _wrong("role", "role_or_user", "Give a role or a user, one of the two")
    if new.role is not None and new.role not in MACHINES:
        raise _wrong("role", "not_allowed", f"Must be {', '.join(sorted(MACHINES))}")
    if new.station is not None and new.session_id is not None:
        raise _wrong("session_id", "station_or_session", "Give a station or a session, not both")
    if new.role == "viewer" and new.session_id is not None:
        raise _wrong("session_id", "not_allowed", "A wall screen shows the whole board")
    if new.days is not None and not 1 <= new.days <= DAYS_MAX:
        raise _wrong("expires_in_days", "out_of_range", f"Must be between 1 and {DAYS_MAX}")
    name = names.token_name(new.name)
    return NewToken(name, new.role, new.user_id, new.station, new.session_id, new.days, new.id)


def create_token(
    item: Item, *, new: NewToken, secret: Secret, by: By, demo: bool = False
) -> tuple[str, bool]:
    """Inside a submission: the id, and whether it is new.

    Raises UnknownUser, UserInactive, UnknownSession, SimulatedMismatch, IdConflict.
    """
    known = tokens.by_id(item, new.id) if new.id else None
    if known is not None:
        if not _same(known, new):
            raise IdConflict("Nothing was stored: another token was recorded under this id.")
        return known.id, False
    user_key = _user_key(item, new.user_id)
    _check_session(item, new)
    bump(item)
    id = new.id or str(uuid_utils.uuid7())
    is_link = secret.kind == "link"
    hash = secret_hash(secret.value)
    row = tokens.NewRow(
        id=id,
        prefix=secret.prefix,
        secret_hash=None if is_link else hash,
        name=new.name,
        role=new.role,
        user_key=user_key,
        station=new.station,
        session_id=new.session_id,
        expires_at=item.now + new.lasts_ms,
        link_hash=hash if is_link else None,
        link_expires_at=item.now + LINK_MS if is_link else None,
        demo=demo,
    )
    tokens.add(item, row, actor_text(by.actor))
    told: dict[str, Any] = {
        "token_id": id,
        "prefix": secret.prefix,
        "role": new.role,
        "user_id": new.user_id,
    }
    told |= {"name": new.name, "station": new.station, "days": new.lasts_ms // DAY_MS}
    append(item, by.entry("token.created", session_id=new.session_id, **told))
    if is_link:
        append(item, by.entry("link.created", token_id=id, name=new.name))
    return id, True


def revoke_token(item: Item, *, token_id: str, by: By) -> None:
    """Inside a submission; raises UnknownToken."""
    found = _token(item, token_id)
    if found.revoked_at is not None:
        return
    bump(item)
    ended = tokens.revoke(item, found.key)
    append(item, by.entry("token.revoked", token_id=found.id, name=found.name, prefix=found.prefix))
    for id in ended:
        append(item, by.entry("sign_in.ended", sign_in_id=id, why=tokens.REVOKED))


def take_link(item: Item, link: str) -> TakenLink:
    """Inside the submission that signs the screen in: the link is used up with its commit; raises
    WrongCredentials.
    """
    found = tokens.use_link(item, secret_hash(link))
    if found is None or found.expires_at is None:
        raise WrongCredentials(
            "Nothing was done: this link was used already, or is older than 15 min. Ask an"
            " administrator for a new one."
        )
    return TakenLink(found.key, found.id, found.name, found.station, found.expires_at)


def _set_link(item: Item, *, token_id: str, link: str, by: By) -> None:
    found = _token(item, token_id)
    if found.role != "viewer":
        raise NotAWallScreen("Nothing was done: only wall screens sign in by a link.")
    if found.ended(item.now):
        raise TokenEnded("Nothing was done: this wall screen has ended. Make a new one.")
    tokens.set_link(item, found.key, secret_hash(link), item.now + LINK_MS)
    append(item, by.entry("link.created", token_id=found.id, name=found.name))


def _same(known: Stored, new: NewToken) -> bool:
    stored = (known.name, known.role, known.user_id, known.station, known.session_id)
    lasts_ms = (known.expires_at or 0) - known.created_at
    asked = (new.name, new.role, new.user_id, new.station, new.session_id)
    return stored == asked and lasts_ms == new.lasts_ms


def _user_key(item: Item, user_id: str | None) -> int | None:
    if user_id is None:
        return None
    found = users.by_id(item, user_id)
    if found is None:
        raise UnknownUser("Nothing was stored: there is no user with this id.")
    if not found.active:
        raise UserInactive("Nothing was stored: let the user sign in again first.")
    return found.key


def _check_session(item: Item, new: NewToken) -> None:
    if new.session_id is None:
        return
    simulated = tokens.simulated(item, new.session_id)
    if simulated is None:
        raise UnknownSession("Nothing was stored: there is no session with this id.")
    if new.role is not None and simulated != (new.role == "simulator"):
        raise SimulatedMismatch(
            "Nothing was stored: devices have real sessions only, simulators simulated ones."
        )


def _token(item: Item, token_id: str) -> Stored:
    found = tokens.by_id(item, token_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> UnknownToken:
    return UnknownToken("There is no token with this id.")


def _wrong(field: str, code: str, msg: str) -> InvalidRequest:
    return InvalidRequest(
        "Nothing was stored. Correct the fields listed and send again.",
        errors=[FieldError((field,), code, msg)],
    )
