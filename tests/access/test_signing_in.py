"""Signing in and out: cookies that are new each time, and end when they should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from app.access.demo import prepare
from app.api.schemas.auth import MeOut, SignInsOut, WelcomeOut
from app.main import create_app
from app.settings import Settings
from tests.access.browsers import HOUR_MS, Browser
from tests.api.clinic import BASE_URL, conforms, refused
from tests.support.people import ANYWHERE, COOKIES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.access.browsers import Ward


def test_a_nurse_signs_in_and_is_known(ward: Ward) -> None:
    browser = ward.browser()
    assert conforms(WelcomeOut, browser.get("/api/auth/welcome")) == {"demo": False, "users": True}
    refused(browser.get("/api/auth/me"), 401, "not_signed_in")
    me = conforms(MeOut, browser.login("nurse"))
    assert me == browser.me()
    nurse = {"id": ANYWHERE.user_id("nurse"), "name": "Nora Nurse", "role": "nurse"}
    assert (me["kind"], me["user"], me["locked"], me["shared"]) == ("person", nurse, False, False)
    assert (me["id"], me["name"], me["role"]) == tuple(nurse.values())
    assert me["idle_s"] == 900
    assert me["has_pin"]
    assert "alarm.acknowledge" in me["permissions"]
    (entry,) = ward.log("signed_in")
    assert entry["actor"]["name"] == "Nora Nurse"
    assert entry["data"]["way"] == "password"
    ((stored,),) = ward.rows(
        "SELECT secret_hash FROM sign_in WHERE id = :id", id=entry["data"]["sign_in_id"]
    )
    assert browser.cookie is not None
    assert browser.cookie.encode() not in bytes(stored)


def test_names_are_compared_without_case_and_the_field_may_be_called_username(ward: Ward) -> None:
    assert ward.browser().login("NURSE", ANYWHERE.password("nurse")).status_code == 200
    body = {"username": "Nurse", "password": ANYWHERE.password("nurse")}
    assert ward.browser().post("/api/auth/login", body).status_code == 200


def test_a_cookie_that_was_there_before_is_never_the_one_that_is_signed_in(ward: Ward) -> None:
    fixed = Browser(ward.client, cookie="put-there-by-somebody-else")
    fixed.login("nurse")
    assert fixed.cookie != "put-there-by-somebody-else"
    stranger = Browser(ward.client, cookie="put-there-by-somebody-else")
    refused(stranger.get("/api/auth/me"), 401, "not_signed_in")


def test_signing_in_again_ends_what_the_browser_had(ward: Ward) -> None:
    browser = ward.browser("nurse")
    before = Browser(ward.client, cookie=browser.cookie)
    browser.login("clinician")
    assert browser.me()["role"] == "clinician"
    refused(before.get("/api/auth/me"), 401, "not_signed_in")
    assert [e["data"]["why"] for e in ward.log("sign_in.ended")] == ["signed_in_again"]


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(ward: Ward) -> None:
    browser = ward.browser("nurse")
    thief = Browser(ward.client, cookie=browser.cookie)
    assert thief.me()["role"] == "nurse"
    assert browser.post("/api/auth/logout").status_code == 204
    assert browser.cookie is None
    refused(thief.get("/api/auth/me"), 401, "not_signed_in")
    refused(thief.post("/api/auth/logout"), 401, "not_signed_in")
    assert len(ward.log("signed_out")) == 1


def test_wrong_credentials_leave_a_good_cookie_alone(ward: Ward) -> None:
    browser = ward.browser("nurse")
    browser.set_cookies.clear()
    wrong = refused(browser.login("clinician", "not the password"), 401, "wrong_credentials")
    assert not browser.set_cookies
    assert browser.me()["role"] == "nurse"
    nobody = refused(browser.login("nobody here", "not the password"), 401, "wrong_credentials")
    assert wrong["detail"] == nobody["detail"]


def test_cookies_are_kept_from_scripts_and_other_sites(ward: Ward) -> None:
    browser = ward.browser("nurse")
    (line,) = browser.set_cookies
    assert {part.strip().lower() for part in line.split(";")[1:]} == {
        "httponly", "path=/", "samesite=strict",
    }  # fmt: skip
    shared = ward.browser("nurse", shared=True, station="Room 1")
    assert "Max-Age=34560000" in shared.set_cookies[0]


def test_on_tls_the_cookie_is_secure_and_bound_to_the_host(ward: Ward) -> None:
    body = {"name": "nurse", "password": ANYWHERE.password("nurse")}
    address = BASE_URL.replace("http", "https")
    answer = ward.client.post(f"{address}/api/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    line = answer.headers["set-cookie"]
    assert line.startswith("__Host-infusion_sign_in=")
    assert {part.strip().lower() for part in line.split(";")[1:]} == {
        "httponly", "path=/", "samesite=strict", "secure",
    }  # fmt: skip
    ward.client.cookies.clear()
    plain = Browser(ward.client, cookie=line.partition("=")[2].partition(";")[0])
    assert plain.me()["role"] == "nurse"  # the secret is the same; browsers do not send it there


def test_ones_own_sign_ins_are_listed_and_ended(ward: Ward) -> None:
    here, there = ward.browser("nurse"), ward.browser("nurse")
    items = conforms(SignInsOut, here.get("/api/auth/sign-ins"))["items"]
    assert len(items) == 3  # these two, and the one that was there before
    (own,) = [item for item in items if item["current"]]
    (other,) = [i for i in there.get("/api/auth/sign-ins").json()["items"] if i["current"]]
    assert own["id"] != other["id"]
    assert here.ask("DELETE", f"/api/auth/sign-ins/{other['id']}").status_code == 204
    refused(there.get("/api/auth/me"), 401, "not_signed_in")
    refused(here.ask("DELETE", f"/api/auth/sign-ins/{other['id']}"), 404, "unknown_sign_in")
    clinicians = ANYWHERE.sign_in_id("clinician")
    refused(here.ask("DELETE", f"/api/auth/sign-ins/{clinicians}"), 404, "unknown_sign_in")


def test_a_sign_in_ends_twelve_hours_after_it_was_last_used(ward: Ward) -> None:
    browser = ward.browser("viewer")  # a role that never locks
    ward.pass_time(11 * HOUR_MS)
    assert browser.post("/api/auth/active").status_code == 200
    ward.pass_time(11 * HOUR_MS)
    assert browser.me()["role"] == "viewer"  # reading is no use
    ward.pass_time(2 * HOUR_MS)
    refused(browser.get("/api/auth/me"), 401, "not_signed_in")


def test_a_shared_screen_and_a_wall_screen_last_thirty_days(ward: Ward) -> None:
    shared = ward.browser("nurse", shared=True, station="Room 1")
    wall = Browser(ward.client, cookie=COOKIES["wall"])
    ward.pass_time(11 * HOUR_MS)
    wall.me()
    ward.look()
    for _ in range(2):
        ward.pass_time(29 * 24 * HOUR_MS)
        assert shared.me()["kind"] == "station"
        assert wall.me()["kind"] == "screen"  # a screen that is looked at is in use
    ward.pass_time(31 * 24 * HOUR_MS)
    refused(shared.get("/api/auth/me"), 401, "not_signed_in")


def test_who_is_put_out_cannot_sign_in_and_is_told_nothing_more(ward: Ward) -> None:
    ward.rows("UPDATE user_account SET active = false WHERE name = 'nurse'")
    refused(ward.browser().login("nurse"), 401, "wrong_credentials")
    assert ward.log("sign_in.failed")[0]["data"]["why"] == "inactive"


def test_tokens_have_no_screen_and_no_password(ward: Ward) -> None:
    headers = ANYWHERE.headers("nurse")
    me = conforms(MeOut, ward.client.get("/api/auth/me", headers=headers))
    assert (me["kind"], me["name"], me["locked"]) == ("program", "Nora Nurse", False)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("logout", {}),
        ("lock", {}),
        ("unlock", {"pin": "48061"}),
        ("grant", {"user_id": ANYWHERE.user_id("nurse"), "pin": "48061", "method": "POST",
                   "path": "/api/patients"}),
        ("password", {"password": "x", "new_password": "four words without sense"}),
        ("pin", {"password": "x", "pin": "480617"}),
    ]  # fmt: skip
    for name, body in asked:
        answer = ward.client.post(f"/api/auth/{name}", json=body, headers=headers)
        refused(answer, 403, "not_allowed")


def test_a_secret_is_taken_where_it_belongs_only(ward: Ward) -> None:
    as_token = ward.client.get(
        "/api/auth/me", headers={"Authorization": f"Bearer {COOKIES['nurse']}"}
    )
    refused(as_token, 401, "not_signed_in")
    token = ANYWHERE.token("nurse")
    for _ in range(2):  # known or not
        refused(Browser(ward.client, cookie=token).get("/api/auth/me"), 401, "not_signed_in")
        ward.client.get("/api/auth/me", headers=ANYWHERE.headers("nurse"))
    both = {"Authorization": f"Bearer {token}", "Cookie": f"infusion_sign_in={COOKIES['auditor']}"}
    assert ward.client.get("/api/auth/me", headers=both).json()["role"] == "nurse"


def test_only_a_demo_is_signed_in_to_without_a_password(ward: Ward) -> None:
    refused(ward.browser().post("/api/auth/demo", {"role": "nurse"}), 404, "not_found")
    refused(ward.browser().post("/api/auth/demo", {"role": "auditor"}), 422, "invalid_request")


def test_a_demo_is_signed_in_to_by_role(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="")
    prepare(settings)
    app = create_app(settings, static_dir=tmp_path, demo=True)
    with TestClient(app, base_url=BASE_URL) as client:
        browser = Browser(client)
        assert browser.get("/api/auth/welcome").json() == {"demo": True, "users": True}
        for role in ("nurse", "clinician", "administrator"):
            me = conforms(MeOut, browser.post("/api/auth/demo", {"role": role}))
            assert (me["kind"], me["role"], me["demo"]) == ("person", role, True)
        assert browser.me()["role"] == "administrator"
