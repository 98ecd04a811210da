"""Screens that nobody is known to be at: alarms go on, the sound can be paused and help called;
everything else wants a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from app.api.schemas.auth import GrantOut, MeOut, PeopleOut
from tests.access.browsers import MINUTE_MS, Browser
from tests.api.clinic import BASE_URL, Clinic, conforms, refused
from tests.support.as_clinic import AsClinic
from tests.support.people import ANYWHERE, COOKIES, NURSE

if TYPE_CHECKING:
    from tests.access.browsers import Ward

DESATURATION = {"values": {"spo2": 79}}


def infusing(ward: Ward) -> str:
    """A session, made by a clinician with a token."""
    clinician = TestClient(ward.app, base_url=BASE_URL)
    clinician.portal = ward.client.portal
    clinician.auth = AsClinic()
    return str(Clinic(clinician).infusing()["id"])


def recorder(browser: Browser, session_id: str) -> Any:
    """Who is written down for the last reading."""
    events = browser.get(f"/api/sessions/{session_id}/events?limit=500").json()["items"]
    return [e["actor"] for e in events if e["kind"] == "reading.recorded"][-1]


def locked_nurse(ward: Ward) -> Browser:
    """Signed in, and not used for a quarter of an hour."""
    browser = ward.browser("nurse")
    ward.pass_time(15 * MINUTE_MS + 1_000)
    me = browser.me()
    assert (me["kind"], me["locked"], me["why"]) == ("station", True, "idle")
    return browser


def test_it_locks_by_itself_and_that_is_written_down_once(ward: Ward) -> None:
    browser = ward.browser("nurse")
    ward.pass_time(14 * MINUTE_MS)
    assert not browser.me()["locked"]  # looking is no use
    ward.pass_time(2 * MINUTE_MS)
    assert browser.me()["locked"]
    for _ in range(3):
        ward.look()
        assert browser.post("/api/auth/active").json()["locked"]  # nobody is let in by that
    own = f"sign_in:{browser.get('/api/auth/me').json()['id']}"  # a station's id is its sign-in's
    entries = [e for e in ward.log("locked") if e["credential"] == own]
    assert [(e["data"]["why"], e["actor"]) for e in entries] == [("idle", NURSE)]
    (row,) = ward.rows("SELECT count(*) FROM sign_in WHERE locked_at IS NOT NULL")
    assert row[0] == len(ward.log("locked"))


def test_whoever_uses_it_keeps_it_open(ward: Ward) -> None:
    browser = ward.browser("nurse")
    for _ in range(3):
        ward.pass_time(10 * MINUTE_MS)
        assert not conforms(MeOut, browser.post("/api/auth/active"))["locked"]
    ward.pass_time(10 * MINUTE_MS)
    session_id = infusing(ward)  # by a token: not this screen's use
    assert browser.post(f"/api/sessions/{session_id}/readings", DESATURATION).status_code == 201
    ward.pass_time(10 * MINUTE_MS)
    assert not browser.me()["locked"]


def test_on_a_locked_screen_the_sound_is_paused_and_help_called_by_the_station(ward: Ward) -> None:
    session_id = infusing(ward)
    browser = locked_nurse(ward)
    at = f"/api/sessions/{session_id}"
    assert browser.get("/api/board").status_code == 200
    assert browser.get(at).status_code == 200
    assert browser.post(f"{at}/audio-pause", {"seconds": 60}).status_code == 200
    assert browser.post(f"{at}/help").status_code == 200
    events = browser.get(f"{at}/events?limit=200").json()["items"]
    said = {e["kind"]: e["actor"] for e in events if e["actor"]["kind"] == "station"}
    assert len(said) == 2, said.keys()
    for actor in said.values():
        assert (actor["name"], actor["role"]) == ("A locked screen", None)


def test_everything_else_is_refused_until_somebody_says_who_they_are(ward: Ward) -> None:
    session_id = infusing(ward)
    browser = locked_nurse(ward)
    at = f"/api/sessions/{session_id}"
    problem = refused(browser.post(f"{at}/readings", DESATURATION), 403, "locked")
    assert (problem["why"], problem["needs"]) == ("idle", "reading.record")
    patient = {"code": "P-900", "initials": "A.B."}
    refused(browser.post("/api/patients", patient), 403, "locked")
    refused(browser.get("/api/patients"), 403, "locked")
    refused(browser.get("/api/auth/sign-ins"), 403, "locked")
    refused(browser.get("/api/access-log"), 403, "not_allowed")
    me = conforms(MeOut, browser.post("/api/auth/unlock", {"pin": ANYWHERE.pin("nurse")}))
    assert (me["kind"], me["locked"], me["locks_at"] is None) == ("person", False, False)
    assert browser.post("/api/patients", patient).status_code == 201
    (entry,) = ward.log("unlocked")
    assert (entry["actor"], entry["data"]["way"]) == (NURSE, "pin")


def test_it_is_locked_by_hand_and_unlocked_by_password(ward: Ward) -> None:
    browser = ward.browser("clinician")
    assert browser.post("/api/auth/lock").json()["locked"]
    assert browser.post("/api/auth/lock").json()["locked"]
    refused(browser.get("/api/patients"), 403, "locked")
    wrong = browser.post("/api/auth/unlock", {"password": "not the password"})
    refused(wrong, 401, "wrong_credentials")
    right = {"password": ANYWHERE.password("clinician")}
    assert not conforms(MeOut, browser.post("/api/auth/unlock", right))["locked"]
    assert [e["data"]["why"] for e in ward.log("locked")] == ["by_hand"]
    refused(browser.post("/api/auth/unlock", {}), 422, "invalid_request")


def test_three_wrong_pins_close_the_pin_way_there_until_the_password_is_used(ward: Ward) -> None:
    browser, elsewhere = ward.browser("nurse"), ward.browser("nurse")
    for one in (browser, elsewhere):
        one.post("/api/auth/lock")
    right = {"pin": ANYWHERE.pin("nurse")}
    for _ in range(3):
        refused(browser.post("/api/auth/unlock", {"pin": "9182"}), 401, "wrong_credentials")
    closed = refused(browser.post("/api/auth/unlock", right), 401, "wrong_credentials")
    assert "use the password" in closed["detail"]
    refused(browser.granted("nurse", "GET", "/api/patients"), 401, "wrong_credentials")
    assert elsewhere.post("/api/auth/unlock", right).status_code == 200
    password = {"password": ANYWHERE.password("nurse")}
    assert browser.post("/api/auth/unlock", password).status_code == 200
    browser.post("/api/auth/lock")
    assert browser.post("/api/auth/unlock", right).status_code == 200
    whys = {e["data"]["why"] for e in ward.log("unlock.failed")}
    assert whys == {"wrong", "closed"}


def test_wrong_pins_count_after_a_restart(ward: Ward) -> None:
    browser = ward.browser("nurse")
    browser.post("/api/auth/lock")
    for _ in range(3):
        browser.post("/api/auth/unlock", {"pin": "9182"})
    (row,) = ward.rows("SELECT max(pin_failures) FROM sign_in")
    assert row[0] == 3


def test_a_locked_screen_takes_a_grant_of_its_own_person_only(ward: Ward) -> None:
    session_id = infusing(ward)
    browser = locked_nurse(ward)
    path = f"/api/sessions/{session_id}/readings"
    refused(browser.granted("clinician", "POST", path), 403, "not_allowed")
    grant = conforms(GrantOut, browser.granted("nurse", "POST", path))
    answer = browser.ask("POST", path, DESATURATION, Infusion_Grant=grant["grant"])
    assert answer.status_code == 201, answer.text
    assert recorder(browser, session_id) == NURSE
    assert browser.me()["locked"]  # for the one operation


def test_several_people_use_a_shared_screen_each_by_pin(ward: Ward) -> None:
    session_id = infusing(ward)
    browser = ward.browser("nurse", shared=True, station="Room 7")
    me = browser.me()
    assert (me["kind"], me["name"], me["why"], me["station"]) == (
        "station", "Room 7", "shared", "Room 7",
    )  # fmt: skip
    assert me["idle_s"] is None
    people = {p["name"]: p for p in conforms(PeopleOut, browser.get("/api/auth/people"))["items"]}
    assert {"Nora Nurse", "Clara Clinician"} <= set(people)
    path = f"/api/sessions/{session_id}/readings"
    refused(browser.post(path, DESATURATION), 403, "locked")
    for role in ("nurse", "clinician"):
        answer = browser.by_pin(role, "POST", path, DESATURATION)
        assert answer.status_code == 201, answer.text
        assert recorder(browser, session_id) == ANYWHERE.actor(role)
    off = f"/api/sessions/{session_id}/audio-off"
    refused(browser.post(off, {"reason": "noise"}), 403, "locked")  # a clinician may be there
    refused(browser.by_pin("nurse", "POST", off, {"reason": "noise"}), 403, "not_allowed")
    refused(browser.post("/api/auth/unlock", {"pin": ANYWHERE.pin("nurse")}), 403, "not_allowed")
    operations = {e["data"]["operation"] for e in ward.log("granted")}
    assert f"POST {path}" in operations


def test_a_stations_screen_is_signed_out_by_somebody_only(ward: Ward) -> None:
    browser = ward.browser("nurse", shared=True, station="Room 7")
    refused(browser.post("/api/auth/logout"), 403, "locked")
    assert browser.get("/api/board").status_code == 200
    assert browser.by_pin("nurse", "POST", "/api/auth/logout", {}).status_code == 204
    refused(browser.get("/api/auth/me"), 401, "not_signed_in")


def test_a_shared_screen_is_set_up_by_who_may_see_what_it_shows(ward: Ward) -> None:
    refused(ward.browser().login("nurse", shared=True), 422, "invalid_request")
    for role in ("administrator", "auditor", "viewer"):
        answer = ward.browser().login(role, shared=True, station="Room 1")
        refused(answer, 403, "not_allowed")


def test_a_shared_screen_goes_on_when_who_set_it_up_has_left(ward: Ward) -> None:
    shared, own = ward.browser("nurse", shared=True, station="Room 7"), ward.browser("nurse")
    ward.rows("UPDATE user_account SET active = false WHERE name = 'nurse'")
    ward.pass_time(0)
    refused(own.get("/api/auth/me"), 401, "not_signed_in")
    assert shared.me()["kind"] == "station"
    refused(shared.granted("nurse", "POST", "/api/patients"), 401, "wrong_credentials")
    patient = {"code": "P-901", "initials": "A.B."}
    assert shared.by_pin("clinician", "POST", "/api/patients", patient).status_code == 201


def test_a_grant_is_for_one_operation_one_screen_and_a_minute(ward: Ward) -> None:
    here = ward.browser("nurse", shared=True, station="Room 1")
    there = ward.browser("nurse", shared=True, station="Room 2")
    grant = here.granted("clinician", "POST", "/api/patients").json()["grant"]
    patient = {"code": "P-902", "initials": "A.B.", "id": "0193a000-0000-7000-8000-00000000d001"}
    for method, path, body in (
        ("GET", "/api/patients", None),
        ("POST", "/api/patients/search", {}),
        ("POST", "/api/sessions", {}),
    ):
        refused(here.ask(method, path, body, Infusion_Grant=grant), 403, "locked")
    refused(there.ask("POST", "/api/patients", patient, Infusion_Grant=grant), 403, "locked")
    nobody = Browser(ward.client)
    refused(nobody.ask("POST", "/api/patients", patient, Infusion_Grant=grant), 401,
            "not_signed_in")  # fmt: skip
    said, _, signature = grant.partition(".")
    for forged in (f"{said}.{signature[:-4]}AAA=", f"A{said}.{signature}", "x", "a.b", ".", "é.é"):
        answer = here.client.post("/api/patients", json=patient, headers=[
            (b"cookie", f"infusion_sign_in={here.cookie}".encode()),
            (b"infusion-grant", forged.encode("latin-1")),
        ])  # fmt: skip
        refused(answer, 403, "locked")
    assert here.ask("POST", "/api/patients", patient, Infusion_Grant=grant).status_code == 201
    again = here.ask("POST", "/api/patients", patient, Infusion_Grant=grant)
    assert again.status_code == 200  # its answer was lost


def test_a_grant_ends_with_the_right_of_who_made_it(ward: Ward) -> None:
    here = ward.browser("nurse", shared=True, station="Room 1")
    grant = here.granted("clinician", "GET", "/api/patients").json()["grant"]
    assert here.ask("GET", "/api/patients", Infusion_Grant=grant).status_code == 200
    ward.rows("UPDATE user_account SET active = false WHERE name = 'clinician'")
    ward.pass_time(0)
    refused(here.ask("GET", "/api/patients", Infusion_Grant=grant), 403, "locked")


def test_wrong_pins_on_a_shared_screen_close_the_way_of_that_person_there(ward: Ward) -> None:
    here = ward.browser("nurse", shared=True, station="Room 1")
    there = ward.browser("nurse", shared=True, station="Room 2")
    for _ in range(3):
        refused(here.granted("nurse", "GET", "/api/patients", pin="9182"), 401, "wrong_credentials")
    refused(here.granted("nurse", "GET", "/api/patients"), 401, "wrong_credentials")
    assert there.granted("nurse", "GET", "/api/patients").status_code == 200
    assert here.granted("clinician", "GET", "/api/patients").status_code == 200
    password = {"password": ANYWHERE.password("nurse"), "method": "GET", "path": "/api/patients"}
    answer = here.post("/api/auth/grant", {"user_id": ANYWHERE.user_id("nurse"), **password})
    assert answer.status_code == 200, answer.text
    assert here.granted("nurse", "GET", "/api/patients").status_code == 200


def test_a_grant_asks_for_an_address_of_the_api_and_one_secret(ward: Ward) -> None:
    here = ward.browser("nurse", shared=True, station="Room 1")
    for method, path in (
        ("POST", "/evil"),
        ("post", "/api/patients"),
        ("POST", "/api/" + "x" * 400),
    ):
        refused(here.granted("nurse", method, path), 422, "invalid_request")
    path = "/api/patients?q=a%20b"
    grant = here.granted("nurse", "GET", path).json()["grant"]
    assert here.ask("GET", "/api/patients?q=other", Infusion_Grant=grant).status_code == 200


def test_a_wall_screen_is_told_nobodys_name(ward: Ward) -> None:
    wall = Browser(ward.client, cookie=COOKIES["wall"])
    assert wall.get("/api/auth/people").json() == {"items": []}
    assert wall.me()["user"] is None
    grant = wall.granted("nurse", "GET", "/api/patients")
    refused(grant, 403, "not_allowed")
    refused(wall.post("/api/auth/unlock", {"pin": "48061"}), 403, "not_allowed")
    assert not wall.post("/api/auth/lock").json()["locked"]


def test_no_pin_or_password_is_ever_shown_again(ward: Ward) -> None:
    browser = ward.browser("nurse")
    secret = "zyxw-typed-by-mistake"
    answers = [
        browser.post("/api/auth/unlock", {"pin": secret}),
        browser.post("/api/auth/login", {"name": secret, "password": secret}),
        browser.post("/api/auth/pin", {"password": secret, "pin": secret}),
        browser.post("/api/auth/password", {"password": secret, "new_password": secret}),
        browser.post("/api/auth/login", {"name": ["x"], "password": secret, secret: 1}),
    ]
    assert all(answer.status_code in (401, 422) for answer in answers)
    assert not any(secret in answer.text for answer in answers[:-1])
    for kind in ("sign_in.failed", "unlock.failed"):
        assert secret not in str(ward.log(kind))
