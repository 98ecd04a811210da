"""Tried and not taken: the patient sleeps, or does not want it."""

from __future__ import annotations

import pytest

from app.monitoring.errors import InvalidRequest, NoUsableValues
from app.monitoring.rebuild import restep
from tests.monitoring.ward import ANNA, CALM, RESTED, Json, Ward, clock_time, kinds, reading_event
from tests.monitoring.ward import reading_of as data_of

EVERY = 600  # seconds between two pressures while infusing
GRACE = 300  # seconds until what is due is overdue


def due(ward: Ward, vital: str) -> Json | None:
    said: Json | None = ward.public["not_taken"].get(vital)
    return said


def resting() -> Ward:
    """A full set at ten, and the pulse from a monitor that goes on."""
    ward = Ward.infusing()
    ward.types(0, RESTED)
    return ward


def overdue(ward: Ward) -> list[str]:
    """The vitals that the one overdue alarm names."""
    named = [a["missing"] for a in ward.alarms if a["condition"] == "vitals_overdue"]
    return named[0] if named else []


def all_but_pressure(ward: Ward, seconds: float) -> None:
    ward.types(seconds, hr=78, spo2=98, rr=15, sedation=5)


@pytest.mark.parametrize(
    ("reason", "share"), [("asleep", 1), ("not_possible", 1), ("refused", 0.5)]
)
def test_it_is_due_again_an_interval_after_it_was_tried(reason: str, share: float) -> None:
    ward = resting()
    said = data_of(ward.tries(590, reason, "sbp", "dbp", note="sleeps deeply"))  # type: ignore[arg-type]  # one of the literals above
    until = clock_time(590 + EVERY * share)
    assert said["not_taken"] == {"sbp": reason, "dbp": reason}
    assert said["not_taken_note"] == "sleeps deeply"
    assert due(ward, "sbp") == {
        "reason": reason,
        "at": clock_time(590),
        "until": until,
        "times": 1,
        "by": {"kind": "person", "id": "anna", "name": "Anna", "role": "nurse"},
    }
    assert said["put_off"] == ward.public["not_taken"]


def test_overdue_waits_for_what_was_put_off_and_no_longer() -> None:
    ward = resting()
    all_but_pressure(ward, 590)
    ward.tries(600, "asleep", "sbp", "dbp")
    all_but_pressure(ward, 1100)
    ward.tick(600 + EVERY + GRACE - 1)
    assert overdue(ward) == []
    ward.tick(600 + EVERY + GRACE)
    assert overdue(ward) == ["sbp", "dbp"]


