"""Charted late: what a person remembers of a session after it was closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.monitoring.commands import Actor
from app.monitoring.errors import InvalidRequest, SessionClosed
from app.monitoring.in_force import limits_at, protocol_of
from app.monitoring.inputs import reading_of as recorded_reading
from app.monitoring.rebuild import restep, state_of
from tests.monitoring.refusals import fields
from tests.monitoring.ward import (
    ANNA,
    BEN,
    CALM,
    RESTED,
    Ward,
    as_json,
    at,
    clock_time,
    kinds,
    reading_event,
    reading_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY_S = 86_400
CLOSED_AT = 600


def closed(*, baseline: Mapping[str, float] | None = None) -> Ward:
    ward = Ward.infusing(baseline=baseline)
    ward.types(300, CALM)
    ward.phase("transferred", CLOSED_AT)
    return ward


def test_it_is_kept_as_charted_after_the_close_and_raises_nothing() -> None:
    ward = closed()
    said = ward.types(4000, taken=400, sbp=190, dbp=100, by=ANNA)
    assert kinds(said) == []
    data = reading_of(said)
    assert (data["after_close"], data["taken_at"]) == (True, clock_time(400))
    assert data["flags"] == {"sbp": "high_critical"}
    assert set(data["late"]) == {"sbp", "dbp", "map"}
    assert ward.alarms == []
    assert ward.public["closed_at"] == clock_time(CLOSED_AT)
    assert ward.state.next_due_at is None
    assert ward.tick(9000) == []
    recorded = [event["data"] for event in ward.log if event["kind"] == "reading.recorded"]
    assert ["after_close" in data for data in recorded] == [False, True]


def test_it_takes_no_place_of_a_newer_value() -> None:
    ward = closed()
    ward.types(4000, taken=200, hr=141, temp=36.8)
    told = ward.public["values"]
    assert told["hr"]["value"] == CALM["hr"]
    assert (told["temp"]["value"], told["temp"]["late"]) == (36.8, True)
    ward.types(4010, taken=500, hr=66)
    assert ward.public["values"]["hr"]["value"] == 66


def test_it_is_flagged_by_the_limits_of_its_time() -> None:
    ward = Ward.infusing()
    ward.changes_limits(100, {"hr": {"high": 120}})
    ward.changes_limits(200, {"hr": {"high": 100}})
    ward.phase("transferred", CLOSED_AT)
    taken = {50: {"hr": "high"}, 99.999: {"hr": "high"}, 100: {}, 199: {}, 200: {"hr": "high"}}
    for seconds, flags in taken.items():
        assert reading_of(ward.types(4000, taken=seconds, hr=115))["flags"] == flags
    assert reading_of(ward.types(4000, taken=250, hr=105))["flags"] == {"hr": "high"}
    assert reading_of(ward.types(4000, taken=150, hr=105))["flags"] == {}


def test_it_is_flagged_by_the_baseline_once_there_was_one() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 10)
    ward.types(20, RESTED)
    ward.phase("ready", 100)
    ward.phase("cancelled", CLOSED_AT, reason="told as a story")
    before = reading_of(ward.types(4000, taken=99, sbp=155, dbp=80))
    after = reading_of(ward.types(4000, taken=100, sbp=155, dbp=80))
    assert (before["flags"], after["flags"]) == ({}, {"sbp": "high"})
    assert after["basis"] == {"sbp": "relative"}


def test_limits_at_are_those_of_the_protocol_before_anything_was_drawn() -> None:
    ward = Ward.infusing()
    ward.changes_limits(100, {"hr": {"high": 120}})
    protocol = protocol_of(ward.state)
    lines = [limits_at(ward.state.drawn, protocol, at(s)).lines["hr"] for s in (-9, 99, 100)]
    assert lines[0] == lines[1] != lines[2]
    assert lines[2] == ward.limits.lines["hr"]


def test_only_a_person_charts_late_and_only_of_the_session() -> None:
    ward = closed()
    before = ward.state
    for who in (Actor("program", "p", "Script", "nurse"), Actor("station", "s", "Room 3")):
        with pytest.raises(SessionClosed):
            ward.types(4000, taken=400, hr=80, by=who)
    with pytest.raises(SessionClosed):
        ward.sends(4000, taken=400, hr=80)
    for taken, code in (
        (None, "after_session"),
        (600.001, "after_session"),
        (-1, "before_session"),
    ):
        with pytest.raises(InvalidRequest) as refused:
            ward.types(4000, taken=taken, hr=80)
        assert fields(refused) == [(("taken_at",), code)]
    assert ward.state is before
    ward.types(4000, taken=CLOSED_AT, hr=80)
    ward.types(4000, taken=0, hr=80)


def test_it_is_possible_for_three_days() -> None:
    ward = closed()
    ward.types(CLOSED_AT + 3 * DAY_S, taken=400, hr=80)
    with pytest.raises(SessionClosed):
        ward.types(CLOSED_AT + 3 * DAY_S + 0.001, taken=400, hr=80)


def test_what_was_moved_here_is_let_in_at_any_time() -> None:
    ward = closed()
    elsewhere = recorded_reading(reading_of(Ward.infusing().types(300, hr=141)))
    ward.wall = at(30 * DAY_S)
    data = reading_of(ward.step(replace(elsewhere, id="moved", after_close=True), BEN))
    assert (data["after_close"], data["values"]) == (True, {"hr": 141})


def test_nothing_is_put_off_by_what_was_not_taken_then() -> None:
    ward = closed()
    data = reading_of(ward.tries(4000, "asleep", "sedation", taken=400))
    assert data["not_taken"] == {"sedation": "asleep"}
    assert "put_off" not in data
    assert ward.public["not_taken"] == {}


def test_it_is_amended_and_voided_like_any_other() -> None:
    ward = closed()
    late = reading_event(ward.types(4000, taken=400, sbp=190, dbp=100))
    (amended,) = ward.amends(10 * DAY_S, late, {"sbp": 160})
    assert amended["data"]["reading"]["flags"] == {}
    assert amended["data"]["reading"]["after_close"] is True
    assert ward.public["values"]["sbp"]["value"] == 160
    (voided,) = ward.voids(11 * DAY_S, late)
    assert (voided["kind"], ward.public["values"]["sbp"]["value"]) == ("reading.voided", 124)


def test_alarms_of_a_closed_session_stay_as_they_were_said() -> None:
    ward = Ward.infusing()
    high = reading_event(ward.types(300, sbp=190, dbp=100))
    ward.phase("transferred", CLOSED_AT)
    said = ward.amends(4000, high, {"sbp": 130})
    assert [event["kind"] for event in said] == ["reading.amended"]
    calm = reading_event(ward.types(4010, taken=500, sbp=120, dbp=80))
    assert [e["kind"] for e in ward.amends(4020, calm, {"sbp": 220})] == ["reading.amended"]
    assert ward.alarms == []


def test_the_log_alone_says_the_same_again() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.changes_limits(100, {"hr": {"high": 120}})
    ward.phase("transferred", CLOSED_AT)
    late = reading_event(ward.types(4000, taken=50, hr=115))
    ward.annotates(4010, "a", happened=60)
    ward.amends(4020, late, taken=200)
    state, made = restep(ward.log)
    again = [as_json(event, 0)["data"] for event in made]
    assert again == [event["data"] for event in ward.log]
    assert state == ward.state == state_of(ward.log)
