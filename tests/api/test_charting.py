"""By HTTP: chart now, not taken, and the answer to a stop prompt."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.schemas.events import EventList
from app.api.schemas.readings import ReadingOut
from app.api.schemas.sessions import StateOut
from app.api.schemas.wall import BoardOut, WallRow
from app.monitoring.view import wall_row
from tests.api.clinic import Clinic, conforms, fits, new_uuid, refused


def measured(clinic: Clinic, session_id: str, **values: float) -> dict[str, Any]:
    told = {"values": {"hr": 78, "spo2": 97, **values}, "device": "mon-01", "interval_s": 1}
    response = clinic.read(session_id, source="device", **told)
    return conforms(ReadingOut, response, 201)


def row_of(client: TestClient, session_id: str) -> dict[str, Any]:
    items = conforms(BoardOut, client.get("/api/board"))["items"]
    return dict(next(row for row in items if row["id"] == session_id))


def test_chart_now(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    one = measured(clinic, session["id"])
    body = {"id": new_uuid(), "values": {"sedation": 5}, "charted": {"hr": one["seq"]}}
    made = conforms(ReadingOut, clinic.read(session["id"], **body), 201)
    assert made["charted"] == {
        "hr": {"seq": one["seq"], "device": "mon-01", "taken_at": one["taken_at"], "value": 78}
    }
    assert conforms(ReadingOut, clinic.read(session["id"], **body), 200) == made
    other = {**body, "charted": {"spo2": one["seq"]}}
    refused(clinic.read(session["id"], **other), 409, "id_conflict")
    empty = {"values": {}, "charted": {"hr": one["seq"], "spo2": one["seq"]}}
    conforms(ReadingOut, clinic.read(session["id"], **empty), 201)
    events = client.get(f"/api/sessions/{session['id']}/events?limit=1000")
    conforms(EventList, events)


@pytest.mark.parametrize(
    ("body", "code", "loc"),
    [
        ({"charted": {"hr": 1}}, "not_chartable", ["charted", "hr"]),
        ({"charted": {"hr": 0}}, "invalid_request", ["charted", "hr"]),
        ({"charted": {"pulse": 5}}, "invalid_request", None),
        ({"charted": {"hr": 5}, "values": {"hr": 70}}, "invalid_request", ["charted", "hr"]),
        ({"not_taken": {"hr": "busy"}}, "invalid_request", ["not_taken", "hr"]),
        ({"not_taken": {"hr": "asleep"}, "values": {"hr": 70}}, "invalid_request", None),
        ({"not_taken": {"hr": "asleep"}, "not_taken_note": "x" * 201}, "invalid_request", None),
        ({"charted": {}, "not_taken": {}}, "no_usable_values", None),
        ({"values": {"hr": 70}, "not_taken_note": "x"}, "invalid_request", ["not_taken_note"]),
    ],
)
def test_refused(clinic: Clinic, body: dict[str, Any], code: str, loc: Any) -> None:
    session = clinic.infusing()
    problem = refused(clinic.read(session["id"], **{"values": {}, **body}), 422, code)
    if loc is not None:
        assert loc in [error["loc"] for error in problem["errors"]], problem
    assert clinic.state(session["id"])["seq"] == session["seq"]


def test_a_device_charts_nothing(clinic: Clinic) -> None:
    session = clinic.infusing()
    told = {"values": {"hr": 78}, "device": "mon-01", "source": "device"}
    for said in ({"charted": {"rr": 3}}, {"not_taken": {"rr": "asleep"}}):
        problem = refused(clinic.read(session["id"], **told, **said), 422, "invalid_request")
        assert problem["errors"][0]["code"] == "manual_only"


def test_not_taken_puts_off_on_every_board(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    body = {"values": {"hr": 70}, "not_taken": {"sbp": "asleep", "dbp": "asleep"}}
    made = conforms(ReadingOut, clinic.read(session["id"], **body, not_taken_note="deeply"), 201)
    assert (made["not_taken"], made["not_taken_note"]) == (body["not_taken"], "deeply")
    state = conforms(StateOut, client.get(f"/api/sessions/{session['id']}"))
    assert state["not_taken"] == made["put_off"]
    row = row_of(client, session["id"])
    assert row["not_taken"]["sbp"]["by"]["kind"] == "person"


def test_wall_is_not_told_who_tried(clinic: Clinic) -> None:
    session = clinic.infusing()
    clinic.read(session["id"], values={}, not_taken={"sbp": "refused"}, not_taken_note="angry")
    clinic.read(session["id"], values={"hr": 38})
    row = wall_row(row_of(clinic.client, session["id"]))
    fits(WallRow, row)
    assert set(row["not_taken"]["sbp"]) == {"reason", "at", "until", "times"}
    assert row["stop_prompts"]["hr"]["line"] == 40


def test_stop_prompt_is_answered(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    clinic.read(session["id"], values={"sedation": 2})
    place = f"/api/sessions/{session['id']}/stop-prompts/sedation/answer"
    body = {"id": new_uuid(), "decision": "continue", "reason": "opens the eyes"}
    for wrong in ({}, {**body, "decision": "stop"}, {**body, "reason": " "}):
        refused(client.post(place, json=wrong), 422, "invalid_request")
    state = conforms(StateOut, client.post(place, json=body))
    assert state["stop_prompts"] == {}
    assert conforms(StateOut, client.post(place, json=body))["seq"] == state["seq"]
    refused(client.post(place, json={**body, "reason": "other"}), 409, "id_conflict")
    refused(client.post(place, json={**body, "id": new_uuid()}), 409, "no_such_prompt")
    unknown = place.replace("sedation", "pulse")
    refused(client.post(unknown, json=body), 422, "invalid_request")
    log = conforms(EventList, client.get(f"/api/sessions/{session['id']}/events?limit=1000"))
    (ended,) = [e for e in log["items"] if e["kind"] == "stop_prompt.ended"]
    assert ended["data"]["reason"] == "opens the eyes"
    assert ended["actor"]["kind"] == "person"


def test_closed_session_takes_no_answer(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    clinic.read(session["id"], values={"sedation": 2})
    assert clinic.phase(session["id"], "transferred", reason="ambulance").is_success
    place = f"/api/sessions/{session['id']}/stop-prompts/sedation/answer"
    body = {"decision": "continue", "reason": "opens the eyes"}
    refused(client.post(place, json=body), 409, "session_closed")
