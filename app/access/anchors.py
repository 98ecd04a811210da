"""Every hour the ends of the sessions' logs are noted in the access log, and the access log's own
end in the server's log.

A session's chain alone does not tell that its end was cut off, nor that the session was taken out
whole: its row says where the log ends, and whoever can write the database can write that row. The
access log is another chain, and the server's log is not in the database at all.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable
from app.models import anchors

if TYPE_CHECKING:
    from app.models.store import Store

EVERY_MS: Final = 3_600_000  # what a cut may take unseen is an hour of a session
LOOK_S: Final = 60.0  # between two looks whether it is time; the first is not at the start

log = logging.getLogger(__name__)


async def anchor_forever(store: Store) -> None:
    """A background task; of several processes whoever comes first does it for all."""
    due = 0
    while True:
        await asyncio.sleep(LOOK_S)
        if now_ms() >= due:
            try:
                due = await anchor(store) + EVERY_MS
            except (Busy, StorageUnavailable):
                continue  # the next look is soon


async def anchor(store: Store) -> int:
    """Notes what has changed since the last time, if that is an hour ago or was not finished; when
    that was.

    Raises Busy or StorageUnavailable; what is noted until then is not noted again.
    """
    last = await store.reader.read(anchors.last_noted)
    moment = now_ms()
    if last is not None and not last.unfinished and moment - last.at < EVERY_MS:
        return last.at
    before, grown = await store.reader.read(partial(anchors.grown, last=last))
    for start in range(0, len(grown), anchors.AT_ONCE):
        some = partial(
            anchors.note,
            logs=grown[start : start + anchors.AT_ONCE],
            before=before,
            moment=moment,
            unfinished=start + anchors.AT_ONCE < len(grown),
        )
        if not await store.scribe.submit(some):
            return moment  # another process does it
    end = await store.reader.read(anchors.end)
    log.info("the access log ends at %s", end)
    return moment
