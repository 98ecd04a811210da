"""The access log beside the requests: what was seen and refused is noted at once and written within
a second, so that reading costs no commit; what must be on disk before an answer is waited for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.clock import monotonic_s, now_ms
from app.errors import Busy, StorageUnavailable
from app.models.access_log import Entry, Kind, append, one_spelling, search, stamped
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.access.caller import Caller
    from app.models.access_log import Stamped, Wanted
    from app.models.item import Item
    from app.models.store import Store

WRITE_S: Final = 1.0  # between two writes: what a crash may lose of what was only noted
SAME_S: Final = 60.0  # the same within a minute is one entry: screens ask again and again
HELD: Final = 10_000  # entries kept while the database is gone: some 5 MB, hours of a clinic
AT_ONCE: Final = 500  # entries of one transaction: milliseconds, so that a nurse need not wait
REMEMBERED: Final = 10_000  # different things within a minute; beyond, the oldest are told again

ONCE: Final[frozenset[Kind]] = frozenset({"session.viewed", "patient.viewed", "reviewed"})
"""Seen again within the minute says nothing new."""
COUNTED: Final[frozenset[Kind]] = frozenset(
    {
        "refused",
        "device.refused",
        "sign_in.failed",
        "unlock.failed",
        "grant.failed",
        "password.failed",
        "signature.failed",
        "patients.searched",
        "sessions.searched",
        "log.searched",
    }
)
"""The first is told at once, the rest of its minute together, with their count."""
BOUNDED: Final[frozenset[Kind]] = frozenset({"refused", "device.refused"})
"""What somebody can be told in as many variations as they like, by making up ids."""
DIFFERENT: Final = 100
"""Of one credential and kind within a minute. A hub that serves every place of a clinic and is
wrong about all of them is told whole; with more, one credential alone would fill HELD in minutes.
"""
_VARY: Final = frozenset({"found", "count"})  # figures that make no two entries different

log = logging.getLogger(__name__)


def entry_of(
    caller: Caller,
    kind: Kind,
    *,
    session_id: str | None = None,
    patient_id: str | None = None,
    **data: Any,
) -> Entry:
    """What somebody known did."""
    return Entry(kind, caller.actor, caller.credential, session_id, patient_id, data)


@dataclass(slots=True)
class _Minute:
    """Something that was noted at `since`, and how often again within the minute."""

    since: float
    last: Entry
    more: int = 0


class AccessLog:
    """Of one process. `note` and `write` are called on the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: deque[Stamped] = deque()
        self._minutes: OrderedDict[tuple[Any, ...], _Minute] = OrderedDict()
        self._different: Counter[tuple[Any, ...]] = Counter()  # of `_minutes`, by `_whose`
        self._dropped = 0
        self._dropped_since = 0
        self._flushing = asyncio.Lock()
        self._failing = False

    @property
    def held(self) -> int:
        """Entries that are noted and not yet on disk."""
        return len(self._held)

    def note(self, entry: Entry) -> None:
        """Written within a second, or once the database takes it again; the same again within a
        minute is one entry. Neither waits nor fails.
        """
        now = monotonic_s()
        self._minutes_end(now)
        if entry.kind not in ONCE and entry.kind not in COUNTED:
            self._hold(entry)
            return
        key = _sameness(entry)
        if key not in self._minutes and self._different[_whose(entry)] >= DIFFERENT:
            entry = _without_place(entry)
            key = _sameness(entry)
        minute = self._minutes.get(key)
        if minute is None:
            self._minutes[key] = _Minute(now, entry)
            if entry.kind in BOUNDED:
                self._different[_whose(entry)] += 1
            self._hold(entry)
            if len(self._minutes) > REMEMBERED:
                self._forget(next(iter(self._minutes)))
        else:
            minute.more += 1
            minute.last = entry if entry.at is not None else replace(entry, at=now_ms())

    async def write(self, entry: Entry) -> None:
        """On disk when it returns; raises Busy or StorageUnavailable, and is then not kept."""
        await self._store.scribe.submit(partial(_appended, entry=entry))

    def seen(
        self,
        caller: Caller,
        kind: Kind,
        *,
        session_id: str | None = None,
        patient_id: str | None = None,
        **data: Any,
    ) -> None:
        """Notes what somebody known was shown."""
        self.note(entry_of(caller, kind, session_id=session_id, patient_id=patient_id, **data))

    async def search(
        self, wanted: Wanted, *, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of what is on disk, the newest first, and where the list goes on."""
        find = partial(search, wanted=wanted, limit=limit, cursor=cursor)
        return await self._store.reader.page(find, limit)

    async def flush(self) -> None:
        """All that was noted is on disk when it returns; raises Busy or StorageUnavailable, and
        keeps what was not written.
        """
        async with self._flushing:
            while self._held or self._dropped:
                batch = [self._held.popleft() for _ in range(min(AT_ONCE, len(self._held)))]
                dropped, since = self._dropped, self._dropped_since
                self._dropped = 0
                written = [*_of_dropped(dropped, since), *batch]
                try:
                    await self._store.scribe.submit(partial(_added, entries=written))
                except BaseException:
                    self._held.extendleft(reversed(batch))
                    self._dropped += dropped
                    self._dropped_since = since if dropped else self._dropped_since
                    raise

    async def write_forever(self) -> None:
        """A background task: writes what was noted, once a second at most."""
        while True:
            await asyncio.sleep(WRITE_S)
            self._minutes_end(monotonic_s())
            # A flush under way is finished when this task is ended, or it would be written twice.
            await asyncio.shield(asyncio.create_task(self._try()))

    async def stop(self) -> None:
        """Writes what is left, also of minutes that have not ended."""
        self._minutes_end(None)
        await self._try()
        if self._held:
            log.error("entries of the access log were not written: %d", self.held)

    async def _try(self) -> None:
        try:
            await self.flush()
        except (Busy, StorageUnavailable):
            if not self._failing:
                log.warning("the access log is not written; its entries are kept")
            self._failing = True
        else:
            self._failing = False

    def _hold(self, entry: Entry) -> None:
        self._held.append(stamped(entry, now_ms()))
        if len(self._held) > HELD:
            lost = self._least_needed()
            at = self._held[lost].at
            del self._held[lost]
            self._dropped_since = min(self._dropped_since, at) if self._dropped else at
            self._dropped += 1

    def _least_needed(self) -> int:
        """The oldest of what anybody can cause at will, else the oldest: refusals and searches do
        not push out who saw a patient.
        """
        return next((n for n, held in enumerate(self._held) if held.kind in COUNTED), 0)

    def _minutes_end(self, now: float | None) -> None:
        """Tells what came again in the minutes that are over; None: in all."""
        while self._minutes:
            key, minute = next(iter(self._minutes.items()))
            if now is not None and now - minute.since < SAME_S:
                break
            self._forget(key)

    def _forget(self, key: tuple[Any, ...]) -> None:
        minute = self._minutes.pop(key)
        if minute.last.kind in BOUNDED:
            whose = _whose(minute.last)
            self._different[whose] -= 1
            if not self._different[whose]:
                del self._different[whose]
        self._tell(minute)

    def _tell(self, minute: _Minute) -> None:
        if minute.more and minute.last.kind in COUNTED:
            data = {**minute.last.data, "count": minute.more}
            self._hold(replace(minute.last, data=data))


def _appended(item: Item, *, entry: Entry) -> None:
    append(item, entry)


def _added(item: Item, *, entries: Sequence[Stamped]) -> None:
    item.staged.entries += entries


def _of_dropped(count: int, since: int) -> list[Stamped]:
    """What was lost is told where it was lost."""
    if not count:
        return []
    data = {"count": count, "from": iso(since)}
    return [stamped(Entry("entries.dropped", None, data=data), now_ms())]


def _sameness(entry: Entry) -> tuple[Any, ...]:
    told = frozenset((name, str(value)) for name, value in entry.data.items() if name not in _VARY)
    who = entry.credential, entry.actor.id if entry.actor else None  # several share a screen
    ids = one_spelling(entry.session_id), one_spelling(entry.patient_id)
    return entry.kind, *who, *ids, told


def _whose(entry: Entry) -> tuple[Any, ...]:
    return entry.kind, entry.credential, entry.actor.id if entry.actor else None


def _without_place(entry: Entry) -> Entry:
    """All further ones of this credential and minute, told together."""
    return replace(entry, session_id=None, patient_id=None, data={"code": "many_different"})
