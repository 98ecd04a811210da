from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.access.browsers import Ward
from tests.api.clinic import BASE_URL
from tests.models.databases import POSTGRESQL, SQLITE, database, sqlite
from tests.support.people import hash_cheaply, provision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


__all__ = ["database", "sqlite", "ward"]


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def ward(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ward]:
    """A server with everybody in its database, of each kind."""
    url = "" if request.param == SQLITE else request.getfixturevalue("migrated_postgres")
    hash_cheaply(monkeypatch)
    provision(url or None, tmp_path)
    app = create_app(Settings(data_dir=tmp_path, database_url=url), static_dir=tmp_path)
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield Ward(app, client, tmp_path)
