"""The record and its figure as they are asked for over HTTP, held against their models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.api.schemas.record import FigureOut, RecordOut
from tests.api.clinic import NOBODY, conforms, new_uuid, refused
from tests.api.conftest import app, client, clinic, credentials, data_dir, static_dir

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.api.clinic import Clinic

__all__ = ["app", "client", "clinic", "credentials", "data_dir", "static_dir"]


def visit(client: TestClient, clinic: Clinic) -> str:
    """A session in which most of what can be corrected was."""
    here, there = clinic.infusing()["id"], clinic.infusing()["id"]
    ids = []
    for values in ({"hr": 150}, {"sbp": 204, "dbp": 118}, {"spo2": 93}, {"hr": 81}):
        ids.append(clinic.read(here, values=values, confirmed=True).json()["id"])
    slip = {"reason": "slip"}
    for place, what, body in (
        (0, "void", slip),
        (1, "amend", {"values": {"sbp": 190}, **slip}),
        (2, "move", {"session_id": there, "id": new_uuid(), **slip}),
    ):
        answer = client.post(f"/api/sessions/{here}/readings/{ids[place]}/{what}", json=body)
        assert answer.status_code == 200, answer.text
    client.post(
        f"/api/sessions/{here}/annotations",
        json={"kind": "medication", "data": {"drug": "Ondansetron", "dose": 4, "unit": "mg"}},
    )
    return str(here)


def test_the_record_says_what_became_of_everything(client: TestClient, clinic: Clinic) -> None:
    here = visit(client, clinic)
    record = conforms(RecordOut, client.get(f"/api/sessions/{here}/record"))
    standings = [reading["standing"] for reading in record["readings"]]
    assert standings == ["standing", "voided", "amended", "moved", "standing"]
    amended = record["readings"][2]
    assert amended["values"] == {"sbp": 190, "dbp": 118, "map": 142.0}
    assert amended["first"]["values"]["sbp"] == 204
    assert amended["first"]["flags"]["sbp"] == "high_critical"
    assert [c["reason"] for c in amended["corrections"]] == ["slip"]
    correction = record["readings"][3]["corrections"][0]
    there = client.get(f"/api/sessions/{correction['moved_to']}/record").json()
    [moved] = [one for one in there["readings"] if one["moved_from"] is not None]
    assert moved["moved_from"]["reading_id"] == record["readings"][3]["id"]
    assert moved["moved_from"]["reason"] == correction["reason"]
    assert any(f"moved here ({correction['reason']})" in one["text"] for one in there["events"])
    path = f"/api/sessions/{correction['moved_to']}"
    for name in ("report.html", "readings.csv"):
        text = client.get(f"{path}/{name}").text.replace("<wbr>", "")
        assert here in text
        assert correction["reason"] in text
    assert record["annotations"][0]["says"] == "Ondansetron 4 mg"
    assert record["phase"] == "infusing"
    assert record["mg_ordered"] == 35.0
    assert record["summary"]["voided"] == 2
    assert record["hash"] == record["hash"].lower()
    assert len(record["hash"]) == 64


def test_a_record_as_far_as_an_event(client: TestClient, clinic: Clinic) -> None:
    here = visit(client, clinic)
    whole = conforms(RecordOut, client.get(f"/api/sessions/{here}/record"))
    corrected = next(e["seq"] for e in whole["events"] if e["kind"] == "reading.voided")
    then = conforms(RecordOut, client.get(f"/api/sessions/{here}/record?until={corrected - 1}"))
    assert then["seq"] == corrected - 1
    assert {reading["standing"] for reading in then["readings"]} == {"standing"}
    assert then["hash"] != whole["hash"]
    assert then["events"] == whole["events"][: len(then["events"])]


def test_the_figure_has_each_standing_in_a_trace_of_its_own(
    client: TestClient, clinic: Clinic
) -> None:
    here = visit(client, clinic)
    figure = conforms(FigureOut, client.get(f"/api/sessions/{here}/figure"))
    roles = {trace["meta"]["role"] for trace in figure["data"]}
    assert {"values", "line", "pair", "first", "voided", "limit", "mg", "event"} <= roles
    first = {t["meta"]["vital"]: t["y"] for t in figure["data"] if t["meta"]["role"] == "first"}
    assert first == {"sbp": [204], "map": [146.7]}
    numbers = [mark["number"] for mark in figure["marks"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "color" not in client.get(f"/api/sessions/{here}/figure").text


def test_a_window_of_the_figure_holds_only_its_own(client: TestClient, clinic: Clinic) -> None:
    here = visit(client, clinic)
    record = conforms(RecordOut, client.get(f"/api/sessions/{here}/record"))
    asked: dict[str, Any] = {"from": "2020-01-01T00:00:00Z", "to": "2020-01-01T01:00:00Z"}
    empty = conforms(FigureOut, client.get(f"/api/sessions/{here}/figure", params=asked))
    assert [t for t in empty["data"] if t["meta"]["role"] == "values"] == []
    assert empty["marks"] == []
    since = record["readings"][0]["taken_at"]
    asked = {"from": since, "to": record["last_at"], "points": 50, "symbols": "true"}
    drawn = conforms(FigureOut, client.get(f"/api/sessions/{here}/figure", params=asked))
    symbols = {
        t["meta"]["vital"]: t["marker"]["symbol"]
        for t in drawn["data"]
        if t["meta"]["role"] == "values"
    }
    assert symbols["sbp"] == "arrow-down-open"
    assert symbols["dbp"] == "arrow-up-open"


def test_a_window_that_ends_before_it_begins_is_none(client: TestClient, clinic: Clinic) -> None:
    here = visit(client, clinic)
    path, noon = f"/api/sessions/{here}/figure", "2020-01-01T12:00:00Z"
    for until in (noon, "2020-01-01T11:00:00Z"):
        problem = refused(
            client.get(path, params={"from": noon, "to": until}), 422, "invalid_request"
        )
        assert problem["errors"][0]["loc"] == ["from"]
        assert problem["errors"][0]["code"] == "bad_period"
    before = conforms(FigureOut, client.get(path, params={"to": noon}))
    assert before["marks"] == [], "of a time before the session there is nothing to see"


def test_what_there_is_not(client: TestClient) -> None:
    for what in ("record", "figure"):
        refused(client.get(f"/api/sessions/{NOBODY}/{what}"), 404, "unknown_session")
    refused(client.get(f"/api/sessions/{NOBODY}/figure?points=2"), 422, "invalid_request")
    refused(client.get(f"/api/sessions/{NOBODY}/record?until=0"), 422, "invalid_request")
