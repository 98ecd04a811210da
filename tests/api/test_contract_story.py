"""One session from check-in to discharge, by the public contract alone."""

import orjson
from starlette.testclient import TestClient

from app.api.schemas.alarms import AlarmList, AlarmOut
from app.api.schemas.events import EventList
from app.api.schemas.patients import PatientList, PatientOut, PatientView
from app.api.schemas.readings import ReadingItems, ReadingOut
from app.api.schemas.session_list import SessionList
from app.api.schemas.sessions import StateOut
from app.api.schemas.timeline import TimelineOut
from app.api.schemas.wall import BoardOut
from tests.api.clinic import BASELINE, Clinic, conforms, new_uuid, refused
from tests.support.people import CLINICIAN


def test_a_session_from_check_in_to_discharge(client: TestClient) -> None:
    clinic = Clinic(client)

    # A patient is registered, once, however often the request is sent.
    patient_body = {"id": new_uuid(), "code": "P-1042", "initials": "T.P.", "weight_kg": 70}
    created = client.post("/api/patients", json=patient_body)
    patient = conforms(PatientOut, created, 201)
    assert conforms(PatientOut, client.post("/api/patients", json=patient_body)) == patient
    other = {**patient_body, "initials": "X"}
    refused(client.post("/api/patients", json=other), 409, "id_conflict")
    again = {**patient_body, "id": new_uuid()}
    refused(client.post("/api/patients", json=again), 409, "patient_code_taken")
    found = conforms(PatientList, client.get("/api/patients?q=1042"))
    assert [item["id"] for item in found["items"]] == [patient["id"]]
    seen = conforms(PatientView, client.get(f"/api/patients/{patient['id']}"))
    assert seen == {**patient, "last_visit": None}

    # A session is opened for the patient.
    session_body = {
        "id": new_uuid(),
        "patient_id": patient["id"],
        "station": "Story room",
        "protocol": "ketamine_adult",
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
    }
    state = conforms(StateOut, client.post("/api/sessions", json=session_body), 201)
    assert state["id"] == session_body["id"]
    assert (state["phase"], state["seq"], state["active"]) == ("scheduled", 1, True)
    assert conforms(StateOut, client.post("/api/sessions", json=session_body))["seq"] == 1
    url = f"/api/sessions/{state['id']}"

    # Check-in, baseline, and the way to the infusion.
    for to in ("checked_in", "baseline"):
        state = conforms(StateOut, clinic.phase(state["id"], to))
        assert state["phase"] == to
    assert refused(clinic.phase(state["id"], "ready"), 409, "gate_failed")["missing"]
    first = conforms(ReadingOut, clinic.read(state["id"], values=BASELINE), 201)
    assert first["derived"] == ["map"]
    assert first["flags"] == {}
    for to in ("ready", "infusing"):
        state = conforms(StateOut, clinic.phase(state["id"], to))
    assert state["baseline"]["hr"] == BASELINE["hr"]
    assert any(line["basis"] == "relative" for line in state["limits"]["sbp"])

    # A reading out of limits raises an alarm at once: nobody will measure again soon.
    reading = {"id": new_uuid(), "values": {"spo2": 84, "hr": 81.5}}
    low = conforms(ReadingOut, clinic.read(state["id"], **reading), 201)
    assert low["flags"]["spo2"] == "low_critical"
    [raised] = [alarm for alarm in low["alarms"] if alarm["vital"] == "spo2"]
    assert (raised["priority"], raised["state"]) == ("high", "active")

    # Sent again, it is the same reading; with other content, a conflict.
    assert conforms(ReadingOut, clinic.read(state["id"], **reading)) == low
    refused(clinic.read(state["id"], **{**reading, "values": {"spo2": 94}}), 409, "id_conflict")
    assert clinic.state(state["id"])["values"]["spo2"]["value"] == 84

    # A monitor sends a list: a probe that is off is set apart, and the good values stand.
    measured = {"id": new_uuid(), "values": {"hr": 81}, "device": "mon-03", "interval_s": 1}
    once = conforms(ReadingOut, clinic.read(state["id"], **measured), 201)
    batch = [
        measured,
        {"values": {"hr": 82, "spo2": 0}, "device": "mon-03", "interval_s": 1},
        {"values": {"hr": -999}, "device": "mon-03"},
        {"values": {"hr": 9_000}},
    ]
    answer = conforms(ReadingItems, clinic.read(state["id"], readings=batch))
    assert [item["status"] for item in answer["items"]] == [200, 201, 422, 422]
    assert answer["items"][0]["reading"] == once
    assert answer["items"][1]["reading"]["rejected"] == [
        {"vital": "spo2", "value": 0, "code": "no_signal"}
    ]
    assert answer["items"][2]["problem"]["code"] == "no_usable_values"

    # The alarm is seen by a person.
    alarms = conforms(AlarmList, client.get(f"{url}/alarms?standing=true"))
    assert raised["id"] in [alarm["id"] for alarm in alarms["items"]]
    acknowledge = f"{url}/alarms/{raised['id']}/acknowledge"
    seen_body = {"id": new_uuid(), "rev": raised["rev"], "action": "repositioned_probe"}
    seen = conforms(AlarmOut, client.post(acknowledge, json=seen_body))
    assert seen["state"] == "acknowledged"
    assert seen["acknowledgements"][0]["by"] == CLINICIAN
    assert conforms(AlarmOut, client.post(acknowledge, json=seen_body))["state"] == "acknowledged"

    # The board and the lists show it.
    board = conforms(BoardOut, client.get("/api/board"))
    [row] = [row for row in board["items"] if row["id"] == state["id"]]
    assert row["values"]["spo2"]["flag"] == "low_critical"
    listed = conforms(SessionList, client.get(f"/api/sessions?patient={patient['id']}&active=true"))
    assert [item["id"] for item in listed["items"]] == [state["id"]]

    # Recovery and discharge.
    conforms(ReadingOut, clinic.read(state["id"], values={"spo2": 98, "hr": 75}), 201)
    for to in ("paused", "infusing", "completed", "recovery", "ready_for_discharge"):
        state = conforms(StateOut, clinic.phase(state["id"], to))
    state = conforms(
        StateOut, clinic.phase(state["id"], "discharged", override_reason="Seen by the clinician")
    )
    assert (state["active"], state["closed_at"] is None) == (False, False)
    refused(clinic.read(state["id"], values={"hr": 80}), 409, "session_closed")
    board = conforms(BoardOut, client.get("/api/board"))
    assert state["id"] not in [row["id"] for row in board["items"]]

    # The log tells all of it, without gaps.
    log, after = [], 0
    while True:
        page = conforms(EventList, client.get(f"{url}/events?after={after}&limit=5"))
        log += page["items"]
        if page["next_cursor"] is None:
            break
        after = int(page["next_cursor"])
    assert [event["seq"] for event in log] == list(range(1, state["seq"] + 1))
    assert {event["session_id"] for event in log} == {state["id"]}
    kinds = [event["kind"] for event in log]
    assert kinds[0] == "session.created"
    for kind in ("phase.changed", "baseline.set", "reading.recorded", "alarm.acknowledged"):
        assert kind in kinds
    ids = [event["data"]["id"] for event in log if event["kind"] == "reading.recorded"]
    assert len(ids) == len(set(ids)) == 5
    assert ids.count(reading["id"]) == 1

    # And so does the timeline.
    timeline = conforms(TimelineOut, client.get(f"{url}/timeline"))
    assert timeline["seq"] == state["seq"]
    for series in timeline["series"].values():
        assert len({len(column) for column in series.values()}) == 1
    assert 84 in timeline["series"]["spo2"]["v"]
    whole = orjson.dumps(timeline["series"]["spo2"]["seq"])
    assert orjson.loads(whole) == sorted(orjson.loads(whole))


def test_a_driven_session_goes_by_its_own_clock(clinic: Clinic) -> None:
    session = clinic.session(simulated=True, clock="driven")
    url = f"/api/sessions/{session['id']}/clock"
    state = conforms(StateOut, clinic.client.post(url, json={"at": "2026-01-01T10:00:00+01:00"}))
    assert state["now"] == "2026-01-01T09:00:00.000Z"
    state = conforms(StateOut, clinic.client.post(url, json={"live": True}))
    assert (state["clock"], state["now"]) == ("wall", None)
    refused(clinic.client.post(url, json={"at": "2026-01-01T11:00:00Z"}), 409, "not_driven")


def test_a_wall_session_cannot_be_driven(clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.session()['id']}/clock"
    refused(clinic.client.post(url, json={"at": "2026-01-01T11:00:00Z"}), 409, "not_driven")


def test_lists_go_on_at_their_cursor(clinic: Clinic) -> None:
    for _ in range(5):
        clinic.patient()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = "limit=2" if cursor is None else f"limit=2&cursor={cursor}"
        page = conforms(PatientList, clinic.client.get(f"/api/patients?{query}"))
        assert len(page["items"]) <= 2
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) >= 5
