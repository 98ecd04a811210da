"""Stores for the tests of the checks themselves."""

from tests.models.databases import database, open_store, sqlite

__all__ = ["database", "open_store", "sqlite"]
