"""The commands: what they say, what they leave, and their exit codes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import orjson

from app.models.lock import only_server
from app.models.store import KEY_FILE
from tests.audit.book import checked, kinds, written
from tests.backup.places import a_clinic, contents, run, without_traces
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.models.store import Store
    from tests.models.databases import Database


async def test_back_up_restore_and_verify(
    database: Database,
    store: Store,
    target: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await a_clinic(database, store)
    before = contents(database)
    file = tmp_path / "clinic.zip"
    made = run(monkeypatch, database, "backup", str(file))
    assert made.exit_code == 0, made.output
    end = str(checked(database).end)
    assert "compared" in made.output
    assert "rows a second" in made.output
    assert "log key is not in it" in made.output
    assert kinds(database)[-1] == "backup.made"
    (data,) = [data for _, kind, _, data in written(database) if kind == "backup.made"]
    assert data["file"] == "clinic.zip"
    assert data["end"] in made.output

    without_key = run(monkeypatch, target, "restore", str(file))
    assert without_key.exit_code == 2
    assert "log key is missing" in without_key.output
    assert not (target.data_dir / KEY_FILE).exists()

    (target.data_dir / KEY_FILE).write_text((database.data_dir / KEY_FILE).read_text())
    done = run(monkeypatch, target, "restore", str(file))
    assert done.exit_code == 0, done.output
    assert "Every sign-in has been ended" in done.output
    assert "8 tokens have been revoked" in done.output
    assert "passwords and PINs are those of" in done.output
    assert without_traces(contents(target)) == without_traces(before)
    again = run(monkeypatch, target, "restore", str(file))
    assert again.exit_code == 2
    assert "is not empty" in again.output

    good = run(monkeypatch, target, "verify", "--expect", data["end"])
    assert (good.exit_code, "All of it holds." in good.output) == (0, True)
    assert str(checked(target).end) in good.output
    other = run(monkeypatch, target, "verify", "--expect", end)
    assert (other.exit_code, "not the one that was expected" in other.output) == (1, True)
    target.forge("UPDATE event SET at = at + 1 WHERE seq = 2")
    bad = run(monkeypatch, target, "verify")
    assert bad.exit_code == 1
    assert bad.output.count("event 2 is changed, missing or out of place") == 2


async def test_verify_of_one_session(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await a_clinic(database, store)
    database.forge("UPDATE event SET at = at + 1 WHERE session_key = 1 AND seq = 2")
    assert run(monkeypatch, database, "verify", "--session", first).exit_code == 1
    assert run(monkeypatch, database, "verify", "--session", second).exit_code == 0
    unknown = run(monkeypatch, database, "verify", "--session", "nobody")
    assert (unknown.exit_code, "no session" in unknown.output) == (2, True)
    wrong = run(monkeypatch, database, "verify", "--expect", "12")
    assert (wrong.exit_code, "is no end" in wrong.output) == (2, True)


def test_where_there_is_nothing(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite.file.unlink()
    for command in (("verify",), ("backup", str(tmp_path / "clinic.zip"))):
        done = run(monkeypatch, sqlite, *command)
        assert (done.exit_code, "There is no database" in done.output) == (2, True)
    assert not sqlite.file.exists()


def test_a_database_that_is_served_is_not_restored_into(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sqlite.data_dir / KEY_FILE).write_text("ab" * 32)
    with only_server(sqlite.data_dir):
        done = run(monkeypatch, sqlite, "restore", str(tmp_path / "clinic.zip"))
    assert (done.exit_code, "Another process serves" in done.output) == (2, True)


def test_the_command_line_starts_without_what_only_a_backup_needs() -> None:
    code = (
        "import sys, orjson, app.backup.commands;"
        " sys.stdout.buffer.write(orjson.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run((sys.executable, "-c", code), cwd=REPO, capture_output=True, check=True)
    loaded = set(orjson.loads(done.stdout))
    assert not loaded & {"rich.progress", "alembic", "app.backup.make", "app.backup.restore"}
