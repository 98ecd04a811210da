"""The chain: whoever changes the log without the key is found out, and where."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.errors import UnknownSession
from app.models.chain import load_key
from app.models.store import KEY_FILE
from tests.models.ward import broken_at, infusing, record

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

OF_SESSION = "session_key = (SELECT key FROM infusion_session WHERE id = ?)"


async def charted(store: Store) -> str:
    """A session with a dozen events."""
    session_id = await infusing(store)
    for hr in (80, 84, 88, 92, 96, 99):
        await record(store, session_id, hr=hr)
    return session_id


async def test_an_untouched_log_holds(database: Database, store: Store) -> None:
    for session_id in (await charted(store), await charted(store)):
        assert broken_at(database, session_id) is None


CHANGES = (
    "data = replace(data, '84', '64')",
    "at = at + 1",
    "recorded_at = recorded_at - 1",
    "actor = replace(actor, 'local', 'other')",
    "kind = 'alarm.cleared'",
    "seq = seq + 100",
)


async def test_a_changed_event_is_found(database: Database, store: Store) -> None:
    for change in CHANGES:
        session_id = await charted(store)
        ((seq,),) = database.ask(
            f"SELECT seq FROM event WHERE {OF_SESSION} AND data LIKE ?", [session_id, '%"hr":84%']
        )
        database.forge(
            f"UPDATE event SET {change} WHERE {OF_SESSION} AND seq = ?", [session_id, seq]
        )
        assert broken_at(database, session_id) == seq, change


async def test_a_removed_event_is_found(database: Database, store: Store) -> None:
    session_id = await charted(store)
    database.forge(f"DELETE FROM event WHERE {OF_SESSION} AND seq = 5", [session_id])
    assert broken_at(database, session_id) == 5


async def test_a_cut_off_end_is_found(database: Database, store: Store) -> None:
    session_id = await charted(store)
    database.forge(f"DELETE FROM event WHERE {OF_SESSION} AND seq > 9", [session_id])
    assert broken_at(database, session_id) == 10


async def test_swapped_events_are_found(database: Database, store: Store) -> None:
    session_id = await charted(store)
    for was, becomes in ((7, 1_000), (8, 7), (1_000, 8)):
        database.forge(
            f"UPDATE event SET seq = ? WHERE {OF_SESSION} AND seq = ?", [becomes, session_id, was]
        )
    assert broken_at(database, session_id) == 7


async def test_an_added_event_is_found(database: Database, store: Store) -> None:
    session_id = await charted(store)
    ((last,),) = database.ask(f"SELECT max(seq) FROM event WHERE {OF_SESSION}", [session_id])
    database.ask(
        "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash)"
        f" SELECT session_key, seq + 1, kind, at, recorded_at, actor, data, hash FROM event"
        f" WHERE {OF_SESSION} AND seq = ?",
        [session_id, last],
    )
    assert broken_at(database, session_id) == last + 1


async def test_an_event_of_another_session_does_not_fit(database: Database, store: Store) -> None:
    session_id, other = await charted(store), await charted(store)
    for column in ("data", "actor", "hash", "at", "recorded_at"):
        database.forge(
            f"UPDATE event SET {column} ="
            f" (SELECT {column} FROM event WHERE {OF_SESSION} AND seq = 6)"
            f" WHERE {OF_SESSION} AND seq = 6",
            [other, session_id],
        )
    assert broken_at(database, session_id) == 6
    assert broken_at(database, other) is None


def test_there_is_nothing_to_say_of_an_unknown_session(database: Database, store: Store) -> None:
    with pytest.raises(UnknownSession):
        broken_at(database, "00000000-0000-7000-8000-000000000000")


async def test_another_key_finds_every_log_broken(database: Database, store: Store) -> None:
    session_id = await charted(store)
    (database.data_dir / KEY_FILE).write_text("ab" * 32)
    assert broken_at(database, session_id) == 1


async def test_the_key_is_its_owners_alone_and_not_in_the_database(
    sqlite: Database, open_store: OpenStore
) -> None:
    await charted(open_store(sqlite))
    file = sqlite.data_dir / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    key = load_key(file, None)
    assert len(key) == 32
    for part in sqlite.file.parent.glob(f"{sqlite.file.name}*"):
        stored = part.read_bytes()
        assert key not in stored
        assert key.hex().encode() not in stored


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_key(tmp_path / "new" / KEY_FILE, None), range(8)))
    assert keys == {load_key(tmp_path / "new" / KEY_FILE, None)}
    assert [file.name for file in (tmp_path / "new").iterdir()] == [KEY_FILE]


def test_a_key_of_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert load_key(tmp_path / KEY_FILE, "cd" * 32) == bytes.fromhex("cd" * 32)
    assert not (tmp_path / KEY_FILE).exists()
