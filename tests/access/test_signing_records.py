"""Signing a record: who may, by what proof, of which session, and what is left of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.access import demo as demo_accounts
from app.access.lockout import FREE
from app.access.roles import Permission
from app.api.schemas.events import EventList
from app.api.schemas.signatures import SignatureList, SignatureOut
from app.main import create_app
from app.settings import Settings
from tests.access.browsers import HOUR_MS, Browser
from tests.api.clinic import BASE_URL, Clinic, conforms, new_uuid, refused
from tests.support.people import ANYWHERE, COOKIE, NAMES
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

    from httpx2 import Response

    from tests.access.browsers import Ward

Json = dict[str, Any]
WRONG = "not the password"
TRANSFERRED = ("checked_in", "baseline", "ready", "infusing", "transferred")


class AsNurse(Clinic):
    """Makes sessions as a nurse does, with a token: it is what is signed, not who charted."""

    def __init__(self, ward: Ward) -> None:
        super().__init__(ward.client)
        self.headers = ANYWHERE.headers("clinician")

    def closed(self) -> str:
        session = self.made()
        self.transfer(session)
        return session

    def transfer(self, session: str) -> None:
        """The shortest visit that took place."""
        for to in TRANSFERRED:
            assert self.tell(session, "phase", {"to": to, "override_reason": "Unwell"}) == 200

    def chart_late(self, session: str) -> None:
        with self:
            at = self.state(session)["closed_at"]
        note = {"kind": "note", "text": "Written after the close", "at": at}
        assert self.tell(session, "annotations", note) == 201

    def made(self) -> str:
        with self:
            return str(self.session()["id"])

    def tell(self, session: str, what: str, body: Json) -> int:
        with self:
            return self.client.post(f"/api/sessions/{session}/{what}", json=body).status_code

    def __enter__(self) -> None:
        self.client.headers.update(self.headers)

    def __exit__(self, *_: object) -> None:
        for name in self.headers:
            del self.client.headers[name]


@pytest.fixture
def clinic(ward: Ward) -> AsNurse:
    return AsNurse(ward)


def signing(browser: Browser, session: str, who: str = "clinician", **fields: Any) -> Response:
    body = {"meaning": "verified", "password": ANYWHERE.password(who), **fields}
    return browser.post(f"/api/sessions/{session}/sign", body)


def adding(browser: Browser, session: str, who: str = "nurse", **fields: Any) -> Response:
    body = {"text": "Felt well at home.", "password": ANYWHERE.password(who), **fields}
    return browser.post(f"/api/sessions/{session}/addenda", body)


def listed(browser: Browser, session: str) -> Json:
    return conforms(SignatureList, browser.get(f"/api/sessions/{session}/signatures"))


def head(browser: Browser, session: str) -> int:
    return int(browser.get(f"/api/sessions/{session}").json()["seq"])


def test_a_closed_record_is_signed_once_and_then_added_to(ward: Ward, clinic: AsNurse) -> None:
    doctor, nurse = ward.browser("clinician"), ward.browser("nurse")
    session = clinic.made()
    refused(signing(doctor, session), 409, "session_open")
    clinic.transfer(session)
    before = listed(doctor, session)
    closed_at = doctor.get(f"/api/sessions/{session}").json()["closed_at"]
    assert before == {
        "items": [],
        "unsigned_since": closed_at,
        "changed_since_signed": 0,
        "due": False,
        "broken": None,
    }
    refused(adding(nurse, session), 409, "not_signed")
    seq = head(doctor, session)
    made = conforms(SignatureOut, signing(doctor, session, seq=seq), 201)
    assert (made["seq"], made["covers"], made["holds"]) == (seq + 1, seq, True)
    assert (made["by"]["name"], made["by"]["role"]) == (NAMES["clinician"], "clinician")
    assert (made["kind"], made["meaning"], made["text"]) == ("signature", "verified", None)
    refused(signing(doctor, session), 409, "already_signed")
    added = conforms(SignatureOut, adding(nurse, session), 201)
    assert (added["kind"], added["meaning"]) == ("addendum", "reviewed")
    assert added["covers"] == made["seq"]
    after = listed(doctor, session)
    assert after["items"] == [made, added] == [i for i in after["items"] if i["holds"]]
    assert (after["unsigned_since"], after["changed_since_signed"], after["due"]) == (
        None,
        0,
        False,
    )
    events = conforms(EventList, nurse.get(f"/api/sessions/{session}/events?after={seq}"))["items"]
    assert [event["kind"] for event in events] == ["record.signed"] * 2
    assert "password" not in str(events)


def test_a_change_after_the_signature_asks_for_an_addendum(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    signing(doctor, session)
    clinic.chart_late(session)
    changed = listed(doctor, session)
    assert (changed["changed_since_signed"], changed["due"]) == (1, True)
    events = doctor.get(f"/api/sessions/{session}/events").json()["items"]
    assert changed["unsigned_since"] == events[-1]["recorded_at"]
    assert changed["items"][0]["holds"], "what was signed is still as it was"
    assert adding(doctor, session, "clinician").status_code == 201
    assert not listed(doctor, session)["due"]


def test_a_record_that_moved_since_it_was_shown_is_not_signed(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    seen = head(doctor, session)
    clinic.chart_late(session)
    problem = refused(signing(doctor, session, seq=seen), 409, "record_changed")
    assert problem["seq"] == seen + 1
    assert signing(doctor, session, seq=seen + 1).status_code == 201


def test_a_record_that_somebody_reached_into_is_not_signed(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    ward.rows("DROP TRIGGER event_no_update")
    ward.rows(
        "UPDATE event SET at = at - 1 WHERE seq = 1 AND session_key ="
        " (SELECT key FROM infusion_session WHERE id = :id)",
        id=session,
    )
    problem = refused(signing(doctor, session), 409, "record_broken")
    assert problem["seq"] == 1
    assert listed(doctor, session)["items"] == []


def test_a_signature_that_is_sent_again_is_one(ward: Ward, clinic: AsNurse) -> None:
    doctor, session, id = ward.browser("clinician"), clinic.closed(), new_uuid()
    seq = head(doctor, session)
    first = conforms(SignatureOut, signing(doctor, session, id=id, seq=seq), 201)
    assert conforms(SignatureOut, signing(doctor, session, id=id, seq=seq)) == first
    refused(signing(doctor, session, id=id, meaning="reviewed"), 409, "id_conflict")
    refused(signing(doctor, session, id=id, password=WRONG), 401, "wrong_credentials")
    assert head(doctor, session) == seq + 1
    assert len(ward.log("record.signed")) == 1


def test_nobody_is_told_of_anothers_signature_as_their_own(ward: Ward, clinic: AsNurse) -> None:
    doctor, session, id = ward.browser("clinician"), clinic.closed(), new_uuid()
    assert signing(doctor, session).status_code == 201
    assert adding(ward.browser("nurse"), session, id=id).status_code == 201
    refused(adding(doctor, session, "clinician", id=id), 409, "id_conflict")


def test_without_the_password_nothing_is_signed_and_guessing_is_locked_out(
    ward: Ward, clinic: AsNurse
) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    seq = head(doctor, session)
    for said in (WRONG, ANYWHERE.pin("clinician"), ANYWHERE.password("nurse")):
        refused(signing(doctor, session, password=said), 401, "wrong_credentials")
    for _ in range(FREE - 3):
        refused(signing(doctor, session, password=WRONG), 401, "wrong_credentials")
    refused(signing(doctor, session), 429, "too_many_attempts")
    assert head(doctor, session) == seq
    [first, *_] = ward.log("signature.failed")
    assert first["actor"]["name"] == NAMES["clinician"]
    assert signing(ward.browser("clinician"), session).status_code == 201, "elsewhere one may"


def test_only_a_clinician_signs(ward: Ward, clinic: AsNurse) -> None:
    session = clinic.closed()
    for role in ("nurse", "administrator", "auditor"):
        refused(signing(ward.browser(role), session, role), 403, "not_allowed")
    for role in ("administrator", "auditor"):
        refused(adding(ward.browser(role), session, role), 403, "not_allowed")
    refused(adding(ward.browser("nurse"), session), 409, "not_signed")


def test_emergency_access_lends_no_signature(ward: Ward, clinic: AsNurse) -> None:
    nurse, session = ward.browser("nurse"), clinic.closed()
    taken = nurse.post("/api/auth/emergency", {"reason": "No doctor within reach"})
    assert taken.status_code == 201, taken.text
    may = nurse.me()["permissions"]
    assert Permission.SWITCH_ALARMS_OFF in may
    assert Permission.SIGN_RECORD not in may
    problem = refused(signing(nurse, session, "nurse"), 403, "not_allowed")
    assert "emergency access" in problem["detail"]


def test_no_machine_signs_nor_does_a_clinicians_token(ward: Ward, clinic: AsNurse) -> None:
    admin, session = ward.browser("administrator"), clinic.closed()
    body = {"name": "Script", "user_id": ANYWHERE.user_id("clinician")}
    made = admin.post("/api/tokens", body)
    assert made.status_code == 201, made.text
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    sent = {"meaning": "reviewed", "password": ANYWHERE.password("clinician")}
    for headers in (bearer, ANYWHERE.headers("device"), ANYWHERE.headers("simulator")):
        answer = ward.client.post(f"/api/sessions/{session}/sign", json=sent, headers=headers)
        refused(answer, 403, "not_allowed")


def test_on_a_shared_screen_the_person_and_their_password_sign(ward: Ward, clinic: AsNurse) -> None:
    shared = ward.browser("nurse", shared=True, station="Room 1")
    session = clinic.closed()
    path = f"/api/sessions/{session}/sign"
    refused(signing(shared, session), 403, "locked")
    body = {"meaning": "reviewed", "password": ANYWHERE.password("nurse")}
    refused(shared.by_pin("clinician", "POST", path, body), 401, "wrong_credentials")
    body["password"] = ANYWHERE.password("clinician")
    made = conforms(SignatureOut, shared.by_pin("clinician", "POST", path, body), 201)
    assert made["by"]["name"] == NAMES["clinician"]


def test_a_record_is_due_a_day_after_its_close(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    day = 24 * HOUR_MS
    row = "UPDATE infusion_session SET closed_at = closed_at - :ms WHERE id = :id"
    ward.rows(row, ms=day - HOUR_MS, id=session)
    assert not listed(doctor, session)["due"]
    ward.rows(row, ms=HOUR_MS, id=session)
    assert listed(doctor, session)["due"]


def test_nobody_need_sign_for_a_visit_that_did_not_take_place(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.made()
    assert clinic.tell(session, "phase", {"to": "cancelled", "reason": "Unwell"}) == 200
    row = "UPDATE infusion_session SET closed_at = closed_at - :ms WHERE id = :id"
    ward.rows(row, ms=25 * HOUR_MS, id=session)
    found = listed(doctor, session)
    assert (found["unsigned_since"], found["due"]) == (None, False)
    unsigned = doctor.get("/api/sessions?unsigned=true").json()["items"]
    assert session not in {item["id"] for item in unsigned}


def test_what_is_signed_is_noted_with_the_logs_end(ward: Ward, clinic: AsNurse) -> None:
    doctor, session = ward.browser("clinician"), clinic.closed()
    made = signing(doctor, session).json()
    [entry] = ward.log("record.signed")
    [(hash,)] = ward.rows(
        "SELECT hash FROM event WHERE kind = 'record.signed' AND seq = :seq", seq=made["seq"]
    )
    assert entry["session_id"] == session
    assert entry["data"] == {
        "id": made["id"],
        "kind": "signature",
        "meaning": "verified",
        "covers": made["covers"],
        "covered": made["hash"],
        "seq": made["seq"],
        "hash": bytes(hash).hex(),
    }


def test_what_is_no_signature_is_refused_field_by_field(ward: Ward, clinic: AsNurse) -> None:
    doctor, path = ward.browser("clinician"), f"/api/sessions/{clinic.closed()}/sign"
    whole = {"meaning": "reviewed", "password": "x"}
    for body, field, code in (
        ({"password": "x"}, "meaning", "missing"),
        ({**whole, "meaning": "approved"}, "meaning", "not_allowed"),
        ({"meaning": "reviewed"}, "password", "missing"),
        ({**whole, "pin": "80412"}, "pin", "unknown_field"),
        ({**whole, "seq": 0}, "seq", "out_of_range"),
        ({**whole, "text": "x" * 2_001}, "text", "text_too_long"),
    ):
        problem = refused(doctor.post(path, body), 422, "invalid_request")
        assert [(e["loc"], e["code"]) for e in problem["errors"]] == [([field], code)]


def test_in_a_demo_a_record_is_signed_with_the_password_that_the_screen_tells(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path, database_url="")
    demo_accounts.prepare(settings)
    shown = (REPO / "frontend" / "src" / "text-sign.ts").read_text(encoding="utf-8")
    assert f"demoHint: 'In the demo it is: {demo_accounts.PASSWORD}'" in shown
    app = create_app(settings, static_dir=tmp_path, demo=True)
    with TestClient(app, base_url=BASE_URL) as client:
        doctor = Browser(client)
        doctor.post("/api/auth/demo", {"role": "clinician"})
        client.headers["cookie"] = f"{COOKIE}={doctor.cookie}"
        session = Clinic(client).session()["id"]
        assert Clinic(client).phase(session, "cancelled", reason="Unwell").status_code == 200
        path, body = f"/api/sessions/{session}/sign", {"meaning": "reviewed"}
        refused(doctor.post(path, {**body, "password": WRONG}), 401, "wrong_credentials")
        answer = doctor.post(path, {**body, "password": demo_accounts.PASSWORD})
        assert answer.status_code == 201, answer.text
