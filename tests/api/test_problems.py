"""Everything that can be wrong with a request is a clear problem, and nothing of it is stored."""

from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from app.api.problems import MAX_ERRORS
from app.api.schemas.readings import LIST_MAX
from tests.api.clinic import NOBODY, Clinic, refused

PATIENT = {"code": "P-77", "initials": "T.P."}
SESSION = {
    "patient_id": NOBODY,
    "station": "Room 99",
    "protocol": "ketamine_adult",
    "weight_kg": 70,
    "dose_mg_per_kg": 0.5,
    "planned_minutes": 40,
}
READING: dict[str, Any] = {"values": {"hr": 80}}
MINUTES = ["planned_minutes"]
JSON = {"content-type": "application/json"}
DEEP = 100_000
SECRET = "Quillfeather"


@pytest.fixture(scope="module")
def session_id(client: TestClient) -> str:
    return str(Clinic(client).session(station="Room of problems")["id"])


def stored(client: TestClient, session_id: str) -> tuple[Any, Any, Any]:
    return (
        client.get(f"/api/sessions/{session_id}").json(),
        client.get("/api/patients?limit=200").json(),
        client.get("/api/sessions?limit=200").json(),
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("readings", b"", id="empty"),
        pytest.param("readings", b"{", id="cut off"),
        pytest.param("readings", b"{'values': {}}", id="single quotes"),
        pytest.param("readings", b'{"values": {"hr": NaN}}', id="NaN"),
        pytest.param("readings", b'{"values": {"hr": Infinity}}', id="Infinity"),
        pytest.param("readings", b'{"values": {"hr": 1e400}}', id="beyond a double"),
        pytest.param("readings", b'{"values": {"hr": 80}} 1', id="trailing"),
        pytest.param("readings", b'{"device": "\xff\xfe"}', id="not UTF-8"),
        pytest.param("readings", b'{"device": "\\ud800"}', id="half a surrogate pair"),
        pytest.param("readings", b'{"values":' * DEEP, id="deep objects"),
        pytest.param("readings", b"[" * DEEP, id="deep lists"),
        pytest.param("phase", b"[" * DEEP + b"]" * DEEP, id="deep and whole"),
    ],
)
def test_what_is_not_json_is_refused(
    client: TestClient, session_id: str, path: str, content: bytes
) -> None:
    before = stored(client, session_id)
    url = f"/api/sessions/{session_id}/{path}"
    refused(client.post(url, content=content, headers=JSON), 400, "malformed_json")
    assert stored(client, session_id) == before


Row = tuple[str, Any, list[str], str]

