from tests.models.databases import (
    database,
    empty_database,
    open_store,
    postgres,
    sqlite,
    store,
)

__all__ = ["database", "empty_database", "open_store", "postgres", "sqlite", "store"]
