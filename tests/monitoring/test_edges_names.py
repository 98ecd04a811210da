"""Devices are named by others: a bar, a colon or nothing in a name confuses nothing."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import Ward, kinds, reading_event

NAMES = ["ward 3|bed 2", "spo2|manual", "device:1", "|", "manual", "Ä-7"]

named = pytest.mark.parametrize("name", NAMES)


@named
def test_alarm_is_raised_and_over_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 22), spo2=84, device=name)
    alarm = ward.alarm_of("spo2")
    assert (alarm["devices"], alarm["priority"]) == ([name], "high")
    ward.acknowledge(22, alarm)
    ward.streams(range(23, 35), spo2=97, device=name)
    assert ward.alarms == []


@named
def test_signal_is_lost_and_found_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=97, hr=80, device=name)
    ward.says_no_signal(11, spo2=0, hr=0, device=name)
    assert ward.public["values"]["spo2"]["no_signal_since"] is not None
    ward.tick(60)
    assert ward.alarm["devices"] == [name]
    ward.sends(61, spo2=97, hr=80, device=name)
    assert ward.alarms == []


@named
def test_flapping_signal_keeps_its_alarm_whatever_the_device_is_called(name: str) -> None:
    """Lost before it was inside for long enough, it has not shown that what lasted is over."""
    ward = Ward.infusing()
    ward.streams(range(10, 22), spo2=84, device=name)
    ward.streams(range(22, 26), spo2=97, device=name)
    ward.says_no_signal(26, spo2=0, device=name)
    ward.tick(40)
    assert ward.alarm_of("spo2")["state"] == "active"


@named
def test_late_values_are_told_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.sends(200, taken=100, spo2=84, device=name)
    said = ward.sends(201, spo2=97, device=name)
    assert kinds(said).count("excursion.missed") == 2


@named
def test_device_is_detached_and_its_alarms_end_whatever_it_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.attaches(5, name)
    ward.streams(range(10, 22), spo2=84, device=name)
    wrong = reading_event(ward.types(25, pain=2))
    ward.detaches(30, name, reason="broken")
    assert ward.alarms == []
    ward.voids(35, wrong)
    assert ward.alarms == []
    ward.attaches(40, name)
    ward.streams(range(41, 53), spo2=84, device=name)
    assert ward.alarm_of("spo2")["devices"] == [name]


@named
def test_alarm_of_a_lost_signal_is_ended_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 22), spo2=84, hr=150, device=name)
    ward.says_no_signal(23, spo2=0, device=name)
    ward.ends(24, ward.alarm_of("spo2"))
    assert [a["group"] for a in ward.alarms if a["condition"] == "limit"] == ["hr"]


@named
def test_limits_are_moved_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 30), hr=115, device=name)
    ward.tick(100)
    ward.changes_limits(110, {"hr": {"high": 118}})
    assert [a["group"] for a in ward.alarms if a["condition"] == "limit"] == []


@named
def test_end_tidal_is_the_cannula_whatever_the_device_is_called(name: str) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 45), etco2=15, device=name)
    assert ward.alarm_of("etco2", "check_cannula")["value"] == 15
