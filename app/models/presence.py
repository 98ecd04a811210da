"""Several processes on one PostgreSQL database: is any of them at work?

Each holds an advisory lock that all may share, on a connection of its own: the database lets go of
it when the process ends, however it ends. Who gets the lock alone is the first.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import psycopg

from app.models.notify import CONNECT_S, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

LOCK: Final = 0x696E6675  # "infu"; of this database only
DEAD_S: Final = 3  # a host that lost its power holds no lock for longer than some of these
OPTIONS: Final = (
    "-c lock_timeout=3s"
    f" -c tcp_keepalives_idle={DEAD_S} -c tcp_keepalives_interval={DEAD_S}"
    " -c tcp_keepalives_count=2"
)

Db = psycopg.Connection[tuple[object, ...]]


class Presence:
    """Held from `enter` until `leave`; used by one thread at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._db: Db | None = None

    @contextmanager
    def enter(self) -> Iterator[tuple[Db, bool]]:
        """A connection, and true if no other process was at work; while the block runs nobody else
        enters who would be told so.
        """
        db = self._connect()
        row = db.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        alone = row is not None and row[0] is True
        self._share(db)  # beside the lock alone; without it: waits until the first has begun
        try:
            yield db, alone
        except BaseException:
            self.leave()
            raise
        if alone:
            db.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))

    def keep(self) -> Db:
        """The connection, made anew if it broke; raises psycopg.Error."""
        if self._db is not None:
            try:
                self._db.execute("SELECT 1")
            except psycopg.Error:
                log.warning("the connection that says this process is at work broke")
                self.leave()
        if self._db is None:
            self._share(self._connect())
        assert self._db is not None
        return self._db

    def leave(self) -> None:
        """The others see that this process is gone."""
        if self._db is not None:
            with suppress(psycopg.Error):
                self._db.close()
            self._db = None

    def _connect(self) -> Db:
        self._db = psycopg.connect(
            plain(self._url), autocommit=True, connect_timeout=CONNECT_S, options=OPTIONS
        )
        return self._db

    def _share(self, db: Db) -> None:
        try:
            db.execute("SELECT pg_advisory_lock_shared(%s)", (LOCK,))
        except psycopg.Error:
            self.leave()
            raise
