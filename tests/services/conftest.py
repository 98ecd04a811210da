import pytest

from tests.models.clock import clock, creeping
from tests.models.databases import database, open_store, postgres, sqlite, store

__all__ = ["clock", "creeping", "database", "open_store", "postgres", "sqlite", "store"]


@pytest.fixture(autouse=True)
def _time_creeps(creeping: None) -> None:
    """In all that ask for no other clock."""
