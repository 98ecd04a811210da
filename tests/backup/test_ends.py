"""What is cut off a session while it runs is found, by what the server keeps apart of its end."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import stat
from functools import partial
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from app.access.ends import Ends
from app.errors import Busy
from app.main import create_app
from app.models import ends_file
from app.settings import Settings
from tests.audit.book import kinds, write_some
from tests.backup.places import archive_of, chain_of, run
from tests.backup.signed import KEY, broken, remarks, remove_session_of
from tests.models.databases import migrated
from tests.models.ward import infusing, move_to, record

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

FILE = ends_file.FILE
OTHERS = "of another database, or of this one before it was restored: nothing was compared"


def kept(database: Database) -> dict[str, int]:
    """What the file says."""
    found = ends_file.read(database.data_dir, chain_of(database).derived(ends_file.LABEL))
    return {} if found is None else {id: end.seq for id, end in found.ends.items()}


def ended(database: Database, session_id: str) -> int:
    ((seq,),) = database.ask("SELECT seq FROM infusion_session WHERE id = ?", [session_id])
    return int(seq)


async def a_run(database: Database, store: Store) -> tuple[Ends, str, int]:
    """Of a server that has looked at a session under way."""
    session_id = await infusing(store)
    ends = Ends(store, database.data_dir)
    await ends.keep()
    return ends, session_id, ended(database, session_id)


def cut(database: Database, session_id: str, last: int) -> None:
    """So well that the session's own chain holds, and a server goes on with it."""
    database.forge(f"DELETE FROM event WHERE session_key = {KEY} AND seq > ?", [session_id, last])
    database.ask(
        "UPDATE infusion_session SET seq = ?, head ="
        " (SELECT hash FROM event WHERE session_key = infusion_session.key AND seq = ?)"
        " WHERE id = ?",
        [last, last, session_id],
    )
    database.forge(f"DELETE FROM session_state WHERE session_key = {KEY}", [session_id])


def by_file(session_id: str, seq: int) -> list[str]:
    return [
        f"Session {session_id}: event {seq} is not the one that was kept apart: the log was"
        " changed, cut off or put back since."
    ]


def by_log(session_id: str) -> list[str]:
    return [
        f"Session {session_id}: its log was cut off or put back: the access log noted another end."
    ]


