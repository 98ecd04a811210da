"""What is restored is what was there, from either database into either."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from alembic import command

from app.backup.errors import CannotBackUp
from app.models.access_log import Entry
from app.models.database import migrate
from app.models.migrations import downgrade
from app.models.store import KEY_FILE
from tests.audit.book import NURSE, appended, checked, kinds, written
from tests.backup.places import a_clinic, archive_of, contents, restored, without_traces
from tests.models.test_migrations import alembic_of
from tests.models.ward import admit, broken_at, check_log, infusing, record

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.store import Store
    from tests.models.databases import Database, OpenStore


async def test_a_clinic_is_restored_and_goes_on(
    database: Database, store: Store, target: Database, tmp_path: Path, open_store: OpenStore
) -> None:
    sessions = await a_clinic(database, store)
    before, epoch = contents(database), store.epoch
    manifest = archive_of(database, tmp_path / "clinic.zip")
    assert manifest.contents == before
    assert manifest.epoch == epoch
    restored(tmp_path / "clinic.zip", target, database)
    assert without_traces(contents(target)) == without_traces(before)

    again = open_store(target)
    assert again.epoch != epoch
    for session_id in sessions:
        await check_log(again, target, session_id)
        await record(again, session_id, hr=88)
    new = await infusing(again)  # its key is one that nobody has
    await check_log(again, target, new)
    told = ["backup.restored"] + ["token.revoked"] * 8 + ["patient.created"]
    assert kinds(target) == ["patient.created"] * 2 + ["signed_in"] * 3 + told
    assert checked(target).holds


async def test_everybody_must_sign_in_again(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    await a_clinic(database, store)
    assert database.ask("SELECT count(*) FROM sign_in WHERE ended_at IS NULL") != [(0,)]
    archive_of(database, tmp_path / "clinic.zip")
    restored(tmp_path / "clinic.zip", target, database)
    assert target.ask("SELECT count(*) FROM sign_in WHERE ended_at IS NULL") == [(0,)]
    assert {why for (why,) in target.ask("SELECT ended_why FROM sign_in")} == {"restored"}


async def test_no_token_of_the_backup_holds(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    """One that was revoked since would hold again."""
    await a_clinic(database, store)
    database.ask("UPDATE token SET revoked_at = 1 WHERE key = 1")
    held = "SELECT id, name, prefix FROM token WHERE revoked_at IS NULL ORDER BY key"
    before = database.ask(held)
    archive_of(database, tmp_path / "clinic.zip")
    restored(tmp_path / "clinic.zip", target, database)
    assert target.ask(held) == []
    assert target.ask("SELECT revoked_at FROM token WHERE key = 1") == [(1,)]
    told = [data for _, kind, _, data in written(target) if kind == "token.revoked"]
    assert [(data["token_id"], data["name"], data["prefix"]) for data in told] == before
    assert checked(target).holds


async def test_tokens_are_kept_where_that_is_asked(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    await a_clinic(database, store)
    archive_of(database, tmp_path / "clinic.zip")
    restored(tmp_path / "clinic.zip", target, database, keep_tokens=True)
    assert contents(target)["token"] == contents(database)["token"]
    assert "token.revoked" not in kinds(target)


async def test_an_empty_database_may_have_been_started_once(
    database: Database, store: Store, target: Database, tmp_path: Path, open_store: OpenStore
) -> None:
    sessions = await a_clinic(database, store)
    archive_of(database, tmp_path / "clinic.zip")
    (target.data_dir / KEY_FILE).write_text((database.data_dir / KEY_FILE).read_text())
    open_store(target).stop()
    restored(tmp_path / "clinic.zip", target, database)
    assert [broken_at(target, session_id) for session_id in sessions] == [None, None]


async def test_a_database_that_holds_something_is_left_alone(
    database: Database, store: Store, target: Database, tmp_path: Path, open_store: OpenStore
) -> None:
    await a_clinic(database, store)
    archive_of(database, tmp_path / "clinic.zip")
    (target.data_dir / KEY_FILE).write_text((database.data_dir / KEY_FILE).read_text())
    other = open_store(target)
    await admit(other)
    before = contents(target)
    with pytest.raises(CannotBackUp, match=r"is not empty: .*infusion_session"):
        restored(tmp_path / "clinic.zip", target, database)
    assert contents(target) == before


async def test_an_archive_of_an_older_schema_is_restored_and_brought_up(
    database: Database, target: Database, tmp_path: Path, open_store: OpenStore
) -> None:
    store = open_store(database)
    session_id = await infusing(store)
    store.stop()
    command.downgrade(alembic_of(database), "0003")
    database.ask("DELETE FROM meta WHERE name = 'access_log'")  # it was never begun there
    manifest = archive_of(database, tmp_path / "clinic.zip")
    assert manifest.revision == "0003"
    assert "sign_in" not in manifest.contents
    restored(tmp_path / "clinic.zip", target, database)
    await check_log(open_store(target), target, session_id)
    assert kinds(target) == ["backup.restored"]


async def test_texts_of_every_kind_come_back_as_they_were(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    odd = "a\tb\nc\\N\\.\"',\N{SNOWMAN}\N{PILE OF POO} \\x41 %s ? NULL"
    await appended(
        store, *(Entry("pin.changed", NURSE, data={"odd": odd, "n": n}) for n in range(3))
    )
    database.ask("INSERT INTO meta (name, value) VALUES ('odd', ?)", [odd])
    database.ask("INSERT INTO meta (name, value) VALUES ('', '')")
    archive_of(database, tmp_path / "clinic.zip")
    restored(tmp_path / "clinic.zip", target, database)
    assert target.ask("SELECT value FROM meta WHERE name = 'odd'") == [(odd,)]
    assert target.ask("SELECT value FROM meta WHERE name = ''") == [("",)]
    assert checked(target).holds


async def test_a_backup_is_one_moment(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    """Readings go on while it is made: what is in it fits together."""
    sessions = await a_clinic(database, store)
    before = {s: len(await check_log(store, database, s)) for s in sessions}
    ended = asyncio.Event()

    async def goes_on(session_id: str) -> None:
        while not ended.is_set():
            await record(store, session_id, hr=90)

    tasks = [asyncio.create_task(goes_on(session_id)) for session_id in sessions]
    await asyncio.to_thread(archive_of, database, tmp_path / "clinic.zip")
    ended.set()
    await asyncio.gather(*tasks)
    await asyncio.to_thread(restored, tmp_path / "clinic.zip", target, database)
    for session_id in sessions:
        assert broken_at(target, session_id) is None
        ((seq,),) = target.ask("SELECT seq FROM infusion_session WHERE id = ?", [session_id])
        ((last,),) = database.ask("SELECT seq FROM infusion_session WHERE id = ?", [session_id])
        assert before[session_id] <= seq <= last


def test_taking_the_tables_away_leaves_an_empty_database(database: Database) -> None:
    migrate(database.url)
    downgrade(database.url)
    migrate(database.url)
    assert all(content.rows == 0 for content in contents(database).values())
