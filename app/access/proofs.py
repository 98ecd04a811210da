"""Who somebody is, by password or PIN: counted before it is tried, and as slow for nobody's name as
for anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.access import lockout, passwords
from app.access.attempts import too_many
from app.access.names import folded as folded_name
from app.access.standing import name_of
from app.clock import now_ms
from app.errors import Busy, StorageUnavailable, WrongCredentials
from app.models import sign_ins, wrong_pins
from app.models.access_log import Entry, Kind
from app.models.credentials import bump
from app.models.sign_ins import Account
from app.monitoring.commands import Actor

if TYPE_CHECKING:
    from app.access.access import Access
    from app.access.attempts import Attempts
    from app.access.log import AccessLog
    from app.access.passwords import Hashing, Place
    from app.models.credentials import SignInRecord, UserRecord
    from app.models.item import Item
    from app.models.store import Store

WRONG: Final = "Nothing was done: the name or the password does not fit."
WRONG_PIN: Final = "Nothing was done: this PIN does not fit. After three, use the password."
USE_PASSWORD: Final = "Nothing was done: after three wrong PINs use the password on this screen."


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, and what the browser calls itself."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """The password was right; `rehashed` is to be kept instead of the hash that it was held
    against.
    """

    account: Account
    rehashed: str | None

    @property
    def user(self) -> UserRecord:
        return self.account.user

    def check_still(self, item: Item) -> None:
        """Inside a submission; raises WrongCredentials if it no longer is right."""
        if not sign_ins.still_right(item, self.account, self.rehashed):
            raise WrongCredentials(WRONG)


@dataclass(frozen=True, slots=True)
class _Failed:
    """As what it is written down if it fails, and on which screen."""

    kind: Kind
    screen: str | None = None


def actor_of(user: UserRecord) -> Actor:
    """Somebody in the role of their account."""
    return Actor("person", user.id, user.display_name, user.role)


class Proofs:
    def __init__(
        self, store: Store, access: Access, log: AccessLog, attempts: Attempts, hashing: Hashing
    ) -> None:
        self._store = store
        self._access = access
        self._log = log
        self._attempts = attempts
        self._hashing = hashing

    async def password(self, name: str, password: str, client: Client) -> Proved:
        """Whose name and password these are; `right` must be called where it is then used. What
        cannot be tried is not counted.

        Raises WrongCredentials, TooManyAttempts, Busy, StorageUnavailable.
        """
        attempts, folded, failed = self._attempts, folded_name(name), _Failed("sign_in.failed")
        attempts.check(client.address, folded, now_ms())
        found = await self._store.reader.read(partial(sign_ins.accounts, folded=folded))
        account = found[0] if found else None
        wait_s = (
            lockout.wait_s(account.locked_until, now_ms())
            if account
            else attempts.nobody_waits_s(folded, now_ms())
        )
        if not wait_s:
            with self._hashing.password_place() as place:
                claimed = await self._store.scribe.submit(partial(_claim, folded=folded))
                wait_s = attempts.nobody(folded, now_ms()) if claimed is None else claimed
                if not wait_s:
                    proved = await self._tried(place, password, account, client, failed)
                    attempts.succeeded(client.address, folded)
                    return proved
        self._failed(failed, account, client, "locked_out")
        raise too_many(wait_s, "with this name")

    async def password_here(
        self, user_id: str, password: str, record: SignInRecord, client: Client, kind: Kind
    ) -> Proved:
        """Whose password it is, on the screen of a sign-in that holds. Wrong ones are counted for
        this person on this screen: whoever guesses elsewhere shuts out nobody who is here.

        Raises WrongCredentials, TooManyAttempts, Busy, StorageUnavailable.
        """
        attempts, failed = self._attempts, _Failed(kind, name_of(record))
        if record.user is None or record.user.id != user_id:
            attempts.check(client.address, user_id, now_ms())
        found = await self._store.reader.read(partial(sign_ins.accounts, id=user_id))
        account = found[0] if found else None
        with self._hashing.password_place() as place:
            wait_s = attempts.password_tried(user_id, record.id, now_ms())
            if wait_s:
                self._failed(failed, account, client, "locked_out")
                raise too_many(wait_s, "on this screen")
            proved = await self._tried(place, password, account, client, failed)
        attempts.password_right(user_id, record.id)
        attempts.succeeded(client.address, user_id)
        return proved

    async def _tried(
        self, place: Place, password: str, account: Account | None, client: Client, failed: _Failed
    ) -> Proved:
        hash = account.password_hash if account else None
        fits, rehashed = await place.run(partial(_tried, password, hash))
        if account is None or not fits or not account.user.active:
            why = "inactive" if account and fits else "wrong"
            self._failed(failed, account, client, why)
            raise WrongCredentials(WRONG)
        return Proved(account, rehashed)

    async def settled(self, proved: Proved, record: SignInRecord) -> None:
        """It was right on this screen, and changes no account; PINs are taken there again. Raises
        WrongCredentials if it no longer is right.
        """
        await self._store.scribe.submit(partial(_still_right, proved=proved, record=record))
        self.pin_open(proved.user.id, record)
        await self._access.changed()

    async def pin(
        self, user_id: str, pin: str, record: SignInRecord, client: Client, kind: Kind
    ) -> Account:
        """Whose PIN it is, on the screen of this sign-in; also while the database is gone.

        Raises WrongCredentials, TooManyAttempts, Busy.
        """
        attempts, own = self._attempts, record.user is not None and record.user.id == user_id
        if not own:
            attempts.check(client.address, user_id, now_ms())
        account = (await self._access.people()).get(user_id)
        stored = self._access.wrong_pins(record, user_id)
        everywhere = 0 if own else self._access.wrong_pins_everywhere(user_id)
        closed = lockout.pin_closed(
            attempts.pins(user_id, record.id) + stored, everywhere=everywhere
        )
        hash = account.pin_hash if account and not closed else None
        attempts.pin_tried(user_id, record.id)
        try:
            fits = await self._hashing.of_pin(partial(passwords.pin_fits, pin, hash))
        except Busy:
            attempts.pin_not_tried(user_id, record.id)
            raise
        if account is None or not fits:
            failed = _Failed(kind, name_of(record))
            self._failed(failed, account, client, "closed" if closed else "wrong")
            closed = closed or lockout.pin_closed(attempts.pins(user_id, record.id) + stored)
            if account is not None and await self._count_pin(record, user_id, wrong=True):
                attempts.pin_not_tried(user_id, record.id)  # it is counted there
            raise WrongCredentials(USE_PASSWORD if closed else WRONG_PIN)
        self.pin_open(user_id, record)
        attempts.succeeded(client.address, user_id)
        if stored:
            await self._count_pin(record, user_id, wrong=False)
        return account

    def pin_open(self, user_id: str, record: SignInRecord) -> None:
        """The PIN was right, or the password was."""
        self._attempts.pin_open(user_id, record.id)

    async def _count_pin(self, record: SignInRecord, user_id: str, *, wrong: bool) -> bool:
        """So that it counts after a restart and in other processes; false if it cannot be
        written.
        """
        try:
            run = partial(_counted, record=record, user_id=user_id, wrong=wrong)
            await self._store.scribe.submit(run)
        except (StorageUnavailable, Busy):
            return False
        await self._access.changed()
        return True

    def _failed(self, failed: _Failed, account: Account | None, client: Client, why: str) -> None:
        if why != "locked_out":
            self._attempts.failed(client.address)
        actor = actor_of(account.user) if account else None
        data = {"why": why, "address": client.address}
        self._log.note(Entry(failed.kind, actor, failed.screen, data=data))


def right(item: Item, proved: Proved) -> None:
    """Inside a submission, before it writes: attempts begin again. Raises WrongCredentials if the
    password was changed meanwhile, or its user put out.
    """
    if not sign_ins.right(item, proved.account, proved.rehashed):
        raise WrongCredentials(WRONG)
    if wrong_pins.forget_all(item, proved.user.id):
        bump(item)


def _still_right(item: Item, *, proved: Proved, record: SignInRecord) -> None:
    proved.check_still(item)
    here = pins_again(item, record, proved.user.id)
    if wrong_pins.forget_all(item, proved.user.id) or here:
        bump(item)


def _claim(item: Item, *, folded: str) -> int | None:
    """Seconds to wait, 0 if it may be tried; None: nobody has this name."""
    claimed = sign_ins.claim(item, folded)
    if claimed is not None:
        key, failures = claimed
        until = lockout.locked_until(failures, item.now)
        if until is not None:
            sign_ins.lock_name(item, key, until)
        return 0
    until = sign_ins.locked_until(item, folded)
    return None if until is None else lockout.wait_s(until, item.now)


def _tried(password: str, hash: str | None) -> tuple[bool, str | None]:
    fits = passwords.password_fits(password, hash)
    return fits, passwords.rehashed(password, hash) if fits and hash else None


def pins_again(item: Item, record: SignInRecord, user_id: str) -> bool:
    """Inside a submission: nothing wrong is counted of this person on this screen. False if nothing
    was.
    """
    if record.of_one(user_id):
        return sign_ins.pin_open(item, record.id)
    return wrong_pins.forget(item, record.id, user_id)


def _counted(item: Item, *, record: SignInRecord, user_id: str, wrong: bool) -> None:
    if not wrong:
        pins_again(item, record, user_id)
    elif record.of_one(user_id):
        sign_ins.pin_failed(item, record.id)
    else:
        wrong_pins.failed(item, record.id, user_id)
    bump(item)
