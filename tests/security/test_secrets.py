"""Secrets come from the environment or from files, and what is stored only its owner may read."""

from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.support.server import REPO, SERVE, program_env

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import StartServer

KEY: Final = "ab" * 32
SECRETS: Final = {
    "DATABASE_URL": "postgresql://clinic:hush-hush@db/infusion",
    "INFUSION_LOG_KEY": KEY,
    "INFUSION_WEBHOOK_URL": "https://calls.example/hooks/hush-hush",
    "INFUSION_WEBHOOK_SECRET": "hush-hush-hush-hush",
}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def told(settings: Settings) -> dict[str, str | None]:
    def shown(name: str) -> str | None:
        value = getattr(settings, name)
        return None if value is None else str(value.get_secret_value())

    return {
        "DATABASE_URL": settings.database_url,
        "INFUSION_LOG_KEY": shown("log_key"),
        "INFUSION_WEBHOOK_URL": shown("webhook_url"),
        "INFUSION_WEBHOOK_SECRET": shown("webhook_secret"),
    }


def test_each_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(f"{value}\n")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    assert told(Settings()) == SECRETS


def test_without_either_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFUSION_LOG_KEY_FILE", "")
    assert told(Settings()) == {**dict.fromkeys(SECRETS), "DATABASE_URL": ""}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("wrong", ["both", "missing", "empty", "a folder", "not text"])
def test_what_is_unclear_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    file = tmp_path / "secret"
    if wrong == "a folder":
        file.mkdir()
    elif wrong != "missing":
        file.write_bytes({"both": SECRETS[name].encode(), "empty": b"\n"}.get(wrong, b"\xff\xfe"))
    monkeypatch.setenv(f"{name}_FILE", str(file))
    if wrong == "both":
        monkeypatch.setenv(name, SECRETS[name])
    with pytest.raises(ValidationError) as refusal:
        Settings()
    fields = {str(error["loc"][0]).upper() for error in refusal.value.errors()}
    assert any(name.endswith(field) for field in fields)


def test_a_server_says_which_setting_is_wrong_and_not_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hush-hush, no key at all")
    ran = subprocess.run(
        [*SERVE, "--port", "0"],
        cwd=REPO, capture_output=True, timeout=60, check=False,
        env=program_env(tmp_path / "data", env={"INFUSION_LOG_KEY_FILE": str(file)}),
    )  # fmt: skip
    assert ran.returncode == 2
    assert b"log_key" in ran.stderr
    assert b"hush" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "option", ["--log-key", "--webhook-secret", "--database-url", "--password"]
)
def test_no_secret_is_an_option_of_the_command_line(tmp_path: Path, option: str) -> None:
    ran = subprocess.run(
        [*SERVE, option, KEY],
        cwd=REPO, env=program_env(tmp_path), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert b"No such option" in ran.stderr
    assert KEY.encode() not in ran.stderr


def test_the_options_of_every_command_name_no_secret() -> None:
    from typer.main import get_command

    from app.cli import app

    def names(command: object) -> Iterator[str]:
        for one in getattr(command, "params", []):
            yield from one.opts
        for inner in getattr(command, "commands", {}).values():
            yield from names(inner)

    asked = {name.strip("-").replace("-", "_") for name in names(get_command(app))}
    assert not asked & {"password", "pin", "secret", "log_key", "webhook_secret", "database_url"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_stored_only_its_owner_may_read(start_server: StartServer) -> None:
    before = os.umask(0o022)
    try:
        server = start_server()
        folder = server.data_dir
        (folder / "infusion.db").chmod(0o644)  # as an older version, or a copy, left it
        server.restart()
    finally:
        os.umask(before)
    made = {path.name: mode(path) for path in folder.iterdir() if path.is_file()}
    assert {"infusion.db", "infusion.db-wal", "infusion.db-shm", "log.key"} <= made.keys()
    assert set(made.values()) == {0o600}, made


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folders_that_we_make_are_their_owners(tmp_path: Path, umask: int) -> None:
    program = (
        "import os, sys, pathlib; from app.models.lock import only_server;"
        f"os.umask({umask}); folder = pathlib.Path(sys.argv[1]);"
        "only_server(folder).__enter__()"
    )
    folder = tmp_path / "new" / "data"
    subprocess.run([SERVE[0], "-c", program, str(folder)], cwd=REPO, timeout=60, check=True)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)
    assert mode(folder / "serve.lock") == 0o600
