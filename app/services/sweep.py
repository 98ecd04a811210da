"""The sweep: asks the engine about every session whose next moment has come. Any number of
processes may sweep.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable, UnknownSession
from app.models import queries
from app.monitoring.commands import SYSTEM
from app.monitoring.engine import Tick
from app.services.watch import mark_alive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.store import Store
    from app.models.unit import Item
    from app.models.watch import Gap

log = logging.getLogger(__name__)

SWEEP_S: Final = 0.25  # adds at most this to an alarm's delay, of which the shortest is 5 s
JITTER: Final = 0.7  # of SWEEP_S at least: processes that sweep one database fall out of step
SWEEP_AT_MOST: Final = 500  # sessions a sweep; the rest are due again at once
MARK_MS: Final = 4_500  # between marks of being alive: every 5 s at the latest, with the pause


async def sweep_forever(store: Store) -> None:
    """Sweeps until it is cancelled; a database that is gone is asked again, never given up."""
    marked_at, woken = 0, None
    chance = random.Random()  # its own: whoever seeded the common one is not disturbed
    while True:
        try:
            now = now_ms()
            if now - marked_at >= MARK_MS or not store.commit_ok:
                await mark_alive(store)
                marked_at = now
            if store.gap is not woken:
                woken = await wake(store, store.gap)
            await sweep(store)
            store.swept()
        except (StorageUnavailable, Busy) as refusal:
            log.warning("the sweep waits: %s", refusal.detail)
        await asyncio.sleep(chance.uniform(JITTER * SWEEP_S, SWEEP_S))


async def sweep(store: Store) -> int:
    """Ticks every session that is due; answers how many there were."""
    query = partial(queries.due_sessions, now=now_ms(), limit=SWEEP_AT_MOST)
    due = await store.reader.read(query)
    await _tick_all(store, due)
    return len(due)


async def wake(store: Store, gap: Gap | None) -> Gap | None:
    """Ticks every session on the wall clock, so that none waits for its next input to be told of
    the gap; answers the gap.
    """
    waiting = await store.reader.read(queries.wall_sessions) if gap is not None else []
    for start in range(0, len(waiting), SWEEP_AT_MOST):
        await _tick_all(store, waiting[start : start + SWEEP_AT_MOST])
    return gap


async def _tick_all(store: Store, session_ids: Sequence[str]) -> None:
    ticks = [
        store.scribe.submit(partial(_tick, session_id=session_id), sessions=[session_id])
        for session_id in session_ids
    ]
    refused = [e for e in await asyncio.gather(*ticks, return_exceptions=True) if e is not None]
    for error in refused:  # one session's trouble must not keep the others from being looked at
        if isinstance(error, StorageUnavailable | Busy):
            raise error
    if refused:
        log.error("%d of %d due sessions could not be looked at", len(refused), len(session_ids))


def _tick(item: Item, *, session_id: str) -> None:
    with suppress(UnknownSession):
        held = item.held(session_id)
        if held.state.clock == "wall":
            item.step(held, Tick(), SYSTEM)
