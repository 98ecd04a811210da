from tests.api.conftest import app, client, clinic, credentials, data_dir, static_dir
from tests.models.databases import open_store, sqlite

__all__ = [
    "app",
    "client",
    "clinic",
    "credentials",
    "data_dir",
    "open_store",
    "sqlite",
    "static_dir",
]
