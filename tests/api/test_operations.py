"""What those who run the server are told."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.api.schemas.catalogue import Ready
from app.errors import StorageUnavailable
from tests.api.clinic import conforms


@dataclass
class FakeReader:
    works: bool

    async def read(self, query: Any) -> Any:
        if not self.works:
            raise StorageUnavailable
        return {"items": [], "next_cursor": None}


@dataclass
class FakeStore:
    """A store whose parts can be broken one by one."""

    commit_ok: bool = True
    age_s: float = 0.5
    reader: FakeReader = field(default_factory=lambda: FakeReader(works=True))

    def sweep_age_s(self) -> float:
        return self.age_s


@pytest.mark.parametrize(
    ("store", "reasons"),
    [
        (FakeStore(), []),
        (FakeStore(reader=FakeReader(works=False)), ["database"]),
        (FakeStore(commit_ok=False), ["scribe"]),
        (FakeStore(age_s=10.5), ["sweep"]),
        (FakeStore(False, 60, FakeReader(works=False)), ["database", "scribe", "sweep"]),
    ],
)
def test_a_server_that_cannot_work_says_why(
    client: TestClient, app: FastAPI, store: FakeStore, reasons: list[str]
) -> None:
    working = app.state.context
    app.state.context = replace(working, store=store)
    try:
        ready = conforms(Ready, client.get("/readyz"), 503 if reasons else 200)
        assert client.get("/livez").status_code == 200
    finally:
        app.state.context = working
    assert ready == {"ready": not reasons, "reasons": reasons}


def test_a_full_or_broken_store_asks_to_come_again(client: TestClient, app: FastAPI) -> None:
    working = app.state.context
    app.state.context = replace(working, store=FakeStore(reader=FakeReader(works=False)))
    try:
        response = client.get("/api/patients")
    finally:
        app.state.context = working
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["code"] == "storage_unavailable"
