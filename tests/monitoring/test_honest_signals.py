"""What is said of a signal is true: lost when it is lost, the worst as it was."""

from __future__ import annotations

import pytest

from app.monitoring.commands import RecordReading
from app.monitoring.readings import lost_signals
from tests.monitoring.ward import TEN, Ward, clock_time, reading_of


def test_all_zeros_are_no_signal_at_once_and_are_said_once() -> None:
    ward = Ward.infusing()
    ward.sends(1, hr=80, spo2=97)
    (lost,) = ward.says_no_signal(2, hr=0, spo2=0)
    assert (lost["kind"], lost["data"]["vitals"]) == ("signal.lost", ["hr", "spo2"])
    values = ward.public["values"]
    assert values["hr"]["no_signal_since"] == values["spo2"]["no_signal_since"] == clock_time(2)
    assert values["hr"]["value"] == 80
    assert ward.says_no_signal(3, hr=0, spo2=0) == []
    ward.sends(4, hr=81)
    assert ward.public["values"]["hr"]["no_signal_since"] is None


def test_a_signal_that_was_never_there_is_shown_as_lost_too() -> None:
    ward = Ward.infusing()
    ward.says_no_signal(2, spo2=-999)
    assert ward.public["values"]["spo2"]["value"] is None
    assert ward.public["values"]["spo2"]["no_signal_since"] == clock_time(2)


def test_the_lost_signal_becomes_an_alarm_after_half_a_minute() -> None:
    ward = Ward.infusing()
    ward.sends(1, spo2=97)
    ward.says_no_signal(2, spo2=0)
    (raised,) = [e for e in ward.streams(range(3, 33), hr=78) if e["kind"] == "alarm.raised"]
    assert raised["data"]["alarm"]["condition"] == "signal_stale"
    assert raised["at"] == clock_time(32)


@pytest.mark.parametrize(
    "command",
    [
        RecordReading({"hr": 0}),
        RecordReading({"hr": None}, device="mon-03"),
        RecordReading({"hr": 999}, device="mon-03"),
    ],
    ids=["a person's zero", "a blank", "an impossible number"],
)
def test_what_does_not_say_no_signal_loses_none(command: RecordReading) -> None:
    assert lost_signals(command, now=TEN, driven=False) is None


def test_a_device_whose_clock_is_known_keeps_it_without_saying_so_again() -> None:
    ward = Ward.infusing()
    ward.sends(600, hr=80, taken=180, sent=180)
    assert ward.alarm["condition"] == "device_clock"
    again = reading_of(ward.sends(605, hr=81, taken=185))
    assert again["taken_at"] == clock_time(605)
    assert again["device_time"] == clock_time(185)
    assert ward.alarm["condition"] == "device_clock"


def test_the_worst_is_told_as_it_is_without_sounding_again() -> None:
    ward = Ward.infusing()
    ward.types(1, sbp=165, dbp=90)
    (changed,) = [e for e in ward.types(300, sbp=172, dbp=90) if e["kind"] == "alarm.changed"]
    assert changed["data"]["alarm"]["worst"] == 172
    assert changed["data"]["alarm"]["rev"] == 1
    ward.types(600, sbp=168, dbp=90)
    assert ward.alarm["worst"] == 172
    assert ward.types(900, sbp=176, dbp=90)[-1]["data"]["alarm"]["rev"] == 2  # 11 above the first


def test_an_alarm_tells_what_was_beyond_the_line_and_not_what_has_just_come_back() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 30), rr=9)
    ward.streams(range(30, 35), rr=10)  # across the line again, and not yet inside
    assert ward.alarm["text"] == "RR 9 /min, limit 10"
    assert (ward.alarm["value"], ward.alarm["worst"]) == (9, 9)