def test_alarm_that_stands_ends_as_put_off_by_whom_and_is_back_in_time() -> None:
    ward = resting()
    for seconds in (500, 900):
        all_but_pressure(ward, seconds)
    ward.tick(EVERY + GRACE)
    assert overdue(ward) == ["sbp", "dbp"]
    said = ward.tries(910, "refused", "sbp", "dbp", note="wants to be left alone")
    (cleared,) = [event for event in said if event["kind"] == "alarm.cleared"]
    alarm = cleared["data"]["alarm"]
    assert (alarm["ended_by"], alarm["ended_reason"]) == ("put_off", "wants to be left alone")
    assert cleared["actor"]["id"] == "anna"
    all_but_pressure(ward, 1200)
    said = ward.tick(910 + EVERY // 2 + GRACE)
    assert kinds(said) == ["alarm.raised"]
    assert overdue(ward) == ["sbp", "dbp"]


def test_alarm_goes_on_for_what_was_not_tried() -> None:
    ward = resting()
    ward.tick(EVERY + GRACE)
    assert overdue(ward) == ["hr", "spo2", "sbp", "dbp"]
    said = ward.tries(910, "asleep", "sbp", "dbp")
    assert kinds(said) == ["alarm.changed"]
    assert overdue(ward) == ["hr", "spo2"]


def test_third_time_in_a_row_puts_nothing_off() -> None:
    ward = resting()
    for times, seconds in ((1, 600), (2, 1200)):
        all_but_pressure(ward, seconds)
        ward.tries(seconds, "asleep", "sbp", "dbp")
        told = due(ward, "sbp")
        assert told is not None
        assert (told["times"], told["until"]) == (times, clock_time(seconds + EVERY))
    all_but_pressure(ward, 1800)
    ward.tries(1800, "asleep", "sbp", "dbp")
    told = due(ward, "sbp")
    assert told is not None
    assert (told["times"], told["until"]) == (3, None)
    assert overdue(ward) == ["sbp", "dbp"], "due as if nothing had been said"


@pytest.mark.parametrize("typed", [True, False])
def test_value_from_any_source_ends_it_and_counts_anew(typed: bool) -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp")
    if typed:
        ward.types(700, sbp=124, dbp=78)
    else:
        ward.sends(700, sbp=124, dbp=78)
    assert ward.public["not_taken"] == {}
    ward.tries(1300, "asleep", "sbp", "dbp")
    told = due(ward, "sbp")
    assert told is not None
    assert told["times"] == 1


def test_calm_stream_ends_it_too() -> None:
    ward = Ward.infusing()
    ward.streams(range(0, 30), hr=78, spo2=97)
    ward.types(30, sbp=124, dbp=78, rr=14, sedation=5)
    ward.sends(31, sbp=124, dbp=78)
    ward.tries(40, "not_possible", "rr")
    ward.streams(range(41, 50), hr=78, spo2=97)
    assert list(ward.public["not_taken"]) == ["rr"], "another vital's value says nothing of it"
    ward.sends(50, hr=78, spo2=97, rr=14)
    assert ward.public["not_taken"] == {}


def test_value_from_before_it_was_tried_does_not_end_it() -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp")
    ward.types(610, taken=590, sbp=124, dbp=78)
    assert due(ward, "sbp") is not None


def test_it_is_said_of_before_the_newest_value_and_changes_nothing() -> None:
    ward = resting()
    ward.types(600, sbp=124, dbp=78)
    said = data_of(ward.tries(610, "asleep", "sbp", taken=500))
    assert said["not_taken"] == {"sbp": "asleep"}
    assert "put_off" not in said
    assert ward.public["not_taken"] == {}


def test_next_phase_with_another_schedule_asks_anew() -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp")
    ward.phase("paused", 620)
    assert due(ward, "sbp") is not None, "the same schedule goes on"
    ward.phase("completed", 630)
    assert ward.public["not_taken"] == {}


def test_what_the_schedule_does_not_ask_is_noted_and_put_off_is_nothing() -> None:
    ward = resting()
    ward.tries(600, "refused", "temp")
    told = due(ward, "temp")
    assert told is not None
    assert (told["until"], told["times"]) == (None, 1)


def test_tried_long_before_it_is_due_puts_nothing_off() -> None:
    ward = resting()
    ward.tries(100, "refused", "sbp")
    told = due(ward, "sbp")
    assert told is not None
    assert told["until"] is None, "an interval after the last value is later"


def test_it_hides_no_limit() -> None:
    ward = resting()
    ward.types(500, sbp=190, dbp=100)
    ward.tries(600, "asleep", "hr", "sbp", "dbp")
    assert ward.alarm_of("bp")["state"] == "active"
    said = ward.streams(range(610, 640), spo2=84)
    assert "alarm.raised" in kinds(said)


def test_part_of_a_set_may_be_taken() -> None:
    ward = resting()
    said = data_of(ward.tries(600, "asleep", "sbp", "dbp", hr=70, spo2=97))
    assert said["values"] == {"hr": 70, "spo2": 97}
    assert set(ward.public["not_taken"]) == {"sbp", "dbp"}


def test_vital_cannot_be_taken_and_not_taken() -> None:
    ward = resting()
    with pytest.raises(InvalidRequest) as refused:
        ward.tries(600, "asleep", "hr", hr=70)
    (error,) = refused.value.errors
    assert (error.loc, error.code) == (("not_taken", "hr"), "given_twice")


def test_nothing_at_all_is_no_reading() -> None:
    with pytest.raises(NoUsableValues):
        resting().tries(600, "asleep")


def test_void_takes_back_that_it_was_put_off() -> None:
    ward = resting()
    all_but_pressure(ward, 590)
    first = reading_event(ward.tries(600, "asleep", "sbp", "dbp"))
    second = reading_event(ward.tries(620, "asleep", "sbp", "dbp"))
    (voided,) = [e for e in ward.voids(630, second) if e["kind"] == "reading.voided"]
    assert voided["data"]["not_taken"] == ward.public["not_taken"]
    told = due(ward, "sbp")
    assert told is not None
    assert (told["times"], told["at"]) == (1, clock_time(600))
    ward.voids(640, first)
    assert ward.public["not_taken"] == {}
    all_but_pressure(ward, 800)
    ward.tick(EVERY + GRACE)
    assert overdue(ward) == ["sbp", "dbp"]


def test_void_of_the_value_that_ended_it_brings_it_back() -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp")
    mistyped = reading_event(ward.types(620, sbp=124, dbp=78))
    assert ward.public["not_taken"] == {}
    ward.voids(630, mistyped)
    assert set(ward.public["not_taken"]) == {"sbp", "dbp"}


def test_amended_with_the_value_it_was_taken_after_all() -> None:
    ward = resting()
    tried = reading_event(ward.tries(600, "asleep", "sbp", "dbp", "rr"))
    said = ward.amends(610, tried, {"sbp": 124, "dbp": 78})
    (amended,) = [event for event in said if event["kind"] == "reading.amended"]
    assert amended["data"]["reading"]["not_taken"] == {"rr": "asleep"}
    assert set(ward.public["not_taken"]) == {"rr"}


def test_correction_of_something_else_says_nothing_of_it() -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp")
    other = reading_event(ward.types(610, temp=36.5))
    (voided,) = [e for e in ward.voids(620, other) if e["kind"] == "reading.voided"]
    assert voided["data"]["not_taken"] is None


def test_stepping_the_log_again_says_the_same() -> None:
    ward = resting()
    ward.tries(600, "asleep", "sbp", "dbp", by=ANNA)
    ward.tries(1200, "refused", "sbp", "dbp")
    ward.types(1300, CALM)
    state, events = restep(ward.log)
    assert [event.kind for event in events] == [event["kind"] for event in ward.log]
    assert state == ward.state
