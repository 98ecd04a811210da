"""Trying credentials and opening sockets is bounded; a clinic that comes back at once gets in."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from app.api import rates
from app.api.rates import FAILED, SAME, Rates, address_of
from app.errors import TooManyAttempts
from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, LIVE_URL, refused
from tests.support.people import bearer, provision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCREENS = 30
CLINIC = ("203.0.113.7", 40_000)
ELSEWHERE = ("198.51.100.9", 40_000)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """From an address that is not this machine's."""
    provision(None, tmp_path)
    app = create_app(
        Settings(data_dir=tmp_path, database_url="", max_sockets_per_address=SCREENS + 2)
    )
    with TestClient(app, base_url=BASE_URL, client=CLINIC) as client:
        yield client


def wrong(number: int) -> dict[str, str]:
    return {"Authorization": f"Bearer xxxxxxxx.guess{number}"}


def test_a_credential_that_fails_again_and_again_is_told_to_wait(client: TestClient) -> None:
    for _ in range(SAME.amount):
        refused(client.get("/api/board", headers=wrong(1)), 401, "not_signed_in")
    for _ in range(2):
        answer = client.get("/api/board", headers=wrong(1))
        refused(answer, 429, "too_many_attempts")
        assert 1 <= int(answer.headers["retry-after"]) <= 61
    refused(client.get("/api/board", headers=wrong(2)), 401, "not_signed_in")
    assert client.get("/api/board", headers=bearer("nurse")).status_code == 200


def test_guessing_is_bounded_by_address_and_shuts_no_screen_out(client: TestClient) -> None:
    for number in range(FAILED.amount):
        refused(client.get("/api/board", headers=wrong(number)), 401, "not_signed_in")
    answer = client.get("/api/board", headers=wrong(-1))
    refused(answer, 429, "too_many_attempts")
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert client.get("/api/board", headers=bearer("nurse")).status_code == 200
    with client.websocket_connect(LIVE_URL, headers=bearer("viewer")) as screen:
        assert screen.receive_json()["kind"] == "hello"


def test_who_shows_nothing_has_tried_nothing(client: TestClient) -> None:
    for _ in range(FAILED.amount + 1):
        refused(client.get("/api/board"), 401, "not_signed_in")


def test_guessing_by_way_of_a_socket_counts_too(client: TestClient) -> None:
    for _ in range(SAME.amount + 1):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(LIVE_URL, headers=wrong(1)) as socket,
        ):
            socket.receive_json()
    refused(client.get("/api/board", headers=wrong(1)), 429, "too_many_attempts")


def test_thirty_screens_behind_one_address_come_back_at_once(client: TestClient) -> None:
    for _ in range(3):  # the server restarts, and again, and again
        with ExitStack() as open_now:
            for _ in range(SCREENS):
                screen = open_now.enter_context(
                    client.websocket_connect(LIVE_URL, headers=bearer("viewer"))
                )
                assert screen.receive_json()["kind"] == "hello"


def test_an_address_has_so_many_sockets_and_another_its_own(client: TestClient) -> None:
    with ExitStack() as open_now:
        for _ in range(SCREENS + 2):
            open_now.enter_context(client.websocket_connect(LIVE_URL, headers=bearer("viewer")))
        with (
            pytest.raises(WebSocketDenialResponse) as denied,
            client.websocket_connect(LIVE_URL, headers=bearer("viewer")),
        ):
            pass
        refused(denied.value, 429, "too_many_attempts")
        assert denied.value.headers["retry-after"]
        other = TestClient(client.app, base_url=BASE_URL, client=ELSEWHERE)
        with other.websocket_connect(LIVE_URL, headers=bearer("viewer")) as screen:
            assert screen.receive_json()["kind"] == "hello"
        other.close()
    with client.websocket_connect(LIVE_URL, headers=bearer("viewer")) as screen:
        assert screen.receive_json()["kind"] == "hello"


def test_opening_is_bounded() -> None:
    few = Rates(opened=RateLimitItemPerMinute(3))
    for _ in range(3):
        few.opens("203.0.113.7")
    with pytest.raises(TooManyAttempts) as refusal:
        few.opens("203.0.113.7")
    assert 1 <= refusal.value.extra["retry_after_s"] <= 61
    few.opens("198.51.100.9")


def test_what_is_counted_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEYS_MAX", 50)
    monkeypatch.setattr(rates, "BARRED_MAX", 10)
    counting = Rates(same=RateLimitItemPerSecond(1))
    for number in range(500):
        scope = {"client": (f"203.0.113.{number % 200}", 1)}
        for _ in range(2):
            try:
                counting.failed(scope, f"guess{number}")
            except TooManyAttempts:
                continue
    assert len(counting._storage.events) <= 52
    assert len(counting._barred) <= 10


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::1"),
        ("a-name", "a-name"),
    ],
)
def test_one_customer_is_one_address(host: str, address: str) -> None:
    assert address_of({"client": (host, 1)}) == address
    assert address_of({"client": None}) == ""
