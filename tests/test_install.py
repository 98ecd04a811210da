"""What is installed is the whole program, screens and migrations included."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.support.people import bearer
from tests.support.server import REPO, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(*command: str | Path, cwd: Path = REPO) -> str:
    """Run to success, and return what was printed; the network is as outside the tests."""
    done = subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def ask(server: Server) -> Iterator[str]:
    """Start it, and read its page and its vital signs."""
    server.start()
    try:
        for path in ("/", "/api/vitals"):
            asked = urllib.request.Request(server.url + path, headers=bearer("nurse"))
            with urllib.request.urlopen(asked, timeout=10) as answer:
                yield answer.read().decode()
        server.stop()
    finally:
        server.clean_up()


def test_the_wheel_runs_without_the_source_tree(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    migrations = {
        f"app/_migrations/{path.relative_to(REPO / 'alembic').as_posix()}"
        for path in (REPO / "alembic").rglob("*.py")
    }
    assert {"app/static/index.html", "app/_migrations/env.py"} | migrations <= names
    assert {name.partition("/")[0] for name in names} == {
        "app",
        wheel.stem.rpartition("-py3")[0] + ".dist-info",
    }

    # -P and PYTHONPATH: the unpacked wheel comes before the tree that is installed editable.
    server = Server(
        tmp_path / "data",
        command=(sys.executable, "-P", "-m", "app.cli", "serve"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
    )
    page, vitals = ask(server)
    assert "<script" in page
    assert "spo2" in vitals


@pytest.mark.long
def test_a_plain_pip_install_gives_the_command(tmp_path: Path) -> None:
    """In a virtual environment of its own, built in isolation, with whatever is newest."""
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", str(REPO))
    command = str(binaries / "infusion-monitor")
    assert "serve" in run(command, "--help", cwd=tmp_path)
    server = Server(
        tmp_path / "data", command=(command, "serve"), cwd=tmp_path, env={"PYTHONPATH": ""}
    )
    page, vitals = ask(server)
    assert "<script" in page
    assert "spo2" in vitals
