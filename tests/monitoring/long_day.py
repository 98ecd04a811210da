"""One session in which everything happens that people, devices and the server can do."""

from __future__ import annotations

from app.monitoring.commands import Acknowledge
from tests.monitoring.ward import ANNA, RESTED, Ward, at, reading_event


def long_day() -> Ward:
    """From arrival to the end of an infusion that ran over its time."""
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 10, reason="walked in")
    ward.attaches(20, probe="left_arm", cuff="left_arm")
    ward.types(30, RESTED)
    ward.types(90, {**RESTED, "sbp": 130})
    ward.phase("ready", 100)
    ward.appoints(105, None)
    ward.appoints(108, ANNA)
    ward.appoints(109, None)
    ward.appoints(110, ANNA)
    ward.phase("infusing", 120, told_at=115)
    lines = {"sbp": {"high": 165}, "hr": {"low_critical": 38}}
    ward.changes_limits(130, lines, baseline={"dbp": 80})
    ward.streams(range(140, 160), spo2=97, hr=80)
    _alarm_is_seen(ward)
    _people_quiet_and_call(ward)
    _readings_are_corrected(ward)
    _server_is_away(ward)
    _device_is_replaced(ward)
    ward.phase("paused", 740)
    ward.tick(1500)
    ward.phase("stopped", 1510, reason="asked")
    ward.phase("infusing", 1520, reason="changed their mind")
    ward.tick(6000)
    ward.phase("completed", 6010)
    return ward


def _alarm_is_seen(ward: Ward) -> None:
    ward.types(165, temp=38.5)
    ward.shows(166, ward.alarm)
    ward.wall = at(170)
    ward.step(Acknowledge(ward.alarm["id"], action="informed", note="the window is shut"), ANNA)


def _people_quiet_and_call(ward: Ward) -> None:
    ward.pauses_audio(180, 60)
    ward.resumes_audio(185)
    ward.switches_off(200, "audio", "session")
    ward.switches_on(205, "audio", "session")
    ward.switches_off(210, "alarms", "temp")
    ward.switches_on(215, "alarms", "temp")
    ward.stands_by(220, 2)
    ward.ends_standby(230)
    ward.calls_help(240, "second nurse")
    ward.ends_help(250)


def _readings_are_corrected(ward: Ward) -> None:
    pressed = reading_event(
        ward.sends(260, spo2=97, hr=80, sbp=190, dbp=100, weak=("spo2",), inflating=True)
    )
    mistyped = reading_event(ward.types(300, sbp=200, dbp=100))
    ward.amends(310, mistyped, {"sbp": 150})
    ward.voids(320, pressed)


def _server_is_away(ward: Ward) -> None:
    ward.says_no_signal(330, spo2=0, hr=0)
    ward.tick(420)
    ward.watches_again(600, 430)


def _device_is_replaced(ward: Ward) -> None:
    ward.detaches(620, reason="replaced")
    ward.sends(630, device="mon-04", sent=-200, taken=-200, hr=80)
    ward.sends(700, device="mon-04", taken=500, spo2=84)
    ward.tick(720)
