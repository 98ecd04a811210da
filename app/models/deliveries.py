"""Calls that wait to go out.

Where several processes serve one database, each call is claimed before it is sent: its next attempt
is put off, so that the others leave it alone; if the claimer dies it is due again after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from app.models.tables import delivery

if TYPE_CHECKING:
    from app.models.unit import Item

LEASE_MS: Final = 20_000  # an attempt lasts 10 s at most, and its outcome is recorded after it

Delivery = delivery.c


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its text as it is signed and sent, and how often that was tried."""

    id: str
    body: str
    created_at: int
    attempts: int


def due_calls(db: Connection, *, now: int, limit: int) -> list[Call]:
    """Those to be tried at or before `now`, oldest first."""
    rows = db.execute(
        select(Delivery.id, Delivery.body, Delivery.created_at, Delivery.attempts)
        .where(Delivery.next_at <= now)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
    )
    return [Call(*row) for row in rows]


def claim(item: Item, *, call: Call) -> bool:
    """False if another process has just claimed it, or brought it to an end."""
    mark = item.sql.mark
    item.cursor.execute(
        f"UPDATE delivery SET next_at = {mark} WHERE id = {mark} AND next_at <= {mark}",
        (item.now + LEASE_MS, call.id, item.now),
    )
    return bool(item.cursor.rowcount == 1)
