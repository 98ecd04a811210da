"""What quiets a session for a while, who is called first, and the call for help."""

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.schemas.sessions import StateOut
from tests.api.clinic import NOBODY, Clinic, conforms, new_uuid, refused
from tests.support.people import CLINICIAN


def seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


def kinds(client: TestClient, session_id: str) -> list[str]:
    log = client.get(f"/api/sessions/{session_id}/events?limit=1000").json()["items"]
    return [event["kind"] for event in log]


def test_sound_is_paused_on_every_screen_and_comes_back(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.infusing()['id']}/audio-pause"
    pause = conforms(StateOut, client.post(url, json={"seconds": 60}))["audio_pause"]
    assert seconds(pause["at"], pause["until"]) == 60
    assert (pause["by"], pause["priority"]) == (CLINICIAN, None)
    assert conforms(StateOut, client.delete(url))["audio_pause"] is None
    seq = conforms(StateOut, client.delete(url))["seq"]
    assert conforms(StateOut, client.delete(url))["seq"] == seq  # nothing was there to end


def test_a_pause_remembers_what_stood(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}/audio-pause"
    assert clinic.read(session["id"], values={"spo2": 84}).json()["alarms"]
    state = conforms(StateOut, client.post(url, json={"seconds": 120}))
    assert state["audio_pause"]["priority"] == "high"


