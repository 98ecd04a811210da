"""What people and programs do outside of a session's log, and try in vain, is in the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.clinic import Clinic, refused
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import ANYWHERE, NURSE

if TYPE_CHECKING:
    from tests.access.browsers import Ward


def test_who_recorded_a_patient_is_told(ward: Ward) -> None:
    person = {"code": "P-1", "initials": "T.P.", "name": "Nobody Real"}
    made = ward.client.post("/api/patients", json=person, headers=ANYWHERE.headers("nurse"))
    (entry,) = ward.log("patient.created")
    assert (entry["actor"], entry["patient_id"]) == (NURSE, made.json()["id"])
    assert "Nobody" not in str(entry)


def test_who_dismissed_a_notice_is_told(ward: Ward) -> None:
    lost = {"station": "Nowhere", "device": "mon-9", "values": {"hr": 70}}
    ward.client.post("/api/readings", json={"readings": [lost]}, headers=ANYWHERE.headers("device"))
    nurse = ANYWHERE.headers("nurse")
    (notice,) = ward.client.get("/api/notices", headers=nurse).json()["items"]
    ward.client.post(f"/api/notices/{notice['id']}/dismiss", headers=nurse)
    (entry,) = ward.log("notice.dismissed")
    assert (entry["actor"], entry["data"]["device"]) == (NURSE, "mon-9")
    for role in ("simulator", "device"):
        refused(ward.client.get("/api/notices", headers=ANYWHERE.headers(role)), 403, "not_allowed")


def test_a_refusal_says_of_whom_it_was(ward: Ward) -> None:
    ward.client.auth = AsClinic()
    session = Clinic(ward.client).session()
    ward.client.auth = AS_SENT
    viewer = ANYWHERE.headers("viewer")
    place = f"/api/sessions/{session['id']}"
    refused(ward.client.get(place, headers=viewer), 403, "not_allowed")
    refused(ward.client.get("/api/sessions/nonsense", headers=viewer), 403, "not_allowed")
    of_session, of_nothing = ward.log("refused")
    assert of_session["session_id"] == session["id"]
    assert of_session["data"]["operation"] == "GET /api/sessions/{session_id}"
    assert of_nothing["session_id"] is None


def test_a_device_that_was_taken_away_is_told_of(ward: Ward) -> None:
    device = ANYWHERE.headers("device")
    sent = {"readings": [{"station": "Room 1", "values": {"hr": 70}}]}
    assert ward.client.post("/api/readings", json=sent, headers=device).status_code == 200
    token = ANYWHERE.token_id("device")
    admin = ANYWHERE.headers("administrator")
    assert ward.client.delete(f"/api/tokens/{token}", headers=admin).status_code == 204
    refused(ward.client.post("/api/readings", json=sent, headers=device), 401, "not_signed_in")
    (entry,) = ward.log("refused")
    assert entry["credential"] == f"token:{token}"
    assert (entry["data"]["status"], entry["data"]["code"]) == (401, "not_signed_in")
