"""The store: one scribe to write, one reader to read, and how fresh the sweep is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app.clock import go_on_from, monotonic_s, now_ms
from app.models.chain import Chain, load_key
from app.models.database import connect, epoch, is_sqlite, migrate, normalise
from app.models.log_key import NAME as KEY_NAME
from app.models.log_key import check as log_key_fits
from app.models.private import private_dir
from app.models.reader import Reader
from app.models.scribe import Scribe
from app.models.tables import event, meta
from app.models.watch import Watch, last_alive

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from app.models.committed import CommittedBatch, OnCommit
    from app.models.watch import Gap

log = logging.getLogger(__name__)

KEY_FILE: Final = "log.key"


def _nobody(_batch: CommittedBatch) -> None:
    """The listener of a store that no feed hangs on."""


class LogKeyMissing(Exception):
    """A log without the key that it was made with could only be gone on with by another chain."""


def _has_a_key(engine: Engine) -> bool:
    """Whether this database's logs were begun, with or without an event: its first server says in
    `meta` which key they are made with.
    """
    with engine.connect() as db:
        return (
            db.execute(select(meta.c.name).where(meta.c.name == KEY_NAME)).first() is not None
            or db.execute(select(event.c.key).limit(1)).first() is not None
        )


def _shared_watch(url: str, engine: Engine) -> Watch:
    from psycopg import Error  # an extra, like all of PostgreSQL

    from app.models.shared_watch import SharedWatch

    try:
        return SharedWatch.begin(url, engine, now_ms())
    except Error as error:
        raise ConnectionError("the database does not answer") from error


class Store:
    """Everything that is kept. `start` before use, `stop` after."""

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        chain: Chain,
        epoch: str,
        on_commit: OnCommit,
        *,
        watch: Watch | None = None,
        calling: bool = False,
        training: bool = False,
    ) -> None:
        self.epoch = epoch
        self.reader = reader
        self.together = watch is not None  # other processes may serve this database too
        self._watch = watch or Watch(last_alive(engine))
        self.scribe = Scribe(
            engine, chain, on_commit, self._watch, calling=calling, training=training
        )
        self._engine = engine
        self._chain = chain
        self._swept_at = monotonic_s()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        data_dir: Path,
        on_commit: OnCommit = _nobody,
        log_key: str | None = None,
        migrating: bool | None = None,
        calling: bool = False,
        training: bool = False,
        together: bool = False,
    ) -> Store:
        """Opens the database at `url`. An SQLite file is migrated by itself; PostgreSQL only if
        `migrating` says so. With `calling`, calls for help are written down to be sent. With
        `training`, simulated sessions call as real ones do. `together`: other processes may serve
        this PostgreSQL database too.
        """
        url = normalise(url)
        private_dir(data_dir)
        if migrating if migrating is not None else is_sqlite(url):
            migrate(url)
        engine = connect(url, pool_size=1)
        key_file = data_dir / KEY_FILE
        if log_key is None and not key_file.exists() and _has_a_key(engine):
            engine.dispose()
            raise LogKeyMissing(
                f"The database has a log, and its key {key_file} is gone: bring it back from the"
                " backup, or set INFUSION_LOG_KEY. Nothing was changed."
            )
        chain = Chain(load_key(key_file, log_key))
        try:
            if (last := last_alive(engine)) is not None and not go_on_from(last):
                log.error("the log ends more than a day ahead of this machine's clock")
            log_key_fits(engine, chain)
            watch = _shared_watch(url, engine) if together else None
        except BaseException:
            engine.dispose()
            raise
        reader = Reader(connect(url, read_only=True))
        return cls(
            engine,
            reader,
            chain,
            epoch(engine),
            on_commit,
            watch=watch,
            calling=calling,
            training=training,
        )

    def start(self) -> None:
        self.scribe.start()

    def stop(self) -> None:
        """Writes what is waiting and closes every connection."""
        self.scribe.stop()
        self._watch.leave()
        self.reader.stop()
        self._engine.dispose()

    async def proven(
        self,
        function: Callable[..., Any],
        *args: Any,
        by: Callable[..., Awaitable[Any]] | None = None,
    ) -> Any:
        """As `reader.apart`, of `function(db, chain, *args)`: what needs the log's key to say
        whether a log holds. `by` asks another process than that one.
        """
        return await (by or self.reader.apart)(function, self._chain, *args)

    def derived_key(self, label: bytes) -> Chain:
        """A key of its own for each label, made of the log's and as secret."""
        return self._chain.derived(label)

    @property
    def commit_ok(self) -> bool:
        """False when the last commit that was tried failed."""
        return self.scribe.commit_ok

    @property
    def scribe_queue(self) -> tuple[int, int]:
        """Submissions waiting, of people and of devices."""
        return self.scribe.waiting

    @property
    def gap(self) -> Gap | None:
        """The last time in which nobody watched, None if there was none since this database was
        made.
        """
        return self._watch.gap

    def swept(self) -> None:
        """The sweeper has just looked at all that is due."""
        self._swept_at = monotonic_s()

    def sweep_age_s(self) -> float:
        """Seconds since the sweeper last looked at all that is due."""
        return monotonic_s() - self._swept_at
