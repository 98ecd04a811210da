"""How alarms end that do not end by themselves: by whom, why, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.monitoring.commands import DetachDevice, EndHelp
from app.monitoring.errors import StillPresent
from tests.monitoring.ward import ANNA, BEN, NURSE, Json, Ward, clock_time, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

Ended = tuple[str, str, str | None, str]


def ended(events: Iterable[Json]) -> list[Ended]:
    """Group, by what, why and by whom each alarm was ended."""
    return [
        (alarm["group"], alarm["ended_by"], alarm["ended_reason"], event["actor"]["id"])
        for event in events
        if event["kind"] == "alarm.cleared"
        for alarm in [event["data"]["alarm"]]
    ]


def two_monitors() -> Ward:
    """Both have raised a high alarm: the one of saturation, the other of heart rate."""
    ward = Ward.infusing()
    for second in range(60, 75):
        ward.sends(second, spo2=84)
        ward.sends(second, hr=150, device="mon-04")
    assert {alarm["group"] for alarm in ward.alarms} == {"spo2", "hr"}
    return ward


def test_ending_the_alarm_of_a_call_ends_the_call() -> None:
    ward = Ward.infusing()
    ward.calls_help(10, "second nurse")
    said = ward.ends(20, ward.alarm, reason="came", by=ANNA)
    assert ended(said) == [("help", "person", "came", "anna")]
    (call,) = [event for event in said if event["kind"] == "help.ended"]
    assert (call["data"], call["actor"]["id"]) == ({"reason": "came"}, "anna")
    assert ward.public["help"] is None
    assert ward.ends_help(30) == []


def test_ending_a_call_says_who_and_why() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    assert ended(ward.ends_help(20)) == [("help", "person", None, "local")]


def test_reason_of_the_end_of_a_call_is_kept() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    assert ended(ward.step(EndHelp("was not needed"), NURSE)) == [
        ("help", "person", "was not needed", "local")
    ]


def test_latched_alarm_may_be_ended_at_once() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=100)
    ward.types(20, sbp=120, dbp=80)
    said = ward.ends(30, ward.alarm, reason="cuff was loose", by=BEN)
    assert ended(said) == [("bp", "person", "cuff was loose", "ben")]
    assert said[-1]["data"]["alarm"]["cleared_at"] == clock_time(30)
    assert ward.alarms == []


def test_alarm_of_a_lost_signal_is_ended_and_comes_back_with_it() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 71), spo2=84)
    ward.says_no_signal(72, spo2=0)
    said = ward.ends(90, ward.alarm_of("spo2"), by=ANNA)
    assert ended(said) == [("spo2", "person", "told as a story", "anna")]
    ward.streams(range(100, 111), spo2=84)
    assert ward.alarm_of("spo2")["state"] == "active"


def test_one_side_of_one_group_is_ended_and_nothing_else() -> None:
    ward = Ward.infusing()
    for second in range(60, 76):
        ward.sends(second, spo2=84, hr=150, device="mon-03")
        ward.sends(second, hr=35, device="mon-04")
    ward.says_no_signal(77, spo2=0, hr=0)
    ward.says_no_signal(77, hr=0, device="mon-04")
    high = next(alarm for alarm in ward.alarms if alarm["side"] == "high")
    assert ended(ward.ends(80, high)) == [("hr", "person", "told as a story", "local")]
    left = {(a["group"], a["side"], a["state"]) for a in ward.alarms if a["condition"] == "limit"}
    assert left == {("hr", "low", "active"), ("spo2", "low", "active")}


@pytest.mark.parametrize("seconds", [85, 90, 90.001])
def test_alarm_is_live_while_its_value_is_fresh(seconds: float) -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=84)
    alarm = ward.alarm_of("spo2")
    if seconds <= 90:  # fresh for 15 s
        with pytest.raises(StillPresent):
            ward.ends(seconds, alarm)
    else:
        assert ended(ward.ends(seconds, alarm)) != []


def test_alarm_of_a_device_that_was_taken_away_may_be_ended_at_once() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=84)
    ward.detaches(76)
    assert ward.alarm_of("spo2")["state"] == "active"
    assert ended(ward.ends(77, ward.alarm_of("spo2"))) != []


def test_value_on_its_way_back_inside_does_not_keep_the_alarm() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=84)
    ward.sends(76, spo2=97)
    assert ended(ward.ends(77, ward.alarm_of("spo2"))) != []
    assert ward.alarms == []


def test_one_source_that_still_is_beyond_keeps_the_alarm_for_all() -> None:
    ward = Ward.infusing()
    for second in range(60, 76):
        ward.sends(second, spo2=84)
        ward.sends(second, spo2=85, device="mon-04")
    ward.says_no_signal(77, spo2=0)
    with pytest.raises(StillPresent):
        ward.ends(78, ward.alarm_of("spo2"))
    ward.says_no_signal(79, spo2=0, device="mon-04")
    assert ended(ward.ends(80, ward.alarm_of("spo2"))) != []


def test_recheck_of_one_group_is_ended_and_the_other_stands() -> None:
    ward = Ward.infusing()
    ward.types(1500, taken=20, sbp=165, dbp=112, rr=8)
    said = ward.ends(1510, ward.alarm_of("bp", "recheck"), by=ANNA)
    assert ended(said) == [("bp", "person", "told as a story", "anna")]
    assert [a["group"] for a in ward.alarms if a["condition"] == "recheck"] == ["rr"]
    ward.tick(1600)
    assert [a["group"] for a in ward.alarms if a["condition"] == "recheck"] == ["rr"]


@pytest.mark.parametrize("condition", ["device_lost", "no_signal", "vitals_overdue"])
def test_alarm_about_equipment_is_not_ended(condition: str) -> None:
    ward = Ward.infusing()
    lost = {"spo2": 97.0} if condition == "device_lost" else {"spo2": 97.0, "hr": 80.0}
    ward.sends(60, lost)
    ward.tick(1000)
    alarm = next(a for a in ward.alarms if a["condition"] == condition)
    with pytest.raises(StillPresent):
        ward.ends(1010, alarm)


def test_detaching_with_a_reason_ends_what_that_device_raised() -> None:
    ward = two_monitors()
    said = ward.step(DetachDevice("mon-03", "to the next room", "session-2"), NURSE)
    assert ended(said) == [("spo2", "device_detached", "to the next room", "local")]
    (gone,) = [event for event in said if event["kind"] == "device.detached"]
    assert gone["data"] == {
        "device": "mon-03",
        "reason": "to the next room",
        "moved_to": "session-2",
    }
    assert gone["actor"]["id"] == "local"
    assert [a["group"] for a in ward.alarms] == ["hr"]


def test_detaching_without_a_reason_leaves_what_the_patient_had() -> None:
    ward = two_monitors()
    ward.tick(200)
    assert set(ward.alarm_of("required", "no_signal")["devices"]) == {"mon-03", "mon-04"}
    said = ward.detaches(210)
    assert ended(said) == [("required", "device_detached", None, "local")]
    left = {(a["condition"], a["group"]) for a in ward.alarms}
    assert left == {("limit", "spo2"), ("limit", "hr"), ("device_lost", "mon-04")}


def test_what_a_detached_device_told_late_is_forgotten() -> None:
    ward = Ward.infusing()
    for device in ("mon-03", "mon-04"):
        ward.sends(200, taken=100, spo2=84, device=device)
    ward.sends(200, taken=101, hr=150, device="mon-04")
    assert ward.alarms != []
    ward.detaches(205, "mon-04", reason="broken")
    ward.tick(215)
    assert [a["group"] for a in ward.alarms if a["condition"] == "recheck"] == []
    ward.attaches(216, "mon-04")
    assert "excursion.missed" not in kinds(ward.sends(217, spo2=97, device="mon-04"))
    assert kinds(ward.sends(218, spo2=97)).count("excursion.missed") == 2


def test_recheck_of_another_source_is_not_forgotten() -> None:
    ward = Ward.infusing()
    ward.sends(10, hr=80)
    ward.types(1500, taken=20, rr=8)
    ward.detaches(1510, reason="broken")
    assert [a["group"] for a in ward.alarms if a["condition"] == "recheck"] == ["rr"]


def test_attaching_is_said_once_for_each_place() -> None:
    ward = Ward.infusing()
    (said,) = ward.attaches(5, probe="ear", cuff="left_arm")
    assert said["data"] == {"device": "mon-03", "probe": "ear", "cuff": "left_arm"}
    assert ward.attaches(6, probe="ear", cuff="left_arm") == []
    assert kinds(ward.attaches(7, probe="ear")) == ["device.attached"]
    assert kinds(ward.detaches(8)) == ["device.detached"]
    assert ward.detaches(9) == []
    assert ward.detaches(9, "never heard of") == []


@pytest.mark.parametrize("minutes", [1, 10])
def test_standby_ends_what_is_silent_with_its_reason(minutes: int) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 30), spo2=84, hr=80)
    ward.tick(60)
    said = ward.stands_by(70, minutes, reason="to the bathroom", by=ANNA)
    assert ended(said) == [("required", "standby", "to the bathroom", "anna")]
    assert ward.alarm_of("spo2")["state"] == "active"


def test_limit_alarm_that_new_limits_end_says_so() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165, dbp=80, temp=38.5)
    ward.calls_help(15)
    said = ward.changes_limits(20, {"sbp": {"high": 170}}, reason="known hypertension")
    assert ended(said) == [("bp", "limits_changed", "known hypertension", "dr-c")]
    assert {a["group"] for a in ward.alarms} == {"temp", "help"}


def test_closing_names_itself_and_the_engine() -> None:
    ward = two_monitors()
    assert ended(ward.phase("transferred", 80)) == [
        ("spo2", "session_closed", None, "engine"),
        ("hr", "session_closed", None, "engine"),
    ]
