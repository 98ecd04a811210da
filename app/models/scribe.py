"""The scribe: the one writer of a process. Bounded lanes in, group commit, callers answered after
the commit.

People and ticks go first, devices after, so that a flood of readings never delays an
acknowledgement. One bad submission fails alone: a batch that fails is rolled back whole and its
submissions are tried one by one. Whatever fails, the thread goes on.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.clock import monotonic_s, now_ms
from app.errors import Busy, StorageUnavailable
from app.models.notices import NoticeBook
from app.models.sql import POSTGRESQL, SQLITE
from app.models.unit import Item, Unit
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.models.chain import Chain
    from app.models.committed import OnCommit
    from app.models.staged import Held
    from app.models.watch import Watch

log = logging.getLogger(__name__)

Lane = Literal["people", "devices"]
LANES: Final[tuple[Lane, ...]] = ("people", "devices")
T = TypeVar("T")

PEOPLE_LANE: Final = (
    2_000  # submissions; more than every nurse, script and timer of a clinic at once
)
DEVICE_LANE: Final = 4_000  # submissions; about a second of work, beyond which waiting helps nobody
BATCH_READINGS: Final = 500  # a commit costs the same for one as for hundreds
BATCH_S: Final = 0.020  # bounds what the last of a batch waits for the first
CACHED_SESSIONS: Final = 4_096  # states kept; a clinic has tens, a load test a thousand


class OutcomeUnknown(StorageUnavailable):
    """The connection broke during COMMIT and the database cannot be asked whether it was stored."""


@dataclass(slots=True)
class Submission(Generic[T]):
    """What one caller wants done: the sessions to lock, the work, and whom to answer.

    The work may be run again after a rollback. `stations` are resolved to their active sessions
    first. `weight` is how many readings it brings.
    """

    run: Callable[[Item], T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    lane: Lane = "people"
    sessions: Sequence[str] = ()
    stations: Sequence[str] = ()
    weight: int = 1


@dataclass(slots=True)
class _Answers:
    """Results held back until the commit, then delivered once per event loop."""

    ready: list[tuple[Submission[Any], Any, BaseException | None]] = field(default_factory=list)

    def deliver(self) -> None:
        by_loop: dict[
            asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any, BaseException | None]]
        ] = {}
        for submission, result, error in self.ready:
            by_loop.setdefault(submission.loop, []).append((submission.future, result, error))
        for loop, answers in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: its callers are gone
                loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in answers:
        if future.done():  # the caller went away; what it sent is recorded all the same
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


class Scribe:
    """Start it, submit to it, stop it; it finishes what it took before it ends."""

    def __init__(
        self, engine: Engine, chain: Chain, on_commit: OnCommit, watch: Watch, *, calling: bool
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._on_commit = on_commit
        self._watch = watch
        self._calling = calling
        self._book = NoticeBook()
        postgresql = engine.dialect.name == "postgresql"
        self._sql = POSTGRESQL if postgresql else SQLITE
        self._for_update = postgresql
        driver = engine.dialect.loaded_dbapi
        self._driver_error: type[Exception] = driver.Error
        self._conflict: type[Exception] = driver.IntegrityError
        self._our_fault: tuple[type[Exception], ...] = (
            driver.IntegrityError,
            driver.DataError,
            driver.ProgrammingError,
            driver.NotSupportedError,
        )
        self._lanes: dict[Lane, deque[Submission[Any]]] = {"people": deque(), "devices": deque()}
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._cache: OrderedDict[str, Held] = OrderedDict()
        self.commit_ok = True

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="scribe", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Writes what is waiting, then ends."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    @property
    def waiting(self) -> tuple[int, int]:
        return len(self._lanes["people"]), len(self._lanes["devices"])

    async def submit(
        self,
        run: Callable[[Item], T],
        *,
        lane: Lane = "people",
        sessions: Sequence[str] = (),
        stations: Sequence[str] = (),
        weight: int = 1,
    ) -> T:
        """Runs the work in a transaction and answers after its commit.

        Raises what the work raised; Busy if the lane is full; StorageUnavailable if the database
        did not take it. In all these cases nothing was stored, unless its `detail` says that this
        is not known.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        submission = Submission(run, loop, future, lane, sessions, stations, weight)
        bound = PEOPLE_LANE if lane == "people" else DEVICE_LANE
        with self._wake:
            if self._stopping or len(self._lanes[lane]) >= bound:
                raise Busy("Nothing was stored. Send the same again in a moment.")
            self._lanes[lane].append(submission)
            self._wake.notify()
        return await future

    def _work(self) -> None:
        connection: Connection | None = None
        while batch := self._next_batch():
            try:
                connection = connection or self._engine.connect()
                done = self._commit(connection, batch)
                self._give_back(batch[done:])
            except Exception as error:  # whatever it was: the scribe must go on
                _drop(connection)
                connection = self._after_failure(batch, error)
        if connection is not None:
            connection.close()

    def _after_failure(
        self, batch: Sequence[Submission[Any]], error: Exception
    ) -> Connection | None:
        """A lost connection to a server may be made anew; a file that is locked or full stays so
        for all the batch.
        """
        if isinstance(error, OutcomeUnknown) or not (self._for_update or self._is_ours(error)):
            self._refuse(batch, error)
            return None
        log.warning("a batch failed (%s); trying its submissions one by one", _name(error))
        return self._singly(batch)

    def _next_batch(self) -> list[Submission[Any]]:
        with self._wake:
            self._wake.wait_for(lambda: any(self._lanes.values()) or self._stopping)
            batch: list[Submission[Any]] = []
            weight = 0
            for lane in LANES:
                waiting = self._lanes[lane]
                while waiting and weight < BATCH_READINGS:
                    submission = waiting.popleft()
                    weight += submission.weight
                    batch.append(submission)
            return batch

    def _give_back(self, rest: Sequence[Submission[Any]]) -> None:
        """To the front of their lanes, so that a person who came meanwhile does not wait
        for devices.
        """
        with self._wake:
            for submission in reversed(rest):
                self._lanes[submission.lane].appendleft(submission)

    def _singly(self, batch: Sequence[Submission[Any]]) -> Connection | None:
        """Each in a transaction of its own; once the database itself is found gone, the rest do not
        wait for it too.
        """
        connection: Connection | None = None
        for index, submission in enumerate(batch):
            try:
                connection = connection or self._engine.connect()
                self._alone(connection, submission)
            except Exception as error:  # whatever it was: the scribe must go on
                _drop(connection)
                connection = None
                if not self._is_ours(error):
                    self._refuse(batch[index:], error)
                    break
                self._refuse([submission], error)
        return connection

    def _alone(self, connection: Connection, submission: Submission[Any]) -> None:
        try:
            self._commit(connection, [submission])
        except Exception as error:
            if not isinstance(_cause(error), self._conflict):
                raise
            # Another process was first; the work's own checks now see what that one wrote.
            self._commit(connection, [submission])

    def _is_ours(self, error: Exception) -> bool:
        """True if the submission is at fault, false if the database is not to be had."""
        cause = _cause(error)
        if not isinstance(cause, (self._driver_error, SQLAlchemyError, DomainError)):
            return True
        wrong = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        return wrong or isinstance(cause, self._our_fault)

    def _refuse(self, submissions: Sequence[Submission[Any]], error: Exception) -> None:
        refusal: Exception = error
        if self._is_ours(error):
            log.error("a submission failed", exc_info=error)
            if isinstance(error, StopIteration):  # no future can carry one
                refusal = RuntimeError("a submission ended in StopIteration")
        else:
            log.error("the database refused %d submissions", len(submissions), exc_info=error)
            self.commit_ok = False
            if not isinstance(error, OutcomeUnknown):
                refusal = StorageUnavailable(
                    "Nothing was stored: the database did not take it."
                    " Send the same again in a moment."
                )
        _Answers([(submission, None, refusal) for submission in submissions]).deliver()

    def _commit(self, connection: Connection, batch: Sequence[Submission[Any]]) -> int:
        """One transaction over as many of the batch as fit the time bound, which it answers.

        Raises with nothing written, or OutcomeUnknown.
        """
        answers = _Answers()
        until = monotonic_s() + BATCH_S
        self._cache_trim()
        unit: Unit | None = None
        written = False
        try:
            with connection.begin():
                cursor = connection.connection.cursor()
                try:
                    self._watch.look(now := now_ms())
                    unit = Unit(
                        cursor,
                        self._sql,
                        self._chain,
                        now,
                        self._cache,
                        for_update=self._for_update,
                        gap=self._watch.gap,
                        book=self._book,
                        calling=self._calling,
                    )
                    self._lock(unit, batch)
                    for submission in batch:
                        answers.ready.append(self._run(unit, submission))
                        if monotonic_s() > until:
                            break
                    unit.write()
                finally:
                    cursor.close()
                written = True
        except Exception as error:
            self._cache.clear()
            if unit is None or not written or not self._landed(unit, error):
                raise
        self._committed(unit, answers)
        return len(answers.ready)

    def _landed(self, unit: Unit, error: Exception) -> bool:
        """Asks on a fresh connection whether a COMMIT that got no answer is in the log; raises
        OutcomeUnknown.

        An SQLite file answers itself: what it refused is rolled back.
        """
        last = unit.last_event
        if last is None or not self._for_update:
            return False
        key, seq, hash = last
        try:
            with self._engine.connect() as db, db.begin():
                cursor: Any = db.connection.cursor()
                cursor.execute(self._sql.wait_for, (key,))  # until the lost transaction has ended
                row = cursor.execute(self._sql.hash_at, (key, seq)).fetchone()
        except (self._driver_error, SQLAlchemyError):
            raise OutcomeUnknown(
                "The connection to the database broke while it was storing this; whether it was"
                " stored is not known. Send the same again, with the same id."
            ) from error
        return row is not None and bytes(row[0]) == hash

    def _committed(self, unit: Unit, answers: _Answers) -> None:
        self.commit_ok = True
        self._watch.alive(unit.now)
        committed, held = unit.committed()
        self._cache.update(held)
        answers.deliver()
        if committed:
            try:
                self._on_commit(committed)
            except Exception:  # the commit stands; watchers see the gap and resume
                log.exception("the feed did not take a commit")

    def _lock(self, unit: Unit, batch: Sequence[Submission[Any]]) -> None:
        wanted = [id for submission in batch for id in submission.sessions]
        for station in dict.fromkeys(s for submission in batch for s in submission.stations):
            row = unit.cursor.execute(self._sql.id_at_station, (station,)).fetchone()
            if row is not None:
                wanted.append(row[0])
        unit.lock(wanted)

    def _run(
        self, unit: Unit, submission: Submission[Any]
    ) -> tuple[Submission[Any], Any, BaseException | None]:
        """Raises what is no refusal: the work may have written some of it, so that the transaction
        must be rolled back.
        """
        item = unit.item()
        try:
            result = submission.run(item)
        except DomainError as refusal:
            return submission, None, refusal
        unit.accept(item)
        return submission, result, None

    def _cache_trim(self) -> None:
        while len(self._cache) > CACHED_SESSIONS:
            self._cache.popitem(last=False)


def _cause(error: Exception) -> BaseException:
    """The driver's own error, where SQLAlchemy has wrapped it."""
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _name(error: Exception) -> str:
    return type(_cause(error)).__name__


def _drop(connection: Connection | None) -> None:
    """A connection that failed is not trusted again."""
    if connection is not None:
        with suppress(Exception):  # it may be beyond closing; nothing depends on it any more
            connection.invalidate()
        with suppress(Exception):
            connection.close()
