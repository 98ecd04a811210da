"""What a browser does for itself: who is here, lock, unlock, and a PIN for one operation."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from app.access.grants import GRANT_MS, Grant
from app.access.proofs import actor_of
from app.access.roles import IDLE_S, Permission, permissions
from app.access.sign_ins import no_screen
from app.access.standing import locks_at, name_of
from app.clock import now_ms
from app.errors import NotAllowed, StorageUnavailable
from app.models import sign_ins
from app.models.access_log import Entry
from app.models.credentials import SignInRecord
from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.access.access import Access
    from app.access.caller import Caller
    from app.access.log import AccessLog
    from app.access.proofs import Client, Proofs
    from app.access.standing import Credential
    from app.models.credentials import UserRecord
    from app.models.store import Store

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PATH_CHARACTERS: Final = 300  # the longest address of the API has some 150
_SESSION: Final = re.compile(r"/api/sessions/([0-9a-f-]{36})(?:/|$)", re.ASCII | re.I)


class Screens:
    """One per process."""

    def __init__(
        self,
        store: Store,
        access: Access,
        log: AccessLog,
        proofs: Proofs,
        *,
        demo: bool,
        training: bool,
    ) -> None:
        self._store = store
        self._access = access
        self._log = log
        self._proofs = proofs
        self._demo = demo
        self._training = training

    async def me(self, caller: Caller) -> dict[str, Any]:
        """Who asks, and what may be done here now; also while the database is gone."""
        record, now = self._access.record_of(caller), now_ms()
        user = record.user
        own = isinstance(record, SignInRecord)
        due = locks_at(record) if isinstance(record, SignInRecord) else None
        return {
            "kind": caller.kind,
            "id": caller.actor.id,
            "name": caller.actor.name,
            "role": caller.role,
            "user": None if user is None else public_user(user),
            "permissions": sorted(caller.permissions),
            "locked": caller.locked is not None,
            "why": caller.locked,
            "shared": isinstance(record, SignInRecord) and record.shared,
            "station": _station(record),
            "idle_s": IDLE_S.get(user.role) if user and own and not _shared(record) else None,
            "locks_at": iso(due) if due is not None and caller.locked is None else None,
            "expires_at": None if record.expires_at is None else iso(record.expires_at),
            "has_pin": user is not None and user.has_pin,
            "password_change_needed": caller.password_change_needed,
            "emergency": await self._emergency(user, now),
            "demo": self._demo,
            "training": self._training,
        }

    async def _emergency(self, user: UserRecord | None, now: int) -> dict[str, Any] | None:
        if user is None or user.emergency_until is None or user.emergency_until <= now:
            return None
        query = partial(sign_ins.emergency_of, user_id=user.id, now=now)
        try:
            found = await self._store.reader.read(query)
        except StorageUnavailable:  # it goes on; what it was for can be asked again
            return None
        if found is None:
            return None
        times = {"began_at": iso(found.began_at), "expires_at": iso(found.until)}
        return {"id": found.id, "reason": found.reason, **times}

    async def lock(self, caller: Caller) -> Caller:
        """Nobody is known to be here any more; a screen that is locked stays so."""
        if caller.sign_in_id is None:
            raise no_screen()
        if caller.kind != "person" or _shared(self._access.record_of(caller)):
            return caller
        said = {"why": "by_hand"}
        entry = Entry("locked", caller.actor, caller.credential, data=said, at=now_ms())
        await self._access.set_locked(caller, entry, locked=True)
        return self._access.now(caller)

    async def unlock(
        self, caller: Caller, client: Client, *, pin: str | None, password: str | None
    ) -> Caller:
        """Whose sign-in it is, is here again. Raises NotAllowed on a shared screen,
        WrongCredentials, TooManyAttempts, Busy.
        """
        record = self._screen(caller)
        user = record.user
        if user is None or record.shared:
            raise NotAllowed(
                "Nothing was done: this screen is nobody's own. Say who you are with each"
                " operation, by PIN."
            )
        if password is not None:
            proofs = self._proofs
            proved = await proofs.password_here(user.id, password, record, client, "unlock.failed")
            await proofs.settled(proved, record)
        else:
            await self._proofs.pin(user.id, pin or "", record, client, "unlock.failed")
        way = "pin" if password is None else "password"
        said = {"way": way}
        entry = Entry("unlocked", actor_of(user), name_of(record), data=said, at=now_ms())
        await self._access.set_locked(caller, entry, locked=False)
        return self._access.now(caller)

    async def people(self, caller: Caller) -> dict[str, Any]:
        """Who has a PIN; a wall screen is told nobody's name."""
        accounts = (await self._access.people()).values()
        seen = permissions(caller.role) & {Permission.READ_SESSION, Permission.MANAGE_USERS}
        return {
            "items": [
                public_user(account.user)
                for account in accounts
                if seen or account.user.id == caller.user_id
            ]
        }

    async def grant(
        self,
        caller: Caller,
        client: Client,
        *,
        user_id: str,
        method: str,
        path: str,
        pin: str | None,
        password: str | None,
    ) -> dict[str, Any]:
        """For one operation on this screen, by whoever's PIN or password it is.

        Raises InvalidRequest, NotAllowed, WrongCredentials, TooManyAttempts, Busy.
        """
        record = self._screen(caller)
        place = _place(method, path)
        if record.user is None or not (record.shared or record.user.id == user_id):
            raise NotAllowed("Nothing was done: only who signed in here may go on here.")
        user = await self._proved(record, client, user_id, pin=pin, password=password)
        now = now_ms()
        made = Grant(record.id, user_id, method, place, now + GRANT_MS)
        session = _SESSION.match(place)
        self._log.note(
            Entry(
                "granted",
                actor_of(user),
                name_of(record),
                session_id=session.group(1).lower() if session else None,
                data={
                    "operation": f"{method} {place}",
                    "way": "pin" if password is None else "password",
                },
            )
        )
        return {
            "grant": self._access.grants.made(made),
            "user": public_user(user),
            "expires_at": iso(made.expires_at),
        }

    async def _proved(
        self,
        record: SignInRecord,
        client: Client,
        user_id: str,
        *,
        pin: str | None,
        password: str | None,
    ) -> UserRecord:
        if password is None:
            account = await self._proofs.pin(user_id, pin or "", record, client, "grant.failed")
            return account.user
        known = user_id if user_id in await self._access.people() else ""  # nobody's: as long
        proved = await self._proofs.password_here(known, password, record, client, "grant.failed")
        await self._proofs.settled(proved, record)
        return proved.user

    def _screen(self, caller: Caller) -> SignInRecord:
        record = self._access.record_of(caller)
        if not isinstance(record, SignInRecord):
            raise no_screen()
        return record


def public_user(user: UserRecord) -> dict[str, Any]:
    return {"id": user.id, "name": user.display_name, "role": user.role}


def _place(method: str, path: str) -> str:
    """The path as the server reads it, without its query; raises InvalidRequest."""
    bare = unquote(path.partition("?")[0])
    if method not in METHODS:
        raise _wrong("method", "Must be GET, POST, PUT, PATCH or DELETE")
    if not bare.startswith("/api/") or len(bare) > PATH_CHARACTERS or not bare.isprintable():
        raise _wrong("path", "Must be an address of the API")
    return bare


def _wrong(field: str, msg: str) -> InvalidRequest:
    errors = [FieldError((field,), "not_allowed", msg)]
    return InvalidRequest("Nothing was done. Correct the fields listed.", errors=errors)


def _shared(record: Credential) -> bool:
    return isinstance(record, SignInRecord) and record.shared


def _station(record: Credential) -> str | None:
    token = record.token if isinstance(record, SignInRecord) else None
    return record.station or (token.station if token is not None else None)