PATIENTS: list[Row] = [
    ("nothing", {}, ["code"], "missing"),
    ("list", [], [], "not_an_object"),
    ("null", None, [], "not_an_object"),
    ("text", "P-1", [], "not_an_object"),
    ("unknown field", {**PATIENT, "nick": "x"}, ["nick"], "unknown_field"),
    ("number for text", {**PATIENT, "code": 7}, ["code"], "not_text"),
    ("blank", {**PATIENT, "code": "  "}, ["code"], "empty"),
    ("endless", {**PATIENT, "name": "x" * 201}, ["name"], "text_too_long"),
    ("NUL", {**PATIENT, "name": "a\x00b"}, ["name"], "control_character"),
    ("escape", {**PATIENT, "code": "\x1b[31m"}, ["code"], "control_character"),
    ("line in a name", {**PATIENT, "name": "a\nb"}, ["name"], "control_character"),
    ("no such day", {**PATIENT, "birth_date": "1990-02-30"}, ["birth_date"], "not_a_date"),
    ("day as number", {**PATIENT, "birth_date": 19900101}, ["birth_date"], "not_a_date"),
    ("sex", {**PATIENT, "sex": "f"}, ["sex"], "not_allowed"),
    ("text for number", {**PATIENT, "weight_kg": "70"}, ["weight_kg"], "not_a_number"),
    ("true for number", {**PATIENT, "weight_kg": True}, ["weight_kg"], "not_a_number"),
    ("no weight", {**PATIENT, "weight_kg": 0}, ["weight_kg"], "out_of_range"),
    ("bad id", {**PATIENT, "id": "1234"}, ["id"], "not_a_uuid"),
    ("number as id", {**PATIENT, "id": 1234}, ["id"], "not_a_uuid"),
]
SESSIONS: list[Row] = [
    ("half minutes", {**SESSION, "planned_minutes": 40.5}, MINUTES, "not_an_integer"),
    ("minutes as text", {**SESSION, "planned_minutes": "40"}, MINUTES, "not_an_integer"),
    ("beyond 64 bit", {**SESSION, "planned_minutes": 1e30}, MINUTES, "out_of_range"),
    ("2 days", {**SESSION, "planned_minutes": 2880}, MINUTES, "out_of_range"),
    ("mg for mg/kg", {**SESSION, "dose_mg_per_kg": 35}, ["dose_mg_per_kg"], "out_of_range"),
    ("huge dose", {**SESSION, "dose_mg_per_kg": 1e300}, ["dose_mg_per_kg"], "out_of_range"),
    ("1 for true", {**SESSION, "simulated": 1}, ["simulated"], "not_a_boolean"),
    ("clock", {**SESSION, "clock": "fast"}, ["clock"], "not_allowed"),
    ("naive start", {**SESSION, "starts_at": "2026-11-22T10:15"}, ["starts_at"], "naive_time"),
    ("real but driven", {**SESSION, "clock": "driven"}, ["clock"], "not_simulated"),
]
READINGS: list[Row] = [
    ("no values", {}, ["values"], "missing"),
    ("number", 5, [], "not_an_object"),
    ("unknown field", {**READING, "vals": 1}, ["vals"], "unknown_field"),
    ("unknown vital", {"values": {"pulse": 80}}, ["values", "pulse"], "unknown_vital"),
    ("text", {"values": {"hr": "80"}}, ["values", "hr"], "not_a_number"),
    ("true", {"values": {"hr": True}}, ["values", "hr"], "not_a_number"),
    ("list", {"values": {"hr": [80]}}, ["values", "hr"], "not_a_number"),
    ("beyond all", {"values": {"hr": 1e300}}, ["values", "hr"], "out_of_range"),
    ("impossible", {"values": {"hr": 500}}, ["values", "hr"], "implausible"),
    ("naive time", {**READING, "taken_at": "2026-11-22T10:15:00"}, ["taken_at"], "naive_time"),
    ("time as number", {**READING, "taken_at": 1_795_342_500}, ["taken_at"], "not_a_time"),
    ("time as digits", {**READING, "taken_at": "1795342500"}, ["taken_at"], "not_a_time"),
    ("no such time", {**READING, "taken_at": "2026-11-31T10:15Z"}, ["taken_at"], "not_a_time"),
    ("no such hour", {**READING, "taken_at": "2026-11-22T25:15Z"}, ["taken_at"], "not_a_time"),
    ("week date", {**READING, "taken_at": "2026-W47-7T10:15:00Z"}, ["taken_at"], "not_a_time"),
    ("no interval", {**READING, "interval_s": 0}, ["interval_s"], "out_of_range"),
    ("source", {**READING, "source": "nurse"}, ["source"], "not_allowed"),
    ("NUL", {**READING, "device": "mon\x00"}, ["device"], "control_character"),
    ("confirmed as text", {**READING, "confirmed": "yes"}, ["confirmed"], "not_a_boolean"),
    ("no list", {"readings": READING}, ["readings"], "not_a_list"),
    ("list and more", {"readings": [], "values": {}}, ["values"], "unknown_field"),
    ("too many", {"readings": [READING] * (LIST_MAX + 1)}, ["readings"], "too_many"),
]
STEPS: list[tuple[str, Row]] = [
    ("phase", ("unknown", {"to": "asleep"}, ["to"], "not_allowed")),
    ("clock", ("nothing", {}, [], "at_or_live")),
    ("clock", ("not live", {"live": False}, ["live"], "not_allowed")),
]
INVALID = [
    pytest.param(path, *row[1:], id=f"{path.rpartition('/')[2]}: {row[0]}")
    for path, row in [
        *(("/api/patients", row) for row in PATIENTS),
        *(("/api/sessions", row) for row in SESSIONS),
        *(("/api/sessions/{id}/readings", row) for row in READINGS),
        *((f"/api/sessions/{{id}}/{step}", row) for step, row in STEPS),
    ]
]


@pytest.mark.parametrize(("path", "body", "loc", "code"), INVALID)
def test_a_field_that_is_wrong_is_named(
    client: TestClient, session_id: str, path: str, body: Any, loc: list[str], code: str
) -> None:
    before = stored(client, session_id)
    content = orjson.dumps(body)
    response = client.post(path.format(id=session_id), content=content, headers=JSON)
    problem = refused(response, 422, "invalid_request")
    assert {"loc": loc, "code": code} in [
        {"loc": error["loc"], "code": error["code"]} for error in problem["errors"]
    ], problem
    assert all(error["msg"] for error in problem["errors"])
    assert stored(client, session_id) == before


