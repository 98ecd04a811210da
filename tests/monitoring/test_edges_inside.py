"""Back inside: what counts as proof that it is over, and what silence does not prove."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Json, Ward, clock_time, said_of


def lasting() -> Ward:
    """Saturation has been beyond a line for its delay, and a person knows."""
    ward = Ward.infusing()
    ward.streams(range(10, 22), spo2=84)
    ward.acknowledge(21, ward.alarm_of("spo2"))
    return ward


def ended(events: list[Json]) -> list[str]:
    return [at for kind, at in said_of(events, "spo2") if kind in ("cleared", "latched")]


def test_ten_seconds_of_values_inside_end_it() -> None:
    ward = lasting()
    assert ended(ward.streams(range(22, 32), spo2=97)) == []
    assert ended(ward.streams([32], spo2=97)) == [clock_time(32)]


def test_signal_lost_meanwhile_begins_the_ten_seconds_anew() -> None:
    ward = lasting()
    ward.streams(range(22, 26), spo2=97)
    ward.says_no_signal(26, spo2=0)
    assert ended(ward.streams(range(33, 43), spo2=97)) == []
    assert ended(ward.streams([43], spo2=97)) == [clock_time(43)]


def test_signal_lost_after_a_short_dip_leaves_no_alarm() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 13), spo2=84)
    ward.streams([13], spo2=97)
    ward.says_no_signal(14, spo2=0)
    ward.tick(200)
    assert [a for a in ward.alarms if a["condition"] == "limit"] == []


@pytest.mark.parametrize(("silence", "over"), [(15, True), (15.001, False)])
def test_silence_beyond_the_freshness_does_not_count_as_inside(silence: float, over: bool) -> None:
    ward = lasting()
    ward.sends(22, spo2=97)
    assert (ended(ward.sends(22 + silence, spo2=97)) != []) == over
    if not over:
        assert ended(ward.streams(range(38, 47), spo2=97)) == []
        assert ended(ward.streams(range(47, 50), spo2=97)) != []


def test_dip_that_was_over_before_a_silence_is_not_gone_on_with() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 13), spo2=84)
    ward.sends(13, spo2=97)
    ward.streams(range(40, 46), spo2=84)
    alarm = ward.alarm_of("spo2")
    assert (alarm["since"], alarm["raised_at"]) == (clock_time(40), clock_time(45))


def test_dip_that_lasted_goes_on_after_a_silence() -> None:
    ward = lasting()
    ward.sends(22, spo2=97)
    ward.sends(40, spo2=84)
    assert ward.alarm_of("spo2")["since"] == clock_time(10)
    assert ward.alarm_of("spo2")["state"] == "acknowledged"


def test_value_within_the_hysteresis_is_neither_beyond_nor_back() -> None:
    ward = lasting()
    said = ward.streams(range(22, 60), spo2=92.5)
    assert ended(said) == []
    assert ended(ward.streams(range(60, 71), spo2=93)) == [clock_time(70)]


def test_stream_beyond_a_line_that_moves_keeps_the_time_that_it_has_lasted() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 20), spo2=91)
    ward.changes_limits(20, {"spo2": {"low": 93}})
    ward.streams(range(20, 30), spo2=91)
    alarm = ward.alarm_of("spo2")
    assert (alarm["raised_at"], alarm["since"], alarm["limit"]) == (
        clock_time(25),
        clock_time(10),
        93,
    )


def test_slow_device_ends_it_with_one_value() -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=84, interval_s=60)
    ward.acknowledge(11, ward.alarm_of("spo2"))
    assert ended(ward.sends(70, spo2=97, interval_s=60)) == [clock_time(70)]
