"""Two processes that serve one PostgreSQL database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.server import Server

KEY = "5c" * 32  # every host has the same
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
