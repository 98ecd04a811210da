from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.models.databases import (
    POSTGRESQL,
    SQLITE,
    Database,
    database,
    open_store,
    postgres,
    sqlite,
    store,
)
from tests.support.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["database", "open_store", "postgres", "sqlite", "store"]


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Another empty database of each kind, with a data folder of its own."""
    folder = tmp_path / f"target-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    if request.param == SQLITE:
        yield Database(f"sqlite:///{folder / 'ward.db'}", folder)
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield Database(url, folder)
