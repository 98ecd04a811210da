"""Both databases, and stores on them that end with the test."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import pytest
from sqlalchemy import make_url

from app.models.database import migrate
from app.models.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.models.committed import CommittedBatch

SQLITE = "sqlite"
FILE = "ward.db"
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)


@dataclass(frozen=True)
class Database:
    """One database; `data_dir` holds the key of its log."""

    url: str
    data_dir: Path

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        return Path(make_url(self.url).database or "")

    def second_hand(self) -> Any:
        """A driver's own connection beside the program's, in autocommit mode."""
        if self.is_sqlite:
            return sqlite3.connect(self.file, isolation_level=None)
        plain = make_url(self.url).set(drivername="postgresql")
        return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """What another connection sees or does; `?` marks a value."""
        connection = self.second_hand()
        try:
            statement = statement if self.is_sqlite else statement.replace("?", "%s")
            cursor = connection.execute(statement, tuple(values))
            return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def forge(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """As `ask`, by somebody who has the database and drops what guards its logs first."""
        for table in ("event", "access_log"):
            if self.is_sqlite:
                for what in ("update", "delete", "replace"):
                    self.ask(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
            else:
                self.ask(f"DROP TRIGGER IF EXISTS {table}_only_added_to ON {table}")
        return self.ask(statement, values)


class OpenStore(Protocol):
    """Open a store and start its scribe; called twice, as a second process would."""

    def __call__(
        self,
        database: Database,
        *,
        commits: list[CommittedBatch] | None = None,
        calling: bool = False,
        training: bool = False,
    ) -> Store: ...


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database of each kind, with all tables and nothing in them."""
    if request.param == SQLITE:
        return migrated(tmp_path)
    return Database(request.getfixturevalue("migrated_postgres"), tmp_path)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database of each kind without tables: before the first start of the program."""
    if request.param == SQLITE:
        return Database(f"sqlite:///{tmp_path / FILE}", tmp_path)
    return Database(request.getfixturevalue("postgres_database"), tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return migrated(tmp_path)


@pytest.fixture
def postgres(migrated_postgres: str, tmp_path: Path) -> Database:
    return Database(migrated_postgres, tmp_path)


def migrated(folder: Path) -> Database:
    """An SQLite file as the migrations leave it."""
    (folder / FILE).write_bytes(_migrated())
    return Database(f"sqlite:///{folder / FILE}", folder)


@cache
def _migrated() -> bytes:
    """Made once: the migrations take longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        migrate(f"sqlite:///{file}")  # closing the last connection ends its log
        return file.read_bytes()


@pytest.fixture
def open_store() -> Iterator[OpenStore]:
    opened: list[Store] = []

    def open(
        database: Database,
        *,
        commits: list[CommittedBatch] | None = None,
        calling: bool = False,
        training: bool = False,
    ) -> Store:
        heard: list[CommittedBatch] = [] if commits is None else commits
        store = Store.open(
            database.url,
            data_dir=database.data_dir,
            on_commit=heard.append,
            migrating=True,
            calling=calling,
            training=training,
        )
        opened.append(store)
        store.start()
        return store

    yield open
    for store in opened:
        store.stop()


@pytest.fixture
def store(database: Database, open_store: OpenStore) -> Store:
    return open_store(database)