@pytest.mark.parametrize(
    ("query", "loc", "code"),
    [
        ("/api/patients?limit=0", "limit", "out_of_range"),
        ("/api/patients?limit=1001", "limit", "out_of_range"),
        ("/api/patients?limit=ten", "limit", "not_an_integer"),
        ("/api/patients?limit=99999999999999999999999", "limit", "not_an_integer"),
        ("/api/patients?page=2", "page", "unknown_field"),
        ("/api/patients?q=%00", "q", "control_character"),
        ("/api/patients/room-3", "patient_id", "not_a_uuid"),
        ("/api/sessions?active=yes", "active", "not_a_boolean"),
        ("/api/sessions?from=2026-11-22", "from", "not_a_time"),
        ("/api/sessions?to=2026-11-22T10:00:00", "to", "naive_time"),
        ("/api/sessions?phase=asleep", "phase", "not_allowed"),
        ("/api/sessions?patient=me", "patient", "not_a_uuid"),
        ("/api/sessions/{id}/events?after=-1", "after", "not_an_integer"),
        ("/api/sessions/{id}/events?limit=5000", "limit", "out_of_range"),
        ("/api/sessions/{id}/timeline?points=1", "points", "out_of_range"),
        ("/api/sessions/{id}/alarms?standing=maybe", "standing", "not_a_boolean"),
    ],
)
def test_an_address_that_is_wrong_is_named(
    client: TestClient, session_id: str, query: str, loc: str, code: str
) -> None:
    problem = refused(client.get(query.format(id=session_id)), 422, "invalid_request")
    assert [(error["loc"], error["code"]) for error in problem["errors"]] == [([loc], code)]


@pytest.mark.parametrize("cursor", ["x", "1", "%F0%9F%92%89", "eyJhIjoxfQ", "0" * 200, "-1"])
@pytest.mark.parametrize("path", ["patients", "sessions", "sessions/{id}/alarms"])
def test_a_made_up_cursor_does_no_harm(
    client: TestClient, session_id: str, path: str, cursor: str
) -> None:
    response = client.get(f"/api/{path.format(id=session_id)}?cursor={cursor}")
    assert response.status_code in (200, 422), response.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/sessions/{id}", None),
        ("GET", "/api/sessions/{id}/events", None),
        ("GET", "/api/sessions/{id}/alarms", None),
        ("GET", "/api/sessions/{id}/timeline", None),
        ("POST", "/api/sessions/{id}/readings", READING),
        ("POST", "/api/sessions/{id}/readings", {"readings": [READING]}),
        ("POST", "/api/sessions/{id}/phase", {"to": "checked_in"}),
        ("POST", "/api/sessions/{id}/clock", {"live": True}),
        ("POST", "/api/sessions/{id}/alarms/{id}/acknowledge", {}),
    ],
)
def test_an_unknown_session_is_not_found(
    client: TestClient, method: str, path: str, body: Any
) -> None:
    url = path.format(id=NOBODY)
    refused(client.request(method, url, json=body), 404, "unknown_session")


def test_unknown_patients_protocols_and_alarms_are_not_found(
    client: TestClient, session_id: str, clinic: Clinic
) -> None:
    refused(client.get(f"/api/patients/{NOBODY}"), 404, "unknown_patient")
    refused(client.post("/api/sessions", json=SESSION), 404, "unknown_patient")
    known = {**SESSION, "patient_id": clinic.patient()["id"], "protocol": "propofol"}
    refused(client.post("/api/sessions", json=known), 404, "unknown_protocol")
    url = f"/api/sessions/{session_id}/alarms/{NOBODY}/acknowledge"
    refused(client.post(url, json={}), 404, "unknown_alarm")


def test_a_person_cannot_chart_the_future(clinic: Clinic, session_id: str) -> None:
    response = clinic.read(session_id, values={"hr": 80}, taken_at="2099-01-01T00:00:00Z")
    refused(response, 422, "taken_in_future")


def test_a_closed_session_takes_no_reading(clinic: Clinic) -> None:
    session = clinic.session()
    assert clinic.phase(session["id"], "cancelled").status_code == 200
    seq = clinic.state(session["id"])["seq"]
    refused(clinic.read(session["id"], values={"hr": 80}), 409, "session_closed")
    refused(clinic.read(session["id"], values={"hr": 80}, device="mon-01"), 409, "session_closed")
    assert clinic.state(session["id"])["seq"] == seq


