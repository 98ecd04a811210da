"""Signing in and out: a browser gets a new secret each time, kept here only as a hash, and the
sign-in that it had before ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import uuid_utils

from app.access.log import entry_of
from app.access.proofs import actor_of, right
from app.access.roles import permissions
from app.access.secrets import new_secret, secret_hash
from app.access.standing import LIFE_MS, STANDING_LIFE_MS
from app.access.tokens import take_link
from app.clock import now_ms
from app.errors import (
    NotAllowed,
    NotSignedIn,
    PasswordChangeNeeded,
    UnknownSignIn,
    WrongCredentials,
)
from app.models import sign_ins, users
from app.models.access_log import Entry, append
from app.models.credentials import bump
from app.monitoring.commands import Actor, Role
from app.monitoring.errors import DomainError
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.access.access import Access
    from app.access.attempts import Attempts
    from app.access.caller import Caller
    from app.access.proofs import Client, Proofs, Proved
    from app.models.credentials import UserRecord
    from app.models.item import Item
    from app.models.sign_ins import EndedWhy
    from app.models.store import Store

Way = Literal["password", "demo", "link"]

SET_UP: Final = permissions("nurse", locked=True)
"""What a station's screen shows: whoever sets one up may see it."""
LINKS: Final = "a link"  # under which links that were wrong are counted; no name has a space first


class NotHere(DomainError):
    """As if there were no such address."""

    status = 404
    code = "not_found"
    title = "There is nothing here"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was just made; the secret goes into the cookie and nowhere else."""

    id: str
    secret: str
    expires_at: int
    standing: bool = False
    """It lasts for weeks, over restarts of the browser."""


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody typed; `station` only for a screen that several use."""

    name: str
    password: str
    shared: bool = False
    station: str | None = None


def begin(
    item: Item,
    *,
    user_id: str | None = None,
    token_key: int | None = None,
    shared: bool = False,
    station: str | None = None,
    browser: str = "",
    not_after: int | None = None,
) -> Begun:
    """Stores a sign-in of a user, or of a wall screen by the key of its token; inside a
    submission. Raises LookupError if there is no such user.
    """
    if (user_id is None) == (token_key is None):
        raise ValueError("a sign-in is a user's or a wall screen's")
    standing = shared or token_key is not None
    expires_at = item.now + (STANDING_LIFE_MS if standing else LIFE_MS)
    if not_after is not None:
        expires_at = min(expires_at, not_after)
    begun = Begun(str(uuid_utils.uuid7()), new_secret(), expires_at, standing)
    new = sign_ins.New(
        begun.id,
        secret_hash(begun.secret),
        None if user_id is None else sign_ins.user_key(item, user_id),
        token_key,
        shared,
        station,
        browser,
        item.now,
        begun.expires_at,
    )
    sign_ins.add(item, new)
    return begun


class SignIns:
    """One per process. `had` is the sign-in that the browser has, which ends with the new one."""

    def __init__(
        self, store: Store, access: Access, proofs: Proofs, attempts: Attempts, *, demo: bool
    ) -> None:
        self._store = store
        self._access = access
        self._proofs = proofs
        self._attempts = attempts
        self.demo = demo
        self._anybody = False

    async def welcome(self) -> dict[str, Any]:
        """What a page may know before anybody has signed in."""
        if not self._anybody:  # once there is somebody, there always is
            self._anybody = await self._store.reader.read(users.any_user)
        return {"demo": self.demo, "users": self._anybody}

    async def login(self, login: Login, client: Client, had: str | None) -> Begun:
        """Raises WrongCredentials, TooManyAttempts, NotAllowed, PasswordChangeNeeded, Busy,
        StorageUnavailable.
        """
        proved = await self._proofs.password(login.name, login.password, client)
        if login.shared:
            _check_set_up(proved.user)
        run = partial(_log_in, proved=proved, login=login, client=client, had=had)
        return await self._begun(run)

    async def demo_login(self, role: Role, client: Client, had: str | None) -> Begun:
        """Without a password; raises NotHere where there is no demo."""
        query = partial(sign_ins.demo_user, role=role)
        user_id = await self._store.reader.read(query) if self.demo else None
        found = await self._store.reader.read(partial(sign_ins.accounts, id=user_id or ""))
        if not found:
            raise NotHere("Check the address: this server is no demo.")
        run = partial(_log_in_demo, user=found[0].user, client=client, had=had)
        return await self._begun(run)

    async def link(self, link: str, client: Client, had: str | None) -> Begun:
        """A wall screen by its link, which is used up; raises WrongCredentials, TooManyAttempts."""
        self._attempts.check(client.address, LINKS, now_ms())
        run = partial(_log_in_screen, link=link, client=client, had=had)
        try:
            return await self._begun(run)
        except WrongCredentials:
            self._attempts.failed(client.address)
            raise

    async def _begun(self, run: Any) -> Begun:
        begun: Begun = await self._store.scribe.submit(run)
        await self._access.changed()
        return begun

    async def logout(self, caller: Caller) -> None:
        if caller.sign_in_id is None:
            raise no_screen()
        await self._store.scribe.submit(partial(_log_out, caller=caller))
        await self._access.changed()

    async def listed(self, caller: Caller) -> dict[str, Any]:
        """The caller's own sign-ins that hold."""
        query = partial(sign_ins.opened, user_id=caller.user_id or "", now=now_ms())
        return {
            "items": [
                {
                    "id": own.id,
                    "created_at": iso(own.created_at),
                    "active_at": iso(own.active_at),
                    "expires_at": iso(own.expires_at),
                    "shared": own.shared,
                    "station": own.station,
                    "browser": own.browser,
                    "current": own.id == caller.sign_in_id,
                }
                for own in await self._store.reader.read(query)
            ]
        }

    async def end(self, caller: Caller, sign_in_id: str) -> None:
        """Ends one of the caller's own; raises UnknownSignIn."""
        run = partial(_end_own, caller=caller, sign_in_id=sign_in_id)
        await self._store.scribe.submit(run)
        await self._access.changed()


