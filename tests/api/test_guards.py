"""A page of another site can neither write here nor listen."""

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.api.guards import NAME_MAX, NAMES_KEPT, LastWord, _known_authority
from tests.api.clinic import LIVE_URL, Clinic, refused


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


@pytest.mark.parametrize("site", ["cross-site", "same-site", "Cross-Site"])
def test_what_a_browser_says_was_made_by_a_foreign_page_is_refused(
    client: TestClient, site: str
) -> None:
    foreign = {"sec-fetch-site": site}
    body = {"code": "P-x", "initials": "X"}
    refused(client.post("/api/patients", json=body, headers=foreign), 403, "foreign_origin")
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        client.websocket_connect(LIVE_URL, headers=foreign),
    ):
        pass
    assert denied.value.status_code == 403
    assert client.get("/api/board", headers=foreign).status_code == 200  # a link from elsewhere


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_a_browser_says_is_ours_passes(client: TestClient, site: str) -> None:
    ours = {"sec-fetch-site": site}
    body = {"code": f"P-{site}", "initials": "T.P."}
    assert client.post("/api/patients", json=body, headers=ours).status_code == 201
    with client.websocket_connect(LIVE_URL, headers=ours) as socket:
        assert socket.receive_json()["kind"] == "hello"


@pytest.mark.parametrize(
    "foreign", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}]
)
def test_the_short_way_in_is_guarded_too(
    client: TestClient, clinic: Clinic, foreign: dict[str, str]
) -> None:
    session_id = clinic.session()["id"]
    reading = {"values": {"hr": 70}, "device": "m1", "source": "device"}
    path = f"/api/sessions/{session_id}/readings"
    refused(client.post(path, json=reading, headers=foreign), 403, "foreign_origin")
    refused(client.post("/api/readings", json={}, headers=foreign), 403, "foreign_origin")


def test_answers_carry_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/api/board", "/api/nothing", "/livez", "/docs", "/assets/app-1f2e.js"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]


def test_nothing_that_the_api_answers_is_run_where_it_is_opened(client: TestClient) -> None:
    for path in ("/api/board", "/api/nothing", "/api/openapi.json"):
        assert "'self'" not in client.get(path).headers["content-security-policy"]


def test_only_on_tls_a_browser_is_told_to_come_by_tls(client: TestClient, clinic: Clinic) -> None:
    session_id = clinic.session()["id"]
    path = f"/api/sessions/{session_id}/readings"
    reading = {"values": {"hr": 70}}
    for base, told in (("http", False), ("https", True)):
        for answer in (
            client.get(f"{base}://127.0.0.1:8400/"),
            client.get(f"{base}://127.0.0.1:8400/api/board"),
            client.post(f"{base}://127.0.0.1:8400{path}", json=reading),
        ):
            assert answer.is_success
            assert ("strict-transport-security" in answer.headers) is told


def test_what_is_about_patients_is_kept_in_no_cache(client: TestClient) -> None:
    assert client.get("/api/board").headers["cache-control"] == "no-store"


def test_names_are_read_once_and_long_ones_not_kept(client: TestClient) -> None:
    for number in range(3 * NAMES_KEPT):
        host = {"host": f"evil{number}.example"}
        refused(client.get("/livez", headers=host), 421, "unknown_host")
    for name in ("127.0.0.1" + "." * 1_000, "x" * 5_000, "127.0.0.1:8400@evil.example", "\xe9"):
        raw = [(b"host", name.encode("latin-1"))]
        asked = _known_authority.cache_info().misses
        refused(client.get("/livez", headers=raw), 421, "unknown_host")
        assert (_known_authority.cache_info().misses > asked) is (len(name) < NAME_MAX)
    assert _known_authority.cache_info().currsize <= NAMES_KEPT
    assert client.get("/livez").status_code == 200


def test_the_first_of_two_hosts_counts(client: TestClient) -> None:
    twice = [(b"host", b"evil.example"), (b"host", b"127.0.0.1:8400")]
    refused(client.get("/livez", headers=twice), 421, "unknown_host")


async def test_a_header_that_an_answer_gives_itself_stands() -> None:
    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"referrer-policy", b"origin"), (b"x-own", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    for _ in range(2):  # headers that a page keeps for all its answers do not grow
        await LastWord(page)({"type": "http", "scheme": "http", "path": "/"}, nothing, keep)
    for message in sent:
        names = [name for name, _ in message["headers"]]
        assert names.count(b"referrer-policy") == 1
        assert (b"referrer-policy", b"origin") in message["headers"]
        assert b"content-security-policy" in names
        assert b"cache-control" not in names
