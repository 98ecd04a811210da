"""People with accounts: made, changed, given a new password, let in again.

Each change is one transaction with its entry in the access log; what it takes from somebody ends on
every screen and in every process within seconds.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uuid_utils

from app.access import emergencies, names
from app.access.access import Access
from app.access.by import by
from app.access.passwords import Hashing, check_password, password_hash
from app.access.roles import PEOPLE
from app.access.tokens import revoke_token
from app.clock import now_ms
from app.errors import (
    IdConflict,
    LastAdministrator,
    NameTaken,
    OwnRole,
    UnknownSignIn,
    UnknownUser,
)
from app.models import users
from app.models.access_log import append
from app.models.codec import actor_text
from app.models.credentials import bump
from app.models.store import Store
from app.monitoring.commands import Role
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from app.access.by import By
    from app.access.caller import Caller
    from app.models.item import Item
    from app.models.sign_ins import EndedWhy
    from app.models.users import Account

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32, none that reads like another: 5 bits
GROUPS: Final = 4
IN_A_GROUP: Final = 5  # 4 x 5 x 5 bits = 100: read out and typed once, and beyond guessing


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody to be; `id` None: the server makes one."""

    name: str
    display_name: str
    role: Role
    id: str | None = None


@dataclass(frozen=True, slots=True)
class UserChange:
    """What shall be otherwise; None: as it is."""

    display_name: str | None = None
    role: Role | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What making a user or a password needs."""

    store: Store
    access: Access
    hashing: Hashing


def made_password() -> str:
    """Four groups of five that can be read out, such as `k3fzp-9wqmt-h2c7x-vrn4d`."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


async def create(
    desk: Desk, caller: Caller, new: NewUser, password: str | None
) -> tuple[dict[str, Any], bool]:
    """The user and whether it is new. Without a password one is made, shown in this answer only.

    Raises InvalidRequest, NameTaken, IdConflict, Busy.
    """
    given = checked(new)
    made = made_password() if password is None else None
    about = (given.name, given.display_name)
    hash = await desk.hashing.of_password(partial(_checked_hash, made, password, about))
    run = partial(
        create_user, new=given, password_hash=hash, by=by(caller), change_needed=made is not None
    )
    id, created = await desk.store.scribe.submit(run)
    await desk.access.changed()
    found = await user(desk.store, id)
    return ({**found, "password": made} if created and made else found), created


async def listed(store: Store, *, limit: int, cursor: str | None) -> dict[str, Any]:
    query = partial(users.users, now=now_ms(), limit=limit, cursor=cursor)
    items, more = await store.reader.read(query)
    return {"items": items, "next_cursor": more}


async def user(store: Store, user_id: str) -> dict[str, Any]:
    """Raises UnknownUser."""
    query = partial(users.one_user, user_id=user_id, now=now_ms())
    found = await store.reader.read(query)
    if found is None:
        raise _unknown()
    return found


async def change(
    store: Store, access: Access, caller: Caller, user_id: str, wanted: UserChange
) -> dict[str, Any]:
    """Raises UnknownUser, OwnRole, LastAdministrator, InvalidRequest."""
    if wanted.display_name is not None:
        wanted = UserChange(names.display_name(wanted.display_name), wanted.role, wanted.active)
    if wanted.role is not None:
        _check_role(wanted.role)
    run = partial(change_user, user_id=user_id, wanted=wanted, by=by(caller), own_id=caller.user_id)
    await store.scribe.submit(run)
    await access.changed()
    return await user(store, user_id)


async def reset(desk: Desk, caller: Caller, user_id: str) -> dict[str, Any]:
    """With a new password, in this answer only; raises UnknownUser, Busy."""
    await user(desk.store, user_id)
    made = made_password()
    hash = await desk.hashing.of_password(partial(password_hash, made))
    run = partial(reset_user, user_id=user_id, password_hash=hash, by=by(caller))
    await desk.store.scribe.submit(run)
    await desk.access.changed()
    return {**await user(desk.store, user_id), "password": made}


async def unlock(store: Store, access: Access, caller: Caller, user_id: str) -> dict[str, Any]:
    """They may try again at once; raises UnknownUser."""
    await store.scribe.submit(partial(_unlock, user_id=user_id, by=by(caller)))
    await access.changed()
    return await user(store, user_id)


async def sign_ins(store: Store, caller: Caller, user_id: str) -> dict[str, Any]:
    """Raises UnknownUser."""
    await user(store, user_id)
    found = await store.reader.read(partial(users.open_sign_ins, user_id=user_id, now=now_ms()))
    return {"items": [{**row, "current": row["id"] == caller.sign_in_id} for row in found]}


async def end_sign_in(
    store: Store, access: Access, caller: Caller, user_id: str, sign_in_id: str
) -> None:
    """Raises UnknownUser, UnknownSignIn."""
    run = partial(_end_sign_in, user_id=user_id, sign_in_id=sign_in_id, by=by(caller))
    await store.scribe.submit(run)
    await access.changed()


