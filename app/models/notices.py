"""Notices: what the whole clinic should know, counted so that a flood does not write each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import uuid_utils
from sqlalchemy import Connection, and_, or_, select

from app.models.queries import decode_cursor, encode_cursor
from app.models.sql import STANDS_MS
from app.models.tables import notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    from app.models.staged import Row

UNDELIVERED: Final = "webhook_undelivered"
EMERGENCY: Final = "emergency"
STANDING: Final = (UNDELIVERED, EMERGENCY)  # over when something is done about them, not by time
WRITE_MS: Final = 5_000  # at least, between two writes of one notice
KEYS: Final = 500  # different notices in a quarter of an hour; more are a mistake or an attack
FORGET_MS: Final = 24 * 3_600_000  # notices of devices that nobody needs to know of any more


class NoticeKey(NamedTuple):
    """What makes two tellings the same notice; empty where there is none."""

    kind: str
    device: str
    station: str
    code: str


@dataclass(frozen=True, slots=True)
class Noted:
    """So often told, from `since` to `last_at`."""

    text: str
    since: int
    last_at: int
    count: int = 1

    def after(self, earlier: Noted | None) -> Noted:
        """Both together."""
        if earlier is None:
            return self
        return Noted(self.text, earlier.since, self.last_at, earlier.count + self.count)


class NoticeBook:
    """What was told and is not yet written; kept by the scribe's thread. What is written, and what
    waits on, is settled only after the commit.
    """

    def __init__(self) -> None:
        self._waiting: dict[NoticeKey, Noted] = {}
        self._written_at: dict[NoticeKey, int] = {}
        self._flushed_at = 0

    def due(self, told: Mapping[NoticeKey, Noted], now: int) -> dict[NoticeKey, Noted]:
        """Of what was told in this transaction and waited before it: what shall be written now."""
        keys = list(told)
        if self._waiting and now - self._flushed_at >= WRITE_MS:
            keys += [key for key in self._waiting if key not in told]
        due = {}
        for key in keys:
            if now - self._written_at.get(key, 0) >= WRITE_MS:
                waiting = self._waiting.get(key)
                due[key] = told[key].after(waiting) if key in told else self._waiting[key]
        return due

    def settle(
        self, told: Mapping[NoticeKey, Noted], written: Mapping[NoticeKey, Noted], now: int
    ) -> None:
        """The transaction is committed: `written` is in the database, the rest of `told` waits."""
        if written:
            self._flushed_at = now
        for key in written:
            self._waiting.pop(key, None)
            self._written_at[key] = now
        for key, noted in told.items():
            if key not in written:
                self._waiting[key] = noted.after(self._waiting.get(key))

    def takes(self, key: NoticeKey, now: int) -> bool:
        """False for one more while too many different ones stand."""
        if key not in self._written_at and len(self._written_at) >= KEYS:
            recent = {k: at for k, at in self._written_at.items() if now - at < STANDS_MS}
            self._written_at = recent
        return key in self._written_at or len(self._written_at) < KEYS


def notice_row(key: NoticeKey, noted: Noted) -> Row:
    """The parameters of `set_notice`."""
    return (str(uuid_utils.uuid7()), *key, noted.text, noted.since, noted.last_at, noted.count)


def standing(
    db: Connection, *, now: int, limit: int, cursor: str | None
) -> tuple[list[RowMapping], str | None]:
    """Notices that nobody has dismissed and that are not over, the newest first; and where the
    list goes on.
    """
    columns: Any = notice.c
    recent = or_(columns.last_at > now - STANDS_MS, columns.kind.in_(STANDING))
    query = select(notice).where(and_(columns.dismissed_at.is_(None), recent))
    place = decode_cursor(cursor, str)
    if place is not None:
        query = query.where(columns.id < place[0])
    rows = db.execute(query.order_by(columns.id.desc()).limit(limit + 1)).mappings().all()
    more = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return list(rows[:limit]), more