def test_a_new_alarm_as_high_breaks_through_a_pause(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    client.post(f"/api/sessions/{session['id']}/audio-pause", json={"seconds": 120})
    [alarm] = clinic.read(session["id"], values={"spo2": 84}).json()["alarms"]
    assert clinic.state(session["id"])["audio_pause"] is None
    log = client.get(f"/api/sessions/{session['id']}/events?limit=1000").json()["items"]
    [resumed] = [event["data"] for event in log if event["kind"] == "audio.resumed"]
    assert resumed == {"why": "broken_through", "alarm_id": alarm["id"]}


def test_sound_is_switched_off_for_the_session_or_a_group(
    client: TestClient, clinic: Clinic
) -> None:
    url = f"/api/sessions/{clinic.infusing()['id']}/audio-off"
    state = conforms(StateOut, client.post(url, json={"reason": "Sleeps"}))
    assert list(state["audio_off"]) == ["session"]
    off = state["audio_off"]["session"]
    assert (off["by"], off["reason"]) == (CLINICIAN, "Sleeps")
    assert seconds(off["at"], off["until"]) == 30 * 60
    state = conforms(StateOut, client.post(url, json={"scope": "hr", "reason": "Athlete"}))
    assert set(state["audio_off"]) == {"session", "hr"}
    assert set(conforms(StateOut, client.delete(url))["audio_off"]) == {"hr"}
    assert conforms(StateOut, client.delete(f"{url}?scope=hr"))["audio_off"] == {}
    assert conforms(StateOut, client.delete(f"{url}?scope=hr"))["audio_off"] == {}


def test_alarms_of_a_group_are_switched_off(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}/alarm-off"
    state = conforms(StateOut, client.post(url, json={"scope": "spo2", "reason": "Cold hand"}))
    assert list(state["alarm_off"]) == ["spo2"]
    low = clinic.read(session["id"], values={"spo2": 84}).json()
    assert (low["flags"], low["alarms"]) == ({"spo2": "low_critical"}, [])
    assert conforms(StateOut, client.delete(f"{url}?scope=spo2"))["alarm_off"] == {}


def test_a_change_of_phase_switches_on_again(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}"
    client.post(f"{url}/audio-off", json={"reason": "Sleeps"})
    client.post(f"{url}/alarm-off", json={"scope": "rr", "reason": "Talks"})
    client.post(f"{url}/standby", json={"minutes": 5, "reason": "Toilet"})
    state = conforms(StateOut, clinic.phase(session["id"], "paused"))
    assert (state["audio_off"], state["alarm_off"], state["standby"]) == ({}, {}, None)
    log = client.get(f"{url}/events?limit=1000").json()["items"]
    ended = [event["data"]["why"] for event in log if event["data"].get("why") == "phase_changed"]
    assert len(ended) == 3


def test_a_standby_begins_and_ends(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.infusing()['id']}/standby"
    body = {"minutes": 10, "reason": "Toilet"}
    standby = conforms(StateOut, client.post(url, json=body))["standby"]
    assert seconds(standby["at"], standby["until"]) == 600
    assert (standby["by"], standby["reason"]) == (CLINICIAN, "Toilet")
    assert conforms(StateOut, client.delete(url))["standby"] is None
    assert conforms(StateOut, client.delete(url))["standby"] is None


def test_who_is_called_first_is_set_and_taken_back(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.session()['id']}/responsible"
    anna = {"id": "anna", "name": "Anna Berg"}
    assert conforms(StateOut, client.put(url, json={"person": anna}))["responsible"] == anna
    assert conforms(StateOut, client.put(url, json={"person": None}))["responsible"] is None


def test_help_is_called_and_ended(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}/help"
    state = conforms(StateOut, client.post(url, json={"note": "Not responding"}))
    assert (state["help"]["by"], state["help"]["note"]) == (CLINICIAN, "Not responding")
    [alarm] = [a for a in state["alarms"].values() if a["condition"] == "help"]
    assert (alarm["priority"], alarm["state"]) == ("high", "active")
    state = conforms(StateOut, client.delete(url))
    assert state["help"] is None
    assert [a for a in state["alarms"].values() if a["condition"] == "help"] == []
    assert conforms(StateOut, client.delete(url))["seq"] == state["seq"]


ONCE: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    ("POST", "audio-pause", {"seconds": 60}, {"seconds": 61}, "audio.paused"),
    ("POST", "audio-off", {"reason": "Sleeps"}, {"reason": "Other"}, "audio.switched_off"),
    (
        "POST",
        "alarm-off",
        {"scope": "hr", "reason": "Athlete"},
        {"scope": "rr", "reason": "Athlete"},
        "alarms.switched_off",
    ),
    (
        "POST",
        "standby",
        {"minutes": 5, "reason": "Toilet"},
        {"minutes": 6, "reason": "Toilet"},
        "standby.began",
    ),
    (
        "PUT",
        "responsible",
        {"person": {"id": "a", "name": "Anna"}},
        {"person": None},
        "responsible.set",
    ),
    ("POST", "help", {"note": "Now"}, {}, "help.called"),
    ("PUT", "devices/mon-once", {"probe": "left_arm"}, {"probe": "ear"}, "device.attached"),
    (
        "PUT",
        "limits",
        {"limits": {"hr": {"high": 115.0}}, "reason": "Runs"},
        {"limits": {"hr": {"high": 116}}, "reason": "Runs"},
        "limits.changed",
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "other", "kind"), [pytest.param(*row, id=row[1]) for row in ONCE]
)
def test_what_is_sent_again_is_done_once(
    client: TestClient,
    clinic: Clinic,
    method: str,
    path: str,
    body: dict[str, Any],
    other: dict[str, Any],
    kind: str,
) -> None:
    session, id = clinic.infusing(), new_uuid()
    url = f"/api/sessions/{session['id']}/{path}"
    first = conforms(StateOut, client.request(method, url, json={**body, "id": id}))
    again = conforms(StateOut, client.request(method, url, json={**body, "id": id}))
    assert again == first
    refused(client.request(method, url, json={**other, "id": id}), 409, "id_conflict")
    assert kinds(client, session["id"]).count(kind) == 1
    refused(clinic.phase(session["id"], "paused", id=id), 409, "id_conflict")


@pytest.mark.usefixtures("as_nurse")
@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "audio-off", {"reason": "Sleeps"}, "not_allowed"),
        ("POST", "alarm-off", {"scope": "hr", "reason": "Athlete"}, "not_allowed"),
        ("PUT", "limits", {"limits": {"spo2": {"low_critical": 87}}, "reason": "x"}, "role_needed"),
        ("PUT", "limits", {"baseline": {"sbp": 140}, "reason": "Was excited"}, "role_needed"),
    ],
)
def test_what_is_a_clinicians_is_refused_to_a_nurse(
    client: TestClient, clinic: Clinic, method: str, path: str, body: dict[str, Any], code: str
) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}/{path}"
    refused(client.request(method, url, json=body), 403, code)
    assert clinic.state(session["id"])["seq"] == session["seq"]


