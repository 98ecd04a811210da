"""What a driver's error means to those who send, read and run the server."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from app.models.failure import HAPPENED, TO_DO, Failure, failure_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.failure import Reason


def sqlite_error(*statements: str, file: Path, second: str = "") -> sqlite3.Error:
    """What a real SQLite says to the last of these statements."""
    other = sqlite3.connect(file, isolation_level=None)
    mine = sqlite3.connect(file, isolation_level=None, timeout=0)
    try:
        if second:
            other.execute(second)
        *before, last = statements
        for statement in before:
            mine.execute(statement)
        with pytest.raises(sqlite3.Error) as caught:
            mine.execute(last)
        return caught.value
    finally:
        mine.close()
        other.close()


def test_sqlite_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    create = "CREATE TABLE t (x BLOB)"
    full = sqlite_error(
        create, "PRAGMA max_page_count=2", "INSERT INTO t VALUES (zeroblob(99999))", file=file
    )
    locked = sqlite_error("BEGIN IMMEDIATE", file=file, second="BEGIN IMMEDIATE")
    read_only = sqlite_error("PRAGMA query_only=ON", "DROP TABLE t", file=file)
    assert failure_of(full) == Failure("disk_full")
    assert failure_of(locked) == Failure("database_locked")
    assert failure_of(read_only) == Failure("database_unwritable")
    (tmp_path / "b.db").write_bytes(b"no database at all" * 100)
    none = sqlite_error("PRAGMA user_version=1", file=tmp_path / "b.db")
    assert failure_of(none) == Failure("database_gone")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (psycopg.OperationalError("the connection is lost"), "database_gone"),
        (psycopg.errors.AdminShutdown(), "database_gone"),
        (psycopg.errors.CannotConnectNow(), "database_gone"),
        (psycopg.errors.ConnectionFailure(), "database_gone"),
        (psycopg.errors.LockNotAvailable(), "database_locked"),
        (psycopg.errors.DiskFull(), "disk_full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "database_unwritable"),
        (psycopg.errors.IoError(), "database_unwritable"),
        (psycopg.errors.OutOfMemory(), "database_unwritable"),
    ],
)
def test_postgresql_says_what_is_wrong(error: psycopg.Error, reason: Reason) -> None:
    assert failure_of(error) == Failure(reason)
    assert failure_of(OperationalError("SELECT 1", {}, error)) == Failure(reason)


def test_what_no_driver_said_is_a_database_that_is_gone() -> None:
    assert failure_of(DBAPIError("SELECT 1", {}, OSError("cut"))) == Failure("database_gone")


def test_everybody_is_told_what_happened_what_was_lost_and_what_to_do() -> None:
    assert HAPPENED.keys() == TO_DO.keys()
    for reason, happened in HAPPENED.items():
        failure = Failure(reason)
        assert f"Nothing was stored: {happened}" in failure.to_sender
        assert "under the same ids" in failure.to_sender
        assert f"Nothing was changed: {happened}" in failure.to_reader
        assert TO_DO[reason] in failure.to_operator
        assert "lost" in failure.to_operator
