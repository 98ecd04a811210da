"""Two processes that serve one PostgreSQL database."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.models.notify import plain
from tests.models.clock import clock

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.server import Server

__all__ = ["clock"]

KEY = "5c" * 32  # every host has the same
TOLD = (sys.executable, "-m", "tests.scale.told", "serve")
AT_WORK = (
    "SELECT pid, granted FROM pg_locks WHERE locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
Pair = tuple["Server", "Server"]


@pytest.fixture
def clinic_database(migrated_postgres: str) -> str:
    return migrated_postgres


@pytest.fixture
def pair(clinic_database: str, start_server: StartServer) -> Pair:
    """As on two hosts: each with a data folder of its own."""
    env = {"INFUSION_LOG_KEY": KEY}
    one = start_server(database_url=clinic_database, env=env)
    return one, start_server(database_url=clinic_database, env=env)


@pytest.fixture
def told_pair(clinic_database: str, start_server: StartServer) -> Pair:
    """As `pair`, but neither finds by itself what the other commits."""
    env = {"INFUSION_LOG_KEY": KEY}
    one = start_server(database_url=clinic_database, env=env, command=TOLD)
    return one, start_server(database_url=clinic_database, env=env, command=TOLD)


def until_nobody_is_at_work(url: str) -> None:
    """Returns when PostgreSQL has seen that they are gone: it tells nobody."""
    with psycopg.connect(plain(url), autocommit=True) as db:
        while db.execute(AT_WORK).fetchall():
            time.sleep(0.01)
