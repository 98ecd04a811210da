"""Reads beside the scribe: a read-only connection each, in worker threads, never inside the
scribe's transaction.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.errors import StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")
READERS: Final = 4  # a board, a state and a list may be read while another waits


class Reader:
    """Runs query functions; each gets a connection that cannot write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="slow-reader")

    @property
    def url(self) -> str:
        """The whole address, for a process of our own that reads beside this one."""
        return self._engine.url.render_as_string(hide_password=False)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """The query's answer; raises what it raises, StorageUnavailable if the database does not
        answer.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, query)

    async def read_slowly(self, query: Callable[[Connection], T]) -> T:
        """As `read`, for a query over a whole session: one at a time, so that neither the sweep nor
        a screen that joins waits behind such queries.
        """
        return await asyncio.get_running_loop().run_in_executor(self._slow, self._read, query)

    def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as db, db.begin():
                return query(db)
        except SQLAlchemyError as error:
            raise StorageUnavailable(
                "The database does not answer; nothing was changed. Try again in a moment."
            ) from error

    def stop(self) -> None:
        for pool in (self._pool, self._slow):
            pool.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()
