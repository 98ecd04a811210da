"""A page of another site can neither write here nor listen."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.api.clinic import LIVE_URL, refused


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9999",
        "http://localhost:8400",
        "https://127.0.0.1:8400.evil.example",
        "null",
        "http://[",
    ],
)
def test_a_page_of_another_origin_may_not_write(client: TestClient, origin: str) -> None:
    body = {"code": "P-1", "initials": "X"}
    response = client.post("/api/patients", json=body, headers={"origin": origin})
    refused(response, 403, "foreign_origin")


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_page_of_another_origin_may_not_listen(client: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(LIVE_URL, headers={"origin": origin}),
    ):
        pass


def test_our_own_page_may_write_and_listen(client: TestClient) -> None:
    origin = {"origin": "http://127.0.0.1:8400"}
    body = {"code": "P-own", "initials": "T.P."}
    assert client.post("/api/patients", json=body, headers=origin).status_code == 201
    with client.websocket_connect(LIVE_URL, headers=origin) as socket:
        assert socket.receive_json()["kind"] == "hello"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8400", "", "["])
def test_a_foreign_host_name_is_refused(client: TestClient, host: str) -> None:
    refused(client.get("/api/board", headers={"host": host}), 421, "unknown_host")


@pytest.mark.parametrize("host", ["localhost:8400", "127.0.0.1", "[::1]:8400", "LOCALHOST"])
def test_loopback_has_several_names(client: TestClient, host: str) -> None:
    assert client.get("/api/board", headers={"host": host}).status_code == 200


def test_answers_carry_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/api/board", "/api/nothing", "/livez"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_what_is_about_patients_is_kept_in_no_cache(client: TestClient) -> None:
    assert client.get("/api/board").headers["cache-control"] == "no-store"
