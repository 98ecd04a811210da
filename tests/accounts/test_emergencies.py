"""Emergency access: taken at once, told to everybody, looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from tests.access.browsers import Browser, Ward

REASON = "Nobody answers and the patient deteriorates"


def taken(browser: Browser, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = browser.post("/api/auth/emergency", {"reason": REASON, **fields})
    return answer.status_code, answer.json()


def standing(browser: Browser) -> list[dict[str, Any]]:
    items = browser.get("/api/notices").json()["items"]
    return [notice for notice in items if notice["kind"] == "emergency"]


def test_a_nurse_becomes_a_clinician_and_everybody_is_told_until_it_is_reviewed(
    ward: Ward,
) -> None:
    nurse, admin = ward.browser("nurse"), ward.browser("administrator")
    status, emergency = taken(nurse)
    assert (status, emergency["user"]["role"]) == (201, "nurse")
    assert nurse.me()["role"] == "clinician"
    assert taken(nurse) == (200, emergency)
    (notice,) = standing(admin)
    assert "A nurse" in notice["text"]
    assert REASON not in notice["text"]
    assert "Nora" not in notice["text"]
    refused = nurse.post(f"/api/notices/{notice['id']}/dismiss")
    assert (refused.status_code, refused.json()["code"]) == (409, "notice_stands")
    (listed,) = admin.get("/api/emergencies?reviewed=false").json()["items"]
    assert listed == emergency
    review = f"/api/emergencies/{emergency['id']}/review"
    assert nurse.post(review).status_code == 403
    first = admin.post(review, {"note": "Right so"}).json()
    assert (first["note"], first["reviewed_by"]["role"]) == ("Right so", "administrator")
    assert admin.post(review, {"note": "Other"}).json() == first
    assert standing(admin) == []
    assert admin.get("/api/emergencies?reviewed=false").json()["items"] == []
    kinds = ("emergency.began", "emergency.reviewed")
    assert [len(ward.log(kind)) for kind in kinds] == [1, 1]


def test_it_ends_by_hand_and_another_reason_is_another_one(ward: Ward) -> None:
    nurse = ward.browser("nurse")
    first = taken(nurse)[1]
    status, second = taken(nurse, reason="Another patient, too")
    assert status == 201
    assert second["id"] != first["id"]
    assert nurse.ask("DELETE", "/api/auth/emergency").status_code == 204
    assert nurse.ask("DELETE", "/api/auth/emergency").status_code == 204
    assert nurse.me()["role"] == "nurse"
    listed = ward.browser("administrator").get("/api/emergencies").json()["items"]
    assert [e["id"] for e in listed] == [second["id"], first["id"]]
    assert all(e["ended_at"] for e in listed)
    assert len(ward.log("emergency.ended")) == 2


def test_it_needs_a_reason_and_a_person(ward: Ward) -> None:
    nurse = ward.browser("nurse")
    status, answer = taken(nurse, reason="urgent")
    assert (status, answer["code"]) == (422, "reason_required")
    status, answer = taken(nurse, session_id=str(uuid4()))
    assert (status, answer["code"]) == (404, "unknown_session")
    headers = ANYWHERE.headers("nurse")
    body = {"reason": REASON}
    program = ward.client.post("/api/auth/emergency", json=body, headers=headers)
    assert (program.status_code, program.json()["code"]) == (403, "not_allowed")
    nurse.post("/api/auth/lock")
    status, answer = taken(nurse)
    assert (status, answer["code"]) == (403, "locked")
    shared = ward.browser("nurse", shared=True, station="Room 1")
    assert taken(shared)[0] == 403
    granted = shared.by_pin("nurse", "POST", "/api/auth/emergency", body)
    assert granted.status_code == 201


def test_nobody_reviews_their_own_where_there_is_another_to_do_it(ward: Ward) -> None:
    admin = ward.browser("administrator")
    emergency = taken(admin)[1]
    assert admin.get("/api/users").status_code == 403  # a clinician manages nobody
    admin.ask("DELETE", "/api/auth/emergency")
    body = {"name": "eve", "display_name": "Eve", "role": "administrator"}
    other = admin.post("/api/users", body).json()
    path = f"/api/emergencies/{emergency['id']}/review"
    answer = admin.post(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "own_emergency")
    admin.ask("PATCH", f"/api/users/{other['id']}", {"active": False})
    assert admin.post(path).status_code == 200
    missing = admin.post(f"/api/emergencies/{uuid4()}/review")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_emergency")


@pytest.mark.parametrize(
    ("how", "body"),
    [
        ("PATCH", {"role": "viewer"}),
        ("PATCH", {"active": False}),
        ("POST", None),
    ],
)
def test_it_ends_with_the_role_or_the_password_of_who_took_it(
    ward: Ward, how: str, body: dict[str, Any] | None
) -> None:
    nurse, admin = ward.browser("nurse"), ward.browser("administrator")
    assert taken(nurse)[0] == 201
    place = f"/api/users/{ANYWHERE.user_id('nurse')}"
    answer = admin.ask(how, place if body else f"{place}/reset", body or {})
    assert answer.status_code == 200, answer.text
    (listed,) = admin.get("/api/emergencies").json()["items"]
    assert listed["ended_at"] is not None
    assert len(ward.log("emergency.ended")) == 1
