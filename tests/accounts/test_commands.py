"""The commands: without a server, beside one, and on a demo's data."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app import cli
from app.access.demo import DEMO_DATA, REAL_DATA, DemoOnly, RealOnly, prepare
from app.main import run
from app.settings import Settings
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from tests.models.databases import Database

PASSWORD = "lamp orbit velvet canoe"


def told(database: Database, *words: str, typed: str = "") -> Result:
    env = {"INFUSION_DATA_DIR": str(database.data_dir), "DATABASE_URL": database.url}
    return CliRunner().invoke(cli.app, list(words), env=env, input=typed)


def made(database: Database, name: str, role: str = "nurse") -> Result:
    return told(database, "user", "create", name, "--role", role, typed=f"{PASSWORD}\n")


def test_the_first_administrator_is_made_by_a_process_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "user", "create", "Anna", "--role", "administrator"],
        input=f"{PASSWORD}\n",
        env=os.environ | {"INFUSION_DATA_DIR": str(tmp_path), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        cwd=REPO,
        check=True,
    )
    assert done.stdout == "Anna may sign in as administrator.\n"
    assert PASSWORD not in done.stderr
    file = tmp_path / "infusion.db"
    assert file.stat().st_mode & 0o777 == 0o600
    db = sqlite3.connect(file)
    assert db.execute("SELECT kind FROM access_log").fetchall() == [("user.created",)]
    (hash,) = db.execute("SELECT password_hash FROM user_account").fetchone()
    assert hash.startswith("$argon2id$")
    db.close()


def test_users_are_made_listed_reset_and_disabled(database: Database) -> None:
    if not database.is_sqlite:
        assert told(database, "migrate").exit_code == 0
    assert made(database, "Anna", "administrator").exit_code == 0
    taken = made(database, "ANNA")
    assert (taken.exit_code, "Choose another name" in taken.output) == (2, True)
    weak = told(database, "user", "create", "ben", "--role", "nurse", typed="kurz\n")
    assert (weak.exit_code, "at least 12 characters" in weak.output) == (2, True)
    assert told(database, "user", "create", "ben", "--role", "nurse").exit_code == 2
    last = told(database, "user", "disable", "anna")
    assert (last.exit_code, "nobody could manage users" in last.output) == (2, True)
    assert made(database, "ben").exit_code == 0
    reset = told(database, "user", "reset", "BEN")
    assert len(reset.stdout.strip().split("-")) == 4
    assert told(database, "user", "disable", "ben").exit_code == 0
    listed = told(database, "user", "list").stdout
    assert [line.split()[:3] for line in listed.splitlines()[1:]] == [
        ["Anna", "administrator", "active"],
        ["ben", "nurse", "inactive"],
    ]
    kinds = [kind for (kind,) in database.ask("SELECT kind FROM access_log ORDER BY seq")]
    assert kinds == ["user.created", "user.created", "user.reset", "user.changed"]


def test_a_token_is_the_only_thing_on_its_line(sqlite: Database) -> None:
    made_one = told(sqlite, "token", "create", "Bed 4", "--role", "device", "--station", "Room 1")
    (line,) = made_one.stdout.splitlines()
    prefix, _, secret = line.partition(".")
    assert len(secret) >= 43
    link = told(sqlite, "token", "create", "Hall", "--role", "viewer")
    assert link.stdout.startswith("/wall#")
    assert link.stdout.count("\n") == 1
    listed = told(sqlite, "token", "list").stdout
    assert prefix in listed
    assert secret not in listed
    assert told(sqlite, "token", "revoke", prefix).exit_code == 0
    assert told(sqlite, "token", "revoke", "nothing").exit_code == 2
    for wrong in (["--role", "nurse"], [], ["--user", "nobody"], ["--session", "x"]):
        assert told(sqlite, "token", "create", "x", *wrong).exit_code == 2


def test_a_demo_and_a_clinic_never_share_a_database(tmp_path: Path, sqlite: Database) -> None:
    settings = Settings(data_dir=sqlite.data_dir, database_url=sqlite.url, port=0)
    first = prepare(settings)
    assert prepare(settings) != first
    kept = sqlite.ask("SELECT name, display_name, demo FROM user_account ORDER BY key")
    assert kept == [
        ("demo-nurse", "Demo nurse", 1),
        ("demo-clinician", "Demo clinician", 1),
        ("demo-administrator", "Demo administrator", 1),
    ]
    assert sqlite.ask("SELECT count(*) FROM token WHERE revoked_at IS NULL") == [(1,)]
    with pytest.raises(RealOnly, match="demo accounts"):
        run(settings)
    refused = made(sqlite, "anna")
    assert (refused.exit_code, DEMO_DATA in refused.output) == (2, True)
    real = Settings(data_dir=tmp_path / "real", database_url="", port=0)
    env = {"INFUSION_DATA_DIR": str(real.data_dir), "DATABASE_URL": ""}
    words = ["user", "create", "anna", "--role", "nurse"]
    assert CliRunner().invoke(cli.app, words, env=env, input=f"{PASSWORD}\n").exit_code == 0
    with pytest.raises(DemoOnly, match="real accounts"):
        prepare(real)
    with pytest.raises(DemoOnly) as failed:
        run(real, demo=True)
    assert failed.value.detail == REAL_DATA


def test_a_demo_listens_on_this_machine_only(tmp_path: Path) -> None:
    env = {"INFUSION_DATA_DIR": str(tmp_path), "INFUSION_BEHIND_PROXY": "true"}
    answer = CliRunner().invoke(cli.app, ["demo", "--host", "0.0.0.0"], env=env)
    assert answer.exit_code == 2
    assert "loopback only" in answer.output
    assert not list(tmp_path.iterdir())
