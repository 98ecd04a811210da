"""Times put right and charting after the close, by the public contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.api.schemas.events import EventList
from app.api.schemas.readings import ReadingOut
from app.api.schemas.sessions import StateOut
from app.api.schemas.timeline import TimelineOut
from app.monitoring.times import iso, parse_iso
from tests.api.clinic import Clinic, conforms, new_uuid, refused

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Json = dict[str, Any]


def codes(problem: Json) -> list[tuple[list[Any], str]]:
    return [(error["loc"], error["code"]) for error in problem["errors"]]


def place_of(session: Json, rest: str) -> str:
    return f"/api/sessions/{session['id']}/{rest}"


def test_a_reading_is_given_its_right_time(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    typed = conforms(ReadingOut, clinic.read(session["id"], values={"temp": 36.8}), 201)
    was, now = typed["taken_at"], iso(parse_iso(typed["taken_at"]) - 1)
    place = place_of(session, f"readings/{typed['id']}/amend")
    body = {"id": new_uuid(), "taken_at": now, "reason": "a moment before"}
    state = conforms(StateOut, client.post(place, json=body))
    assert state["values"]["temp"]["taken_at"] == now
    assert conforms(StateOut, client.post(place, json=body))["seq"] == state["seq"]
    refused(client.post(place, json={**body, "taken_at": was}), 409, "id_conflict")
    events = client.get(place_of(session, "events?limit=1000"))
    amended = conforms(EventList, events)["items"][-1]
    assert amended["kind"] == "reading.amended"
    assert (amended["data"]["was_taken_at"], amended["data"]["reading"]["taken_at"]) == (was, now)
    timeline = conforms(TimelineOut, client.get(place_of(session, "timeline")))
    (shown,) = timeline["series"]["temp"]["t"]
    assert iso(parse_iso(timeline["t0"]) + round(shown * 1000)) == now


def test_a_time_that_cannot_be_is_refused(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    typed = conforms(ReadingOut, clinic.read(session["id"], values={"temp": 36.8}), 201)
    place = place_of(session, f"readings/{typed['id']}/amend")
    for taken_at, code in (
        ("2000-01-01T00:00:00Z", "before_session"),
        ("2099-01-01T00:00:00Z", "after_recorded"),
        ("2026-11-22T10:00:00", "naive_time"),
    ):
        body = {"taken_at": taken_at, "reason": "slip"}
        problem = refused(client.post(place, json=body), 422, "invalid_request")
        assert codes(problem) == [(["taken_at"], code)]
    empty: tuple[Json, ...] = ({}, {"values": {}})
    for nothing in empty:
        response = client.post(place, json={**nothing, "reason": "slip"})
        problem = refused(response, 422, "invalid_request")
        assert codes(problem) == [([], "nothing_to_amend")]


def test_a_person_charts_after_the_close_what_was_before_it(
    client: TestClient, clinic: Clinic
) -> None:
    session = clinic.infusing()
    closed = conforms(StateOut, clinic.phase(session["id"], "transferred", reason="ambulance"))
    at = closed["closed_at"]
    late = clinic.read(session["id"], values={"sbp": 190, "dbp": 100}, taken_at=at)
    told = conforms(ReadingOut, late, 201)
    assert (told["after_close"], told["alarms"]) == (True, [])
    assert told["flags"]["sbp"] == "high_critical"
    assert sorted(told["late"]) == ["dbp", "map", "sbp"]
    state = clinic.state(session["id"])
    assert (state["active"], state["alarms"], state["closed_at"]) == (False, {}, at)
    after = clinic.read(session["id"], values={"hr": 80}, taken_at=iso(parse_iso(at) + 1))
    assert codes(refused(after, 422, "invalid_request")) == [(["taken_at"], "after_session")]
    refused(clinic.read(session["id"], values={"hr": 80}), 409, "session_closed")
    device = clinic.read(session["id"], values={"hr": 80}, device="mon-01", taken_at=at)
    refused(device, 409, "session_closed")
    void = place_of(session, f"readings/{told['id']}/void")
    conforms(StateOut, client.post(void, json={"reason": "of the other patient"}))
    board = client.get("/api/board").json()["items"]
    assert session["id"] not in [row["id"] for row in board]
