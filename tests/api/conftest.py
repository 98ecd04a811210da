from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.api.actor import current_actor
from app.main import create_app
from app.monitoring.commands import Actor
from app.settings import Settings
from tests.api.clinic import BASE_URL, Clinic


@pytest.fixture(scope="module")
def static_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frontend as the build leaves it."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Board</title>")
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "app-1f2e.js").write_text("export {};")
    return folder


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, static_dir: Path) -> FastAPI:
    """The whole server over a real database file."""
    data_dir = tmp_path_factory.mktemp("data")
    return create_app(Settings(data_dir=data_dir, database_url=""), static_dir=static_dir)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def clinic(client: TestClient) -> Clinic:
    return Clinic(client)


@pytest.fixture
def as_nurse(app: FastAPI) -> Iterator[None]:
    """Whoever asks is a nurse."""
    app.dependency_overrides[current_actor] = lambda: Actor("person", "anna", "Anna", role="nurse")
    yield
    del app.dependency_overrides[current_actor]
