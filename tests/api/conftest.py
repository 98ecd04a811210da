from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, Clinic
from tests.support.as_clinic import AsClinic
from tests.support.people import Credentials, provision


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
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def credentials(data_dir: Path) -> Credentials:
    """Everybody, in the database of the app."""
    return provision(None, data_dir)


@pytest.fixture(scope="module")
def app(data_dir: Path, credentials: Credentials, static_dir: Path) -> FastAPI:
    """The whole server over a real database file."""
    return create_app(Settings(data_dir=data_dir, database_url=""), static_dir=static_dir)


@pytest.fixture(scope="module")
def client(app: FastAPI, credentials: Credentials) -> Iterator[TestClient]:
    """Its requests go as who would make them, most as a clinician."""
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as client:
        client.auth = AsClinic(credentials)
        yield client


@pytest.fixture
def clinic(client: TestClient) -> Clinic:
    return Clinic(client)


@pytest.fixture
def as_nurse(client: TestClient, credentials: Credentials) -> Iterator[None]:
    """Whoever asks is a nurse."""
    client.auth = AsClinic(credentials, "nurse")
    yield
    client.auth = AsClinic(credentials)
