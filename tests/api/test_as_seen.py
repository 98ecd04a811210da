"""A session as it was seen: the same states as its screens had, and who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.api.schemas.as_seen import AsSeenOut
from app.monitoring.fold import fold
from tests.api.clinic import LIVE_URL, conforms, refused

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.access.log import AccessLog
    from tests.api.clinic import Clinic
    from tests.support.people import Credentials

Json = dict[str, Any]


def seen(client: TestClient, session_id: str, **asked: Any) -> Json:
    answer = client.get(f"/api/sessions/{session_id}/as-seen", params=asked)
    return conforms(AsSeenOut, answer)


def written(client: TestClient) -> None:
    """Everything noted in the access log by now is on disk."""
    assert client.portal is not None
    context = client.app.state.context  # type: ignore[attr-defined]  # an App's
    log: AccessLog = context.access_log
    client.portal.call(context.present.tell)
    client.portal.call(log.flush)


@pytest.fixture
def story(client: TestClient, clinic: Clinic) -> tuple[str, list[Json], list[Json]]:
    """A session with an alarm, marks and a correction; its states and rows as they were told."""
    id = clinic.infusing()["id"]
    url, states, rows = f"/api/sessions/{id}", [], []

    def keep() -> None:
        states.append(client.get(url).json())
        listed = client.get("/api/board").json()["items"]
        rows.append(next(row for row in listed if row["id"] == id))

    keep()
    reading = clinic.read(id, values={"spo2": 84, "hr": 92}).json()
    keep()
    alarm = reading["alarms"][0]
    for method, path, body in (
        ("POST", f"alarms/{alarm['id']}/acknowledge", {"note": "seen"}),
        ("POST", "audio-off", {"reason": "MRI", "scope": "spo2"}),
        ("POST", "standby", {"reason": "Toilet", "minutes": 5}),
        ("POST", f"readings/{reading['id']}/amend", {"values": {"spo2": 94}, "reason": "typed"}),
        ("POST", "phase", {"to": "paused", "reason": "pump"}),
    ):
        response = client.request(method, f"{url}/{path}", json=body)
        assert response.status_code in (200, 201), response.text
        keep()
    return id, states, rows


def test_each_state_is_the_one_that_was_told(
    client: TestClient, story: tuple[str, list[Json], list[Json]]
) -> None:
    id, states, rows = story
    for state, row in zip(states, rows, strict=True):
        then = seen(client, id, seq=state["seq"])
        assert (then["seq"], then["state"], then["row"]) == (state["seq"], state, row)
    assert then["live"] == {"ok": True, "why": None, "since": None, "until": None}
    assert {name: it["skew_s"] for name, it in state["devices"].items()} == then["clock_offsets"]


def test_at_a_moment_what_was_stored_by_then_is_seen(
    client: TestClient, story: tuple[str, list[Json], list[Json]]
) -> None:
    id, *_ = story
    log = client.get(f"/api/sessions/{id}/events", params={"limit": 1_000}).json()["items"]
    state: Json | None = None
    for event, after in zip(log, [*log[1:], None], strict=True):
        state = fold(state, event)
        if after is not None and after["recorded_at"] == event["recorded_at"]:
            continue
        then = seen(client, id, at=event["recorded_at"])
        assert (then["seq"], then["at"]) == (event["seq"], event["recorded_at"])
        assert then["state"] == state
    early = seen(client, id, at="2020-01-01T00:00:00Z")
    assert (early["seq"], early["at"]) == (1, log[0]["recorded_at"])
    assert seen(client, id)["seq"] == len(log)


def test_of_a_moment_that_has_not_come_nothing_is_made_up(
    client: TestClient, clinic: Clinic
) -> None:
    told = seen(client, clinic.session()["id"], at="2098-01-01T00:00:00Z")
    assert told["seq"] <= told["last_seq"]
    assert told["at"] == told["clinic_at"]
    assert told["at"] < "2098"


def test_a_driven_session_is_seen_by_its_own_time(client: TestClient, clinic: Clinic) -> None:
    began = {"clock": "driven", "simulated": True, "starts_at": "2024-03-01T10:00:00.000Z"}
    id = clinic.session(**began)["id"]
    for minute in (1, 2, 3):
        clinic.read(id, taken_at=f"2024-03-01T10:0{minute}:00.000Z", values={"hr": 70 + minute})
    then = seen(client, id, at="2024-03-01T10:02:30Z")
    assert then["state"]["values"]["hr"]["value"] == 72
    assert then["at"] == "2024-03-01T10:02:00.000Z"
    assert then["clinic_at"] > "2026"
    assert then["until"] is None


def test_screens_people_and_the_version_are_told_as_they_were(
    client: TestClient, clinic: Clinic, credentials: Credentials
) -> None:
    id = clinic.infusing()["id"]
    other = clinic.session()["id"]
    headers = credentials.headers("clinician")
    with (
        client.websocket_connect(LIVE_URL, headers=headers) as page,
        client.websocket_connect(LIVE_URL, headers=headers) as board,
    ):
        page.send_json({"op": "watch", "session": id})
        page.send_json({"op": "status", "sound": "proven"})
        board.send_json({"op": "watch", "board": True})
        page.send_json({"op": "nonsense"})
        board.send_json({"op": "nonsense"})
        for socket, shown in ((page, "snapshot"), (board, "board")):
            wanted = {"refused", shown}  # all was read, and what was asked for has come
            while wanted:
                wanted.discard(orjson.loads(socket.receive_text())["kind"])
        written(client)
        clinic.read(id, values={"hr": 71})
        then = seen(client, id)
        clinic.read(other, values={"hr": 71})
        elsewhere = {screen["id"]: screen["shows"] for screen in seen(client, other)["screens"]}
    written(client)
    screens = {screen["shows"]: screen for screen in then["screens"]}
    assert screens["page"]["sound"] == "proven"
    assert screens["board"]["sound"] == "unproven"
    assert screens["page"]["by"]["name"] == "Clara Clinician"
    assert {"Nora Nurse", "Clara Clinician"} <= {person["name"] for person in then["people"]}
    assert then["software"] == client.get("/api/openapi.json").json()["info"]["version"]
    assert isinstance(then["engine"], int)
    assert then["until"] > then["clinic_at"]
    assert elsewhere[screens["page"]["id"]] == "other"
    clinic.read(id, values={"hr": 72})
    gone = {screen["id"] for screen in seen(client, id)["screens"]}
    assert not {screen["id"] for screen in screens.values()} & gone


def test_who_sees_one_place_is_told_of_no_people_and_screens(
    client: TestClient, clinic: Clinic, credentials: Credentials
) -> None:
    id = clinic.session(simulated=True)["id"]
    answer = client.get(
        f"/api/sessions/{id}/as-seen", headers=credentials.headers("simulator")
    ).json()
    assert (answer["screens"], answer["people"]) == (None, None)


def test_what_is_asked_wrongly_is_named(client: TestClient, clinic: Clinic) -> None:
    url = f"/api/sessions/{clinic.session()['id']}/as-seen"
    for query, field, code in (
        ("seq=9999", "seq", "unknown"),
        ("seq=1&at=2026-11-23T10:00:00Z", "at", "not_allowed"),
        ("seq=0", "seq", "out_of_range"),
        ("at=10:32", "at", "not_a_time"),
    ):
        problem = refused(client.get(f"{url}?{query}"), 422, "invalid_request")
        assert [(error["loc"][-1], error["code"]) for error in problem["errors"]] == [(field, code)]
