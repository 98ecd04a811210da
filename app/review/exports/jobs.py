"""Exports of a range: asked for, made in a process of its own while the server goes on watching,
told of while they are made, given up when somebody says so, and gone after an hour.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from app.clock import now_ms
from app.errors import IdConflict
from app.models.apart import Apart
from app.monitoring.errors import DomainError
from app.monitoring.times import SECOND_MS
from app.review.exports.archive import Added, add_contents, add_session, sessions_of
from app.review.exports.errors import ExportNotReady, TooManyExports, UnknownExport
from app.review.exports.job import Folder, Job
from app.review.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.models.store import Store

    OnAdded = Callable[[Job, Added], None]

KEPT_MS: Final = 3_600_000  # an hour to fetch it; what is about patients does not lie about
LOOK_S: Final = 30.0  # between two looks for what has had its hour
SESSION_S: Final = 300.0  # the longest session takes some ten seconds; a busy machine more
OPEN_AT_ONCE: Final = 3  # of one person: who asks for more waits for these
SPARE_BYTES: Final = 512 * 1024 * 1024  # kept free: the record of what happens now needs the disk
GIVEN_UP: Final = "The export could not be made; nothing was changed. Ask for it again."
UNREADABLE: Final = (
    "Session {id} could not be made into files, and the export was given up; nothing was changed."
    " Leave its day out, and tell your administrator: `infusion-monitor verify` may name the cause."
)
NO_ROOM: Final = "The disk is nearly full: the export was given up to leave room for the record."

log = logging.getLogger(__name__)


class Exports:
    """Of one process; the folder may be shared with others. One export is made at a time."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._path = folder
        self._folder = Folder(folder)
        self._turn = asyncio.Semaphore(1)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, job: Job, on_added: OnAdded) -> tuple[Job, bool]:
        """The export, and whether it is new; `on_added` hears of each session that is in it.

        Raises InvalidRequest, NothingToExport, TooMuch, TooManyExports, IdConflict.
        """
        zone_of(job.zone)
        if (known := self._known(job)) is not None:
            return known, False
        if sum(one.is_open for one in self.of(job.who)) >= OPEN_AT_ONCE:
            raise TooManyExports("Wait for your other exports, or cancel one.")
        query = partial(sessions_of, since=job.since, until=job.until, simulated=job.simulated)
        sessions = await self._store.reader.read(query)
        if (known := self._known(job)) is not None:  # asked for twice at once
            return known, False
        job = replace(job, total=len(sessions))
        self._folder.write(job)
        task = asyncio.create_task(self._make(job, sessions, on_added))
        self._tasks[job.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.id, None))
        return job, True

    def _known(self, job: Job) -> Job | None:
        known = self._folder.read(job.id)
        if known is not None and (known.who != job.who or known.asked != job.asked):
            raise IdConflict("Nothing was made: this id was used for another export.")
        return known

    def of(self, who: str) -> list[Job]:
        """Theirs, the newest first."""
        found = [job for job in self._folder.all() if job.who == who]
        return sorted(found, key=lambda job: (job.created_at, job.id), reverse=True)

    def one(self, id: str, who: str) -> Job:
        """Raises UnknownExport, also for somebody else's."""
        job = self._folder.read(id)
        if job is None or job.who != who:
            raise UnknownExport("There is no export with this id, or its hour is over.")
        return job

    def file(self, id: str, who: str) -> tuple[Job, Path]:
        """Raises UnknownExport, ExportNotReady."""
        job = self.one(id, who)
        path = self._folder.archive(id)
        if job.state != "done" or not path.is_file():
            raise ExportNotReady("There is no file to fetch: look at the state of the export.")
        return job, path

    async def cancel(self, id: str, who: str) -> Job:
        """It is given up at once, and its file is gone; raises UnknownExport."""
        job = self.one(id, who)
        if job.is_open or job.state == "done":
            job = replace(job, state="cancelled", touched_at=now_ms(), ends_at=None, size=None)
            self._folder.write(job)  # what another process makes ends with its next session
        if (task := self._tasks.get(id)) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._folder.remove_archive(id)
        return job

    async def keep_forever(self) -> None:
        """Takes away what has had its hour, and what a server before this one left."""
        if not self._store.together:  # else it may be another's that serves beside us
            self.clear(now_ms())
        while True:
            self.clear(now_ms() - KEPT_MS)
            await asyncio.sleep(LOOK_S)

    def clear(self, before: int) -> None:
        """What nobody has touched since then, and nothing that is under way here."""
        for job in self._folder.all():
            if job.touched_at < before and job.id not in self._tasks:
                self._folder.remove(job.id)
        if not self._tasks:
            self._folder.remove_older(before / SECOND_MS)

    async def settled(self) -> None:
        """Returns once nothing is under way here."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop(self) -> None:
        """What is under way is given up, and leaves nothing."""
        ids = list(self._tasks)
        for task in self._tasks.values():
            task.cancel()
        await self.settled()
        for id in ids:
            self._folder.remove(id)

    async def _make(self, job: Job, sessions: list[str], on_added: OnAdded) -> None:
        try:
            async with self._turn:
                await self._fill(job, sessions, on_added)
        except asyncio.CancelledError:
            self._folder.remove_archive(job.id)
            raise
        except DomainError as refusal:
            self._failed(job, refusal.detail)
        except _Unreadable as error:
            log.error("an export failed (session %s cannot be read)", error)
            self._failed(job, UNREADABLE.format(id=error))
        except Exception as error:  # whatever it was: who waits must be told
            log.error("an export failed (%s)", type(error).__name__)
            self._failed(job, NO_ROOM if isinstance(error, _NoRoom) else GIVEN_UP)

    async def _fill(self, job: Job, sessions: list[str], on_added: OnAdded) -> None:
        """A process for each export: one that is given up ends at once, whatever it is at."""
        path = str(self._folder.empty_archive(job.id))
        process = Apart(self._store.reader.url, limit_s=SESSION_S)
        added: list[Added] = []
        try:
            for session_id in sessions:
                if not self._goes_on(job, len(added)):
                    return
                arguments = (path, session_id, job.formats, job.zone)
                try:
                    one = await self._store.proven(add_session, *arguments, by=process.ask)
                except RuntimeError as error:
                    raise _Unreadable(session_id) from error
                on_added(job, one)
                added.append(one)
            await process.ask(add_contents, path, added)
        finally:
            await asyncio.to_thread(process.stop)
        if not self._goes_on(job, len(added)):
            return
        now, size = now_ms(), self._folder.archive(job.id).stat().st_size
        self._write(job, state="done", done=len(added), ends_at=now + KEPT_MS, size=size)

    def _goes_on(self, job: Job, done: int) -> bool:
        """False once it was cancelled by another process; its file is gone then."""
        if shutil.disk_usage(self._path).free < SPARE_BYTES:
            raise _NoRoom
        kept = self._folder.read(job.id)
        if kept is None or not kept.is_open:
            self._folder.remove_archive(job.id)
            return False
        self._write(job, state="running", done=done)
        return True

    def _failed(self, job: Job, detail: str) -> None:
        with suppress(OSError):  # a disk that is full takes not even this
            self._folder.remove_archive(job.id)
            self._write(job, state="failed", detail=detail)

    def _write(self, job: Job, **changes: object) -> None:
        self._folder.write(replace(job, touched_at=now_ms(), **changes))


class _NoRoom(Exception):
    """The disk is nearly full."""


class _Unreadable(Exception):
    """The session of this id cannot be made into files, however often one asks."""
