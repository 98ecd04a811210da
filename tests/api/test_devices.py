"""A monitor belongs to one patient at a time, and what it sends can go nowhere else."""

from typing import Any

from starlette.testclient import TestClient

from app.api.schemas.readings import ReadingItems, ReadingOut
from app.api.schemas.sessions import StateOut
from tests.api.clinic import Clinic, conforms, new_uuid, refused

NEVER_HEARD = {"skew_s": 0, "last_at": None}


def attach(client: TestClient, session_id: str, device: str, **sites: Any) -> dict[str, Any]:
    url = f"/api/sessions/{session_id}/devices/{device}"
    return conforms(StateOut, client.put(url, json=sites))


def sent(client: TestClient, *readings: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of each reading of a list that goes to no address of a session."""
    response = client.post("/api/readings", json={"readings": readings})
    items: list[dict[str, Any]] = conforms(ReadingItems, response)["items"]
    return items


def codes(items: list[dict[str, Any]]) -> list[Any]:
    return [item["status"] if "reading" in item else item["problem"]["code"] for item in items]


def test_a_device_is_attached_and_says_where_it_sits(client: TestClient, clinic: Clinic) -> None:
    id = clinic.session()["id"]
    state = attach(client, id, "mon%2003", probe="left_arm", cuff="right_arm")
    assert state["devices"] == {
        "mon 03": {**NEVER_HEARD, "attached": True, "probe": "left_arm", "cuff": "right_arm"}
    }
    moved = attach(client, id, "mon%2003", probe="ear")["devices"]["mon 03"]
    assert (moved["probe"], moved["cuff"]) == ("ear", None)


def test_an_attached_device_needs_no_other_name(client: TestClient, clinic: Clinic) -> None:
    id = clinic.session()["id"]
    reading = {"device": "mon-alone", "values": {"hr": 81}}
    [refusal] = sent(client, reading)
    assert (refusal["status"], refusal["problem"]["code"]) == (404, "unknown_session")
    assert "attached to no session" in refusal["problem"]["detail"]
    attach(client, id, "mon-alone")
    [item] = sent(client, reading)
    assert (item["status"], item["reading"]["session_id"]) == (201, id)
    client.delete(f"/api/sessions/{id}/devices/mon-alone")
    assert codes(sent(client, reading)) == ["unknown_session"]


def test_a_reading_needs_a_place(client: TestClient, clinic: Clinic) -> None:
    session = clinic.session()
    readings: list[dict[str, Any]] = [
        {"values": {"hr": 80}},
        {"values": {"hr": 80}, "session_id": session["id"], "station": session["station"]},
    ]
    items = sent(client, *readings)
    assert codes(items) == ["invalid_request", "invalid_request"]
    assert items[0]["problem"]["errors"][0]["code"] == "session_or_station"
    placed = {"values": {"hr": 80}, "station": session["station"], "device": "mon-x"}
    assert codes(sent(client, placed)) == [201]


def test_a_device_that_moves_leaves_its_old_patient(client: TestClient, clinic: Clinic) -> None:
    first, second = clinic.infusing()["id"], clinic.infusing()["id"]
    attach(client, first, "mon-moves", probe="left_arm")
    reading = {"device": "mon-moves", "values": {"hr": 88}}
    assert sent(client, reading)[0]["reading"]["session_id"] == first
    attach(client, second, "mon-moves")
    assert clinic.state(first)["devices"]["mon-moves"]["attached"] is False
    assert sent(client, reading)[0]["reading"]["session_id"] == second
    refused(clinic.read(first, **reading), 409, "device_detached")
    log = client.get(f"/api/sessions/{first}/events?limit=1000").json()["items"]
    [left] = [event["data"] for event in log if event["kind"] == "device.detached"]
    assert (left["device"], left["reason"], left["moved_to"]) == ("mon-moves", None, second)


def test_a_device_that_sent_by_the_sessions_id_leaves_it_too(
    client: TestClient, clinic: Clinic
) -> None:
    first, second = clinic.session()["id"], clinic.session()["id"]
    reading = {"device": "mon-roams", "values": {"hr": 88}}
    assert clinic.read(first, **reading).status_code == 201
    assert clinic.state(first)["devices"]["mon-roams"]["attached"] is None
    attach(client, second, "mon-roams")
    refused(clinic.read(first, **reading), 409, "device_detached")


def test_a_session_that_never_heard_it_does_not_get_what_is_anothers(
    client: TestClient, clinic: Clinic
) -> None:
    first, second = clinic.session(), clinic.session()
    attach(client, first["id"], "mon-owned")
    reading = {"device": "mon-owned", "values": {"hr": 88}}
    refused(clinic.read(second["id"], **reading), 409, "device_detached")
    assert codes(sent(client, {**reading, "station": second["station"]})) == ["device_detached"]
    assert clinic.state(second["id"])["seq"] == second["seq"]


def test_a_device_of_a_session_that_closed_is_free(client: TestClient, clinic: Clinic) -> None:
    first, second = clinic.session()["id"], clinic.session()["id"]
    attach(client, first, "mon-free")
    clinic.phase(first, "cancelled")
    reading = {"device": "mon-free", "values": {"hr": 88}}
    assert codes(sent(client, reading)) == ["unknown_session"]
    assert clinic.read(second, **reading).status_code == 201


def test_a_known_id_is_answered_though_the_device_has_gone(
    client: TestClient, clinic: Clinic
) -> None:
    id = clinic.session()["id"]
    reading = {"id": new_uuid(), "device": "mon-known", "values": {"hr": 88}}
    first = conforms(ReadingOut, clinic.read(id, **reading), 201)
    conforms(StateOut, client.delete(f"/api/sessions/{id}/devices/mon-known"))
    assert conforms(ReadingOut, clinic.read(id, **reading)) == first


def test_with_a_reason_what_its_signals_raised_ends(client: TestClient, clinic: Clinic) -> None:
    id = clinic.infusing()["id"]
    cuff = {"device": "mon-ends", "values": {"sbp": 190, "dbp": 100}}
    [alarm] = conforms(ReadingOut, clinic.read(id, **cuff), 201)["alarms"]
    assert (alarm["group"], alarm["devices"]) == ("bp", ["mon-ends"])
    url = f"/api/sessions/{id}/devices/mon-ends"
    state = conforms(StateOut, client.request("DELETE", url, json={"reason": "Replaced"}))
    assert alarm["id"] not in state["alarms"]
    ended = client.get(f"/api/sessions/{id}/alarms?standing=false").json()["items"]
    [alarm] = [a for a in ended if a["id"] == alarm["id"]]
    assert (alarm["ended_by"], alarm["ended_reason"]) == ("device_detached", "Replaced")


def test_a_device_is_detached_with_or_without_a_body(client: TestClient, clinic: Clinic) -> None:
    id = clinic.session()["id"]
    url = f"/api/sessions/{id}/devices/mon-bodies"
    seq = clinic.state(id)["seq"]
    assert conforms(StateOut, client.delete(url))["seq"] == seq  # it is not there
    for body in (None, {}, {"reason": None}, {"reason": "Battery"}):
        attach(client, id, "mon-bodies")
        state = conforms(StateOut, client.request("DELETE", url, json=body))
        assert state["devices"]["mon-bodies"]["attached"] is False
    json = {"content-type": "application/json"}
    refused(client.request("DELETE", url, content=b"{", headers=json), 400, "malformed_json")
    refused(client.request("DELETE", url, content=b"{}"), 415, "unsupported_media_type")


def test_a_name_must_be_one_that_a_person_can_read(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.session()['id']}/devices/"
    wrong = {"x" * 65: "text_too_long", "%20": "empty", "a%00": "control_character"}
    for name, code in wrong.items():
        problem = refused(client.put(url + name, json={}), 422, "invalid_request")
        assert [(e["loc"], e["code"]) for e in problem["errors"]] == [(["device"], code)]


def test_a_device_says_which_signals_are_weak(client: TestClient, clinic: Clinic) -> None:
    id = clinic.session()["id"]
    reading: dict[str, Any] = {
        "id": new_uuid(),
        "device": "mon-weak",
        "interval_s": 1,
        "values": {"hr": 80, "spo2": 93},
        "weak": ["spo2", "hr", "spo2"],
        "cuff_inflating": True,
    }
    told = conforms(ReadingOut, clinic.read(id, **reading), 201)
    assert (told["weak"], told["cuff_inflating"]) == (["hr", "spo2"], True)
    assert conforms(ReadingOut, clinic.read(id, **reading)) == told
    other = {**reading, "weak": []}
    refused(clinic.read(id, **other), 409, "id_conflict")
    wrong = clinic.read(id, values={"hr": 80}, weak=["pulse"])
    problem = refused(wrong, 422, "invalid_request")
    assert [(e["loc"], e["code"]) for e in problem["errors"]] == [(["weak", 0], "not_allowed")]


def test_a_cuff_value_that_is_sent_again_is_no_new_one(client: TestClient, clinic: Clinic) -> None:
    id = clinic.session()["id"]
    cuff = {"device": "mon-cuff", "values": {"sbp": 130, "dbp": 80, "hr": 80}}
    first = conforms(ReadingOut, clinic.read(id, **cuff), 201)
    again = conforms(ReadingOut, clinic.read(id, **{**cuff, "interval_s": 1}), 201)
    assert first["repeated"] == []
    assert set(again["repeated"]) == {"sbp", "dbp", "map"}
    assert clinic.state(id)["values"]["sbp"]["taken_at"] == first["taken_at"]


def test_one_bad_reading_of_a_device_fails_alone(client: TestClient, clinic: Clinic) -> None:
    first, second = clinic.session()["id"], clinic.session()["id"]
    attach(client, first, "mon-batch")
    items = sent(
        client,
        {"device": "mon-batch", "values": {"hr": 80}},
        {"device": "mon-batch", "values": {"hr": 81}, "session_id": second},
        {"device": "mon-batch", "values": {"hr": -999}},
        {"device": "mon-nowhere", "values": {"hr": 82}},
        {"device": "mon-batch", "values": {"hr": 83}},
        {"device": 7, "values": {"hr": 83}},
    )
    assert codes(items) == [
        201,
        "device_detached",
        "no_usable_values",
        "unknown_session",
        201,
        "invalid_request",
    ]


def test_whatever_a_device_is_refused_is_told_to_the_clinic(
    client: TestClient, clinic: Clinic
) -> None:
    first, second = clinic.session(), clinic.session()
    attach(client, first["id"], "mon-told")
    sent(client, {"device": "mon-lost", "values": {"hr": 80}})
    sent(client, {"device": "mon-told", "values": {"hr": 80}, "station": second["station"]})
    clinic.phase(first["id"], "cancelled")
    clinic.read(first["id"], device="mon-told", values={"hr": 80})
    clinic.read(first["id"], values={"hr": 80})  # by hand: the answer is before their eyes
    notices = client.get("/api/notices?limit=1000").json()["items"]
    told = {(n["kind"], n["device"], n["station"]): n["count"] for n in notices}
    assert told["device_unattached", "mon-lost", None] == 1
    assert told["device_unattached", "mon-told", second["station"]] == 1
    assert told["device_refused", "mon-told", first["station"]] == 1
    assert (None, first["station"]) not in {key[1:] for key in told}
