from tests.api.conftest import app, as_nurse, client, clinic, credentials, data_dir, static_dir
from tests.models.databases import database, open_store, postgres, sqlite, store

__all__ = [
    "app",
    "as_nurse",
    "client",
    "clinic",
    "credentials",
    "data_dir",
    "database",
    "open_store",
    "postgres",
    "sqlite",
    "static_dir",
    "store",
]
