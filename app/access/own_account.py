"""One's own password and PIN."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.access import passwords
from app.access.access import Access
from app.access.log import entry_of
from app.access.passwords import Hashing
from app.access.proofs import WRONG, Proofs, pins_again
from app.access.secrets import new_secret, secret_hash
from app.access.sign_ins import Begun, end_others, no_screen
from app.errors import WrongCredentials
from app.models import sign_ins
from app.models.access_log import append
from app.models.credentials import SignInRecord, bump
from app.models.store import Store
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.access.proofs import Client, Proved
    from app.models.access_log import Kind
    from app.models.credentials import UserRecord
    from app.models.item import Item
    from app.models.sign_ins import Account


FAILED: Final[Kind] = "password.failed"


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """One per process."""

    store: Store
    access: Access
    proofs: Proofs
    hashing: Hashing

    async def change_password(
        self, caller: Caller, client: Client, password: str, new_password: str
    ) -> Begun | None:
        """The person's other sign-ins end, and this one gets another secret: whoever had a copy of
        the cookie is out too. None on a station's screen, which is not this person's.

        Raises InvalidRequest, WrongCredentials, TooManyAttempts, Busy.
        """
        user, record = await self._user(caller)
        await self.hashing.of_password(partial(_checked, password, new_password, user))
        proved = await self._proved(user, password, record, client)
        hash = await self.hashing.of_password(partial(passwords.password_hash, new_password))
        own = not record.shared
        begun = Begun(record.id, new_secret(), record.expires_at) if own else None
        run = partial(_set_password, caller=caller, account=proved.account, hash=hash, begun=begun)
        await self.store.scribe.submit(run)
        await self.access.changed()
        return begun

    async def set_pin(self, caller: Caller, client: Client, password: str, pin: str) -> None:
        """Raises InvalidRequest, WrongCredentials, TooManyAttempts, Busy."""
        user, record = await self._user(caller)
        passwords.check_pin(pin)
        proved = await self._proved(user, password, record, client)
        hash = await self.hashing.of_pin(partial(passwords.pin_hash, pin))
        run = partial(_set_pin, caller=caller, account=proved.account, hash=hash, record=record)
        await self.store.scribe.submit(run)
        self.proofs.pin_open(user.id, record)
        await self.access.changed()

    async def prove(self, caller: Caller, client: Client, password: str, kind: Kind) -> Proved:
        """That it is this person who does it, on the screen where they are; what fails is written
        down as `kind`.

        Raises NotAllowed, WrongCredentials, TooManyAttempts, Busy.
        """
        user, record = await self._user(caller)
        return await self.proofs.password_here(user.id, password, record, client, kind)

    async def _proved(
        self, user: UserRecord, password: str, record: SignInRecord, client: Client
    ) -> Proved:
        return await self.proofs.password_here(user.id, password, record, client, FAILED)

    async def _user(self, caller: Caller) -> tuple[UserRecord, SignInRecord]:
        record = self.access.record_of(caller)
        if not isinstance(record, SignInRecord) or caller.user_id is None:
            raise no_screen()
        if record.user is not None and record.user.id == caller.user_id:
            return record.user, record
        account = (await self.access.people()).get(caller.user_id)  # by a grant
        if account is None:
            raise no_screen()
        return account.user, record


def _checked(password: str, new_password: str, user: UserRecord) -> None:
    about = (user.name, user.display_name)
    passwords.check_password(new_password, about, field="new_password")
    if passwords.plain(password) == passwords.plain(new_password):
        msg = "Must be another one than before"
        errors = [FieldError(("new_password",), "password_the_same", msg)]
        raise InvalidRequest("Nothing was stored. Correct the fields listed.", errors=errors)


def _set_password(
    item: Item, *, caller: Caller, account: Account, hash: str, begun: Begun | None
) -> None:
    if not sign_ins.set_password(item, account, hash):
        raise WrongCredentials(WRONG)
    append(item, entry_of(caller, "password.changed"))
    end_others(item, caller, account.user.id, "password_changed")
    if begun is not None:
        sign_ins.new_secret(item, begun.id, secret_hash(begun.secret))
        sign_ins.pin_open(item, begun.id)
    bump(item)


def _set_pin(
    item: Item, *, caller: Caller, account: Account, hash: str, record: SignInRecord
) -> None:
    if not sign_ins.set_pin(item, account, hash):
        raise WrongCredentials(WRONG)
    append(item, entry_of(caller, "pin.changed"))
    pins_again(item, record, account.user.id)
    bump(item)
