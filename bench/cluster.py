"""A PostgreSQL for one measurement, durable as it is installed (the tests' own is not)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql

from bench.servers import Failed, process
from tests.support.machine import NO_POSTGRES, find_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE: Final = "postgres"  # PostgreSQL refuses to run as root
READY_S: Final = 30.0
OPTIONS: Final = ("-c", "listen_addresses=", "-c", "max_connections=200")


@contextmanager
def cluster() -> Iterator[str]:
    """The address of its server, on a socket in a folder of its own."""
    binaries = find_postgres()
    if binaries is None:
        raise Failed(NO_POSTGRES)
    # Not in another temporary folder: root's is closed to the user, and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="infusion-bench-pg-", dir="/tmp"))
    user = ROLE if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    try:
        who: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        made = ("-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        subprocess.run(
            (binaries / "initdb", "-D", folder / "data", *made),
            cwd="/", check=True, capture_output=True, **who,
        )  # fmt: skip
        command = (str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder))
        with process(
            (*command, *OPTIONS), env=os.environ, core=None, log=folder / "log", user=user,
            stop=SIGINT,
        ):  # fmt: skip
            _wait_ready(folder)
            yield f"postgresql://{ROLE}@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty one, thrown away afterwards."""
    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(server, autocommit=True) as db:
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _wait_ready(folder: Path) -> None:
    until = time.monotonic() + READY_S
    while True:
        try:
            psycopg.connect(f"postgresql://{ROLE}@/postgres?host={folder}").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                log = (folder / "log").read_text(errors="replace")[-4000:]
                raise Failed(f"PostgreSQL was not ready:\n{log}") from None
            time.sleep(0.1)
