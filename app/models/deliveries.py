"""Calls that wait to go out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.models.tables import delivery

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
