"""Alarms of pressures, cuffs, slow devices and several sources of one vital."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Ward, clock_time, kinds, said_of


def test_blood_pressure_is_one_alarm() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=102)
    first = ward.alarm
    assert (first["group"], first["side"], first["priority"]) == ("bp", "high", "medium")
    assert first["text"].startswith("BP 165/102 mmHg")
    said = ward.types(120, sbp=168, dbp=112)
    assert kinds(said) == ["alarm.changed"]
    assert (ward.alarm["id"], ward.alarm["vital"], ward.alarm["priority"]) == (
        first["id"],
        "dbp",
        "high",
    )
    ward.types(180, sbp=84, dbp=48)
    assert sorted(alarm["side"] for alarm in ward.alarms) == ["high", "low"]


def test_other_pressure_that_is_a_step_worse_sounds_again() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=182, dbp=90)
    ward.acknowledge(61, ward.alarm)
    ward.types(120, sbp=182, dbp=119)  # 9 beyond its line, against 2 beyond
    assert (ward.alarm["rev"], ward.alarm["vital"]) == (1, "dbp"), "told, and nothing sounds"
    ward.types(180, sbp=182, dbp=122)
    assert (ward.alarm["rev"], ward.alarm["vital"], ward.alarm["state"]) == (2, "dbp", "active")
    ward.acknowledge(181, ward.alarm)
    ward.types(240, sbp=182, dbp=133)
    assert (ward.alarm["rev"], ward.alarm["worst"]) == (3, 133)


def test_value_back_inside_does_not_speak_for_the_group() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=182, dbp=90)
    ward.types(120, sbp=176, dbp=111)  # inside by 4, not yet by the margin; the diastolic is beyond
    ward.types(180, sbp=176, dbp=122)
    assert (ward.alarm["vital"], ward.alarm["value"]) == ("dbp", 122)


def test_derived_mean_pressure_never_alarms_high() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=84, dbp=41)  # mean 55.3 by the formula
    assert ward.alarm["priority"] == "medium"
    ward.types(120, sbp=81, dbp=41)  # mean 54.3: critical if it were measured
    assert ward.public["values"]["map"]["flag"] == "low_critical"
    assert ward.alarm["priority"] == "medium"
    ward.sends(180, interval_s=300, sbp=81, dbp=41, map=54)
    assert (ward.alarm["priority"], ward.alarm["vital"]) == ("high", "map")


def test_measured_mean_pressure_after_a_derived_one_of_the_same_cuff_is_high() -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=300, sbp=81, dbp=41)
    assert ward.alarm["priority"] == "medium"
    ward.sends(120, interval_s=300, sbp=81, dbp=41, map=54)
    assert (ward.alarm["priority"], ward.alarm["vital"]) == ("high", "map")


def test_cuff_ends_its_alarm_with_the_next_single_value() -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=300, sbp=165, dbp=80)
    assert ward.alarm["priority"] == "medium"
    ward.sends(360, interval_s=300, sbp=157, dbp=80)  # inside, not by the margin of 5
    assert ward.alarm["state"] == "active"
    said = ward.sends(660, interval_s=300, sbp=155, dbp=80)
    assert said_of(said, "bp") == [("cleared", clock_time(660))]


@pytest.mark.parametrize(
    ("interval", "raised"), [(None, 65), (1, 65), (5, 65), (5.1, 60), (30, 60)]
)
def test_slow_device_does_not_wait_for_a_value_that_is_not_due(
    interval: float | None, raised: int
) -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=interval, hr=145)
    ward.tick(65)
    assert ward.alarm["raised_at"] == clock_time(raised)


def test_device_that_becomes_slow_is_judged_as_a_slow_one() -> None:
    ward = Ward.infusing()
    ward.sends(60, interval_s=1, spo2=84)
    ward.sends(61, interval_s=60, spo2=84)
    assert ward.alarm["raised_at"] == clock_time(61)


def test_typed_value_never_clears_what_a_device_raised() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 66), spo2=84)
    ward.acknowledge(66, ward.alarm)
    ward.types(70, spo2=98)
    ward.streams(range(71, 90), spo2=84)
    assert ward.alarm["state"] == "acknowledged"
    assert ward.public["values"]["spo2"]["value"] == 84
    ward.types(90, spo2=98)
    ward.tick(104)
    assert ward.alarm["condition"] == "limit"


def test_device_value_inside_ends_what_was_typed() -> None:
    ward = Ward.infusing()
    ward.types(60, spo2=90)
    assert ward.alarm["priority"] == "medium"
    ward.sends(59, taken=59, device="mon-03", spo2=97)  # taken before it
    assert ward.alarm["state"] == "active"
    said = ward.sends(61, spo2=97)
    assert said_of(said, "spo2") == [("cleared", clock_time(61))]


def test_worst_of_two_sources_counts() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), device="mon-01", spo2=91)
    for second in range(76, 90):
        ward.sends(second, device="mon-01", spo2=91)
        ward.sends(second, device="mon-02", spo2=84)
    assert (ward.alarm["priority"], ward.alarm["value"]) == ("high", 84)
    for second in range(90, 105):
        ward.sends(second, device="mon-01", spo2=91)
        ward.sends(second, device="mon-02", spo2=98)
    assert ward.alarm["state"] == "active"


def test_persons_time_ahead_delays_no_alarm() -> None:
    ward = Ward.infusing()
    ward.types(60, taken=100, sbp=190, dbp=100)
    assert (ward.alarm["priority"], ward.alarm["raised_at"]) == ("high", clock_time(60))