def checked(new: NewUser) -> NewUser:
    """As it is stored; raises InvalidRequest."""
    _check_role(new.role)
    return NewUser(
        names.user_name(new.name), names.display_name(new.display_name), new.role, new.id
    )


def create_user(
    item: Item,
    *,
    new: NewUser,
    password_hash: str,
    by: By,
    change_needed: bool = False,
    demo: bool = False,
) -> tuple[str, bool]:
    """Inside a submission: the id, and whether it is new; raises NameTaken or IdConflict.

    The same again under the same id is the same user, whatever its password has become.
    """
    bump(item)  # first: it also keeps every other process from changing users until the commit
    folded = names.folded(new.name)
    known = users.by_id(item, new.id) if new.id else None
    if known is not None:
        if (known.folded, known.display_name, known.role) != (folded, new.display_name, new.role):
            raise IdConflict("Nothing was stored: another user was recorded under this id.")
        return known.id, False
    if users.by_folded(item, folded) is not None:
        raise NameTaken("Nothing was stored. Choose another name; case does not count.")
    demo = demo or users.kinds(item)[1] > 0  # who is made in a demo belongs to it
    id = new.id or str(uuid_utils.uuid7())
    row = users.NewAccount(
        id, new.name, folded, new.display_name, new.role, password_hash, change_needed, demo
    )
    users.add(item, row, actor_text(by.actor))
    append(item, by.entry("user.created", user_id=id, name=new.display_name, role=new.role))
    return id, True


def change_user(
    item: Item, *, user_id: str, wanted: UserChange, by: By, own_id: str | None = None
) -> None:
    """Inside a submission; raises UnknownUser, LastAdministrator, or OwnRole if it is `own_id`."""
    bump(item)
    old = _account(item, user_id)
    role = wanted.role or old.role
    active = old.active if wanted.active is None else wanted.active
    name = wanted.display_name or old.display_name
    if (role, active, name) == (old.role, old.active, old.display_name):
        return
    leaves = old.role == "administrator" and old.active and not (role == old.role and active)
    if leaves and not users.other_administrators(item, old.key):
        raise LastAdministrator(
            "Nothing was changed: nobody could manage users any more. Make another user an"
            " administrator first."
        )
    if user_id == own_id and role != old.role:
        raise OwnRole("Nothing was changed. Ask another administrator to do it.")
    users.change(item, old.key, display_name=name, role=role, active=active)
    changed: dict[str, Any] = {"user_id": old.id, "name": name}
    if role != old.role:
        changed |= {"role": role, "role_before": old.role}
    if active != old.active:
        changed |= {"active": active}
    if name != old.display_name:
        changed |= {"name_before": old.display_name}
    append(item, by.entry("user.changed", **changed))
    if not active and old.active:
        _put_out(item, old, "deactivated", by)
    elif role != old.role:
        _put_out(item, old, "role_changed", by)


def reset_user(
    item: Item, *, user_id: str, password_hash: str, by: By, change_needed: bool = True
) -> None:
    """Inside a submission: another password; what was opened with the old one ends, and emergency
    access with it. Raises UnknownUser.
    """
    bump(item)
    account = _account(item, user_id)
    users.reset(item, account.key, password_hash, change_needed=change_needed)
    append(item, by.entry("user.reset", user_id=account.id, name=account.display_name))
    _put_out(item, account, "reset", by)
    for token_id in users.tokens_of(item, account.key):
        revoke_token(item, token_id=token_id, by=by)


def _checked_hash(made: str | None, given: str | None, about: tuple[str, str]) -> str:
    if made is not None:
        return password_hash(made)
    password = given or ""
    check_password(password, about)
    return password_hash(password)


def _unlock(item: Item, *, user_id: str, by: By) -> None:
    bump(item)
    account = _account(item, user_id)
    users.unlock(item, account.key)
    append(item, by.entry("user.unlocked", user_id=account.id, name=account.display_name))


def _end_sign_in(item: Item, *, user_id: str, sign_in_id: str, by: By) -> None:
    bump(item)
    account = _account(item, user_id)
    if not users.end_sign_in(item, account.key, sign_in_id, "administrator"):
        raise UnknownSignIn("Nothing was changed: this user has no such sign-in, or it has ended.")
    append(item, by.entry("sign_in.ended", sign_in_id=sign_in_id, why="administrator"))


def _put_out(item: Item, account: Account, why: EndedWhy, by: By) -> None:
    """Nothing that they had taken or opened goes on."""
    emergencies.end_open(item, user_id=account.id, by=by)
    for id in users.end_own_sign_ins(item, account.key, why):
        append(item, by.entry("sign_in.ended", sign_in_id=id, why=why))


def _account(item: Item, user_id: str) -> Account:
    found = users.by_id(item, user_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> UnknownUser:
    return UnknownUser("There is no user with this id.")


def _check_role(role: Role) -> None:
    if role not in PEOPLE:
        msg = f"Must be {', '.join(sorted(PEOPLE))}"
        raise InvalidRequest(
            "Nothing was stored: this is no role of a person.",
            errors=[FieldError(("role",), "not_allowed", msg)],
        )
