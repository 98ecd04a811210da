"""The whole server in this process, on a database of its own, entered as a simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.simulator.faults.bed import Bed, Machine, Ward
from tests.support.as_clinic import AsClinic
from tests.support.people import provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.simulator.faults import Fault

URL = "http://127.0.0.1:8400"


class MakeBed(Protocol):
    """A bed with an infusion under way and these faults of its monitor."""

    def __call__(self, *faults: Fault, **fields: Any) -> Bed: ...


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    data_dir = tmp_path_factory.mktemp("faults")
    credentials = provision(None, data_dir)
    with pytest.MonkeyPatch.context() as monkeypatch:
        machine = Machine(monkeypatch)
        app = create_app(Settings(data_dir=data_dir, database_url=""))
        with TestClient(app, base_url=URL, raise_server_exceptions=False) as client:
            client.auth = AsClinic(credentials, "simulator")
            yield Ward(client, app.state.context.store, machine)


@pytest.fixture
def bed(ward: Ward) -> MakeBed:
    def make(*faults: Fault, **fields: Any) -> Bed:
        return Bed(ward, faults, **fields)

    return make


@pytest.fixture
def wall_bed(ward: Ward) -> MakeBed:
    """As `bed`, on the wall clock: a driven session's time is what its feed says."""

    def make(*faults: Fault, **fields: Any) -> Bed:
        return Bed(ward, faults, "wall", **fields)

    return make
