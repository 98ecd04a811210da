"""What people do: see alarms, end them, attach and detach monitors, call for help."""

from __future__ import annotations

import pytest

from app.monitoring.errors import DeviceDetached, ReasonRequired, StillPresent, UnknownAlarm
from tests.monitoring.ward import ANNA, BEN, Json, Ward, clock_time, kinds, said_of


def desaturated() -> Ward:
    ward = Ward.infusing()
    ward.streams(range(60, 66), spo2=84, hr=78)
    return ward


def seen_by(alarm: Json) -> list[str]:
    return [seen["by"]["id"] for seen in alarm["acknowledgements"]]


# Seeing


def test_two_nurses_who_acknowledge_at_once_are_both_kept() -> None:
    ward = desaturated()
    alarm = ward.alarm
    ward.acknowledge(66, alarm, by=ANNA, action="repositioned_probe")
    ward.acknowledge(66, alarm, by=BEN, action="gave_oxygen")
    assert seen_by(ward.alarm) == ["anna", "ben"]
    assert [seen["action"] for seen in ward.alarm["acknowledgements"]] == [
        "repositioned_probe",
        "gave_oxygen",
    ]
    assert ward.alarm["state"] == "acknowledged"


def test_two_nurses_who_acknowledge_a_latched_alarm_at_once_are_both_kept() -> None:
    ward = desaturated()
    ward.streams(range(66, 80), spo2=97, hr=78)
    alarm = ward.alarm
    assert alarm["state"] == "latched"
    ward.acknowledge(80, alarm, by=ANNA)
    assert ward.alarms == []
    said = ward.acknowledge(80, alarm, by=BEN)
    (told,) = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.acknowledged"]
    assert seen_by(told) == ["anna", "ben"]
    assert (told["state"], told["ended_by"], told["cleared_at"]) == (
        "cleared",
        "acknowledged",
        clock_time(80),
    )
    assert ward.alarms == []


def test_alarm_that_cleared_a_moment_ago_can_still_be_said_to_be_seen() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=85)
    alarm = ward.alarm
    ward.types(100, sbp=130, dbp=80)
    said = ward.acknowledge(101, alarm, by=ANNA)
    (told,) = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.acknowledged"]
    assert (seen_by(told), told["state"]) == (["anna"], "cleared")
    assert ward.alarms == []
    said = ward.types(120, sbp=168, dbp=85)
    assert kinds(said) == ["alarm.reopened"]
    assert (seen_by(ward.alarm), ward.alarm["state"]) == (["anna"], "active")


def test_alarm_that_never_was_cannot_be_seen() -> None:
    with pytest.raises(UnknownAlarm):
        desaturated().acknowledge(70, {"id": "never-was", "rev": 1})


def test_acknowledging_one_alarm_leaves_every_other() -> None:
    ward = desaturated()
    ward.types(66, sbp=165, dbp=85, temp=38.5)
    ward.acknowledge(67, ward.alarm_of("bp"))
    assert {(a["group"], a["state"]) for a in ward.alarms} == {
        ("spo2", "active"),
        ("bp", "acknowledged"),
        ("temp", "active"),
    }


# Ending


def gone() -> Ward:
    """A desaturation whose probe was lost while it stood."""
    ward = desaturated()
    for second in range(66, 120):
        ward.sends(second, spo2=0, hr=78)
    return ward


def test_limit_alarm_whose_signal_is_gone_is_ended_by_a_person_with_a_reason() -> None:
    ward = gone()
    said = ward.ends(120, ward.alarm_of("spo2"), reason="probe replaced, patient pink", by=ANNA)
    (cleared,) = [e for e in said if e["kind"] == "alarm.cleared"]
    alarm = cleared["data"]["alarm"]
    assert (alarm["ended_by"], alarm["ended_reason"]) == ("person", "probe replaced, patient pink")
    assert cleared["actor"]["id"] == "anna"
    ward.sends(121, spo2=0, hr=78)
    assert [a["condition"] for a in ward.alarms] == ["signal_stale"]


def test_ended_alarm_comes_back_with_a_new_value_beyond_its_line() -> None:
    ward = gone()
    ward.ends(120, ward.alarm_of("spo2"))
    ward.streams(range(130, 145), spo2=84, hr=78)
    assert ward.alarm_of("spo2")["state"] == "active"


def test_limit_alarm_that_is_still_true_cannot_be_ended() -> None:
    ward = desaturated()
    with pytest.raises(StillPresent):
        ward.ends(67, ward.alarm)
    assert ward.alarm["state"] == "active"


def test_typed_value_beyond_its_line_is_still_true() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=185, dbp=90)
    with pytest.raises(StillPresent):
        ward.ends(61, ward.alarm)


def test_technical_alarm_ends_by_being_mended_only() -> None:
    ward = gone()
    with pytest.raises(StillPresent):
        ward.ends(120, ward.alarm_of("spo2", "signal_stale"))


def test_recheck_that_was_done_is_ended_by_a_person() -> None:
    ward = Ward.infusing()
    ward.types(1000, taken=20, sbp=185, dbp=95)
    ward.ends(1001, ward.alarm_of("bp", "recheck"), reason="measured by hand, 128/80")
    assert [a for a in ward.alarms if a["group"] == "bp"] == []
    ward.tick(1100)
    assert [a for a in ward.alarms if a["condition"] == "recheck"] == []


