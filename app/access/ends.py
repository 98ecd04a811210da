"""The ends of the logs of sessions under way are kept apart from the database, within seconds.

The access log notes where a session's log ends when it is closed, and every hour; what is cut off
in between leaves a chain that holds. So the server keeps the ends itself, in memory and in a file
(`app.models.ends_file`), and holds the database against them, also against those of its last run.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable
from app.models import ends, ends_file
from app.models.ends_file import EndsChanged, Kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.models.access_check import Anchor
    from app.models.store import Store

LOOK_S: Final = 5.0  # what a cut may take unseen; a look at a busy clinic takes milliseconds

log = logging.getLogger(__name__)


class Ends:
    """Of one process; others may share the folder: each looks, and one at a time writes."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._key = store.derived_key(ends_file.LABEL)
        self._life: bytes | None = None
        self._held: Mapping[str, Anchor] = {}
        self._told: set[tuple[str, Anchor]] = set()
        self._failing = False

    async def keep_forever(self) -> None:
        """A background task; the first look is at what the last run has left."""
        while True:
            await self.keep()
            await asyncio.sleep(LOOK_S)

    async def stop(self) -> None:
        """Keeps what was recorded since the last look; nothing else waits for it in vain."""
        try:
            await self.keep()
        except Exception as error:
            log.error("the last ends of sessions are not kept (%s)", type(error).__name__)

    async def keep(self) -> None:
        """One look. What cannot be asked or written now is there for the next one."""
        try:
            lost = await self._store.reader.read(self._look)
            if lost:
                self._tell(lost)
                await self._store.scribe.submit(partial(ends.note, lost=lost))
        except (Busy, StorageUnavailable):
            pass

    def _look(self, db: Connection) -> Sequence[tuple[str, Anchor]]:
        """In a reader's thread. The file is read before the database is asked the first time: what
        another process has written there is then in what is seen of the database.
        """
        with ends_file.alone(self._folder) as alone:
            return self._compare(db, self._read()) if alone else ()

    def _compare(self, db: Connection, kept: Kept | None) -> Sequence[tuple[str, Anchor]]:
        self._life = self._life or ends.life(db)
        if self._life is None:
            return ()
        if kept is not None and kept.life != self._life:
            self._set_aside("before", "are of another database, or from before a restore")
            kept = None
        found = ends.compare(db, self._held if kept is None else _newest(self._held, kept.ends))
        self._held = found.ends
        if found.ends != (kept.ends if kept is not None else {}):
            self._write(Kept(self._life, found.ends))
        return found.lost

    def _read(self) -> Kept | None:
        try:
            return ends_file.read(self._folder, self._key)
        except EndsChanged as changed:
            self._set_aside("changed", str(changed))
            return None

    def _set_aside(self, why: ends_file.Why, said: str) -> None:
        """It is evidence; what this process holds takes its place."""
        try:
            if ends_file.set_aside(self._folder, why, now_ms()) is not None:
                log.error("the ends of sessions that were kept are set aside: %s", said)
        except OSError as error:
            self._cannot(error)

    def _write(self, kept: Kept) -> None:
        """A cut is found also where nothing can be written, as long as this process lives."""
        try:
            ends_file.write(self._folder, self._key, kept)
            self._failing = False
        except OSError as error:
            self._cannot(error)

    def _cannot(self, error: OSError) -> None:
        if not self._failing:
            log.warning("the ends of sessions are not kept (%s)", type(error).__name__)
        self._failing = True

    def _tell(self, lost: Sequence[tuple[str, Anchor]]) -> None:
        """Each once, also where the access log cannot be written yet."""
        if new := set(lost) - self._told:
            self._told |= new
            log.error("of %d sessions events are gone: run `infusion-monitor verify`", len(new))


def _newest(mine: Mapping[str, Anchor], theirs: Mapping[str, Anchor]) -> dict[str, Anchor]:
    """Of each session the later end; of two at one place that which this process saw."""
    both = dict(theirs)
    for id, end in mine.items():
        if id not in both or both[id].seq <= end.seq:
            both[id] = end
    return both
