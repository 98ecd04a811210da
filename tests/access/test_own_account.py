"""One's own password and PIN, and wall screens that sign in by their link."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.access.secrets import secret_hash
from tests.access.browsers import MINUTE_MS, Browser
from tests.api.clinic import refused
from tests.support.people import ANYWHERE, WALL

if TYPE_CHECKING:
    from tests.access.browsers import Ward

GOOD = "a lantern under seven rivers"


def test_a_new_password_ends_the_persons_other_sign_ins_and_copies_of_the_cookie(
    ward: Ward,
) -> None:
    here, there = ward.browser("nurse"), ward.browser("nurse")
    station = ward.browser("nurse", shared=True, station="Room 1")
    thief = Browser(ward.client, cookie=here.cookie)
    own = here.me()["expires_at"]
    body = {"password": ANYWHERE.password("nurse"), "new_password": GOOD}
    assert here.post("/api/auth/password", body).status_code == 204
    assert here.cookie != thief.cookie
    assert here.me()["expires_at"] >= own
    for gone in (there, thief):
        refused(gone.get("/api/auth/me"), 401, "not_signed_in")
    assert station.me()["kind"] == "station"
    refused(ward.browser().login("nurse"), 401, "wrong_credentials")
    assert ward.browser().login("nurse", GOOD).status_code == 200
    assert len(ward.log("password.changed")) == 1
    ended = [e["data"]["why"] for e in ward.log("sign_in.ended")]
    assert ended == ["password_changed"] * 2  # there, and one that the nurse had before


def test_a_password_is_changed_by_who_knows_the_old_one_to_a_good_one(ward: Ward) -> None:
    browser = ward.browser("nurse")
    old = ANYWHERE.password("nurse")
    wrong = {"password": "not the password", "new_password": GOOD}
    refused(browser.post("/api/auth/password", wrong), 401, "wrong_credentials")
    for new, code in (("short", "password_too_short"), (old, "password_the_same")):
        body = {"password": old, "new_password": new}
        problem = refused(browser.post("/api/auth/password", body), 422, "invalid_request")
        assert [(e["loc"], e["code"]) for e in problem["errors"]] == [(["new_password"], code)]
    assert browser.me()["kind"] == "person"
    assert browser.login("nurse").status_code == 200


def test_whoever_must_change_the_password_can_do_nothing_else(ward: Ward) -> None:
    ward.rows("UPDATE user_account SET password_change_needed = true WHERE name = 'nurse'")
    ward.pass_time(0)
    browser = ward.browser("nurse")
    assert browser.me()["password_change_needed"]
    refused(browser.get("/api/patients"), 403, "password_change_needed")
    refused(browser.login("nurse", shared=True, station="R"), 403, "password_change_needed")
    body = {"password": ANYWHERE.password("nurse"), "new_password": GOOD}
    assert browser.post("/api/auth/password", body).status_code == 204
    assert not browser.me()["password_change_needed"]
    assert browser.get("/api/patients").status_code == 200


def test_a_pin_is_set_with_the_password_and_opens_the_pin_way(ward: Ward) -> None:
    browser = ward.browser("auditor")
    password = ANYWHERE.password("auditor")
    for pin, code in (("1234", "pin_too_easy"), ("12", "not_a_pin")):
        body = {"password": password, "pin": pin}
        problem = refused(browser.post("/api/auth/pin", body), 422, "invalid_request")
        assert problem["errors"][0]["code"] == code
    wrong = {"password": "not the password", "pin": "80412"}
    refused(browser.post("/api/auth/pin", wrong), 401, "wrong_credentials")
    body = {"password": password, "pin": "80412"}
    assert browser.post("/api/auth/pin", body).status_code == 204
    browser.post("/api/auth/lock")
    old = {"pin": ANYWHERE.pin("auditor")}
    refused(browser.post("/api/auth/unlock", old), 401, "wrong_credentials")
    assert browser.post("/api/auth/unlock", {"pin": "80412"}).status_code == 200
    assert len(ward.log("pin.changed")) == 1


def link_for_the_wall(ward: Ward, link: str = "a-link-for-the-wall") -> str:
    ward.rows(
        "UPDATE token SET link_hash = :hash, link_expires_at = created_at + :life,"
        " link_used_at = NULL, expires_at = created_at + :days WHERE id = :id",
        hash=secret_hash(link), life=15 * MINUTE_MS, days=365 * 24 * 60 * MINUTE_MS,
        id=ANYWHERE.token_id(WALL),
    )  # fmt: skip
    return link


def test_a_wall_screen_signs_in_by_its_link_once(ward: Ward) -> None:
    link = link_for_the_wall(ward)
    refused(ward.browser().post("/api/auth/link", {"link": "another"}), 401, "wrong_credentials")
    screen = ward.browser()
    answer = screen.post("/api/auth/link", {"link": f"/wall#{link}"})
    assert answer.status_code == 200, answer.text
    me = screen.me()
    assert (me["kind"], me["role"], me["user"]) == ("screen", "viewer", None)
    assert "board.watch" not in me["permissions"]
    assert "Max-Age" in screen.set_cookies[0]
    refused(ward.browser().post("/api/auth/link", {"link": link}), 401, "wrong_credentials")
    assert len(ward.log("link.used")) == 1
    assert link not in str(ward.log("signed_in"))
    ward.rows("UPDATE token SET revoked_at = created_at WHERE id = :id", id=ANYWHERE.token_id(WALL))
    ward.pass_time(0)
    refused(screen.get("/api/auth/me"), 401, "not_signed_in")


def test_a_link_that_lay_about_is_worth_nothing(ward: Ward) -> None:
    link = link_for_the_wall(ward)
    ward.pass_time(16 * MINUTE_MS)
    refused(ward.browser().post("/api/auth/link", {"link": link}), 401, "wrong_credentials")


def test_of_two_browsers_with_one_link_one_gets_in(ward: Ward) -> None:
    link = link_for_the_wall(ward)

    def take(_: int) -> int:
        return int(ward.client.post("/api/auth/link", json={"link": link}).status_code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(8))) == [200] + [401] * 7
    (row,) = ward.rows("SELECT count(*) FROM sign_in WHERE token_key IS NOT NULL")
    assert row[0] == 2  # and the one that was there before


def test_names_with_html_in_them_are_only_text(ward: Ward) -> None:
    station = "<img src=x onerror=alert(1)>"
    browser = ward.browser("nurse", shared=True, station=station)
    assert browser.me()["station"] == station
    assert browser.get("/api/auth/me").headers["content-type"] == "application/json"


def test_a_wrong_old_password_is_no_failed_sign_in(ward: Ward) -> None:
    browser = ward.browser("nurse")
    wrong = {"password": "a wrong password", "new_password": "seven lamps by the harbour"}
    refused(browser.post("/api/auth/password", wrong), 401, "wrong_credentials")
    (entry,) = ward.log("password.failed")
    assert entry["credential"].startswith("sign_in:")
    assert (entry["actor"]["name"], entry["data"]["why"]) == ("Nora Nurse", "wrong")
    assert ward.log("sign_in.failed") == []
