"""Limits: read with their history, moved with a reason, refused field by field."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.schemas.limits import LimitsOut
from app.api.schemas.sessions import StateOut
from tests.api.clinic import BASELINE, Clinic, conforms, refused


def url_of(session: dict[str, Any]) -> str:
    return f"/api/sessions/{session['id']}/limits"


def warning(state: dict[str, Any], vital: str, side: str) -> float:
    lines = [e for e in state["limits"][vital] if (e["tier"], e["side"]) == ("warning", side)]
    return float(lines[0]["value"])


def test_limits_tell_how_they_came_to_be(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    before = conforms(LimitsOut, client.get(url_of(session)))
    assert before["version"] == session["limits_version"]
    assert before["limits"] == session["limits"]
    assert before["bounds"]["hr"] == {"low": 30, "high": 180, "gap": 2}
    [baseline] = before["history"]
    assert (baseline["changes"], baseline["reason"]) == ([], None)
    assert baseline["baseline"]["sbp"] == BASELINE["sbp"]

    body = {
        "version": before["version"],
        "limits": {"sbp": {"high": 165.0}, "hr": {"low": 45}},
        "reason": "Known hypertension",
    }
    state = conforms(StateOut, client.put(url_of(session), json=body))
    assert (warning(state, "sbp", "high"), warning(state, "hr", "low")) == (165, 45)
    after = conforms(LimitsOut, client.get(url_of(session)))
    assert after["version"] == state["limits_version"] == before["version"] + 1
    assert after["limits"] == state["limits"]
    change = after["history"][-1]
    assert (change["version"], change["reason"]) == (after["version"], "Known hypertension")
    assert change["by"]["role"] == "clinician"
    assert sorted(change["changes"], key=lambda c: c["vital"]) == [
        {"vital": "hr", "flag": "low", "from": 50, "to": 45},
        {"vital": "sbp", "flag": "high", "from": 160, "to": 165},
    ]


def test_what_another_has_changed_meanwhile_is_told(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    body = {"version": session["limits_version"], "reason": "Runs"}
    conforms(StateOut, client.put(url_of(session), json={**body, "limits": {"hr": {"high": 115}}}))
    second = client.put(url_of(session), json={**body, "limits": {"hr": {"high": 120}}})
    refused(second, 409, "limits_changed")
    assert warning(clinic.state(session["id"]), "hr", "high") == 115


def test_a_baseline_is_corrected(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    body = {"baseline": {"sbp": 142}, "reason": "Was excited"}
    state = conforms(StateOut, client.put(url_of(session), json=body))
    assert state["baseline"] == {**session["baseline"], "sbp": 142}
    history = conforms(LimitsOut, client.get(url_of(session)))["history"]
    assert history[-1]["baseline"]["sbp"] == 142


def test_a_baseline_made_anew_is_in_the_history(client: TestClient, clinic: Clinic) -> None:
    session = clinic.session()
    for to in ("checked_in", "baseline"):
        clinic.phase(session["id"], to)
    clinic.read(session["id"], values=BASELINE)
    wrong = clinic.read(session["id"], values={**BASELINE, "sbp": 140}).json()
    assert clinic.phase(session["id"], "ready").json()["baseline"]["sbp"] == 132
    url = f"/api/sessions/{session['id']}/readings/{wrong['id']}/void"
    conforms(StateOut, client.post(url, json={"reason": "Of another patient"}))
    history = conforms(LimitsOut, client.get(url_of(session)))["history"]
    told = [(e["version"], e["reason"], e["baseline"]["sbp"]) for e in history]
    assert told == [(1, None, 132), (1, "Of another patient", 124)]


def test_a_limit_that_the_baseline_breaks_is_looked_at(client: TestClient, clinic: Clinic) -> None:
    session = clinic.session()
    for to in ("checked_in", "baseline"):
        clinic.phase(session["id"], to)
    clinic.read(session["id"], values={**BASELINE, "sbp": 164})
    state = conforms(StateOut, clinic.phase(session["id"], "ready"))
    broken = {"vital": "sbp", "flag": "high", "limit": 160, "baseline": 164}
    assert broken in state["limits_to_review"]
    assert broken in conforms(LimitsOut, client.get(url_of(session)))["to_review"]
    kept = {"limits": {"sbp": {"high": 160}}, "reason": "Shall be told"}
    state = conforms(StateOut, client.put(url_of(session), json=kept))
    assert broken not in state["limits_to_review"]


@pytest.mark.usefixtures("as_nurse")
def test_a_nurse_moves_warnings(client: TestClient, clinic: Clinic) -> None:
    session = clinic.infusing()
    body = {"limits": {"hr": {"high": 115}}, "reason": "Runs"}
    assert warning(conforms(StateOut, client.put(url_of(session), json=body)), "hr", "high") == 115


WRONG: list[tuple[str, dict[str, Any], list[str], str]] = [
    ("no reason", {"limits": {"hr": {"high": 115}}}, ["reason"], "missing"),
    ("nothing", {"reason": "x"}, [], "nothing_to_set"),
    ("no line", {"limits": {"hr": {}}, "reason": "x"}, [], "nothing_to_set"),
    ("no vital", {"limits": {"pulse": {}}, "reason": "x"}, ["limits", "pulse"], "unknown_vital"),
    (
        "no number",
        {"limits": {"hr": {"high": None}}, "reason": "x"},
        ["limits", "hr", "high"],
        "not_a_number",
    ),
    (
        "no flag",
        {"limits": {"hr": {"higher": 120}}, "reason": "x"},
        ["limits", "hr", "higher"],
        "unknown_field",
    ),
    (
        "no such line",
        {"limits": {"spo2": {"high": 99}}, "reason": "x"},
        ["limits", "spo2", "high"],
        "no_such_line",
    ),
    (
        "out of bounds",
        {"limits": {"hr": {"high_critical": 190}}, "reason": "x"},
        ["limits", "hr", "high_critical"],
        "out_of_bounds",
    ),
    (
        "critical inside warning",
        {"limits": {"hr": {"high_critical": 105}}, "reason": "x"},
        ["limits", "hr", "high_critical"],
        "not_ordered",
    ),
    (
        "too close",
        {"limits": {"hr": {"low": 108.5, "low_critical": 40}}, "reason": "x"},
        ["limits", "hr", "low"],
        "too_close",
    ),
    ("baseline", {"baseline": {"pulse": 7}, "reason": "x"}, ["baseline", "pulse"], "unknown_vital"),
]


@pytest.mark.parametrize(
    ("body", "loc", "code"), [pytest.param(*row[1:], id=row[0]) for row in WRONG]
)
def test_what_cannot_be_a_limit_is_named(
    client: TestClient, clinic: Clinic, body: dict[str, Any], loc: list[str], code: str
) -> None:
    session = clinic.infusing()
    problem = refused(client.put(url_of(session), json=body), 422, "invalid_request")
    assert (loc, code) in [(error["loc"], error["code"]) for error in problem["errors"]]
    assert clinic.state(session["id"])["seq"] == session["seq"]
