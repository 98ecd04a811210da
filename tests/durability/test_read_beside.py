"""Another program opens the database of a running server and leaves it: nothing is lost by that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from tests.support.server import Server


def test_the_log_of_a_running_server_outlives_a_reader(server: Server) -> None:
    file = server.data_dir / "infusion.db"
    log = file.with_name(f"{file.name}-wal")
    inode = log.stat().st_ino
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM patient").fetchone()
    assert log.stat().st_ino == inode, "the server writes to a file that is no longer there"
    with httpx2.Client(base_url=server.url, headers=server.headers(), timeout=60) as http:
        answer = http.post("/api/patients", json={"code": "P-1", "initials": "AB"})
    assert answer.status_code == 201
    server.restart(kill=True)
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT code FROM patient").fetchall() == [("P-1",)]
