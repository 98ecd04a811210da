from tests.models.clock import clock
from tests.models.databases import database, open_store, postgres, sqlite, store

__all__ = ["clock", "database", "open_store", "postgres", "sqlite", "store"]
