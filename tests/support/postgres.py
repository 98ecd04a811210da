"""A PostgreSQL server for one run of the tests, and a fresh database for each test."""

from __future__ import annotations

import os
import shutil
import signal
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

from app.models.database import migrate
from tests.support.machine import NO_POSTGRES, find_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

# Throw-away data: nothing is made durable, and nobody but the tests can reach the socket.
OPTIONS = (
    "-F -c listen_addresses='' -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200"
)
# What a commit promises survives the end of PostgreSQL itself, though not of the machine.
KEEPING = "-F -c listen_addresses='' -c synchronous_commit=on -c full_page_writes=off"

ROOM = 2 << 30  # bytes; three servers with their logs take a quarter of it
NO_CLUSTER = "This test restarts PostgreSQL and needs its programs: install `postgresql`."


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a server: that of TEST_DATABASE_URL, else one started for these tests."""
    if told := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(told).set(drivername="postgresql+psycopg").render_as_string(False)
    elif folder := find_postgres():
        with _running(folder, OPTIONS) as cluster:
            yield cluster.url
    else:
        pytest.fail(NO_POSTGRES, pytrace=False)


@pytest.fixture
def postgres_cluster() -> Iterator[Cluster]:
    """A server for this test alone, to be stopped, stalled and started again."""
    if not (folder := find_postgres()):
        pytest.fail(NO_CLUSTER, pytrace=False)
    with _running(folder, KEEPING) as cluster:
        yield cluster


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database that exists for this test only."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a database that was migrated once, for others to be copied from."""
    with fresh_database(postgres_url) as url:
        migrate(url)
        yield str(make_url(url).database)


@pytest.fixture
def migrated_postgres(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """SQLAlchemy URL of a database of this test only, with all tables and nothing in them."""
    with fresh_database(postgres_url, like=postgres_template) as url:
        yield url


@contextmanager
def fresh_database(server_url: str, *, like: str = "template1") -> Iterator[str]:
    """SQLAlchemy URL of an empty database that is there while inside; a copy, if told of what."""
    name = f"test_{uuid.uuid4().hex}"
    server = make_url(server_url)
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _execute(server, made.format(sql.Identifier(name), sql.Identifier(like)))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(url: URL, statement: sql.Composed) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)


class Cluster:
    """A server of the system's PostgreSQL on a socket in a folder of its own."""

    def __init__(self, binaries: Path, options: str) -> None:
        # Not pytest's folder: root's is closed to the user that the server must run as. Not
        # TMPDIR: the path of a socket must be short.
        self.folder = Path(tempfile.mkdtemp(prefix="infusion-pg-", dir=_quick_folder()))
        self._binaries = binaries
        self._options = options
        self._data, self._log = self.folder / "data", self.folder / "log"
        self._who: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._who = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def make(self) -> None:
        initdb = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", self._data, *initdb)

    def start(self) -> None:
        """Returns when it takes connections."""
        options = f"{self._options} -k {self.folder}"
        self._run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", "60", "-o", options,
                  "start")  # fmt: skip

    def stop(self) -> None:
        """Ends every connection, and itself in good order."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")

    def crash(self) -> None:
        """Ends as if it were killed; the next start recovers from its log."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """All its processes stand still, as on a machine that swaps."""
        pids = self._pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def _pids(self) -> list[int]:
        """The server's process and all that it has started."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def remove(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        # To a file, not a pipe: the server keeps what it inherits open for as long as it lives.
        with (self.folder / "setup").open("w+b") as output:
            done = subprocess.run(
                (self._binaries / program, *arguments), cwd="/", stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, check=False, **self._who,
            )  # fmt: skip
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            server = self._log.read_text(errors="replace") if self._log.exists() else ""
            pytest.fail(f"PostgreSQL could not be run: {said}\n{server}", pytrace=False)


def _quick_folder() -> str:
    """In memory, where a database is copied in a tenth of the time, if there is room for it."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free >= ROOM
    return str(memory) if roomy and os.access(memory, os.W_OK) else "/tmp"


@contextmanager
def _running(binaries: Path, options: str) -> Iterator[Cluster]:
    cluster = Cluster(binaries, options)
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        cluster.remove()
