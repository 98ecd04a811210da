"""The sweep: asks the engine about every session whose next moment has come. Any number of
processes may sweep.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable, UnknownSession
from app.models import queries
from app.monitoring.commands import SYSTEM
from app.monitoring.engine import Tick

if TYPE_CHECKING:
    from app.models.store import Store
    from app.models.unit import Item

log = logging.getLogger(__name__)

SWEEP_S: Final = 0.25  # adds at most this to an alarm's delay, of which the shortest is 5 s
SWEEP_AT_MOST: Final = 500  # sessions a sweep; the rest are due again at once


async def sweep_forever(store: Store) -> None:
    """Sweeps until it is cancelled; a database that is gone is asked again, never given up."""
    while True:
        try:
            await sweep(store)
            if not store.commit_ok:
                await store.scribe.submit(_probe)
            store.swept()
        except (StorageUnavailable, Busy) as refusal:
            log.warning("the sweep waits: %s", refusal.detail)
        await asyncio.sleep(SWEEP_S)


async def sweep(store: Store) -> int:
    """Ticks every session that is due; answers how many there were."""
    query = partial(queries.due_sessions, now=now_ms(), limit=SWEEP_AT_MOST)
    due = await store.reader.read(query)
    ticks = [
        store.scribe.submit(partial(_tick, session_id=session_id), sessions=[session_id])
        for session_id in due
    ]
    refused = [e for e in await asyncio.gather(*ticks, return_exceptions=True) if e is not None]
    for error in refused:  # one session's trouble must not keep the others from being looked at
        if isinstance(error, StorageUnavailable | Busy):
            raise error
    if refused:
        log.error("%d of %d due sessions could not be looked at", len(refused), len(due))
    return len(due)


def _tick(item: Item, *, session_id: str) -> None:
    with suppress(UnknownSession):
        held = item.held(session_id)
        if held.state.clock == "wall":
            item.step(held, Tick(), SYSTEM)


def _probe(item: Item) -> None:
    """A write that changes nothing, to learn whether the database takes commits again."""
    item.cursor.execute(item.sql.probe, (str(item.now),))
