"""Alarms that several people see, and those that a person must end because nothing else can."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.schemas.alarms import AlarmList, AlarmOut
from app.api.schemas.readings import ReadingOut
from app.api.schemas.sessions import StateOut
from tests.api.clinic import NOBODY, Clinic, conforms, new_uuid, refused
from tests.support.people import CLINICIAN, NURSE, bearer

DEVICE = {"device": "mon-slow", "interval_s": 60}  # its next value is not due within any delay
LOW = {**DEVICE, "values": {"hr": 80, "spo2": 82}}
NO_SIGNAL = {**DEVICE, "values": {"hr": 80, "spo2": 0}}


def raised(clinic: Clinic, session_id: str, **reading: Any) -> dict[str, Any]:
    [alarm] = conforms(ReadingOut, clinic.read(session_id, **reading), 201)["alarms"]
    return dict(alarm)


def ended(client: TestClient, session_id: str, alarm_id: str) -> dict[str, Any]:
    url = f"/api/sessions/{session_id}/alarms?standing=false"
    items = conforms(AlarmList, client.get(url))["items"]
    return next(alarm for alarm in items if alarm["id"] == alarm_id)


def test_a_person_ends_what_a_lost_signal_leaves_behind(client: TestClient, clinic: Clinic) -> None:
    id = clinic.infusing()["id"]
    alarm = raised(clinic, id, **LOW)
    assert (alarm["devices"], alarm["sounded_at"]) == (["mon-slow"], alarm["raised_at"])
    assert (alarm["shown_rev"], alarm["escalation"], alarm["ended_reason"]) == (0, None, None)
    url = f"/api/sessions/{id}/alarms/{alarm['id']}/end"
    body = {"id": new_uuid(), "reason": "Probe replaced"}
    refused(client.post(url, json=body), 409, "still_present")
    conforms(ReadingOut, clinic.read(id, **NO_SIGNAL), 201)
    state = conforms(StateOut, client.post(url, json=body))
    assert alarm["id"] not in state["alarms"]
    over = ended(client, id, alarm["id"])
    assert (over["ended_by"], over["ended_reason"]) == ("person", "Probe replaced")
    # Sent again, or by another person a moment later, it changes nothing.
    assert conforms(StateOut, client.post(url, json=body)) == state
    refused(client.post(url, json={**body, "reason": "Other"}), 409, "id_conflict")
    assert conforms(StateOut, client.post(url, json={"reason": "Again"}))["seq"] == state["seq"]


def test_what_was_never_there_cannot_be_ended(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.infusing()['id']}/alarms/{NOBODY}/end"
    refused(client.post(url, json={"reason": "x"}), 404, "unknown_alarm")


def test_a_typed_value_that_is_still_so_is_not_ended(client: TestClient, clinic: Clinic) -> None:
    id = clinic.infusing()["id"]
    alarm = raised(clinic, id, values={"spo2": 82})
    url = f"/api/sessions/{id}/alarms/{alarm['id']}/end"
    refused(client.post(url, json={"reason": "Looks fine"}), 409, "still_present")


def test_a_technical_alarm_is_not_ended_by_hand(client: TestClient, clinic: Clinic) -> None:
    id = clinic.infusing()["id"]
    slow = (datetime.now(UTC) - timedelta(minutes=7)).isoformat()
    alarm = raised(clinic, id, device="mon-late", values={"hr": 80}, sent_at=slow)
    assert (alarm["kind"], alarm["condition"]) == ("technical", "device_clock")
    url = f"/api/sessions/{id}/alarms/{alarm['id']}/end"
    refused(client.post(url, json={"reason": "x"}), 409, "still_present")


def test_ending_the_alarm_of_a_call_for_help_ends_the_call(
    client: TestClient, clinic: Clinic
) -> None:
    id = clinic.infusing()["id"]
    state = conforms(StateOut, client.post(f"/api/sessions/{id}/help", json={}))
    [alarm] = state["alarms"].values()
    url = f"/api/sessions/{id}/alarms/{alarm['id']}/end"
    state = conforms(StateOut, client.post(url, json={"reason": "All is well"}))
    assert (state["help"], state["alarms"]) == (None, {})


@pytest.mark.parametrize("twice", [True, False])
def test_everybody_who_has_seen_it_is_named(
    client: TestClient, clinic: Clinic, twice: bool
) -> None:
    id = clinic.infusing()["id"]
    alarm = raised(clinic, id, values={"spo2": 82})
    url = f"/api/sessions/{id}/alarms/{alarm['id']}/acknowledge"
    first = conforms(AlarmOut, client.post(url, json={"action": "repositioned_probe"}))
    assert first["state"] == "acknowledged"
    as_nurse = bearer("nurse")
    second = conforms(AlarmOut, client.post(url, json={"note": "With her"}, headers=as_nurse))
    if twice:
        second = conforms(AlarmOut, client.post(url, json={"action": "gave_oxygen"}))
    seen = [(a["by"]["name"], a["action"]) for a in second["acknowledgements"]]
    assert seen[:2] == [(CLINICIAN["name"], "repositioned_probe"), (NURSE["name"], None)]
    assert seen[2:] == ([(CLINICIAN["name"], "gave_oxygen")] if twice else [])
    assert second["state"] == "acknowledged"
