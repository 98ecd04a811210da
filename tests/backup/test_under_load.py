"""A backup of a clinic that is at work, made and restored by the commands as an operator would."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.models.store import KEY_FILE
from tests.durability.load import Clinic
from tests.models.databases import SQLITE, Database
from tests.models.ward import broken_at
from tests.support.server import REPO, Server, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.databases import OpenStore

ROOMS = ("Room 1", "Room 2", "Room 3")
DURING = 30  # readings acknowledged while it is made


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    folder = tmp_path / "served"
    if request.param == SQLITE:
        return Database(f"sqlite:///{folder / 'infusion.db'}", folder)
    return Database(request.getfixturevalue("migrated_postgres"), folder)


async def command(database: Database, *args: str) -> str:
    """What it said; it must have gone well."""

    def run() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            (sys.executable, "-m", "app.cli", *args),
            cwd=REPO,
            env={**os.environ, **program_env(database.data_dir, database_url=database.url)},
            capture_output=True,
            check=False,
        )

    done = await asyncio.to_thread(run)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("served", "target"),
    [
        (SQLITE, "postgresql"),
        pytest.param("postgresql", SQLITE, marks=pytest.mark.long),
    ],  # of each with itself: test_round_trip.py
    indirect=True,
)
async def test_what_was_acknowledged_before_is_in_it(
    served: Database, target: Database, tmp_path: Path, open_store: OpenStore
) -> None:
    server = Server(served.data_dir, database_url=served.url, forked=True)
    await asyncio.to_thread(server.start)
    clinic = Clinic(server)
    try:
        rooms = [await clinic.admit(room) for room in ROOMS]
        sending = [
            asyncio.create_task(clinic.stream(session_id, f"mon-{n}", at_once=5))
            for n, session_id in enumerate(rooms)
        ]
        await clinic.more(100)
        before = {session_id: set(clinic.acknowledged[session_id]) for session_id in rooms}
        backing_up = asyncio.create_task(command(served, "backup", str(tmp_path / "clinic.zip")))
        await clinic.more(DURING)
        said = await backing_up
        assert "compared" in said
        await clinic.more(DURING)  # the server goes on as if nothing had been
        assert "All of it holds." in await command(served, "verify")
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
    finally:
        await clinic.http.aclose()
        await asyncio.to_thread(server.clean_up)

    (target.data_dir / KEY_FILE).write_text((served.data_dir / KEY_FILE).read_text())
    await command(target, "restore", "--keep-tokens", str(tmp_path / "clinic.zip"))
    assert "All of it holds." in await command(target, "verify")
    for session_id in rooms:
        assert broken_at(target, session_id) is None
        kept = target.ask(
            "SELECT r.id FROM reading r JOIN infusion_session s ON s.key = r.session_key"
            " WHERE s.id = ?",
            [session_id],
        )
        assert before[session_id] <= {id for (id,) in kept}

    again = Server(target.data_dir, database_url=target.url, forked=True)
    await asyncio.to_thread(again.start)
    clinic = Clinic(again)
    try:
        for session_id in rooms:
            state = await clinic.get(f"/api/sessions/{session_id}")
            assert state["phase"] == "infusing"
        clinic.acknowledged = {session_id: {} for session_id in rooms}
        await clinic.send(rooms[0], {"id": "0193a000-0000-7000-8000-00000000aaaa",
                                     "values": {"hr": 81}})  # fmt: skip
    finally:
        await clinic.http.aclose()
        await asyncio.to_thread(again.clean_up)
