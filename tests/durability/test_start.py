"""A server that should not start says why, and changes nothing."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from app.models.store import KEY_FILE
from tests.e2e.api import asking
from tests.support.server import REPO, SERVE, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.server import Server

START_S = 90


def refused(data_dir: Path, **settings: str) -> str:
    """What `serve` says when it does not start."""
    ended = subprocess.run(
        [*SERVE, "--port", "0"],
        cwd=REPO,
        env=program_env(data_dir, env=settings),
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_a_second_server_of_the_same_data_is_refused(server: Server) -> None:
    assert "serves" in refused(server.data_dir)
    with asking(server.url) as api:
        assert api.get("/readyz")["ready"] is True


def test_a_log_is_not_gone_on_with_under_another_key(server: Server) -> None:
    with asking(server.url) as api:
        api.infusing("Room 1")
    server.stop()
    key = server.data_dir / KEY_FILE
    kept = key.read_text()
    key.unlink()
    assert "backup" in refused(server.data_dir)
    assert not key.exists()
    key.write_text(kept)
    server.start()


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    for key in ("not hexadecimal", "abcd"):
        assert "log_key" in refused(tmp_path / "data", INFUSION_LOG_KEY=key)


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "no such folder" / "x.db"
    missing.parent.touch()  # a file where the folder should be
    said = refused(tmp_path / "data", DATABASE_URL=f"sqlite:///{missing}")
    assert "could not be opened" in said
