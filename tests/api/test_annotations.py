"""Annotations by the public contract: each kind, what is refused, voiding, where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from app.api.schemas.annotations import AnnotationList, AnnotationOut
from app.api.schemas.events import EventList
from app.api.schemas.timeline import TimelineOut
from app.monitoring.times import iso, parse_iso
from tests.api.clinic import NOBODY, Clinic, conforms, fits, new_uuid, refused

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

Json = dict[str, Any]

SAID: dict[str, Json] = {
    "note": {"kind": "note", "text": "Talks calmly.\nEyes closed."},
    "side_effect": {"kind": "side_effect", "data": {"effect": "nausea", "severity": "mild"}},
    "bare side effect": {"kind": "side_effect", "data": {"effect": "other"}, "text": "Itches"},
    "medication": {
        "kind": "medication",
        "data": {"drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv"},
    },
    "rate": {"kind": "rate_change", "data": {"rate": 0, "unit": "mL/h"}},
    "rate in words": {"kind": "rate_change", "text": "Halved"},
    "oxygen": {"kind": "oxygen", "data": {"flow_l_min": 2.5, "device": "nasal"}},
    "site": {"kind": "iv_site", "data": {"state": "infiltrated"}},
    "assessment": {"kind": "assessment", "data": {"what": "CADSS", "result": "14"}},
}
WRONG: list[tuple[Json, list[str], str]] = [
    ({"kind": "poem", "text": "x"}, ["kind"], "unknown_kind"),
    ({"text": "x"}, ["kind"], "unknown_kind"),
    ({"kind": "note"}, ["text"], "missing"),
    ({"kind": "note", "text": " "}, ["text"], "empty"),
    ({"kind": "note", "text": "x" * 501}, ["text"], "text_too_long"),
    (
        {"kind": "note", "text": "x", "data": {"effect": "nausea"}},
        ["data", "effect"],
        "unknown_field",
    ),
    ({"kind": "note", "text": "x", "mood": "good"}, ["mood"], "unknown_field"),
    ({"kind": "side_effect"}, ["data"], "missing"),
    ({"kind": "side_effect", "data": {"effect": "joy"}}, ["data", "effect"], "not_allowed"),
    ({"kind": "medication", "data": {"drug": "x", "dose": 0}}, ["data", "dose"], "out_of_range"),
    ({"kind": "medication", "data": {"drug": "x", "dose": "4"}}, ["data", "dose"], "not_a_number"),
    ({"kind": "medication", "data": {"drug": "x" * 81}}, ["data", "drug"], "text_too_long"),
    ({"kind": "rate_change", "data": {"unit": "mL/h"}}, [], "rate_or_text"),
    ({"kind": "rate_change", "data": {"rate": -1}}, ["data", "rate"], "out_of_range"),
    ({"kind": "oxygen", "data": {"flow_l_min": 16}}, ["data", "flow_l_min"], "out_of_range"),
    ({"kind": "oxygen", "data": {}}, ["data", "flow_l_min"], "missing"),
    ({"kind": "iv_site", "data": {"state": "gone"}}, ["data", "state"], "not_allowed"),
    (
        {"kind": "assessment", "data": {"what": "x", "result": "y" * 201}},
        ["data", "result"],
        "text_too_long",
    ),
]


def url_of(session: Json, rest: str = "") -> str:
    return f"/api/sessions/{session['id']}/annotations{rest}"


def annotated(response: Response, status: int = 201) -> Json:
    assert response.status_code == status, response.text
    fits(AnnotationOut, response.json())
    return dict(response.json())


@pytest.fixture
def session(clinic: Clinic) -> Json:
    return clinic.infusing()


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_each_kind_is_told_as_it_was_said(client: TestClient, session: Json, said: Json) -> None:
    body = {**said, "id": new_uuid()}
    told = annotated(client.post(url_of(session), json=body))
    assert told["id"] == body["id"]
    assert told["session_id"] == session["id"]
    assert (told["kind"], told["text"]) == (said["kind"], said.get("text"))
    assert told["data"] == said.get("data", {})
    assert told["recorded_by"]["role"] == "clinician"
    assert told["voided"] is None
    again = annotated(client.post(url_of(session), json=body), 200)
    assert again == told
    other = {"kind": "note", "text": "Something else", "id": body["id"]}
    refused(client.post(url_of(session), json=other), 409, "id_conflict")
    listed = conforms(AnnotationList, client.get(url_of(session)))
    assert listed["items"] == [told]


@pytest.mark.parametrize(("body", "loc", "code"), WRONG)
def test_what_a_kind_does_not_say_is_refused(
    client: TestClient, session: Json, body: Json, loc: list[str], code: str
) -> None:
    problem = refused(client.post(url_of(session), json=body), 422, "invalid_request")
    assert [(error["loc"], error["code"]) for error in problem["errors"]] == [(loc, code)]
    assert conforms(AnnotationList, client.get(url_of(session)))["items"] == []


def test_when_it_happened_is_asked_of_who_says_it(client: TestClient, session: Json) -> None:
    began = parse_iso(session["created_at"])
    note = {"kind": "note", "text": "x"}
    early = client.post(url_of(session), json={**note, "at": iso(began - 1)})
    problem = refused(early, 422, "invalid_request")
    assert [(e["loc"], e["code"]) for e in problem["errors"]] == [(["at"], "before_session")]
    late = client.post(url_of(session), json={**note, "at": iso(began + 3_600_000)})
    assert refused(late, 422, "taken_in_future")["errors"][0]["loc"] == ["at"]
    first = annotated(client.post(url_of(session), json=note))
    earlier = annotated(client.post(url_of(session), json={**note, "at": iso(began)}))
    assert earlier["at"] == iso(began)
    items = conforms(AnnotationList, client.get(url_of(session)))["items"]
    assert [item["id"] for item in items] == [earlier["id"], first["id"]]  # as it happened


def test_a_voided_annotation_stays_and_says_so(client: TestClient, session: Json) -> None:
    told = annotated(client.post(url_of(session), json=SAID["medication"]))
    void = url_of(session, f"/{told['id']}/void")
    refused(
        client.post(url_of(session, f"/{NOBODY}/void"), json={"reason": "x"}),
        404,
        "unknown_annotation",
    )
    assert client.post(void, json={}).status_code == 422
    body = {"id": new_uuid(), "reason": "Wrong patient"}
    voided = annotated(client.post(void, json=body), 200)
    assert voided["voided"]["reason"] == "Wrong patient"
    assert voided["voided"]["by"] == voided["recorded_by"]
    assert {**voided, "voided": None} == told
    assert annotated(client.post(void, json=body), 200) == voided
    refused(client.post(void, json={"reason": "again"}), 409, "already_voided")
    assert conforms(AnnotationList, client.get(url_of(session)))["items"] == [voided]


def test_log_and_timeline_tell_them(client: TestClient, session: Json) -> None:
    told = annotated(client.post(url_of(session), json=SAID["side_effect"]))
    client.post(url_of(session, f"/{told['id']}/void"), json={"reason": "slip"})
    at = f"/api/sessions/{session['id']}"
    timeline = conforms(TimelineOut, client.get(f"{at}/timeline"))
    assert timeline["annotations"] == client.get(url_of(session)).json()["items"]
    log = conforms(EventList, client.get(f"{at}/events?limit=1000"))["items"]
    recorded, voided = [e for e in log if e["kind"].startswith("annotation.")]
    assert recorded["at"] == recorded["data"]["at"] == told["at"]
    assert recorded["seq"] == told["seq"]
    assert voided["data"] == {"annotation_id": told["id"], "reason": "slip"}


def test_a_closed_session_takes_what_was_before_its_close(
    client: TestClient, clinic: Clinic, session: Json
) -> None:
    told = annotated(client.post(url_of(session), json=SAID["note"]))
    assert "after_close" not in told
    closed = clinic.phase(session["id"], "transferred").json()["closed_at"]
    refused(client.post(url_of(session), json=SAID["note"]), 409, "session_closed")
    late = client.post(url_of(session), json={**SAID["note"], "at": closed})
    assert annotated(late)["after_close"] is True
    after = {**SAID["note"], "at": iso(parse_iso(closed) + 1)}
    problem = refused(client.post(url_of(session), json=after), 422, "invalid_request")
    assert [(e["loc"], e["code"]) for e in problem["errors"]] == [(["at"], "after_session")]
    void = client.post(url_of(session, f"/{told['id']}/void"), json={"reason": "x"})
    assert annotated(void, 200)["voided"]["reason"] == "x"


def test_what_it_said_is_corrected_and_kept(client: TestClient, session: Json) -> None:
    told = annotated(client.post(url_of(session), json=SAID["medication"]))
    place = url_of(session, f"/{told['id']}/correct")
    body = {"id": new_uuid(), "data": {"drug": "ondansetron", "dose": 8.0, "unit": "mg"}}
    first = annotated(client.post(place, json={**body, "reason": "8 mg"}), 200)
    assert first["data"] == {"drug": "ondansetron", "dose": 8, "unit": "mg"}
    assert (first["at"], first["seq"], first["voided"]) == (told["at"], told["seq"], None)
    (correction,) = first["corrections"]
    assert correction["was"] == {"at": told["at"], "text": None, "data": told["data"]}
    assert (correction["reason"], correction["by"]["kind"]) == ("8 mg", "person")
    assert annotated(client.post(place, json={**body, "reason": "8 mg"}), 200) == first
    refused(client.post(place, json={**body, "reason": "9 mg"}), 409, "id_conflict")
    earlier = iso(parse_iso(told["at"]) - 1)
    moved = {"at": earlier, "text": "Slowly", "reason": "a moment before"}
    second = annotated(client.post(place, json=moved), 200)
    assert (second["at"], second["text"], second["data"]) == (earlier, "Slowly", first["data"])
    assert [c["was"]["at"] for c in second["corrections"]] == [told["at"]] * 2
    assert client.get(url_of(session)).json()["items"] == [second]
    third = annotated(client.post(place, json={"text": "", "reason": "of another"}), 200)
    assert (third["text"], third["data"]) == (None, first["data"])
    assert third["corrections"][-1]["was"]["text"] == "Slowly"
    log = conforms(EventList, client.get(f"/api/sessions/{session['id']}/events?limit=1000"))
    assert [e["kind"] for e in log["items"]][-3:] == ["annotation.corrected"] * 3
    client.post(url_of(session, f"/{told['id']}/void"), json={"reason": "never given"})
    refused(client.post(place, json=moved), 409, "already_voided")


@pytest.mark.parametrize(
    ("kind", "body", "loc", "code"),
    [
        ("medication", {}, [], "nothing_to_correct"),
        ("medication", {"data": {"drug": "x", "dose": -1}}, ["data", "dose"], "out_of_range"),
        ("medication", {"data": {"effect": "nausea"}}, ["data", "drug"], "missing"),
        ("note", {"data": {"effect": "nausea"}}, ["data", "effect"], "unknown_field"),
        ("rate", {"data": {}}, [], "rate_or_text"),
        ("medication", {"data": {"drug": ["x"]}}, ["data", "drug"], "not_a_value"),
        ("medication", {"data": {"drug": True}}, ["data", "drug"], "not_a_value"),
        ("note", {"text": " "}, ["text"], "empty"),
        ("note", {"text": ""}, ["text"], "missing"),
        ("note", {"at": "2000-01-01T00:00:00Z"}, ["at"], "before_session"),
        ("note", {"text": "x", "reason": None}, ["reason"], "not_text"),
    ],
)
def test_what_it_should_have_said_must_fit_its_kind(
    client: TestClient, session: Json, kind: str, body: Json, loc: list[str], code: str
) -> None:
    told = annotated(client.post(url_of(session), json=SAID[kind]))
    place = url_of(session, f"/{told['id']}/correct")
    problem = refused(client.post(place, json={"reason": "slip", **body}), 422, "invalid_request")
    found = [(error["loc"], error["code"]) for error in problem["errors"]]
    assert (loc, code) in found
    assert client.get(url_of(session)).json()["items"] == [told]
    nobody = url_of(session, f"/{NOBODY}/correct")
    refused(client.post(nobody, json={"text": "x", "reason": "y"}), 404, "unknown_annotation")


def test_a_stopped_driven_clock_takes_what_lies_behind_it(
    client: TestClient, clinic: Clinic
) -> None:
    driven = clinic.session(simulated=True, clock="driven")
    refused(client.post(url_of(driven), json=SAID["note"]), 409, "clock_not_begun")
    moved = client.post(f"/api/sessions/{driven['id']}/clock", json={"at": "2026-11-22T10:00:00Z"})
    assert moved.status_code == 200
    told = annotated(client.post(url_of(driven), json=SAID["note"]))
    assert told["at"] == "2026-11-22T10:00:00.000Z"
    ahead = {**SAID["note"], "at": "2026-11-22T10:00:01Z"}
    refused(client.post(url_of(driven), json=ahead), 422, "taken_in_future")


def test_the_models_tell_the_kinds_apart() -> None:
    schema = TypeAdapter(AnnotationOut).json_schema()
    assert len(schema["discriminator"]["mapping"]) == 7
