"""Cases that went wrong once: values that come oddly, people who act on something else."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import ANNA, CALM, Json, Ward, clock_time, reading_event, said_of


def standing(ward: Ward) -> set[tuple[str, str, str, str]]:
    return {(a["condition"], a["group"], a["priority"], a["state"]) for a in ward.alarms}


def streaming(ward: Ward, seconds: range, **values: float) -> list[Json]:
    return ward.streams(seconds, {"hr": 78, "spo2": 97, **values})


# Values that come oddly


def test_device_without_a_name_beside_one_that_has_a_name() -> None:
    ward = Ward.infusing()
    ward.sends(1, device=None, hr=80, spo2=97)
    ward.sends(2, etco2=38)
    ward.tick(600)
    assert ward.alarms


def test_one_value_inside_and_then_silence_ends_no_alarm() -> None:
    ward = Ward.infusing()
    streaming(ward, range(60), spo2=84)
    ward.acknowledge(60, ward.alarm)
    ward.sends(61, hr=78, spo2=93)
    ward.tick(120)
    assert ("limit", "spo2", "high", "acknowledged") in standing(ward)


def test_unseen_medium_alarm_is_not_ended_by_silence_either() -> None:
    ward = Ward.infusing()
    streaming(ward, range(60), spo2=90)
    ward.sends(61, hr=78, spo2=97)
    ward.tick(72)
    assert ("limit", "spo2", "medium", "active") in standing(ward)


def test_cuff_that_is_told_once_a_minute_is_measured_once() -> None:
    """A monitor that tells all that it has each minute tells its last cuff measurement, too."""
    ward = Ward.infusing()
    ward.types(0, sedation=5)
    for second in range(0, 1800, 60):
        ward.sends(second, interval_s=60, hr=78, spo2=97, rr=15, sbp=124, dbp=78)
    assert ward.public["values"]["sbp"]["taken_at"] == clock_time(0)
    assert "sbp" in ward.alarm_of("overdue", "vitals_overdue")["missing"]


def test_group_tells_the_pressure_that_is_beyond_and_not_the_one_that_was() -> None:
    ward = Ward.infusing()
    ward.types(1, sbp=165, dbp=80)
    ward.types(300, sbp=140, dbp=105)
    assert (ward.alarm["vital"], ward.alarm["value"], ward.alarm["rev"]) == ("dbp", 105, 1)


def test_tenths_end_where_the_sheet_says() -> None:
    ward = Ward.infusing()
    ward.changes_limits(1, {"temp": {"low": 36.1}})
    ward.types(2, temp=35.9)
    ward.types(3, temp=36.3)
    assert ward.alarms == []


# Limits


def test_limits_of_one_vital_do_not_judge_another_anew() -> None:
    """A typed saturation was outdated by the monitor's; a moved heart rate line is not about it."""
    ward = Ward.infusing()
    ward.types(10, spo2=84)
    ward.acknowledge(11, ward.alarm)
    streaming(ward, range(12, 100))
    assert ward.alarms == []
    said = ward.changes_limits(100, {"hr": {"high": 115}})
    said += ward.changes_limits(101, {"spo2": {"low": 91}})
    assert said_of(said, "spo2") == []


def test_limits_of_one_vital_end_no_alarm_of_another() -> None:
    ward = Ward.infusing()
    streaming(ward, range(20), spo2=87)
    ward.sends(21, hr=78, spo2=95)
    ward.changes_limits(22, {"hr": {"high": 112}}, by=ANNA)
    assert standing(ward) == {("limit", "spo2", "high", "active")}
    streaming(ward, range(23, 40))
    assert standing(ward) == {("limit", "spo2", "high", "latched")}


def test_warning_line_that_is_widened_ends_what_is_inside_it_now() -> None:
    ward = Ward.infusing()
    ward.types(1, sbp=162, dbp=80)
    ward.changes_limits(2, {"sbp": {"high": 165}}, by=ANNA)
    assert ward.alarms == []


# Corrections


def test_correction_of_something_else_ends_no_latched_alarm() -> None:
    """Acknowledged was an older rev; a pain score is voided."""
    ward = Ward.infusing()
    pain = reading_event(ward.types(1, pain=1))
    streaming(ward, range(2, 200), spo2=84)
    ward.acknowledge(200, ward.alarm, rev=1)
    streaming(ward, range(201, 220))
    assert standing(ward) == {("limit", "spo2", "high", "latched")}
    ward.voids(221, pain)
    assert standing(ward) == {("limit", "spo2", "high", "latched")}


def test_correction_of_something_else_ends_no_alarm_of_a_monitor_that_was_taken_off() -> None:
    ward = Ward.infusing()
    pain = reading_event(ward.types(1, pain=1))
    streaming(ward, range(2, 20), spo2=84)
    ward.detaches(20)
    ward.voids(30, pain)
    assert ("limit", "spo2", "high", "active") in standing(ward)


# Devices and the server come back


def test_monitor_that_is_attached_again_is_given_time_to_send() -> None:
    ward = Ward.infusing()
    ward.types(0, CALM, sedation=5)
    ward.attaches(0)
    streaming(ward, range(1, 60), rr=15)
    ward.detaches(60)
    ward.types(600, CALM, sedation=5)
    ward.attaches(700)
    ward.tick(729.999)
    assert ward.alarms == []
    ward.tick(800)
    assert {a["condition"] for a in ward.alarms} == {"no_signal"}


@pytest.mark.parametrize("seen", [False, True])
def test_overdue_alarm_goes_on_over_a_restart(seen: bool) -> None:
    ward = Ward.infusing()
    ward.types(0, CALM, sedation=5)
    ward.tick(1000)
    if seen:
        ward.acknowledge(1001, ward.alarm)
    before = ward.alarm
    said = ward.watches_again(1010, since=1005) + ward.tick(1100)
    assert [e["kind"] for e in said if e["kind"] in ("alarm.cleared", "alarm.raised")] == []
    assert (ward.alarm["id"], ward.alarm["state"]) == (before["id"], before["state"])


def test_recording_may_leap_a_month() -> None:
    ward = Ward(clock="driven", starts_at=-7200)
    for second, to in enumerate(("checked_in", "baseline", "ready", "infusing")):
        ward.phase(to, told_at=second - 7200, override_reason="recording")
    ward.sends(0, taken=-7000, spo2=84, hr=78)
    ward.move_clock(30 * 86_400)
    assert ("limit", "spo2", "high", "active") in standing(ward)
