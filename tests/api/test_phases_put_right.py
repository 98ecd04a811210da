"""Phase taps put right, by the public contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.api.schemas.events import EventList
from app.api.schemas.sessions import StateOut
from app.monitoring.times import iso, parse_iso
from tests.api.clinic import Clinic, conforms, new_uuid, refused

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Json = dict[str, Any]
WHY = {"reason": "tapped too late"}


@pytest.fixture
def session(clinic: Clinic) -> Json:
    """Infusing, and paused by a slip."""
    return dict(clinic.phase(clinic.infusing()["id"], "paused").json())


def test_a_pause_that_never_was(client: TestClient, session: Json) -> None:
    url = f"/api/sessions/{session['id']}/phase/take-back"
    refused(client.post(url, json={"phase": "infusing", **WHY}), 409, "phase_changed")
    assert client.post(url, json={"phase": "paused"}).status_code == 422
    body = {"phase": "paused", "id": new_uuid(), **WHY}
    state = conforms(StateOut, client.post(url, json=body))
    assert state["phase"] == "infusing"
    assert state["phases"] == session["phases"][:-1]
    assert state["infusing_since"] == state["phase_since"] == session["phases"][-2]["at"]
    assert conforms(StateOut, client.post(url, json=body))["seq"] == state["seq"]
    for phase in ("infusing", "ready", "baseline", "checked_in"):
        state = conforms(StateOut, client.post(url, json={"phase": phase, **WHY}))
    assert (state["phase"], state["baseline"], state["infused_s"]) == ("scheduled", None, 0)
    first = {"phase": "scheduled", **WHY}
    refused(client.post(url, json=first), 409, "nothing_to_take_back")
    log = conforms(EventList, client.get(f"/api/sessions/{session['id']}/events?limit=1000"))
    assert [e["kind"] for e in log["items"]].count("phase.taken_back") == 5


def test_the_true_time_of_a_phase(client: TestClient, session: Json) -> None:
    url = f"/api/sessions/{session['id']}/phase/correct"
    began, paused = (span["at"] for span in session["phases"][-2:])
    body = {"phase": "paused", "entry": 5, "at": began, "id": new_uuid(), **WHY}
    state = conforms(StateOut, client.post(url, json=body))
    assert (state["phase_since"], state["infused_s"]) == (began, 0)
    assert conforms(StateOut, client.post(url, json=body))["seq"] == state["seq"]
    refused(client.post(url, json={**body, "at": paused}), 409, "id_conflict")
    other = {**body, "id": None}
    refused(client.post(url, json={**other, "entry": 4}), 409, "phase_changed")
    refused(client.post(url, json={**other, "entry": 6}), 409, "phase_changed")
    early = iso(parse_iso(began) - 1)
    refused(client.post(url, json={**other, "at": early}), 409, "out_of_order")
    late = iso(parse_iso(paused) + 3_600_000)
    problem = refused(client.post(url, json={**other, "at": late}), 422, "taken_in_future")
    assert problem["errors"][0]["loc"] == ["at"]


def test_a_closed_session_stays_as_it_was_tapped(
    client: TestClient, clinic: Clinic, session: Json
) -> None:
    assert clinic.phase(session["id"], "transferred").status_code == 200
    url = f"/api/sessions/{session['id']}/phase"
    taken = client.post(f"{url}/take-back", json={"phase": "transferred", **WHY})
    refused(taken, 409, "session_closed")
    body = {"phase": "paused", "entry": 5, "at": session["phase_since"], **WHY}
    refused(client.post(f"{url}/correct", json=body), 409, "session_closed")