WRONG: list[tuple[str, str, Any, list[str], str]] = [
    ("POST", "audio-pause", {}, ["seconds"], "missing"),
    ("POST", "audio-pause", {"seconds": 0}, ["seconds"], "out_of_range"),
    ("POST", "audio-pause", {"seconds": 121}, ["seconds"], "out_of_range"),
    ("POST", "audio-pause", {"seconds": 1.5}, ["seconds"], "not_an_integer"),
    ("POST", "audio-pause", {"seconds": "60"}, ["seconds"], "not_an_integer"),
    ("POST", "audio-off", {}, ["reason"], "missing"),
    ("POST", "audio-off", {"reason": " "}, ["reason"], "empty"),
    ("POST", "alarm-off", {"reason": "x"}, ["scope"], "missing"),
    ("POST", "standby", {"minutes": 11, "reason": "x"}, ["minutes"], "out_of_range"),
    ("POST", "standby", {"minutes": 0, "reason": "x"}, ["minutes"], "out_of_range"),
    ("POST", "standby", {"minutes": 5}, ["reason"], "missing"),
    ("PUT", "responsible", {}, ["person"], "missing"),
    ("PUT", "responsible", {"person": {"id": "a"}}, ["person", "name"], "missing"),
    ("POST", "help", {"note": 7}, ["note"], "not_text"),
    ("POST", f"alarms/{NOBODY}/end", {}, ["reason"], "missing"),
    ("PUT", "devices/mon-01", {"probe": "nose"}, ["probe"], "not_allowed"),
    ("DELETE", "devices/mon-01", {"reason": ""}, ["reason"], "empty"),
    ("DELETE", "alarm-off", None, ["scope"], "missing"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "loc", "code"),
    [pytest.param(*row, id=f"{row[1]} {row[4]}") for row in WRONG],
)
def test_a_wrong_field_is_named(
    client: TestClient,
    clinic: Clinic,
    method: str,
    path: str,
    body: Any,
    loc: list[str],
    code: str,
) -> None:
    session = clinic.session()
    response = client.request(method, f"/api/sessions/{session['id']}/{path}", json=body)
    problem = refused(response, 422, "invalid_request")
    assert [(error["loc"], error["code"]) for error in problem["errors"]] == [(loc, code)]
    assert clinic.state(session["id"])["seq"] == session["seq"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "audio-off", {"scope": "elbow", "reason": "x"}),
        ("POST", "alarm-off", {"scope": "elbow", "reason": "x"}),
        ("POST", "alarm-off", {"scope": "session", "reason": "x"}),
    ],
)
def test_a_scope_that_there_is_not_is_refused(
    client: TestClient, clinic: Clinic, method: str, path: str, body: Any
) -> None:
    session = clinic.infusing()
    response = client.request(method, f"/api/sessions/{session['id']}/{path}", json=body)
    problem = refused(response, 422, "invalid_request")
    assert [error["loc"] for error in problem["errors"]] == [["scope"]]


CALLS: list[tuple[str, str, Any]] = [
    ("POST", "audio-pause", {"seconds": 60}),
    ("DELETE", "audio-pause", None),
    ("POST", "audio-off", {"reason": "x"}),
    ("DELETE", "audio-off", None),
    ("POST", "alarm-off", {"scope": "hr", "reason": "x"}),
    ("DELETE", "alarm-off?scope=hr", None),
    ("POST", "standby", {"minutes": 5, "reason": "x"}),
    ("DELETE", "standby", None),
    ("PUT", "responsible", {"person": None}),
    ("POST", "help", {}),
    ("DELETE", "help", None),
    ("PUT", "devices/mon-01", {}),
    ("DELETE", "devices/mon-01", None),
    ("GET", "limits", None),
    ("PUT", "limits", {"limits": {"hr": {"high": 115}}, "reason": "x"}),
    ("POST", f"alarms/{NOBODY}/end", {"reason": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_an_unknown_session_is_not_found(
    client: TestClient, method: str, path: str, body: Any
) -> None:
    response = client.request(method, f"/api/sessions/{NOBODY}/{path}", json=body)
    refused(response, 404, "unknown_session")


BEGINNINGS = [call for call in CALLS if call[0] in ("POST", "PUT") and "alarms/" not in call[1]]


@pytest.mark.parametrize(("method", "path", "body"), BEGINNINGS)
def test_nothing_begins_in_a_closed_session(
    client: TestClient, clinic: Clinic, method: str, path: str, body: Any
) -> None:
    session = clinic.session()
    clinic.phase(session["id"], "cancelled")
    response = client.request(method, f"/api/sessions/{session['id']}/{path}", json=body)
    refused(response, 409, "session_closed")
