"""Readings that were taken at another time than they said."""

from __future__ import annotations

import pytest

from app.monitoring.errors import InvalidRequest
from app.monitoring.rebuild import restep, state_of
from tests.monitoring.refusals import fields
from tests.monitoring.ward import (
    RESTED,
    Json,
    Ward,
    as_json,
    clock_time,
    kinds,
    reading_event,
    said_of,
)


def amendment_of(events: list[Json]) -> Json:
    (only,) = [event["data"] for event in events if event["kind"] == "reading.amended"]
    data: Json = only
    return data


def test_both_times_and_both_judgements_are_kept() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(600, sbp=165, dbp=85))
    data = amendment_of(ward.amends(700, typed, taken=300))
    assert (data["was_taken_at"], data["reading"]["taken_at"]) == (clock_time(600), clock_time(300))
    assert data["was"] == data["reading"]["values"] == typed["data"]["values"]
    again = amendment_of(ward.amends(710, typed, {"sbp": 166}))
    assert (again["was_taken_at"], again["reading"]["taken_at"]) == (clock_time(300),) * 2
    assert ward.public["values"]["sbp"]["taken_at"] == clock_time(300)


def test_values_alone_leave_the_time() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(600, taken=580, hr=80))
    data = amendment_of(ward.amends(700, typed, {"hr": 82}))
    assert (data["was_taken_at"], data["reading"]["taken_at"]) == (clock_time(580),) * 2


def test_alarm_of_a_value_that_is_too_old_ends_as_voided_and_asks_for_a_recheck() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(1800, sbp=190, dbp=100))
    assert ward.alarm_of("bp")["priority"] == "high"
    said = ward.amends(1810, typed, taken=100)
    assert ("cleared", clock_time(1810)) in said_of(said, "bp")
    cleared = next(e["data"]["alarm"] for e in said if e["kind"] == "alarm.cleared")
    assert cleared["ended_by"] == "value_voided"
    assert ward.alarm_of("bp", "recheck")["state"] == "active"


def test_value_that_is_newer_than_it_said_raises_its_alarm() -> None:
    ward = Ward.infusing()
    old = reading_event(ward.types(1800, taken=100, sbp=190, dbp=100))
    assert [a["condition"] for a in ward.alarms if a["group"] == "bp"] == ["recheck"]
    ward.amends(1810, old, taken=1790)
    assert ward.alarm_of("bp")["priority"] == "high"


def test_newest_value_is_the_newest_by_its_right_time() -> None:
    ward = Ward.infusing()
    ward.types(100, hr=70)
    second = reading_event(ward.types(200, hr=90))
    ward.amends(300, second, taken=50)
    assert ward.public["values"]["hr"]["value"] == 70
    ward.amends(310, second, taken=150)
    assert ward.public["values"]["hr"]["value"] == 90


def test_flags_are_by_the_limits_of_the_right_time() -> None:
    ward = Ward.infusing()
    ward.changes_limits(100, {"hr": {"high": 120}})
    typed = reading_event(ward.types(110, hr=115))
    assert typed["data"]["flags"] == {}
    assert amendment_of(ward.amends(120, typed, taken=90))["reading"]["flags"] == {"hr": "high"}
    assert amendment_of(ward.amends(130, typed, taken=105))["reading"]["flags"] == {}
    first = amendment_of(ward.amends(140, typed, taken=90))
    assert amendment_of(ward.amends(150, typed, {"hr": 116}))["reading"]["flags"] == {"hr": "high"}
    assert first["was_taken_at"] == clock_time(105)


def test_it_was_taken_in_the_session_and_before_it_was_recorded() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(600, taken=500, hr=80))
    before = ward.state
    for taken, code in ((-1, "before_session"), (600.001, "after_recorded")):
        with pytest.raises(InvalidRequest) as refused:
            ward.amends(700, typed, taken=taken)
        assert fields(refused) == [(("taken_at",), code)]
    assert ward.state is before
    ward.amends(700, typed, taken=600)
    ward.amends(700, typed, taken=500)
    ward.amends(700, typed, taken=0)


def test_it_was_taken_before_the_close() -> None:
    ward = Ward.infusing()
    ward.types(500, hr=80)
    ward.phase("transferred", 600)
    late = reading_event(ward.types(4000, taken=550, hr=82))
    with pytest.raises(InvalidRequest) as refused:
        ward.amends(4100, late, taken=601)
    assert fields(refused) == [(("taken_at",), "after_session")]
    ward.amends(4100, late, taken=600)
    assert ward.public["values"]["hr"]["taken_at"] == clock_time(600)


def test_driven_clock_keeps_the_time_that_it_was_told() -> None:
    ward = Ward(clock="driven", starts_at=0)
    ward.sends(0, taken=10, hr=80)
    second = reading_event(ward.sends(0, taken=600, hr=80))
    ward.amends(0, second, taken=20)
    assert ward.public["now"] == clock_time(600)
    with pytest.raises(InvalidRequest) as refused:
        ward.amends(0, second, taken=601)
    assert fields(refused) == [(("taken_at",), "after_recorded")]


def test_baseline_is_made_of_it_whenever_it_was() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 1)
    rest = reading_event(ward.types(60, RESTED))
    ward.phase("ready", 90)
    said = ward.amends(100, rest, taken=30)
    assert kinds(said) == ["reading.amended"]
    assert ward.public["baseline"]["sbp"] == RESTED["sbp"]


def test_the_log_alone_says_the_same_again() -> None:
    ward = Ward.infusing()
    ward.changes_limits(100, {"hr": {"high": 120}})
    typed = reading_event(ward.types(700, hr=115, sbp=190, dbp=100))
    ward.amends(710, typed, taken=90)
    ward.amends(720, typed, {"sbp": 150})
    state, made = restep(ward.log)
    again = [as_json(event, 0)["data"] for event in made]
    assert again == [event["data"] for event in ward.log]
    assert state == ward.state == state_of(ward.log)


def test_log_that_does_not_tell_the_time_before_changed_none() -> None:
    ward = Ward.infusing()
    typed = reading_event(ward.types(700, taken=690, hr=115))
    said = ward.amends(710, typed, {"hr": 90})
    del amendment_of(said)["was_taken_at"]
    _, made = restep(ward.log)
    assert [e.data["was_taken_at"] for e in made if e.kind == "reading.amended"] == [
        clock_time(690)
    ]
