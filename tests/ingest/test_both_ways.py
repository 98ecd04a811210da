"""The short way in and the routes answer every credential alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, Clinic, new_uuid
from tests.support.as_clinic import AsClinic
from tests.support.people import ANYWHERE, PEOPLE, PROGRAMS, WALL, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Request, Response

LATER = "2031-01-01T00:00:00Z"  # than any day on which this is run
MADE_BY_SERVER = re.compile(r'"(?:recorded_at|taken_at|sounded_at|raised_at)":"[^"]*"')
NEW_ID = re.compile(r'"id":"(?!0193)[0-9a-f-]{36}"')
CALLERS = (*PEOPLE, *PROGRAMS, WALL, "nobody", "unknown")
ROOMS = {"real": new_uuid(), "simulated": new_uuid(), "none": new_uuid()}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, TestClient]]:
    """The server with the short way, and one without it, with the same sessions."""
    apps = []
    for name in ("short", "long"):
        folder = tmp_path_factory.mktemp(name)
        credentials = provision(None, folder)
        apps.append((create_app(Settings(data_dir=folder, database_url="")), credentials))
    apps[1][0].door = None
    ids = {room: new_uuid() for room in ROOMS}
    with (
        TestClient(apps[0][0], base_url=BASE_URL) as short,
        TestClient(apps[1][0], base_url=BASE_URL) as long,
    ):
        for client, (_, credentials) in zip((short, long), apps, strict=True):
            client.auth = AsClinic(credentials)
            clinic = Clinic(client)
            for room in ("real", "simulated"):
                clinic.patient(id=ids[room], code=f"P-{room}")
                place = {"id": ROOMS[room], "patient_id": ids[room], "station": room}
                clinic.session(**place, simulated=room == "simulated")
        yield short, long


def headers_of(caller: str) -> dict[str, str]:
    match caller:
        case "nobody":
            return {}
        case "unknown":
            return {"Authorization": "Bearer abcdefgh.nothing"}
        case _:
            return ANYWHERE.headers(caller)


def as_it_is(request: Request) -> Request:
    """With the credential that it has, or none."""
    return request


def told(response: Response) -> tuple[int, list[tuple[bytes, bytes]], str]:
    text = MADE_BY_SERVER.sub('"at":"-"', response.text)
    headers = [pair for pair in response.headers.raw if pair[0] != b"content-length"]
    return response.status_code, headers, NEW_ID.sub('"id":"-"', text)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("caller", CALLERS)
def test_every_credential_is_answered_alike(
    both: tuple[TestClient, TestClient], caller: str, room: str
) -> None:
    own: dict[str, Any] = {"values": {"hr": 80}}
    readings = [own, own | {"device": "mon-01"}, own | {"source": "manual"}]
    one, each = f"/api/sessions/{ROOMS[room]}/readings", "/api/readings"
    placed = [sent | {"session_id": ROOMS[room]} for sent in readings]
    seen = set()
    for path, body in (
        *((one, sent) for sent in readings),
        (one, {"readings": readings}),
        (each, {"readings": [*placed, own, own | {"station": room}, own | {"device": "mon-02"}]}),
    ):
        short, long = (
            client.post(path, json=body, headers=headers_of(caller), auth=as_it_is)
            for client in both
        )
        assert told(short) == told(long), body
        seen.add(short.status_code)
    if caller in ("nobody", "unknown"):
        assert seen == {401}
    elif caller in ("administrator", "auditor", "viewer", WALL):
        assert seen == {403}
    else:
        assert seen <= {200, 201, 404, 409}