def test_alarm_is_not_ended_without_a_reason() -> None:
    ward = gone()
    with pytest.raises(ReasonRequired):
        ward.ends(120, ward.alarm_of("spo2"), reason="")


def test_alarm_that_does_not_stand_cannot_be_ended() -> None:
    with pytest.raises(UnknownAlarm):
        desaturated().ends(70, {"id": "never-was", "rev": 1})


# Monitors


def test_attached_monitor_is_known_before_it_is_heard() -> None:
    ward = Ward.infusing()
    ward.attaches(10, "mon-07", probe="ear", cuff="left_arm")
    assert ward.public["devices"]["mon-07"] == {
        "skew_s": 0,
        "last_at": None,
        "attached": True,
        "probe": "ear",
        "cuff": "left_arm",
    }


def test_monitor_that_sends_unasked_is_neither_attached_nor_detached() -> None:
    ward = Ward.infusing()
    ward.sends(10, hr=78)
    assert ward.public["devices"]["mon-03"]["attached"] is None


def test_detached_monitors_readings_are_refused() -> None:
    ward = Ward.infusing()
    ward.attaches(0)
    ward.streams(range(1, 10), hr=78, spo2=98)
    ward.detaches(10)
    assert ward.public["devices"]["mon-03"]["attached"] is False
    with pytest.raises(DeviceDetached):
        ward.sends(11, hr=78, spo2=98)
    ward.attaches(12)
    ward.sends(13, hr=78, spo2=98)
    assert ward.public["devices"]["mon-03"]["attached"] is True


def test_detached_monitor_is_not_missed() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=124, dbp=78, rr=15, sedation=5, hr=78, spo2=98)
    ward.attaches(0)
    ward.streams(range(1, 10), hr=78, spo2=98)
    ward.detaches(10)
    ward.tick(500)
    assert ward.alarms == []


def test_detaching_without_a_reason_leaves_what_its_signals_raised() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm)
    ward.detaches(67)
    ward.tick(500)
    assert ward.alarm_of("spo2")["state"] == "acknowledged"
    ward.ends(501, ward.alarm_of("spo2"))
    assert [a for a in ward.alarms if a["condition"] == "limit"] == []


def test_detaching_with_a_reason_ends_what_its_signals_raised() -> None:
    ward = desaturated()
    ward.types(66, sbp=165, dbp=85)
    said = ward.detaches(67, reason="wrong patient")
    cleared = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.cleared"]
    assert [(a["group"], a["ended_by"]) for a in cleared] == [("spo2", "device_detached")]
    assert [a["group"] for a in ward.alarms] == ["bp"]


def test_signals_of_two_monitors_end_with_the_one_that_was_taken_away() -> None:
    ward = Ward.infusing()
    for second in range(60, 70):
        ward.sends(second, device="mon-01", spo2=84, hr=78)
        ward.sends(second, device="mon-02", spo2=84, hr=78)
    ward.detaches(70, "mon-01", reason="replaced")
    assert ward.alarm_of("spo2")["state"] == "active", "the other one says so too"


def test_detaching_what_was_never_there_changes_nothing() -> None:
    assert Ward.infusing().detaches(10, "mon-99") == []


def test_detaching_twice_says_it_once() -> None:
    ward = Ward.infusing()
    ward.attaches(0)
    assert kinds(ward.detaches(10)) == ["device.detached"]
    assert ward.detaches(11) == []


# Responsibility and help


def test_responsible_nurse_is_named_and_replaced() -> None:
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    assert ward.public["responsible"] == {"id": "anna", "name": "Anna"}
    ward.appoints(1, BEN)
    assert ward.public["responsible"]["id"] == "ben"
    ward.appoints(2, None)
    assert ward.public["responsible"] is None


def test_help_is_a_high_alarm_until_it_is_ended() -> None:
    ward = Ward.infusing()
    said = ward.calls_help(10, "patient is not breathing")
    assert kinds(said) == ["help.called", "alarm.raised"]
    assert ward.public["help"]["note"] == "patient is not breathing"
    alarm = ward.alarm
    assert (alarm["condition"], alarm["priority"], alarm["state"]) == ("help", "high", "active")
    ward.acknowledge(11, alarm)
    ward.tick(20)
    assert ward.alarm["state"] == "acknowledged"
    said = ward.ends_help(30)
    assert "help.ended" in kinds(said)
    assert (ward.alarms, ward.public["help"]) == ([], None)


def test_help_that_is_ended_is_over_for_everybody() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    ward.ends_help(20)
    assert ward.alarms == []
    assert ward.ends_help(21) == []


def test_help_in_any_phase_before_the_patient_is_gone() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.calls_help(10)
    assert ward.alarm["priority"] == "high"


def test_second_call_for_help_is_the_same_call() -> None:
    ward = Ward.infusing()
    ward.calls_help(10, "first")
    ward.calls_help(12, "second")
    assert [a["condition"] for a in ward.alarms] == ["help"]
    assert said_of(ward.log, "help")[0] == ("raised", clock_time(10))