def no_screen() -> NotAllowed:
    return NotAllowed("Nothing was done: a token has no screen, and no password of its own.")


def end_others(item: Item, caller: Caller, user_id: str, why: EndedWhy) -> None:
    """The user's other sign-ins, but for stations' screens: those are not one person's."""
    for id, shared in sign_ins.open_of(item, user_id):
        if id != caller.sign_in_id and not shared and sign_ins.end(item, id, why):
            append(item, entry_of(caller, "sign_in.ended", sign_in_id=id, why=why))


def _check_set_up(user: UserRecord) -> None:
    if user.password_change_needed:
        raise PasswordChangeNeeded("Nothing was done. Choose a password of your own first.")
    if not permissions(user.role) >= SET_UP:
        raise NotAllowed(
            "Nothing was done: a nurse or a clinician sets up a station's screen, for it shows"
            " what they may see."
        )


def _log_in(item: Item, *, proved: Proved, login: Login, client: Client, had: str | None) -> Begun:
    right(item, proved)
    station = login.station if login.shared else None
    begun = begin(
        item,
        user_id=proved.user.id,
        shared=login.shared,
        station=station,
        browser=client.browser,
    )
    _replaced(item, had, actor_of(proved.user))
    _told(item, begun, actor_of(proved.user), client, "password", login.shared, station)
    return begun


def _log_in_demo(item: Item, *, user: UserRecord, client: Client, had: str | None) -> Begun:
    if not sign_ins.seen(item, user.id):
        raise NotHere("Nothing was done: this user of the demo may not sign in any more.")
    begun = begin(item, user_id=user.id, browser=client.browser)
    _replaced(item, had, actor_of(user))
    _told(item, begun, actor_of(user), client, "demo")
    return begun


def _log_in_screen(item: Item, *, link: str, client: Client, had: str | None) -> Begun:
    taken = take_link(item, link)
    screen = Actor("program", taken.token_id, taken.name, "viewer")
    begun = begin(
        item,
        token_key=taken.token_key,
        station=taken.station,
        browser=client.browser,
        not_after=taken.expires_at,
    )
    data = {"token_id": taken.token_id, "name": taken.name, "address": client.address}
    append(item, Entry("link.used", screen, f"sign_in:{begun.id}", data=data))
    _replaced(item, had, screen)
    _told(item, begun, screen, client, "link", station=taken.station)
    return begun


def _replaced(item: Item, had: str | None, by: Actor) -> None:
    if had is not None and sign_ins.end(item, had, "signed_in_again"):
        data = {"sign_in_id": had, "why": "signed_in_again"}
        append(item, Entry("sign_in.ended", by, f"sign_in:{had}", data=data))
        bump(item)


def _told(
    item: Item,
    begun: Begun,
    actor: Actor,
    client: Client,
    way: Way,
    shared: bool = False,
    station: str | None = None,
) -> None:
    data = {
        "sign_in_id": begun.id,
        "browser": client.browser,
        "address": client.address,
        "shared": shared,
        "station": station,
        "way": way,
    }
    append(item, Entry("signed_in", actor, f"sign_in:{begun.id}", data=data))


def _log_out(item: Item, *, caller: Caller) -> None:
    if caller.sign_in_id is None or not sign_ins.end(item, caller.sign_in_id, "signed_out"):
        raise NotSignedIn("Nothing was done: this sign-in has ended.")
    append(item, entry_of(caller, "signed_out", sign_in_id=caller.sign_in_id))
    bump(item)


def _end_own(item: Item, *, caller: Caller, sign_in_id: str) -> None:
    own = sign_ins.open_of(item, caller.user_id) if caller.user_id else []
    if sign_in_id not in {id for id, _ in own}:
        raise UnknownSignIn("Nothing was done: you have no sign-in with this id.")
    if sign_ins.end(item, sign_in_id, "by_its_user"):
        append(item, entry_of(caller, "sign_in.ended", sign_in_id=sign_in_id, why="by_its_user"))
        bump(item)
