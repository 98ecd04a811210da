"""What is sent in more than one spelling and means the same."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.events import EventList
from app.api.schemas.readings import ReadingItems
from app.api.schemas.session_list import SessionList
from tests.api.clinic import Clinic, conforms, new_uuid, refused


@pytest.mark.parametrize("said", ["true", "1", "True"])
def test_active_sessions_are_asked_for(client: TestClient, clinic: Clinic, said: str) -> None:
    session = clinic.session()
    found = conforms(SessionList, client.get(f"/api/sessions?active={said}&limit=1000"))
    assert session["id"] in {item["id"] for item in found["items"]}


def test_a_uuid_may_be_written_without_hyphens(client: TestClient, clinic: Clinic) -> None:
    session, id = clinic.infusing(), new_uuid()
    first = clinic.read(UUID(session["id"]).hex, id=UUID(id).hex.upper(), values={"hr": 80})
    assert (first.status_code, first.json()["id"]) == (201, id)
    assert clinic.read(session["id"], id=id, values={"hr": 80}).status_code == 200


def test_a_whole_number_may_have_a_point(clinic: Clinic) -> None:
    assert clinic.session(planned_minutes=40.0)["planned_minutes"] == 40


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/api/vitals", "/api/sessions", "/"])
def test_head_is_answered_like_get_without_a_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_the_log_is_paged_like_every_list(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    url = f"/api/sessions/{session['id']}/events?limit=3"
    first = conforms(EventList, client.get(url))
    rest = conforms(EventList, client.get(f"{url}&cursor={first['next_cursor']}"))
    assert [event["seq"] for event in (*first["items"], *rest["items"])] == [1, 2, 3, 4, 5, 6]


def test_a_list_tells_its_devices_clock_once(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    now = datetime.now(UTC)
    slow = (now - timedelta(minutes=7)).isoformat()
    body = {"sent_at": slow, "readings": [{"values": {"hr": 80}, "taken_at": slow, "device": "m"}]}
    sent = client.post(f"/api/sessions/{session['id']}/readings", json=body)
    (item,) = conforms(ReadingItems, sent)["items"]
    taken_at = datetime.fromisoformat(item["reading"]["taken_at"])
    assert abs(taken_at - now) < timedelta(seconds=30)
    assert item["reading"]["skew_s"] == pytest.approx(420, abs=30)


def test_an_alarm_that_is_over_is_acknowledged_and_stays_over(
    client: TestClient, clinic: Clinic
) -> None:
    session = clinic.infusing()
    (alarm,) = clinic.read(session["id"], values={"sbp": 165, "dbp": 88}).json()["alarms"]
    clinic.read(session["id"], values={"sbp": 130, "dbp": 80})
    url = f"/api/sessions/{session['id']}/alarms/{alarm['id']}/acknowledge"
    over = conforms(AlarmOut, client.post(url, json={"action": "slowed_rate"}))
    assert [over["state"], *(seen["action"] for seen in over["acknowledgements"])] == [
        "cleared",
        "slowed_rate",
    ]
    refused(client.post(url, json={"action": "slowed the rate"}), 422, "invalid_request")
