"""Annotations at their edges: ids that mean other things, other sessions, other people's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.clinic import Clinic, new_uuid, refused
from tests.api.test_annotations import annotated, url_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Json = dict[str, Any]
NOTE: Json = {"kind": "note", "text": "Talks calmly"}


@pytest.fixture
def session(clinic: Clinic) -> Json:
    return clinic.infusing()


def test_an_id_means_one_thing_in_a_session(
    client: TestClient, clinic: Clinic, session: Json
) -> None:
    id, at = new_uuid(), session["id"]
    annotated(client.post(url_of(session), json={**NOTE, "id": id}))
    reading = clinic.read(at, id=id, values={"hr": 80})
    refused(reading, 409, "id_conflict")
    refused(clinic.phase(at, "paused", id=id), 409, "id_conflict")
    void = client.post(url_of(session, f"/{id}/void"), json={"reason": "x", "id": id})
    refused(void, 409, "id_conflict")
    other = new_uuid()
    assert clinic.read(at, id=other, values={"hr": 80}).status_code == 201
    refused(client.post(url_of(session), json={**NOTE, "id": other}), 409, "id_conflict")
    refused(
        client.post(url_of(session, f"/{other}/void"), json={"reason": "x"}),
        404,
        "unknown_annotation",
    )
    assert len(client.get(url_of(session)).json()["items"]) == 1


def test_another_sessions_annotation_is_not_known_here(
    client: TestClient, clinic: Clinic, session: Json
) -> None:
    elsewhere, id = clinic.infusing(), new_uuid()
    there = annotated(client.post(url_of(elsewhere), json={**NOTE, "id": id}))
    void = client.post(url_of(session, f"/{there['id']}/void"), json={"reason": "x"})
    refused(void, 404, "unknown_annotation")
    here = annotated(client.post(url_of(session), json={**NOTE, "id": id}))
    assert here["session_id"] == session["id"]
    annotated(client.post(url_of(session, f"/{id}/void"), json={"reason": "x"}), 200)
    assert client.get(url_of(elsewhere)).json()["items"] == [there]


@pytest.mark.parametrize(
    "text",
    ["\U0001f600" * 500, "Ж" * 500, "e\u0301" * 250, "a\n\tb", "<script>alert(1)</script>", '"\\'],
)
def test_text_comes_back_as_it_was_written(client: TestClient, session: Json, text: str) -> None:
    told = annotated(client.post(url_of(session), json={"kind": "note", "text": text}))
    assert told["text"] == text
    assert client.get(url_of(session)).json()["items"][0]["text"] == text


@pytest.mark.parametrize("dose", [1e308, 1e-320, -0.0, True, "1e3"])
def test_a_dose_is_a_number_that_can_be_given(client: TestClient, session: Json, dose: Any) -> None:
    body = {"kind": "medication", "data": {"drug": "x", "dose": dose}}
    answer = client.post(url_of(session), json=body)
    if answer.status_code != 201:
        refused(answer, 422, "invalid_request")
    else:
        assert answer.json()["data"]["dose"] == dose
    for word in (b"NaN", b"Infinity", b"1e999", b"9" * 400):
        raw = b'{"kind": "medication", "data": {"drug": "x", "dose": ' + word + b"}}"
        headers = {"content-type": "application/json"}
        sent = client.post(url_of(session), content=raw, headers=headers)
        assert sent.status_code in (400, 422), sent.text


def test_the_same_note_in_another_spelling_is_the_same_note(
    client: TestClient, session: Json
) -> None:
    id = "0193ABCD-0000-7000-8000-00000000ABCD"
    body = {"kind": "oxygen", "data": {"flow_l_min": 2}, "id": id}
    told = annotated(client.post(url_of(session), json=body))
    again = {"kind": "oxygen", "data": {"flow_l_min": 2.0, "device": None}, "id": id.lower()}
    assert annotated(client.post(url_of(session), json=again), 200) == told
    assert told["id"] == id.lower()
    void = client.post(url_of(session, f"/{id}/void"), json={"reason": "x"})
    assert annotated(void, 200)["voided"]["reason"] == "x"
