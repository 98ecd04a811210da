"""Who was there: moments of use, and screens that were locked or unlocked, written in batches.

What is not written yet is put over what is read, so that an outage of the database locks nobody
out who is there, and unlocks nothing that somebody has locked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.access import standing
from app.access.roles import IDLE_S
from app.errors import Busy, StorageUnavailable
from app.models import sign_ins
from app.models.access_log import Entry, append
from app.models.credentials import SignInRecord, bump
from app.monitoring.commands import Actor

if TYPE_CHECKING:
    from app.access.standing import Credential
    from app.models.credentials import TokenRecord
    from app.models.item import Item
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class _Use:
    """`since`: it must have been used after this moment, or it had locked before."""

    at: int
    expires_at: int
    since: int


@dataclass(frozen=True, slots=True)
class _ByHand:
    """Somebody locked or unlocked the screen."""

    locked: bool
    at: int
    expires_at: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Unused:
    """The sign-in locked by itself."""

    at: int
    unused_since: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """What one transaction writes."""

    uses: dict[str, _Use]
    by_hand: dict[str, _ByHand]
    unused: dict[str, _Unused]
    tokens: dict[str, int]

    def run(self, item: Item) -> None:
        for id, hand in sorted(self.by_hand.items()):  # in one order in every process
            _write_by_hand(item, id=id, hand=hand)
        rows = [(id, use.at, use.expires_at, use.since) for id, use in sorted(self.uses.items())]
        sign_ins.used(item, rows)
        for id, unused in sorted(self.unused.items()):
            if sign_ins.lock(item, id, unused.at, unused_since=unused.unused_since):
                append(item, unused.entry)
                bump(item)
        sign_ins.tokens_used(item, self.tokens)


class Touches:
    """One per process; called on the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._uses: dict[str, _Use] = {}
        self._by_hand: dict[str, _ByHand] = {}
        self._unused: dict[str, _Unused] = {}
        self._tokens: dict[str, int] = {}
        self.written = 0
        """How often something was: what was read before is not to be taken for newer."""

    def used(self, record: SignInRecord, now: int) -> SignInRecord:
        """The sign-in as it is after somebody used it now."""
        idle_ms = _idle_ms(record)
        since = -1 if idle_ms is None else now - idle_ms
        if record.id in self._uses:
            since = min(since, self._uses[record.id].since)
        expires_at = standing.ends_at(record, now)
        self._uses[record.id] = _Use(now, expires_at, since)
        return replace(record, active_at=now, expires_at=expires_at)

    def token_used(self, record: TokenRecord, now: int) -> None:
        self._tokens[record.id] = now

    def lock_unused(self, record: SignInRecord, now: int) -> None:
        """It locked by itself: written down by whichever process is first."""
        idle_ms, user = _idle_ms(record), record.user
        if idle_ms is None or user is None or record.id in self._uses:
            return
        due = record.active_at + idle_ms
        entry = Entry(
            "locked",
            Actor("person", user.id, user.display_name, standing.acting_role(user, due)),
            standing.name_of(record),
            data={"why": "idle"},
            at=due,
        )
        self._unused[record.id] = _Unused(due, now - idle_ms, entry)

    async def set_locked(self, record: SignInRecord, entry: Entry, *, locked: bool) -> None:
        """Written when it returns, unless the database is gone; then it is kept until it is back.
        `entry` says when.
        """
        assert entry.at is not None
        expires_at = record.expires_at if locked else standing.ends_at(record, entry.at)
        hand = _ByHand(locked, entry.at, expires_at, entry)
        self._uses.pop(record.id, None)
        try:
            run = partial(_write_by_hand, id=record.id, hand=hand)
            await self._store.scribe.submit(run)
            self._by_hand.pop(record.id, None)
            self.written += 1
        except (StorageUnavailable, Busy):
            self._by_hand[record.id] = hand

    def over(self, record: Credential) -> Credential:
        """With what is not written yet."""
        if not isinstance(record, SignInRecord) or record.ended_at is not None:
            return record
        if (hand := self._by_hand.get(record.id)) is not None:
            if hand.locked:
                record = replace(record, locked_at=hand.at)
            elif record.locked_at is None or record.locked_at <= hand.at:
                at = max(record.active_at, hand.at)
                record = replace(record, locked_at=None, active_at=at, pin_failures=0)
        if (use := self._uses.get(record.id)) is not None and record.locked_at is None:
            at, expires_at = max(record.active_at, use.at), max(record.expires_at, use.expires_at)
            record = replace(record, active_at=at, expires_at=expires_at)
        return record

    async def write(self) -> None:
        """Raises StorageUnavailable or Busy, and keeps everything then."""
        what = _Unwritten(
            dict(self._uses), dict(self._by_hand), dict(self._unused), dict(self._tokens)
        )
        if not (what.uses or what.by_hand or what.unused or what.tokens):
            return
        await self._store.scribe.submit(what.run)
        for kept, written in (
            (self._uses, what.uses),
            (self._by_hand, what.by_hand),
            (self._unused, what.unused),
            (self._tokens, what.tokens),
        ):
            _forget(kept, written)
        self.written += 1


def _write_by_hand(item: Item, *, id: str, hand: _ByHand) -> None:
    if hand.locked:
        done = sign_ins.lock(item, id, hand.at, unused_since=hand.at)
    else:
        done = sign_ins.unlock(item, id, hand.at, hand.expires_at)
    if done:
        append(item, hand.entry)
        bump(item)


def _forget(kept: dict[str, Any], written: dict[str, Any]) -> None:
    """What has changed meanwhile is still to be written."""
    for id, what in written.items():
        if kept.get(id) is what:
            del kept[id]


def _idle_ms(record: SignInRecord) -> int | None:
    idle_s = IDLE_S.get(record.user.role) if record.user and not record.shared else None
    return None if idle_s is None else idle_s * 1_000
