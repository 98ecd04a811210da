"""Who asks: credentials looked up once, kept while they hold, and whatever was opened with one
ended soon after it ends.

Promises: what was ended or revoked, by whichever process, is refused within seconds, on open
sockets too. While the database cannot be read, who was known stays known: an outage locks nobody
out of the alarms, and lets nobody new in. A sign-in that locks by itself is written down once.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.access import standing
from app.access.grants import LABEL, Grants, user_of
from app.access.known import Book, Known
from app.access.secrets import secret_hash
from app.access.touches import Touches
from app.clock import now_ms
from app.errors import (
    Busy,
    NotBound,
    NotSignedIn,
    SimulatedMismatch,
    StorageUnavailable,
    UnknownSession,
)
from app.models import credentials, queries, sign_ins, wrong_pins
from app.models.credentials import SignInRecord, TokenRecord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from app.access.caller import Caller
    from app.access.standing import Credential
    from app.models.access_log import Entry
    from app.models.sign_ins import Account
    from app.models.store import Store

LOOK_S: Final = 1.0  # between two looks for what has ended: a socket closes well within 5 s
PLACES_MAX: Final = 10_000  # sessions whose station is kept
AT_ONCE: Final = 500  # credentials read with one statement: databases take some thousand values
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})  # screens ask by themselves, also unwatched

NOT_SIGNED_IN: Final = 4401


@dataclass(frozen=True, slots=True)
class Given:
    """What a request brings to say who asks, and what it asks for."""

    bearer: str | None
    cookie: str | None
    grant: str | None
    method: str
    path: str


class Access:
    """One per process; called on the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._book = Book()
        self._open: dict[str, dict[object, Callable[[int], None]]] = {}
        self._version = -1
        self._turns = 0  # of reading all that is known again
        self._people: dict[str, Account] = {}
        self._wrong_pins: dict[tuple[str, str], int] = {}
        self._places: dict[str, tuple[str, bool]] = {}
        self._looking_up = asyncio.Lock()
        self.touches = Touches(store)
        self.grants = Grants(store.derived_key(LABEL))

    async def caller(self, given: Given) -> Caller:
        """Raises NotSignedIn; StorageUnavailable if one that is not known yet cannot be read.

        It runs for each reading: what is known is looked up in microseconds.
        """
        known = await self._known(given)
        now = now_ms()
        if now >= known.until:
            await self._judge([known], now)
        caller = known.caller
        if caller is None:
            raise NotSignedIn("Nothing was done. Sign in again, or send a token that holds.")
        if now >= known.next_use:
            self._note_use(known, given.method, now)
        if given.grant is not None and caller.locked is not None:
            await self.people()
            return self._lent(known, caller, given, now)
        return caller

    async def record(self, given: Given) -> Credential:
        """The credential as far as it is known; raises NotSignedIn if there is none."""
        return (await self._known(given)).record

    async def _known(self, given: Given) -> Known:
        secret = given.bearer or given.cookie
        if not secret:
            raise NotSignedIn("Nothing was done. Sign in, or send a token.")
        known = self._book.by_hash.get(secret_hash(secret))
        if known is None:
            known = await self._read(secret_hash(secret), token=bool(given.bearer))
        if isinstance(known.record, TokenRecord) != bool(given.bearer):  # a cookie is no token
            raise NotSignedIn("Nothing was done. Sign in again, or send a token that holds.")
        return known

    def kept(self, given: Given) -> Credential | None:
        """What is remembered of a credential, also of one that has ended; nothing is looked up."""
        known = self._book.by_hash.get(secret_hash(given.bearer or given.cookie or ""))
        return None if known is None else known.record

    async def _read(self, hash: bytes, *, token: bool) -> Known:
        query = partial(_tokens if token else _sign_ins, hashes=[hash])
        while True:
            before = self._turns, self.touches.written
            record = (await self._store.reader.read(query)).get(hash)
            if before == (self._turns, self.touches.written):
                break  # else it may be from before a change that was heard since, or written here
        if record is None:
            raise NotSignedIn("Nothing was done. Sign in again, or send a token that holds.")
        return self._book.keep(hash, self.touches.over(record), now_ms(), self._open)

    async def _judge(self, due: Sequence[Known], now: int) -> None:
        """Whether they still hold or have locked; another process may know of later use."""
        if less := [known for known in due if known.judged(now)]:
            with suppress(StorageUnavailable):  # then what is known counts
                await self._read_again(less)

    def _lent(self, known: Known, caller: Caller, given: Given, now: int) -> Caller:
        """Who said by PIN that they are there, else the caller as it is."""
        record, grant = known.record, self.grants.read(given.grant or "")
        if grant is None or not isinstance(record, SignInRecord):
            return caller
        user_id = user_of(grant, record.id, given.method, given.path, now)
        account = self._people.get(user_id or "")
        if account is None or not (record.shared or user_id == caller.user_id):
            return caller
        return standing.person(account.user, caller.credential, record.id, now)

    def _note_use(self, known: Known, method: str, now: int) -> None:
        record, caller = known.record, known.caller
        if isinstance(record, TokenRecord):
            self.touches.token_used(record, now)
        elif caller is None or caller.locked == "idle":
            return
        elif caller.kind != "person" or method not in SAFE:
            known.record = self.touches.used(record, now)
        else:
            return
        known.used(now)

    def use(self, caller: Caller) -> None:
        """Somebody is at this screen; one that has locked stays so."""
        known = self._book.by_name.get(caller.credential)
        if known is not None and now_ms() >= known.next_use:
            self._note_use(known, "POST", now_ms())

    def now(self, caller: Caller) -> Caller:
        """What the caller's credential stands for at this moment; raises NotSignedIn."""
        known, now = self._book.by_name.get(caller.credential), now_ms()
        if known is not None and now >= known.until:
            known.judged(now)
        if known is None or known.caller is None:
            raise NotSignedIn("Nothing was done. Sign in again, or send a token that holds.")
        return known.caller

    def record_of(self, caller: Caller) -> Credential:
        """As `record`; raises NotSignedIn."""
        known = self._book.by_name.get(caller.credential)
        if known is None:
            raise NotSignedIn("Nothing was done. Sign in again, or send a token that holds.")
        return known.record

    async def people(self) -> dict[str, Account]:
        """Everybody who may say by PIN who they are, by id; also while the database is gone."""
        if self._version < 0:
            await self._look()
        return self._people

    def wrong_pins(self, record: SignInRecord, user_id: str) -> int:
        """In a row, of this person on this screen, as far as they are written down."""
        if record.of_one(user_id):
            return record.pin_failures
        return self._wrong_pins.get((record.id, user_id), 0)

    def wrong_pins_everywhere(self, user_id: str) -> int:
        """Of this person on all screens that several use, since their password was last right."""
        return sum(n for (_, of), n in self._wrong_pins.items() if of == user_id)

    async def set_locked(self, caller: Caller, entry: Entry, *, locked: bool) -> None:
        """Locks the caller's screen, or unlocks it: written down, and heard by other processes; if
        the database is gone, here alone until it is back.
        """
        known = self._book.by_name[caller.credential]
        if isinstance(known.record, SignInRecord):  # nothing else has a screen
            await self.touches.set_locked(known.record, entry, locked=locked)
            await self.changed()
            known.record = self.touches.over(known.record)
            known.judged(now_ms())

    async def confine(self, caller: Caller, session_id: str) -> None:
        """Raises NotBound or SimulatedMismatch for a session that is not this caller's; of one who
        has only some, UnknownSession for none. The id is spelt as the database spells it.
        """
        if caller.bound_session is not None and caller.bound_session != session_id:
            raise NotBound("Nothing was done: this token is for another session.")
        if caller.bound_station is None and not caller.simulated_only:
            return
        place = await self._place(session_id)
        if place is None:
            raise UnknownSession("There is no session with this id.")
        station, simulated = place
        if caller.bound_station is not None and caller.bound_station != station:
            raise NotBound("Nothing was done: this token is for another station.")
        if caller.simulated_only and not simulated:
            raise SimulatedMismatch("Nothing was done: a simulator has simulated sessions only.")

    async def is_simulated(self, session_id: str) -> bool:
        """False of an unknown session. Of a thousand who ask at once, one looks."""
        async with self._looking_up:
            place = await self._place(session_id)
        return place is not None and place[1]

    async def _place(self, session_id: str) -> tuple[str, bool] | None:
        """Station and whether it is simulated: neither ever changes."""
        if (known := self._places.get(session_id)) is not None:
            return known
        found = await self._store.reader.read(partial(queries.place_of, session_id=session_id))
        if found is not None:
            if len(self._places) >= PLACES_MAX:
                self._places.clear()
            self._places[session_id] = found
        return found

    @contextmanager
    def held(self, caller: Caller, end: Callable[[int], None]) -> Iterator[None]:
        """While inside, `end(4401)` is called as soon as the credential is known to have ended."""
        key = object()
        self._open.setdefault(caller.credential, {})[key] = end
        try:
            yield
        finally:
            ends = self._open.get(caller.credential, {})
            ends.pop(key, None)
            if not ends:
                self._open.pop(caller.credential, None)

    async def changed(self) -> None:
        """Something about users, sign-ins or tokens was just committed here: heard at once, or as
        soon as it can be read.
        """
        with suppress(StorageUnavailable):
            await self._look()
        self._end_what_does_not_hold()

    async def watch_forever(self) -> None:
        """Hears what other processes changed and what has expired; writes who was there. What has
        to wait for the database keeps nothing from being closed that is known to have ended.
        """
        async with asyncio.TaskGroup() as tasks:
            for what in (self._end_once, self.look_once, self.write_once):
                tasks.create_task(_again_and_again(what))

    async def look_once(self) -> None:
        """Hears what other processes changed, and what has locked or expired."""
        self._end_what_does_not_hold()
        await self.changed()
        now, all_known = now_ms(), list(self._book.by_hash.values())
        await self._judge([known for known in all_known if now >= known.until], now)
        await self._lock_unused([known for known in all_known if known.unwritten_lock], now)
        for name in self._open:  # a wall screen that nobody touches is in use
            known = self._book.by_name.get(name)
            if known is not None and now >= known.next_use:
                self._note_use(known, "GET", now)
        self._end_what_does_not_hold()

    async def write_once(self) -> None:
        """Who was there is on disk, or is kept until it can be."""
        with suppress(StorageUnavailable, Busy):
            await self.touches.write()

    async def _end_once(self) -> None:
        self._end_what_does_not_hold()

    async def _lock_unused(self, locked: Sequence[Known], now: int) -> None:
        """What locked by itself, unless another process knows of later use."""
        if not locked:
            return
        with suppress(StorageUnavailable):
            await self._read_again(locked)
            for known in locked:
                if known.unwritten_lock and isinstance(known.record, SignInRecord):
                    self.touches.lock_unused(known.record, now)

    async def _look(self) -> None:
        version = await self._store.reader.read(credentials.version)
        if version == self._version:
            return
        self._turns += 1
        self._book.forget_ended(self._open)
        people = await self._store.reader.read(sign_ins.accounts)
        counted = await self._store.reader.read(wrong_pins.counted)
        await self._read_again(list(self._book.by_hash.values()))
        self._people = {account.user.id: account for account in people}
        self._wrong_pins = counted
        self._version = version

    async def _read_again(self, wanted: Sequence[Known]) -> None:
        now = now_ms()
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            while True:
                written = self.touches.written
                found = await self._store.reader.read(partial(_found, wanted=part))
                if written == self.touches.written:  # as in `_read`
                    break
            for known in part:
                self._book.renew(known, found.get(known.name), now, self.touches.over)

    def _end_what_does_not_hold(self) -> None:
        now = now_ms()
        for name, ends in list(self._open.items()):
            known = self._book.by_name.get(name)
            if known is None or not standing.holds(known.record, now):
                for end in list(ends.values()):
                    end(NOT_SIGNED_IN)


async def _again_and_again(what: Callable[[], Awaitable[None]]) -> None:
    """Never two of it at once."""
    while True:
        await what()
        await asyncio.sleep(LOOK_S)


def _found(db: Connection, *, wanted: Sequence[Known]) -> dict[str, tuple[bytes, Credential]]:
    """By name, with the hash of the secret: that of a sign-in may be a new one."""
    ids = [known.record.id for known in wanted if isinstance(known.record, SignInRecord)]
    hashes = [known.hash for known in wanted if isinstance(known.record, TokenRecord)]
    found: dict[bytes, Credential] = {}
    if ids:
        found |= credentials.sign_ins(db, ids=ids)
    if hashes:
        found |= credentials.tokens(db, hashes=hashes)
    return {standing.name_of(record): (hash, record) for hash, record in found.items()}


def _sign_ins(db: Connection, *, hashes: list[bytes]) -> dict[bytes, Credential]:
    return dict(credentials.sign_ins(db, hashes=hashes))


def _tokens(db: Connection, *, hashes: list[bytes]) -> dict[bytes, Credential]:
    return dict(credentials.tokens(db, hashes=hashes))
