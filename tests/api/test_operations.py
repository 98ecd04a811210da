"""What those who run the server are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.api.schemas.operations import Ready
from app.clock import monotonic_s
from app.errors import StorageUnavailable
from app.models.failure import Failure, Reason
from tests.api.clinic import conforms, fits, refused


@dataclass
class FakeReader:
    last_failure: Failure | None = None

    async def page(self, query: Any, limit: int) -> Any:
        raise StorageUnavailable(Failure("database_gone").to_reader)


@pytest.fixture(autouse=True)
def _time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are as they were given, however long an answer takes."""
    now_s = monotonic_s()
    for place in ("app.api.routes.operations", __name__):
        monkeypatch.setattr(f"{place}.monotonic_s", lambda: now_s)


@dataclass
class FakeScribe:
    last_failure: Failure | None = None
    running: bool = True
    age_s: float = 0.5
    room: bool = True

    @property
    def committed_at(self) -> float:
        return monotonic_s() - self.age_s

    def takes(self, lane: str) -> bool:
        return self.room or lane == "people"


@dataclass
class FakeStore:
    """A store whose parts can be broken one by one; it cannot be asked anything that waits."""

    commit_ok: bool = True
    age_s: float = 0.5
    reader: FakeReader = field(default_factory=FakeReader)
    scribe: FakeScribe = field(default_factory=FakeScribe)
    scribe_queue: tuple[int, int] = (1, 2)

    def sweep_age_s(self) -> float:
        return self.age_s


@contextmanager
def served(app: FastAPI, store: FakeStore) -> Iterator[None]:
    """The server over that store."""
    working = app.state.context
    app.state.context = replace(working, store=store)
    try:
        yield
    finally:
        app.state.context = working


def failed(reason: Reason) -> FakeStore:
    return FakeStore(commit_ok=False, scribe=FakeScribe(Failure(reason)))


GONE = FakeReader(Failure("database_gone"))


@pytest.mark.parametrize(
    ("store", "reasons"),
    [
        (FakeStore(reader=GONE), ["database_gone"]),
        (failed("disk_full"), ["disk_full"]),
        (failed("database_locked"), ["database_locked"]),
        (failed("database_unwritable"), ["database_unwritable"]),
        (replace(failed("database_gone"), reader=GONE), ["database_gone"]),
        (replace(failed("disk_full"), reader=GONE), ["disk_full", "database_gone"]),
        (FakeStore(commit_ok=False), ["database_gone"]),
        (FakeStore(scribe=FakeScribe(age_s=10.5)), ["database_gone"]),
        (replace(failed("database_locked"), age_s=12), ["database_locked", "sweep_late"]),
        (FakeStore(scribe=FakeScribe(running=False, age_s=60)), ["scribe_stopped"]),
        (FakeStore(age_s=10.5), ["sweep_late"]),
    ],
)
def test_a_server_that_cannot_work_says_why_and_what_to_do(
    client: TestClient, app: FastAPI, store: FakeStore, reasons: list[str]
) -> None:
    with served(app, store):
        answer = client.get("/readyz")
        assert client.get("/livez").status_code == 200
    said = refused(answer, 503, "not_ready")
    fits(Ready, {name: said[name] for name in Ready.model_fields})
    assert (said["ready"], said["reasons"]) == (False, reasons)
    assert answer.headers["retry-after"] == "1"
    assert said["detail"] == " ".join(trouble["detail"] for trouble in said["troubles"])
    assert all(len(trouble["detail"]) > 50 for trouble in said["troubles"])


def test_a_server_that_works_is_ready(client: TestClient, app: FastAPI) -> None:
    with served(app, FakeStore()):
        said = conforms(Ready, client.get("/readyz"), 200)
    assert said == {
        "ready": True, "reasons": [], "troubles": [], "warnings": [], "commit_age_s": 0.5,
        "sweep_age_s": 0.5, "waiting": {"people": 1, "devices": 2},
    }  # fmt: skip


def test_devices_that_wait_are_a_warning_and_no_reason(client: TestClient, app: FastAPI) -> None:
    with served(app, FakeStore(scribe=FakeScribe(room=False))):
        said = conforms(Ready, client.get("/readyz"), 200)
    assert [warning["reason"] for warning in said["warnings"]] == ["device_lane_full"]


def test_a_clock_that_was_set_back_is_a_warning(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.routes.operations.set_back_s", lambda: 3_600.4)
    with served(app, FakeStore()):
        said = conforms(Ready, client.get("/readyz"), 200)
    (warning,) = said["warnings"]
    assert warning["reason"] == "clock_set_back"
    assert "3600 s behind" in warning["detail"]


def test_a_broken_store_asks_to_come_again(client: TestClient, app: FastAPI) -> None:
    with served(app, FakeStore()):
        response = client.get("/api/patients")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["code"] == "storage_unavailable"
    assert "Nothing was changed: the database does not answer." in response.json()["detail"]
