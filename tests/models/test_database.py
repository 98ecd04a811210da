"""What an opened database is: on disk at once, its owner's alone, and known by its epoch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, text

from app.errors import StorageUnavailable
from app.models.database import connect, epoch, migrate
from app.models.store import Store
from tests.models.databases import Database
from tests.models.ward import admit, patient

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.unit import Item
    from tests.models.databases import OpenStore


def pragma(cursor: Any, name: str) -> Any:
    return cursor.execute(f"PRAGMA {name}").fetchone()[0]


async def test_the_scribe_of_a_file_syncs_every_commit(
    sqlite: Database, open_store: OpenStore
) -> None:
    def look(item: Item) -> dict[str, Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return {name: pragma(item.cursor, name) for name in names}

    found = await open_store(sqlite).scribe.submit(look)
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}


async def test_a_reader_cannot_write(database: Database, open_store: OpenStore) -> None:
    store = open_store(database)

    def write(db: Connection) -> None:
        db.execute(text("INSERT INTO meta (name, value) VALUES ('graffito', '')"))

    with pytest.raises(StorageUnavailable):
        await store.reader.read(write)
    assert database.ask("SELECT * FROM meta WHERE name = 'graffito'") == []


async def test_the_reads_of_one_answer_see_one_moment(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    await patient(store)
    count = text("SELECT count(*) FROM patient")

    def look_twice(db: Connection) -> tuple[int, int]:
        before = db.execute(count).scalar_one()
        database.ask(
            "INSERT INTO patient (id, code, initials, created_at, actor, digest)"
            " VALUES ('another', 'P-other', 'X.', 0, '{}', ?)",
            [b""],
        )
        return before, db.execute(count).scalar_one()

    assert await store.reader.read(look_twice) == (1, 1)
    assert database.ask("SELECT count(*) FROM patient") == [(2,)]


async def test_the_file_is_its_owners_alone(sqlite: Database, open_store: OpenStore) -> None:
    sqlite.file.unlink()  # the program makes it
    await admit(open_store(sqlite))
    files = [sqlite.file, *sqlite.file.parent.glob(f"{sqlite.file.name}-*")]
    assert len(files) == 3  # with the log and its index
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3


def test_an_epoch_outlives_restarts_and_is_new_in_a_new_database(
    database: Database, tmp_path: Path
) -> None:
    def epoch_of(database: Database) -> str:
        store = Store.open(database.url, data_dir=database.data_dir, migrating=True)
        store.start()
        store.stop()
        return store.epoch

    first = epoch_of(database)
    assert epoch_of(database) == first
    other = Database(f"sqlite:///{tmp_path / 'other' / 'ward.db'}", tmp_path / "other")
    assert epoch_of(other) != first


def test_processes_that_start_at_once_agree_on_the_epoch(database: Database) -> None:
    migrate(database.url)
    together = Barrier(4)

    def start(_: int) -> str:
        engine = connect(database.url, pool_size=1)
        try:
            with engine.connect():
                together.wait()
            return epoch(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
