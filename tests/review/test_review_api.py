"""Corrections, alarm load and what-if as they are asked for over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api.schemas.review import AlarmLoadOut, WhatIfOut
from app.api.schemas.sessions import StateOut
from app.review import apart
from tests.api.clinic import NOBODY, conforms, new_uuid, refused
from tests.api.conftest import app, client, clinic, credentials, data_dir, static_dir

if TYPE_CHECKING:
    from typing import Any

    import pytest
    from starlette.testclient import TestClient

    from tests.api.clinic import Clinic

__all__ = ["app", "client", "clinic", "credentials", "data_dir", "static_dir"]

CALMER = {"spo2": {"low": 90}}


def reading(clinic: Clinic, session_id: str, **values: float) -> str:
    response = clinic.read(session_id, values=values)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def address(session_id: str, reading_id: str, what: str) -> str:
    return f"/api/sessions/{session_id}/readings/{reading_id}/{what}"


def test_a_reading_is_voided_amended_and_moved(client: TestClient, clinic: Clinic) -> None:
    here, there = clinic.infusing()["id"], clinic.infusing()["id"]
    wrong = reading(clinic, here, sbp=204, dbp=118)
    body: dict[str, Any] = {"values": {"sbp": 190, "dbp": None}, "reason": "another line"}
    said = conforms(StateOut, client.post(address(here, wrong, "amend"), json=body))
    assert said["values"]["sbp"]["value"] == 190
    assert said["values"]["dbp"]["value"] == 76
    body = {"session_id": there, "reason": "another patient's", "id": new_uuid()}
    said = conforms(StateOut, client.post(address(here, wrong, "move"), json=body))
    assert said["alarms"] == {}
    assert conforms(StateOut, client.post(address(here, wrong, "move"), json=body)) == said
    assert clinic.state(there)["values"]["sbp"]["value"] == 190
    other = reading(clinic, here, hr=140)
    said = conforms(StateOut, client.post(address(here, other, "void"), json={"reason": "slip"}))
    assert said["values"]["hr"]["value"] == 74
    again = client.post(address(here, other, "void"), json={"reason": "slip"})
    refused(again, 409, "already_corrected")


def test_what_a_correction_may_not_say(client: TestClient, clinic: Clinic) -> None:
    here = clinic.infusing()["id"]
    wrong = reading(clinic, here, hr=140)
    for what, body in (
        ("void", {}),
        ("amend", {"reason": "slip", "values": {}}),
        ("amend", {"reason": "slip", "values": {"sats": 90}}),
        ("amend", {"reason": "slip", "values": {"hr": 900}}),
        ("move", {"reason": "slip"}),
        ("move", {"reason": "slip", "session_id": here}),
    ):
        response = client.post(address(here, wrong, what), json=body)
        assert refused(response, 422, "invalid_request")["errors"], body
    unknown = client.post(address(here, NOBODY, "void"), json={"reason": "slip"})
    refused(unknown, 404, "unknown_reading")
    nowhere = {"reason": "slip", "session_id": NOBODY}
    refused(client.post(address(here, wrong, "move"), json=nowhere), 404, "unknown_session")


def test_alarm_load_and_what_if(client: TestClient, clinic: Clinic) -> None:
    session_id = clinic.infusing()["id"]
    reading(clinic, session_id, spo2=90, hr=80)
    asked = {"session": session_id}
    load = conforms(AlarmLoadOut, client.get("/api/alarm-load", params=asked))
    assert (load["clinic"]["alarms"], load["sessions"][0]["session_id"]) == (1, session_id)
    assert client.get("/api/alarm-load").status_code == 200

    question = {"limits": CALMER, "session_id": session_id}
    told = conforms(WhatIfOut, client.post("/api/what-if", json=question))
    assert (told["total"]["before"], told["total"]["after"]) == (1, 1)
    (pair,) = told["sessions"][0]["both"]["alarms"]
    assert (pair["before"]["priority"], pair["after"]["priority"]) == ("medium", "low")


def test_what_reviews_may_not_ask(
    client: TestClient, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = clinic.infusing()["id"]
    backwards = {"from": "2026-11-22T10:00:00Z", "to": "2026-11-22T09:00:00Z"}
    refused(client.get("/api/alarm-load", params=backwards), 422, "invalid_request")
    refused(client.get("/api/alarm-load", params={"session": NOBODY}), 404, "unknown_session")
    for question in (
        {"limits": CALMER},
        {"limits": {}, "session_id": session_id},
        {"limits": {"spo2": {"high": 99}}, "session_id": session_id},
        {"limits": {"spo2": {"low": 60}}, "session_id": session_id},
        {"limits": CALMER, **backwards},
    ):
        response = client.post("/api/what-if", json=question)
        assert refused(response, 422, "invalid_request")["errors"], question
    unknown = {"limits": CALMER, "session_id": NOBODY}
    refused(client.post("/api/what-if", json=unknown), 404, "unknown_session")
    monkeypatch.setattr(apart, "EVENTS", 3)
    question = {"limits": CALMER, "session_id": session_id}
    refused(client.post("/api/what-if", json=question), 422, "too_much")
