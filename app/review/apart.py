"""A what-if worked out in a process of its own, so that the server goes on watching meanwhile.

Not in the one that reads timelines: they would wait half a minute behind it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

import orjson

from app.models.apart import Apart
from app.review.errors import TooMuch
from app.review.what_if import Which, recorded, what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.models.store import Store
    from app.review.proposal import Proposal
    from app.review.what_if import Recorded

EVENTS: Final = 100_000  # of the logs together: some 24 h of a reading a second, half a minute
LIMIT_S: Final = 300.0  # ten times that, on a machine that is busy otherwise


async def what_if_apart(
    store: Store, which: Which, proposal: Proposal, turn: asyncio.Semaphore
) -> bytes:
    """The protocol's what-if as JSON, one at a time; raises UnknownSession, InvalidRequest, TooMuch
    or StorageUnavailable.
    """
    sessions = await store.reader.read(partial(recorded, which=which))
    if sum(session.events for session in sessions) > EVENTS:
        raise TooMuch(
            "These sessions are more than 24 hours of a reading a second. Ask for one session or a"
            " shorter period, or run `infusion-monitor what-if` on the server."
        )
    async with turn:
        process = Apart(store.reader.url, limit_s=LIMIT_S)
        try:
            made: bytes = await process.ask(what_if_json, sessions, proposal)
        finally:
            await asyncio.to_thread(process.stop)  # also if nobody waits for the answer any more
        return made


def what_if_json(db: Connection, sessions: Sequence[Recorded], proposal: Proposal) -> bytes:
    """Takes a transaction for each session, none over all of them."""
    return orjson.dumps(what_if(db.engine, sessions, proposal))
