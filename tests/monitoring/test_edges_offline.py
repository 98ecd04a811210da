"""What a device kept while it was offline and tells later: what was missed, and what goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.monitoring.ward import Json, Ward, clock_time, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Told = list[tuple[str, str, float, float, float]]


def missed(events: Iterable[Json]) -> Told:
    """Vital, flag, since, until and worst value of each excursion that nobody saw."""
    return [
        (
            event["data"]["vital"],
            event["data"]["flag"],
            seconds_of(event["data"]["since"]),
            seconds_of(event["data"]["until"]),
            event["data"]["worst"],
        )
        for event in events
        if event["kind"] == "excursion.missed"
    ]


def told_late(ward: Ward, *taken: tuple[float, float], vital: str, now: float = 200) -> list[Json]:
    """A device that streamed tells what it kept: moments and values."""
    return [event for at, value in taken for event in ward.sends(now, {vital: value}, taken=at)]


def test_excursion_that_was_over_is_told_with_all_that_it_was() -> None:
    ward = Ward.infusing()
    events = told_late(ward, (100, 84), (106, 83), (108, 86), (120, 96), vital="spo2")
    first, second = (event for event in events if event["kind"] == "excursion.missed")
    assert first["data"] == {
        "vital": "spo2",
        "side": "low",
        "flag": "low_critical",
        "limit": 88,
        "since": clock_time(100),
        "until": clock_time(120),
        "worst": 83,
        "device": "mon-03",
        "critical": True,
    }
    assert (first["at"], second["at"]) == (clock_time(120), clock_time(120))
    assert (second["data"]["flag"], second["data"]["critical"]) == ("low", False)
    alarm = ward.alarm_of("spo2", "missed_offline")
    assert (alarm["priority"], alarm["side"], alarm["limit"]) == ("medium", "low", 88)
    assert (alarm["value"], alarm["worst"], alarm["unit"]) == (83, 83, "%")
    assert (alarm["since"], alarm["raised_at"]) == (clock_time(100), clock_time(200))
    assert alarm["text"] == "Missed while offline: SpO2 83 %, 10:01:40 to 10:02:00 UTC"


def test_worst_of_the_high_side_is_the_highest() -> None:
    ward = Ward.infusing()
    events = told_late(ward, (100, 150), (104, 160), (106, 145), (120, 80), vital="hr")
    assert missed(events) == [
        ("hr", "high", 100, 120, 160),
        ("hr", "high_critical", 100, 120, 160),
    ]
    assert ward.alarm_of("hr", "missed_offline")["worst"] == 160


def test_excursion_shorter_than_the_delay_of_its_line_was_none() -> None:
    ward = Ward.infusing()
    assert missed(told_late(ward, (100, 84), (109.9, 96), vital="spo2")) == []
    assert missed(told_late(ward, (110, 84), (120, 96), vital="spo2")) == [
        ("spo2", "low_critical", 110, 120, 84)
    ]
    assert missed(told_late(ward, (130, 84), (145, 96), vital="spo2")) == [
        ("spo2", "low_critical", 130, 145, 84),
        ("spo2", "low", 130, 145, 84),
    ]


def test_value_within_the_hysteresis_does_not_end_it() -> None:
    ward = Ward.infusing()
    events = told_late(ward, (100, 84), (115, 92.5), (125, 93), vital="spo2")
    assert missed(events) == [
        ("spo2", "low_critical", 100, 115, 84),
        ("spo2", "low", 100, 125, 84),
    ]


def test_first_fresh_value_ends_what_was_told_late() -> None:
    ward = Ward.infusing()
    told_late(ward, (100, 84), (106, 83), vital="spo2")
    events = ward.sends(201, spo2=96)
    assert missed(events) == [
        ("spo2", "low_critical", 100, 201, 83),
        ("spo2", "low", 100, 201, 83),
    ]
    assert ward.alarm_of("spo2", "missed_offline")["worst"] == 83
    assert missed(ward.sends(202, spo2=96)) == []


def test_what_goes_on_has_lasted_since_it_was_first_told() -> None:
    ward = Ward.infusing()
    told_late(ward, (100, 84), (106, 83), vital="spo2")
    events = ward.sends(201, spo2=84)
    assert missed(events) == []
    alarm = ward.alarm_of("spo2")
    assert (alarm["since"], alarm["raised_at"]) == (clock_time(100), clock_time(201))
    assert (alarm["priority"], alarm["limit"]) == ("high", 88)


def test_line_that_a_fresh_value_is_inside_is_told_and_the_other_goes_on() -> None:
    ward = Ward.infusing()
    told_late(ward, (100, 84), vital="spo2")
    assert missed(ward.sends(201, spo2=90)) == [("spo2", "low_critical", 100, 201, 84)]
    alarm = ward.alarm_of("spo2")
    assert (alarm["priority"], alarm["limit"]) == ("medium", 92)
    assert alarm["since"] == clock_time(100)


def test_two_devices_and_two_vitals_are_kept_apart() -> None:
    ward = Ward.infusing()
    for vital, value in (("spo2", 84), ("hr", 150)):
        ward.sends(200, {vital: value}, taken=100)
    ward.sends(200, taken=100, spo2=80, device="mon-04")
    assert missed(ward.sends(201, spo2=96, device="mon-05")) == []
    assert missed(ward.sends(201, spo2=96)) == [
        ("spo2", "low_critical", 100, 201, 84),
        ("spo2", "low", 100, 201, 84),
    ]
    assert missed(ward.sends(201, hr=80)) == [
        ("hr", "high", 100, 201, 150),
        ("hr", "high_critical", 100, 201, 150),
    ]
    assert missed(ward.sends(201, spo2=96, device="mon-04")) == [
        ("spo2", "low_critical", 100, 201, 80),
        ("spo2", "low", 100, 201, 80),
    ]


def test_excursion_that_people_could_see_is_not_told_again() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 71), spo2=84)
    assert ward.alarm_of("spo2")["priority"] == "high"
    events = told_late(ward, (80, 83), (100, 97), vital="spo2")
    assert missed(events) == []


def test_single_measurement_lasts_as_long_as_it_is_the_last() -> None:
    ward = Ward.infusing()
    ward.sends(2000, taken=100, sbp=190, dbp=100, interval_s=300)
    events = ward.sends(2000, taken=101, sbp=120, dbp=80, interval_s=300)
    assert missed(events) == [
        ("sbp", "high", 100, 101, 190),
        ("sbp", "high_critical", 100, 101, 190),
    ]


def test_typed_values_are_asked_again_and_never_missed() -> None:
    ward = Ward.infusing()
    ward.types(2000, taken=100, sbp=190, dbp=100)
    assert ward.alarm_of("bp", "recheck")["priority"] == "medium"
    assert missed(ward.types(2000, taken=400, sbp=120, dbp=80)) == []


def test_lines_relative_to_the_baseline_and_technical_ones_are_not_missed() -> None:
    ward = Ward.infusing(baseline={"sbp": 100, "dbp": 70})
    events = ward.sends(2000, taken=100, sbp=145, dbp=80, etco2=15, interval_s=300)
    events += ward.sends(2000, taken=400, sbp=100, dbp=70, etco2=40, interval_s=300)
    assert missed(events) == [("etco2", "low", 100, 400, 15)]


def test_flag_without_a_priority_is_not_missed() -> None:
    ward = Ward.infusing()
    events = ward.sends(3000, taken=100, pain=8) + ward.sends(3000, taken=200, pain=1)
    assert missed(events) == []
    assert [a for a in ward.alarms if a["condition"] == "recheck"] == []


def test_only_critical_ones_stand_as_an_alarm() -> None:
    ward = Ward.infusing()
    assert missed(told_late(ward, (100, 90), (120, 97), vital="spo2")) == [
        ("spo2", "low", 100, 120, 90)
    ]
    assert [a for a in ward.alarms if a["condition"] == "missed_offline"] == []


def test_second_one_of_a_vital_joins_the_first_with_the_worst_of_both() -> None:
    ward = Ward.infusing()
    told_late(ward, (50, 85), (65, 97), (80, 83), (95, 97), vital="spo2")
    alarm = ward.alarm_of("spo2", "missed_offline")
    assert (alarm["worst"], alarm["since"]) == (83, clock_time(50))
    assert "10:00:50 to 10:01:35" in alarm["text"]
    told_late(ward, (110, 87), (125, 97), vital="spo2")
    assert ward.alarm_of("spo2", "missed_offline")["worst"] == 83
    assert ward.state.missed["spo2|low"].worst == 83


def test_both_sides_of_a_vital_stand_for_themselves() -> None:
    ward = Ward.infusing()
    told_late(ward, (50, 150), (65, 80), (80, 35), (95, 80), vital="hr")
    sides = {a["side"]: a["worst"] for a in ward.alarms if a["condition"] == "missed_offline"}
    assert sides == {"high": 150, "low": 35}
    high = next(a for a in ward.alarms if a["side"] == "high")
    ward.acknowledge(210, high)
    assert [a["side"] for a in ward.alarms if a["condition"] == "missed_offline"] == ["low"]
    low = ward.alarm_of("hr", "missed_offline")
    ended = ward.ends(220, low)[-1]["data"]["alarm"]
    assert (ended["state"], ended["ended_by"]) == ("cleared", "person")


def test_acknowledging_an_older_revision_does_not_end_it() -> None:
    ward = Ward.infusing()
    told_late(ward, (50, 85), (65, 97), vital="spo2")
    first = ward.alarm_of("spo2", "missed_offline")
    ward.acknowledge(205, first, rev=0)
    assert ward.alarm_of("spo2", "missed_offline")["state"] == "active"
    ended = ward.acknowledge(210, first)[-1]["data"]["alarm"]
    assert (ended["state"], ended["ended_by"]) == ("cleared", "acknowledged")


def recheck(ward: Ward) -> list[tuple[str, str, float]]:
    return [
        (alarm["vital"], alarm["priority"], seconds_of(alarm["raised_at"]))
        for alarm in ward.alarms
        if alarm["condition"] == "recheck"
    ]


def test_recheck_of_a_stream_waits_for_what_is_now() -> None:
    ward = Ward.infusing()
    ward.sends(200, taken=100, spo2=84)
    ward.tick(214.999)
    assert recheck(ward) == []
    ward.tick(215)
    assert recheck(ward) == [("spo2", "medium", 215)]
    ward.sends(216, spo2=97)
    assert recheck(ward) == []


@pytest.mark.parametrize(
    ("told", "vital", "priority"),
    [({"sbp": 165, "dbp": 80}, "sbp", "low"), ({"sbp": 120, "dbp": 112}, "dbp", "medium")],
)
def test_recheck_of_a_cuff_or_a_typed_value_is_asked_at_once(
    told: dict[str, float], vital: str, priority: str
) -> None:
    typed = Ward.infusing()
    typed.types(800, told, taken=20)
    assert recheck(typed) == [(vital, priority, 800)]
    cuff = Ward.infusing()
    cuff.sends(800, told, taken=20, interval_s=300)
    assert recheck(cuff) == [(vital, priority, 800)]


def test_late_value_that_is_not_the_newest_of_any_source_asks_for_nothing() -> None:
    ward = Ward.infusing()
    ward.types(150, sbp=120, dbp=80)
    ward.sends(800, taken=140, sbp=190, dbp=100, interval_s=300)
    assert recheck(ward) == []
    ward.sends(800, taken=150, sbp=191, dbp=100, interval_s=300)
    assert recheck(ward) == [("sbp", "medium", 800)]


def test_value_of_the_same_moment_does_not_answer_a_recheck() -> None:
    ward = Ward.infusing()
    ward.types(800, taken=20, sbp=165, dbp=80)
    ward.sends(801, taken=20, sbp=120, dbp=80, interval_s=300)
    assert recheck(ward) == [("sbp", "low", 800)]
    ward.sends(802, taken=20.001, sbp=121, dbp=80, interval_s=300)
    assert recheck(ward) == []


def test_critical_one_of_a_group_speaks_for_it() -> None:
    ward = Ward.infusing()
    ward.types(800, taken=20, sbp=165, dbp=112)
    alarm = ward.alarm_of("bp", "recheck")
    assert (alarm["vital"], alarm["priority"], alarm["value"]) == ("dbp", "medium", 112)
    assert alarm["text"] == "Check now: last known BP 165/112, entered late"
    assert (alarm["since"], alarm["worst"], alarm["unit"]) == (clock_time(20), 112, "mmHg")


def test_recheck_of_a_single_value_names_it() -> None:
    ward = Ward.infusing()
    ward.types(1200, taken=20, rr=8)
    assert ward.alarm_of("rr", "recheck")["text"] == "Check now: last known RR 8, entered late"
    ward.types(1700, taken=900, sbp=190)
    assert ward.alarm_of("bp", "recheck")["text"] == "Check now: last known SBP 190, entered late"
