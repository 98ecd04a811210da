"""Credentials that were looked up, each with what it stands for and until when that is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.access import standing
from app.access.caller import Caller
from app.access.standing import Credential
from app.errors import NotSignedIn
from app.models.credentials import SignInRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


MOST: Final = 10_000  # credentials kept; a clinic has some hundred
USE_MS: Final = 30_000  # between two moments of use that are written: locking takes minutes
STANDING_USE_MS: Final = 3_600_000  # the same of what ends after 30 days
TOKEN_USE_MS: Final = 60_000  # the same of a token: `last_used_at` is for people to look at


@dataclass(slots=True)
class Known:
    """`until` is when `caller` must be judged anew; None: the credential does not hold."""

    hash: bytes
    record: Credential
    name: str
    caller: Caller | None = None
    until: int = 0
    next_use: int = 0
    """Use before this moment need not be written."""

    def judged(self, now: int) -> bool:
        """What it stands for now; true if that is less than before."""
        before = self.caller
        try:
            self.caller = standing.caller(self.record, now)
        except NotSignedIn:
            self.caller = None
        self.until = standing.judged_until(self.record, now) if self.caller else standing.FOREVER
        if self.caller is None:
            return before is not None
        return self.caller.locked == "idle" and (before is None or before.locked is None)

    @property
    def unwritten_lock(self) -> bool:
        """It has locked by itself, and nothing says so yet."""
        record, caller = self.record, self.caller
        return (
            caller is not None
            and caller.locked == "idle"
            and isinstance(record, SignInRecord)
            and record.locked_at is None
        )

    def used(self, now: int) -> None:
        record = self.record
        if not isinstance(record, SignInRecord):
            self.next_use = now + TOKEN_USE_MS
        elif record.shared or record.token is not None:
            self.next_use = now + STANDING_USE_MS
        else:
            self.next_use = now + USE_MS


class Book:
    """Those that are known, by the hash of their secret and by name."""

    def __init__(self) -> None:
        self.by_hash: dict[bytes, Known] = {}
        self.by_name: dict[str, Known] = {}

    def keep(self, hash: bytes, record: Credential, now: int, open: Collection[str]) -> Known:
        """The oldest make room, but for those with which something is `open`."""
        known = Known(hash, record, standing.name_of(record))
        known.judged(now)
        self._put(known)
        while len(self.by_hash) > MOST:
            oldest = next((k for k in self.by_hash.values() if k.name not in open), None)
            if oldest is None or oldest is known:
                break
            self._drop(oldest)
        return known

    def renew(
        self,
        known: Known,
        found: tuple[bytes, Credential] | None,
        now: int,
        over: Callable[[Credential], Credential],
    ) -> None:
        """As it is stored now, and `over` it what is not yet; not at all if it is gone."""
        if self.by_hash.get(known.hash) is not known:  # dropped meanwhile
            return
        if found is None:
            known.caller, known.until = None, standing.FOREVER
            self._drop(known)
            return
        hash, record = found
        if hash != known.hash:
            self._drop(known)
            known.hash = hash
            self._put(known)
        known.record = over(record)
        known.judged(now)

    def forget_ended(self, open: Collection[str]) -> None:
        """So that they are looked up when they are shown again: a token's user may be back."""
        for known in list(self.by_hash.values()):
            if known.caller is None and known.name not in open:
                self._drop(known)

    def _put(self, known: Known) -> None:
        """One of a name: a sign-in whose secret was changed may be known by the old one too."""
        older = self.by_name.get(known.name)
        if older is not None:
            self._drop(older)
        self.by_hash[known.hash] = known
        self.by_name[known.name] = known

    def _drop(self, known: Known) -> None:
        if self.by_hash.get(known.hash) is known:
            del self.by_hash[known.hash]
        if self.by_name.get(known.name) is known:
            del self.by_name[known.name]
