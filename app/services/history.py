"""The log as screens and scripts read it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.models import queries

if TYPE_CHECKING:
    from app.models.store import Store


async def session_events(store: Store, session_id: str, *, after: int, limit: int) -> list[bytes]:
    """Event texts after `after`, in order, without gaps; raises UnknownSession."""
    query = partial(queries.events, session_id=session_id, after=after, limit=limit)
    return await store.reader.read(query)


async def event_page(store: Store, session_id: str, *, after: int, limit: int) -> list[bytes]:
    """The same for who reads a log through: long pages cost the server no time."""
    query = partial(queries.events, session_id=session_id, after=after, limit=limit)
    return list(await store.reader.page(query, limit))


async def event_head(store: Store, session_id: str) -> int:
    """The seq of the last event; raises UnknownSession."""
    return await store.reader.read(partial(queries.head, session_id=session_id))
