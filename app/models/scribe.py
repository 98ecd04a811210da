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
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.clock import monotonic_s, now_ms
from app.errors import Busy, StorageUnavailable
from app.models import access_log
from app.models.answers import Answers
from app.models.dialect import Dialect, Postgresql, Sqlite
from app.models.failure import Failure, failure_of
from app.models.lanes import Lane, Lanes, Submission
from app.models.notices import NoticeBook
from app.models.unit import Unit
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine, PoolProxiedConnection

    from app.models.chain import Chain
    from app.models.committed import OnCommit
    from app.models.item import Item
    from app.models.staged import Held
    from app.models.watch import Watch
    from app.monitoring.state import State

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH_S: Final = 0.020  # bounds what the last of a batch waits for the first
REST: Final = 3  # times as long as the last transaction took, between two on a server
MAX_REST_S: Final = 0.020  # what a reading may wait for others to come
FEW_READINGS: Final = 32  # more than these do not wait to become still more
CACHED_SESSIONS: Final = 4_096  # states kept; a clinic has tens, a load test a thousand


class OutcomeUnknown(StorageUnavailable):
    """The connection broke during COMMIT and the database cannot be asked whether it was stored."""


class Scribe:
    """Start it, submit to it, stop it; it finishes what it took before it ends."""

    def __init__(
        self,
        engine: Engine,
        chain: Chain,
        on_commit: OnCommit,
        watch: Watch,
        *,
        calling: bool,
        training: bool,
    ) -> None:
        self._engine = engine
        self._chain = chain
        self._on_commit = on_commit
        self._watch = watch
        self._calling = calling
        self._training = training
        self._book = NoticeBook()
        self._dialect: Dialect = Postgresql() if engine.dialect.name == "postgresql" else Sqlite()
        driver = engine.dialect.loaded_dbapi
        self._driver_error: type[Exception] = driver.Error
        self._conflict: type[Exception] = driver.IntegrityError
        self._our_fault: tuple[type[Exception], ...] = (
            driver.IntegrityError,
            driver.DataError,
            driver.ProgrammingError,
            driver.NotSupportedError,
        )
        self._lanes = Lanes()
        self._wake = threading.Condition()
        self._sleeping = False
        self._gathering = False
        self._gathers_until = 0.0
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._cache: OrderedDict[str, Held] = OrderedDict()
        self.commit_ok = True
        self.last_failure: Failure | None = None
        """Why the last commit that was tried failed, None if it did not."""
        self.committed_at = monotonic_s()
        """On the monotonic clock, when a commit last succeeded."""

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
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def waiting(self) -> tuple[int, int]:
        """Submissions waiting, of people and of devices."""
        return self._lanes.lengths()

    def takes(self, lane: Lane) -> bool:
        """False if the lane is full or a queue stands in it: who asks answers Busy and reads no
        further.
        """
        with self._wake:
            return not self._stopping and self._lanes.takes(lane, monotonic_s())

    def committed_state(self, session_id: str) -> State | None:
        """The session as last committed, if this process holds it; from any thread."""
        held = self._cache.get(session_id)
        return None if held is None else held.state

    async def submit(
        self,
        run: Callable[[Item], T],
        *,
        lane: Lane = "people",
        sessions: Sequence[str] = (),
        stations: Sequence[tuple[str, bool]] = (),
        ids: Sequence[tuple[str, str]] = (),
        weight: int = 1,
        waits: bool = False,
    ) -> T:
        """Runs the work in a transaction and answers after its commit. With `waits` it waits for
        room, in the order in which it came; the caller bounds what it has under way.

        Raises what the work raised; Busy if the lane takes no more; StorageUnavailable if the
        database did not take it. In all these cases nothing was stored, unless its `detail` says
        that this is not known.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        queue = "streams" if waits else lane
        since = monotonic_s()
        submission = Submission(run, loop, future, queue, sessions, stations, ids, weight, since)
        with self._wake:
            if self._stopping or not self._lanes.put(submission):
                raise Busy("Nothing was stored. Send the same again in a moment.")
            if self._sleeping or (self._gathering and lane == "people"):
                self._wake.notify()
        return await future

    def _work(self) -> None:
        connection: PoolProxiedConnection | None = None
        while batch := self._next_batch():
            try:
                connection = connection or self._engine.raw_connection()
                began = monotonic_s()
                done = self._commit(connection, batch)
                self._rest(began, len(batch))
                self._give_back(batch[done:])
            except Exception as error:  # whatever it was: the scribe must go on
                _drop(connection)
                connection = self._after_failure(batch, error)
        if connection is not None:
            connection.close()

    def _after_failure(
        self, batch: Sequence[Submission[Any]], error: Exception
    ) -> PoolProxiedConnection | None:
        """A lost connection to a server may be made anew; a file that is locked or full stays so
        for all the batch.
        """
        server = self._dialect.is_server
        if isinstance(error, OutcomeUnknown) or not (server or self._is_ours(error)):
            self._refuse(batch, error)
            return None
        log.warning("a batch failed (%s); trying its submissions one by one", _name(error))
        return self._singly(batch)

    def _next_batch(self) -> list[Submission[Any]]:
        with self._wake:
            while not (self._lanes or self._stopping):
                self._sleeping = True
                self._wake.wait()
                self._sleeping = False
            self._gather()
            return self._lanes.take(monotonic_s())

    def _rest(self, began: float, submissions: int) -> None:
        """On a server each transaction costs about the same, whatever it holds, and keeps its
        sessions from other processes: while several come at a time, it leaves time for more to
        come. After a single one nothing waits.
        """
        if self._dialect.is_server and submissions > 1:
            now = monotonic_s()
            self._gathers_until = now + min(REST * (now - began), MAX_REST_S)

    def _gather(self) -> None:
        """Waits out the rest; people do not wait, nor who brings much."""
        self._gathering = True
        while not self._stopping and self._lanes.only_few(FEW_READINGS):
            if (wait_s := self._gathers_until - monotonic_s()) <= 0:
                break
            self._wake.wait(wait_s)
        self._gathering = False

    def _give_back(self, rest: Sequence[Submission[Any]]) -> None:
        if rest:
            with self._wake:
                self._lanes.give_back(rest)

    def _singly(self, batch: Sequence[Submission[Any]]) -> PoolProxiedConnection | None:
        """Each in a transaction of its own; once the database itself is found gone, the rest do not
        wait for it too.
        """
        connection: PoolProxiedConnection | None = None
        for index, submission in enumerate(batch):
            try:
                connection = connection or self._engine.raw_connection()
                self._alone(connection, submission)
            except Exception as error:  # whatever it was: the scribe must go on
                _drop(connection)
                connection = None
                if not self._is_ours(error):
                    self._refuse(batch[index:], error)
                    break
                self._refuse([submission], error)
        return connection

    def _alone(self, connection: PoolProxiedConnection, submission: Submission[Any]) -> None:
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
            self.last_failure = failure = failure_of(error)
            if not isinstance(error, OutcomeUnknown):
                refusal = StorageUnavailable(failure.to_sender)
        answers = Answers()
        for submission in submissions:
            answers.add(submission, None, refusal)
        answers.deliver()

    def _commit(self, connection: PoolProxiedConnection, batch: Sequence[Submission[Any]]) -> int:
        """One transaction over as many of the batch as fit the time bound, which it answers.

        Raises with nothing written, or OutcomeUnknown.
        """
        answers = Answers()
        self._cache_trim()
        unit: Unit | None = None
        written = False
        cursor = connection.cursor()
        try:
            self._watch.look(now := now_ms())
            unit = Unit(
                connection,
                cursor,
                self._dialect,
                self._chain,
                now,
                self._cache,
                gap=self._watch.gap,
                book=self._book,
                calling=self._calling,
                training=self._training,
            )
            unit.begin(
                [id for submission in batch for id in submission.sessions],
                [place for submission in batch for place in submission.stations],
                [pair for submission in batch for pair in submission.ids],
            )
            until = monotonic_s() + BATCH_S  # not of the time that another process had the sessions
            for submission in batch:
                self._run(unit, submission, answers)
                if monotonic_s() > until:
                    break
            written = True
            unit.commit()
        except Exception as error:
            self._cache.clear()
            with suppress(Exception):  # a connection that is gone has been rolled back by its end
                connection.rollback()
            if unit is None or not written or not self._landed(unit, error):
                raise
        finally:
            with suppress(Exception):  # of a connection that is gone
                cursor.close()
        self._committed(unit, answers)
        return len(answers)

    def _landed(self, unit: Unit, error: Exception) -> bool:
        """Asks on a fresh connection whether a COMMIT that got no answer is in the log; raises
        OutcomeUnknown.

        An SQLite file answers itself: what it refused is rolled back. So does a server that says
        what is wrong with a statement.
        """
        last, entry = unit.last_event, unit.last_entry
        known = last is not None or entry is not None
        if not known or not self._dialect.is_server or isinstance(error, self._our_fault):
            return False
        sql = self._dialect.sql
        try:
            with self._engine.connect() as db, db.begin():
                cursor: Any = db.connection.cursor()
                if last is None:
                    return entry is not None and access_log.is_written(cursor, sql, entry)
                key, seq, hash = last
                cursor.execute(sql.wait_for, (key,))  # until the lost transaction has ended
                row = cursor.execute(sql.hash_at, (key, seq)).fetchone()
        except (self._driver_error, SQLAlchemyError):
            raise OutcomeUnknown(
                "The connection to the database broke while it was storing this; whether it was"
                " stored is not known. Send the same again, with the same id."
            ) from error
        return row is not None and bytes(row[0]) == hash

    def _committed(self, unit: Unit, answers: Answers) -> None:
        self.commit_ok = True
        self.last_failure = None
        self.committed_at = monotonic_s()
        self._watch.alive(unit.now)
        committed, held = unit.committed()
        self._cache.update(held)
        answers.deliver()
        if committed:
            try:
                self._on_commit(committed)
            except Exception:  # the commit stands; watchers see the gap and resume
                log.exception("the feed did not take a commit")

    def _run(self, unit: Unit, submission: Submission[Any], answers: Answers) -> None:
        """Raises what is no refusal: the work may have written some of it, so that the transaction
        must be rolled back.
        """
        item = unit.item()
        try:
            result = submission.run(item)
        except DomainError as refusal:
            answers.add(submission, None, refusal)
            return
        unit.accept(item)
        answers.add(submission, result)

    def _cache_trim(self) -> None:
        while len(self._cache) > CACHED_SESSIONS:
            self._cache.popitem(last=False)


def _cause(error: Exception) -> BaseException:
    """The driver's own error, where SQLAlchemy has wrapped it."""
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _name(error: Exception) -> str:
    return type(_cause(error)).__name__


def _drop(connection: PoolProxiedConnection | None) -> None:
    """A connection that failed is not trusted again."""
    if connection is not None:
        with suppress(Exception):  # it may be beyond closing; nothing depends on it any more
            connection.invalidate()
        with suppress(Exception):
            connection.close()
