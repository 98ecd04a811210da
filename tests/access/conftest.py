from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.access.browsers import Ward
from tests.api.clinic import BASE_URL
from tests.support.people import hash_cheaply, provision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    """A server of its own with everybody in its database."""
    hash_cheaply(monkeypatch)
    provision(None, tmp_path)
    app = create_app(Settings(data_dir=tmp_path, database_url=""), static_dir=tmp_path)
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield Ward(app, client, tmp_path)