def test_two_sessions_cannot_share_a_station_or_a_patient(clinic: Clinic) -> None:
    patient = clinic.patient()
    session = clinic.session(patient_id=patient["id"])
    other = {**SESSION, "patient_id": clinic.patient()["id"], "station": session["station"]}
    refused(clinic.client.post("/api/sessions", json=other), 409, "station_occupied")
    again = {**SESSION, "patient_id": patient["id"]}
    refused(clinic.client.post("/api/sessions", json=again), 409, "patient_in_session")


def test_what_is_missing_before_a_phase_is_named(clinic: Clinic) -> None:
    session = clinic.session()
    refused(clinic.phase(session["id"], "infusing"), 409, "illegal_transition")
    for to in ("checked_in", "baseline"):
        clinic.phase(session["id"], to)
    problem = refused(clinic.phase(session["id"], "ready"), 409, "gate_failed")
    assert "hr" in problem["missing"]


def test_a_body_of_two_megabytes_is_not_read(client: TestClient, session_id: str) -> None:
    url = f"/api/sessions/{session_id}/readings"
    refused(client.post(url, content=b" " * 2_000_000, headers=JSON), 413, "body_too_large")


def test_a_body_that_does_not_say_its_length_is_read_to_the_limit(
    client: TestClient, session_id: str
) -> None:
    pieces = (b" " * 100_000 for _ in range(20))
    url = f"/api/sessions/{session_id}/readings"
    refused(client.post(url, content=pieces, headers=JSON), 413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_only_json_is_read(client: TestClient, kind: str) -> None:
    response = client.post("/api/patients", content=b"{}", headers={"content-type": kind})
    refused(response, 415, "unsupported_media_type")


def test_json_with_a_character_set_is_json(client: TestClient) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    response = client.post("/api/patients", content=b"{}", headers=headers)
    refused(response, 422, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/patients", "GET, POST"),
        ("PUT", "/api/sessions/{id}/readings", "POST"),
        ("POST", "/api/board", "GET"),
        ("PATCH", "/api/sessions/{id}", "GET"),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(
    client: TestClient, session_id: str, method: str, path: str, allow: str
) -> None:
    response = client.request(method, path.format(id=session_id))
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allow


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/board/", "/a/b/c"])
def test_an_address_that_leads_nowhere_is_a_problem(client: TestClient, path: str) -> None:
    refused(client.get(path), 404, "not_found")


def test_a_hopeless_body_is_answered_shortly(client: TestClient) -> None:
    response = client.post("/api/patients", json={f"field {n}" * 20: n for n in range(5_000)})
    problem = refused(response, 422, "invalid_request")
    assert len(problem["errors"]) == MAX_ERRORS
    assert len(response.content) < 10_000


def test_what_was_sent_is_not_shown_again(client: TestClient) -> None:
    body = {"code": 1, "initials": [SECRET], "name": f"{SECRET}\x00", "sex": SECRET}
    response = client.post("/api/patients", json=body)
    refused(response, 422, "invalid_request")
    assert SECRET not in response.text


def test_in_a_list_each_reading_stands_alone(clinic: Clinic) -> None:
    session = clinic.session()
    sent: list[Any] = [
        {"values": {"hr": 80}},
        {"values": {"hr": "80"}},
        7,
        {"values": {"hr": 500}},
        {"values": {"spo2": 97}, "device": "mon-01"},
    ]
    response = clinic.read(session["id"], readings=sent)
    items = response.json()["items"]
    assert [item["status"] for item in items] == [201, 422, 422, 422, 201]
    codes = [item["problem"]["errors"][0]["code"] for item in items if "problem" in item]
    assert codes == ["not_a_number", "not_an_object", "implausible"]
    assert clinic.state(session["id"])["values"].keys() == {"hr", "spo2"}


def test_a_list_for_many_sessions_needs_to_say_for_which(clinic: Clinic) -> None:
    session = clinic.session()
    sent = [
        {"values": {"hr": 80}, "station": session["station"]},
        {"values": {"hr": 81}, "session_id": session["id"]},
        {"values": {"hr": 82}, "session_id": session["id"], "station": session["station"]},
        {"values": {"hr": 83}},
        {"values": {"hr": 84}, "session_id": NOBODY},
        {"values": {"hr": 85}, "station": "a room that is free"},
    ]
    items = clinic.client.post("/api/readings", json={"readings": sent}).json()["items"]
    assert [item["status"] for item in items] == [201, 201, 422, 422, 404, 404]
    assert items[4]["problem"]["code"] == "unknown_session"
