"""Reads beside the scribe, never inside its transaction: small ones in worker threads with a
read-only connection each, those over whole histories in a process of their own.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.errors import StorageUnavailable
from app.models.apart import Apart
from app.models.failure import Failure, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")
SHORT: Final = 200  # rows; to make so many into JSON takes a millisecond or two
SLOW_S: Final = 120.0  # the report of the longest session takes some ten seconds
READERS: Final = 4  # a board, a state and a list may be read while another waits


class Reader:
    """Runs query functions; each gets a connection that cannot write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.last_failure: Failure | None = None
        """Why the last query failed, None if it did not."""
        self._apart = Apart(self.url)
        self._slow = Apart(self.url, limit_s=SLOW_S)

    @property
    def url(self) -> str:
        """The whole address, for a process of our own that reads beside this one."""
        return self._engine.url.render_as_string(hide_password=False)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """The query's answer; raises what it raises, StorageUnavailable if the database does not
        answer.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, query)

    async def apart(self, function: Callable[..., Any], *args: Any) -> Any:
        """What `function(db, *args)` answers in a process of its own, where it costs the server no
        time: bytes if it makes the whole answer. Function, arguments and answer go by pickle.

        Raises the DomainErrors that it raises, Busy if too many wait, StorageUnavailable.
        """
        return await self._apart.ask(function, *args)

    async def slow(self, function: Callable[..., Any], *args: Any) -> Any:
        """As `apart`, in another process, for what takes seconds: nobody's timeline waits for it.
        The process is there from the first such question on.
        """
        return await self._slow.ask(function, *args)

    async def page(self, query: Callable[[Connection], T], limit: int) -> T:
        """A page of a list: a short one here, a long one apart."""
        if limit <= SHORT:
            return await self.read(query)
        answer: T = await self.apart(query)
        return answer

    def warm(self) -> None:
        """The first that reads apart need not wait until there is a process to do it."""
        self._apart.warm()

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as db, db.begin():
                answer = query(db)
        except SQLAlchemyError as error:
            self.last_failure = failure = failure_of(error)
            raise StorageUnavailable(failure.to_reader) from error
        self.last_failure = None
        return answer

    def stop(self) -> None:
        self._apart.stop()
        self._slow.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()
