"""Tokens and wall screens: made, bound, listed without their secrets, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.access.tokens import DAYS_MAX
from app.monitoring.times import parse_iso
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from tests.access.browsers import Browser, Ward

DAY_MS = 86_400_000


def made(admin: Browser, **body: Any) -> dict[str, Any]:
    answer = admin.post("/api/tokens", {"name": "Monitor 1", **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def asked(ward: Ward, whole: str, path: str = "/api/board") -> int:
    headers = {"Authorization": f"Bearer {whole}"}
    return int(ward.client.get(path, headers=headers).status_code)


def days(made: dict[str, Any]) -> float:
    return (parse_iso(made["expires_at"]) - parse_iso(made["created_at"])) / DAY_MS


def test_a_token_is_shown_once_and_kept_as_a_hash(ward: Ward) -> None:
    admin, id = ward.browser("administrator"), str(uuid4())
    body = {"id": id, "name": "Charting", "user_id": ANYWHERE.user_id("nurse")}
    first = admin.post("/api/tokens", body)
    again = admin.post("/api/tokens", body)
    assert (first.status_code, again.status_code) == (201, 200)
    whole = first.json()["token"]
    assert again.json() == {k: v for k, v in first.json().items() if k != "token"}
    assert whole not in admin.get("/api/tokens").text
    assert whole.partition(".")[0] == first.json()["prefix"]
    assert first.json()["user"]["name"] == "Nora Nurse"
    assert first.json()["role"] == "nurse"
    assert asked(ward, whole) == 200
    assert asked(ward, whole + "x") == 401
    told = ward.log("token.created")
    assert [e["data"]["token_id"] for e in told] == [id]
    assert whole.partition(".")[2] not in str(told)
    answer = admin.post("/api/tokens", {**body, "name": "Another"})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_conflict")


def test_a_revoked_token_is_refused_at_once(ward: Ward) -> None:
    admin = ward.browser("administrator")
    simulator = made(admin, role="simulator")
    assert asked(ward, simulator["token"]) == 200
    path = f"/api/tokens/{simulator['id']}"
    assert admin.ask("DELETE", path).status_code == 204
    assert admin.ask("DELETE", path).status_code == 204
    assert asked(ward, simulator["token"]) == 401
    assert admin.get(path).json()["revoked_at"] is not None
    assert len(ward.log("token.revoked")) == 1
    missing = admin.ask("DELETE", f"/api/tokens/{uuid4()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_token")


def test_each_kind_expires_in_its_time(ward: Ward) -> None:
    admin = ward.browser("administrator")
    assert days(made(admin, role="device")) == 365
    assert days(made(admin, role="viewer")) == 365
    assert days(made(admin, role="simulator")) == 30
    assert days(made(admin, user_id=ANYWHERE.user_id("nurse"))) == 90
    assert days(made(admin, role="device", expires_in_days=DAYS_MAX)) == DAYS_MAX


def test_what_cannot_be_a_token_is_refused_by_its_field(ward: Ward) -> None:
    admin, session = ward.browser("administrator"), str(uuid4())
    user = ANYWHERE.user_id("nurse")
    for field, body in (
        ("role", {}),
        ("role", {"role": "device", "user_id": user}),
        ("role", {"role": "nurse"}),
        ("session_id", {"role": "device", "station": "Room 1", "session_id": session}),
        ("session_id", {"role": "viewer", "session_id": session}),
        ("expires_in_days", {"role": "device", "expires_in_days": 0}),
        ("expires_in_days", {"role": "device", "expires_in_days": DAYS_MAX + 1}),
        ("name", {"role": "device", "name": "a\u202eb"}),
    ):
        answer = admin.post("/api/tokens", {"name": "x", **body})
        assert answer.status_code == 422, body
        assert [e["loc"] for e in answer.json()["errors"]] == [[field]]
    for code, body in (
        ("unknown_session", {"role": "device", "session_id": session}),
        ("unknown_user", {"user_id": session}),
    ):
        answer = admin.post("/api/tokens", {"name": "x", **body})
        assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_a_wall_screen_signs_in_once_by_its_link_and_ends_with_its_token(ward: Ward) -> None:
    admin = ward.browser("administrator")
    screen = made(admin, name="Hall", role="viewer", station="Hall")
    assert "token" not in screen
    path, _, link = screen["link"].partition("#")
    assert path == "/wall"
    wall = ward.browser()
    assert wall.post("/api/auth/link", {"link": link}).status_code == 200
    assert ward.browser().post("/api/auth/link", {"link": link}).status_code == 401
    assert wall.get("/api/board").status_code == 200
    newer = admin.post(f"/api/tokens/{screen['id']}/link").json()["link"]
    newest = admin.post(f"/api/tokens/{screen['id']}/link").json()["link"]
    for given, status in ((newer, 401), (newest, 200)):
        answer = ward.browser().post("/api/auth/link", {"link": given.partition("#")[2]})
        assert answer.status_code == status
    assert link not in admin.get("/api/tokens").text
    admin.ask("DELETE", f"/api/tokens/{screen['id']}")
    assert wall.get("/api/board").status_code == 401
    answer = admin.post(f"/api/tokens/{screen['id']}/link")
    assert (answer.status_code, answer.json()["code"]) == (409, "token_ended")
    device = made(admin, role="device")
    answer = admin.post(f"/api/tokens/{device['id']}/link")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_wall_screen")


def test_a_link_of_a_revoked_screen_signs_nobody_in(ward: Ward) -> None:
    admin = ward.browser("administrator")
    screen = made(admin, role="viewer")
    admin.ask("DELETE", f"/api/tokens/{screen['id']}")
    answer = ward.browser().post("/api/auth/link", {"link": screen["link"].partition("#")[2]})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