async def test_a_tail_that_was_cut_off_a_running_session_is_named_and_then_noted_for_good(
    database: Database,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ends, one, seq = await a_run(database, store)
    assert kept(database) == {one: seq}
    assert stat.S_IMODE((database.data_dir / FILE).stat().st_mode) == 0o600
    assert broken(database) == broken(database, of=one) == []
    cut(database, one, seq - 1)
    assert broken(database) == broken(database, of=one) == by_file(one, seq)
    said = run(monkeypatch, database, "verify")
    assert (said.exit_code, said.stderr.strip()) == (1, *by_file(one, seq))
    caplog.clear()
    for look in (ends, ends, Ends(store, database.data_dir)):
        await look.keep()
    assert kinds(database).count("session.cut") == 1
    assert [r.levelno for r in caplog.records] == [logging.ERROR], "told once"
    assert kept(database) == {one: seq - 1}, "what is there now is kept as well"
    (database.data_dir / FILE).unlink()
    assert broken(database) == broken(database, of=one) == by_log(one)


async def test_a_log_that_grew_over_the_cut_while_the_server_was_away_is_found_at_its_start(
    sqlite: Database, open_store: OpenStore
) -> None:
    before = open_store(sqlite)
    _, one, seq = await a_run(sqlite, before)
    before.stop()
    cut(sqlite, one, seq - 1)
    after = open_store(sqlite)
    for hr in (71, 72):
        await record(after, one, hr=hr)
    assert broken(sqlite) == broken(sqlite, of=one) == by_file(one, seq)
    ends = Ends(after, sqlite.data_dir)
    await ends.keep()
    assert kept(sqlite) == {one: seq}, "held on to until the access log has it"
    await ends.keep()
    assert kept(sqlite) == {one: ended(sqlite, one)}
    assert broken(sqlite) == by_log(one)


async def test_a_session_that_was_taken_out_while_it_ran_is_named(
    database: Database, store: Store
) -> None:
    ends, one, seq = await a_run(database, store)
    remove_session_of(database, one)
    gone = f"Session {one} is gone: an end of {seq} events was kept apart."
    assert broken(database) == broken(database, of=one) == [gone]
    await ends.keep()
    await ends.keep()
    assert kept(database) == {}
    noted = f"Session {one} is gone: the access log noted {seq} events of it."
    assert broken(database) == [noted]


async def test_what_happens_in_its_order_is_never_called_cut(
    database: Database, open_store: OpenStore
) -> None:
    before = open_store(database)
    ends, one, _ = await a_run(database, before)
    other = await infusing(before)
    await record(before, one, hr=80)
    assert broken(database) == [], "the file is behind the database"
    await ends.keep()
    assert kept(database) == {id: ended(database, id) for id in (one, other)}
    await move_to(before, one, "stopped", "transferred", reason="Unwell")
    assert broken(database) == []
    await ends.keep()
    assert kept(database).keys() == {other}, "the access log has the end of what is closed"
    before.stop()
    after = open_store(database)
    await move_to(after, other, "stopped", "transferred", reason="Unwell")
    await Ends(after, database.data_dir).keep()
    assert (kept(database), broken(database)) == ({}, [])
    assert "session.cut" not in kinds(database)


async def test_a_session_that_only_says_that_it_is_over_is_kept_on(
    sqlite: Database, open_store: OpenStore
) -> None:
    """By hand, so that nobody would look at it any more."""
    store = open_store(sqlite)
    ends, one, seq = await a_run(sqlite, store)
    sqlite.ask("UPDATE infusion_session SET active = false, closed_at = 1 WHERE id = ?", [one])
    await ends.keep()
    assert kept(sqlite) == {one: seq}
    cut(sqlite, one, seq - 2)
    assert broken(sqlite) == by_file(one, seq)


async def test_a_row_that_holds_nonsense_hides_no_other_session(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    ends, one, seq = await a_run(sqlite, store)
    other = await infusing(store)
    await ends.keep()
    sqlite.ask("UPDATE infusion_session SET seq = 'x', head = 5 WHERE id = ?", [one])
    await record(store, other, hr=80)
    await ends.keep()
    assert kept(sqlite) == {one: seq, other: ended(sqlite, other)}
    assert kinds(sqlite)[-1] == "session.cut"


async def test_of_several_processes_none_takes_back_what_another_has_kept(
    postgres: Database, open_store: OpenStore
) -> None:
    stores = [open_store(postgres), open_store(postgres)]
    first, one, seq = await a_run(postgres, stores[0])
    second = Ends(stores[1], postgres.data_dir)
    await second.keep()
    await record(stores[1], one, hr=80)
    await second.keep()
    late = ended(postgres, one)
    assert late > seq
    with (postgres.data_dir / f"{FILE}.lock").open("a") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        await record(stores[0], one, hr=81)
        await first.keep()
        assert kept(postgres) == {one: late}, "one at a time"
    (postgres.data_dir / FILE).unlink()
    cut(postgres, one, late - 1)
    await first.keep()
    assert kept(postgres) == {one: late - 1}, "this one had last looked before"
    for _ in range(2):
        await second.keep()
    assert kinds(postgres)[-1] == "session.cut"
    assert broken(postgres) == by_log(one)


async def test_a_file_that_was_changed_is_said_and_kept_as_evidence(
    sqlite: Database, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite)
    ends, one, seq = await a_run(sqlite, store)
    file = sqlite.data_dir / FILE
    file.write_bytes(file.read_bytes().replace(b'[%d,"' % seq, b'[%d,"' % (seq - 1)))
    (sentence,) = broken(sqlite)
    assert sentence.startswith(f"{file}: the file was changed by another hand")
    assert run(monkeypatch, sqlite, "verify", "--session", one).exit_code == 1
    await ends.keep()
    assert kept(sqlite) == {one: seq}, "the server knows it by heart"
    (aside,) = sqlite.data_dir.glob(f"{FILE}.changed-*")
    (sentence,) = broken(sqlite)
    assert sentence.startswith(f"{aside}: the server found")
    aside.unlink()
    assert broken(sqlite) == []
    file.unlink()
    file.mkdir()
    (sentence,) = broken(sqlite)
    assert "the file cannot be read (IsADirectoryError)" in sentence


async def test_a_file_of_another_database_is_told_apart(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store(sqlite)
    ends, one, _ = await a_run(sqlite, store)
    folder = tmp_path / "another"
    folder.mkdir()
    another = migrated(folder)
    for name in (FILE, "log.key"):
        (folder / name).write_bytes((sqlite.data_dir / name).read_bytes())
    theirs = open_store(another)
    await write_some(theirs, 2)
    assert broken(another) == []
    assert OTHERS in remarks(another)[0]
    await Ends(theirs, folder).keep()
    assert len(list(folder.glob(f"{FILE}.before-*"))) == 1
    assert (broken(another), remarks(another), kinds(another)) == ([], [], ["signed_in"] * 2)
    # Whoever has the database alone cannot say that it is another one.
    sqlite.ask("UPDATE meta SET value = 'another' WHERE name = 'epoch'")
    cut(sqlite, one, 3)
    assert len(broken(sqlite)) == 1
    assert ends


async def test_what_was_kept_before_a_restore_says_nothing_of_what_was_restored(
    sqlite: Database,
    target: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_store: OpenStore,
) -> None:
    store = open_store(sqlite)
    ends, one, _ = await a_run(sqlite, store)
    file = tmp_path / "clinic.zip"
    archive_of(sqlite, file)
    await record(store, one, hr=80)
    await ends.keep()
    for name in (FILE, "log.key"):  # the folder is the one that was served before
        (target.data_dir / name).write_bytes((sqlite.data_dir / name).read_bytes())
    done = run(monkeypatch, target, "restore", str(file))
    (aside,) = target.data_dir.glob(f"{FILE}.before-*")
    assert (done.exit_code, str(aside) in done.output.replace("\n", "")) == (0, True)
    assert (broken(target), remarks(target)) == ([], [])
    # The same where it was restored by way of another host.
    (target.data_dir / FILE).write_bytes(aside.read_bytes())
    assert broken(target) == []
    assert OTHERS in remarks(target)[0]
    await Ends(open_store(target), target.data_dir).keep()
    assert kept(target) == {one: ended(target, one)}
    assert broken(target) == []


async def test_where_nothing_can_be_written_the_server_goes_on_and_says_so_once(
    sqlite: Database, open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(sqlite)
    one = await infusing(store)
    (sqlite.data_dir / f"{FILE}.new").mkdir()
    ends = Ends(store, sqlite.data_dir)
    caplog.clear()
    await ends.keep()
    await record(store, one, hr=80)
    await ends.keep()
    assert [r.getMessage() for r in caplog.records] == [
        "the ends of sessions are not kept (IsADirectoryError)"
    ]
    cut(sqlite, one, 4)
    await ends.keep()
    assert kinds(sqlite)[-1] == "session.cut", "what it holds it finds"
    (sqlite.data_dir / f"{FILE}.new").rmdir()
    await ends.keep()
    assert kept(sqlite) == {one: 4}


async def test_a_cut_is_told_once_and_held_on_to_while_the_access_log_takes_nothing(
    sqlite: Database,
    open_store: OpenStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = open_store(sqlite)
    ends, one, seq = await a_run(sqlite, store)
    cut(sqlite, one, seq - 1)

    async def refuses(_: object) -> None:
        raise Busy("Nothing was stored.")

    caplog.clear()
    with monkeypatch.context() as context:
        context.setattr(store.scribe, "submit", refuses)
        for _ in range(2):
            await ends.keep()
    assert [r.levelno for r in caplog.records] == [logging.ERROR]
    assert (kept(sqlite), broken(sqlite)) == ({one: seq}, by_file(one, seq))
    await ends.keep()
    assert kinds(sqlite)[-1] == "session.cut"


async def test_the_server_keeps_the_ends_from_its_start_to_its_last_moments(
    sqlite: Database, open_store: OpenStore
) -> None:
    before = open_store(sqlite)
    one = await infusing(before)
    before.stop()
    app = create_app(Settings(data_dir=sqlite.data_dir, database_url=sqlite.url))

    async def first_look() -> None:
        while not kept(sqlite):  # noqa: ASYNC110  # the look has no event for it
            await asyncio.sleep(0)

    with TestClient(app) as server:
        assert server.portal is not None
        server.portal.call(first_look)
        store = app.state.context.store
        server.portal.call(partial(record, store, one, hr=80))
    assert kept(sqlite) == {one: ended(sqlite, one)}
    assert broken(sqlite) == []
