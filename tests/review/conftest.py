from tests.models.databases import database, open_store, postgres, sqlite, store

__all__ = ["database", "open_store", "postgres", "sqlite", "store"]
