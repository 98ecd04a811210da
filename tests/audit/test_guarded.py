"""The logs are only added to: the database refuses the rest, and what is done all the same is
found.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.models.access_log import Entry
from app.models.store import KEY_FILE, LogKeyMissing
from tests.audit.book import NURSE, appended, checked, kinds, write_some
from tests.models.ward import broken_at, infusing
from tests.support.people import provision

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

REFUSED = "is only added to: nothing in it is changed or removed"
KEPT = "SELECT value FROM meta WHERE name = 'access_log'"


@pytest.mark.parametrize("table", ["event", "access_log"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET data = '{{}}'", "DELETE FROM {}"])
async def test_the_database_refuses_to_change_a_log(
    database: Database, store: Store, table: str, statement: str
) -> None:
    await infusing(store)
    await write_some(store, 1)
    before = database.ask(f"SELECT * FROM {table}")
    with pytest.raises(Exception, match=f"{table} {REFUSED}"):
        database.ask(statement.format(table))
    assert database.ask(f"SELECT * FROM {table}") == before


async def test_sqlite_replaces_no_entry(sqlite: Database, open_store: OpenStore) -> None:
    store = open_store(sqlite)
    await write_some(store, 2)
    before = sqlite.ask("SELECT * FROM access_log")
    for verb in ("REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"):
        with pytest.raises(sqlite3.IntegrityError, match=f"access_log {REFUSED}"):
            sqlite.ask(f"{verb} INTO access_log SELECT * FROM access_log WHERE seq = 1")
    assert sqlite.ask("SELECT * FROM access_log") == before
    await write_some(store, 1)
    assert checked(sqlite).holds


async def test_an_event_that_was_replaced_is_found(sqlite: Database, open_store: OpenStore) -> None:
    """The database does not refuse it: that would cost every event."""
    session_id = await infusing(open_store(sqlite))
    sqlite.ask(
        "REPLACE INTO event SELECT key, session_key, seq, kind, at + 1, recorded_at, actor, data,"
        " hash FROM event WHERE seq = 2"
    )
    assert broken_at(sqlite, session_id) == 2


@pytest.mark.parametrize("table", ["event", "access_log"])
async def test_the_server_refuses_to_empty_a_log(
    postgres: Database, open_store: OpenStore, table: str
) -> None:
    open_store(postgres)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=REFUSED):
        postgres.ask(f"TRUNCATE {table} CASCADE")


CHANGES = (
    "at = at + 1",
    "kind = 'signed_out'",
    "who = 'somebody'",
    "actor = replace(actor, 'Nora', 'Nina')",
    "credential = 'sign_in:x'",
    "credential = NULL",
    "session_id = 'x'",
    "patient_id = 'x'",
    "data = replace(data, 'false', 'true')",
    "hash = (SELECT hash FROM access_log WHERE seq = 3)",
    "seq = 100",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_entry_is_found(database: Database, store: Store, change: str) -> None:
    await write_some(store)
    assert checked(database).holds
    database.forge(f"UPDATE access_log SET {change} WHERE seq = 4")
    assert checked(database).broken == 4


async def test_a_removed_entry_is_found(database: Database, store: Store) -> None:
    await write_some(store)
    database.forge("DELETE FROM access_log WHERE seq = 4")
    assert checked(database).broken == 4


async def test_an_entry_put_in_between_is_found(database: Database, store: Store) -> None:
    await write_some(store)
    for seq in range(10, 4, -1):
        database.forge(f"UPDATE access_log SET seq = {seq + 1} WHERE seq = {seq}")
    columns = "at, kind, who, actor, credential, session_id, patient_id, data, hash"
    database.forge(
        f"INSERT INTO access_log (seq, {columns}) SELECT 5, {columns} FROM access_log WHERE seq = 4"
    )
    assert checked(database).broken == 5


async def test_a_cut_off_end_is_found(database: Database, store: Store) -> None:
    await write_some(store)
    database.forge("DELETE FROM access_log WHERE seq > 6")
    found = checked(database)
    assert (found.broken, found.end.seq, found.cut) == (None, 6, True)
    assert found.kept is not None
    assert found.kept.seq == 10


async def test_a_log_that_was_emptied_is_found(database: Database, store: Store) -> None:
    await write_some(store)
    database.forge("DELETE FROM access_log")
    assert checked(database).cut


async def test_a_log_that_was_emptied_with_its_end_is_found_while_anybody_is_there(
    database: Database, store: Store
) -> None:
    assert checked(database).holds  # of a clinic that has not begun
    provision(database.url, database.data_dir)
    await write_some(store)
    database.forge("DELETE FROM access_log")
    database.forge("DELETE FROM meta WHERE name = 'access_log'")
    for table in ("sign_in", "token", "user_account"):
        assert checked(database).emptied
        assert not checked(database).holds
        database.ask(f"DELETE FROM {table}")
    assert checked(database).holds


MADE_UP = ("", "6:ab", "nonsense", "6:{hash}:00", "6:{hash}:" + "00" * 32)


@pytest.mark.parametrize("kept", MADE_UP)
async def test_an_end_that_was_made_up_is_found(
    database: Database, store: Store, kept: str
) -> None:
    await write_some(store)
    database.forge("DELETE FROM access_log WHERE seq > 6")
    ((hash,),) = database.ask("SELECT hash FROM access_log WHERE seq = 6")
    value = kept.format(hash=bytes(hash).hex())
    database.forge("UPDATE meta SET value = ? WHERE name = 'access_log'", [value])
    assert not checked(database).holds


async def test_the_server_goes_on_and_says_that_the_end_was_cut(
    database: Database, store: Store
) -> None:
    await write_some(store)
    database.forge("DELETE FROM access_log WHERE seq > 6")
    await write_some(store, 2)
    assert kinds(database)[6:] == ["log.broken", "signed_in", "signed_in"]
    found = checked(database)
    assert (found.broken, found.cut, found.told) == (None, False, [7])
    assert not found.holds


async def test_an_end_that_once_was_needs_a_head_kept_elsewhere(
    database: Database, store: Store
) -> None:
    """Who copies the database back to an earlier moment is not found by it alone."""
    await write_some(store, 6)
    ((kept,),) = database.ask(KEPT)
    await write_some(store, 4)
    head = checked(database).end
    database.forge("DELETE FROM access_log WHERE seq > 6")
    database.forge("UPDATE meta SET value = ? WHERE name = 'access_log'", [kept])
    found = checked(database)
    assert found.holds
    assert found.end != head


@pytest.mark.parametrize("begun", [False, True])
async def test_a_log_without_an_event_needs_its_key_too(
    database: Database, open_store: OpenStore, begun: bool
) -> None:
    store = open_store(database)
    if begun:
        await write_some(store, 1)
    store.stop()
    file = database.data_dir / KEY_FILE
    key = file.read_text()
    file.unlink()
    with pytest.raises(LogKeyMissing, match=r"log\.key is gone"):
        open_store(database)
    assert not file.exists()  # a new one would be taken for the right one
    file.write_text(key)
    open_store(database)


async def test_an_event_is_no_entry_and_another_key_finds_all_broken(
    database: Database, store: Store
) -> None:
    await appended(store, Entry("signed_in", NURSE))
    (database.data_dir / KEY_FILE).write_text("ab" * 32)
    assert checked(database).broken == 1
    assert checked(database).kept is None
