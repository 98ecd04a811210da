"""A PostgreSQL server for one run of the tests, and a fresh database for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.support.machine import NO_POSTGRES, find_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

# Throw-away data: nothing is made durable, and nobody but the tests can reach the socket.
OPTIONS = (
    "-F -c listen_addresses='' -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200"
)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a server: that of TEST_DATABASE_URL, else one started for these tests."""
    if told := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(told).set(drivername="postgresql+psycopg").render_as_string(False)
    elif folder := find_postgres():
        with _cluster(folder) as url:
            yield url
    else:
        pytest.fail(NO_POSTGRES, pytrace=False)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database that exists for this test only."""
    name = f"test_{uuid.uuid4().hex}"
    server = make_url(postgres_url)
    _execute(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(url: URL, statement: sql.Composed) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def _cluster(binaries: Path) -> Iterator[str]:
    """Start a server of the system's PostgreSQL on a socket in a folder of its own, and end it."""
    # Not pytest's folder: root's is closed to the user that the server must run as. Not TMPDIR:
    # the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="infusion-pg-", dir="/tmp"))
    data, log = folder / "data", folder / "log"
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")

    def run(*command: str | Path) -> None:
        # To a file, not a pipe: the server keeps what it inherits open for as long as it lives.
        with (folder / "setup").open("w+b") as output:
            done = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, check=False, **who,
            )  # fmt: skip
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            server = log.read_text(errors="replace") if log.exists() else ""
            pytest.fail(f"PostgreSQL could not be run: {said}\n{server}", pytrace=False)

    try:
        initdb = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run(binaries / "initdb", "-D", data, *initdb)
        run(
            binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60",
            "-o", f"{OPTIONS} -k {folder}", "start",
        )  # fmt: skip
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            run(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
