"""Alarms that nobody sees: called further and further up, and sounded again."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import ANNA, Json, Ward, calls, clock_time, kinds, seconds_of

LEVELS = ["responsible", "others", "clinician"]


def desaturated(*, responsible: bool = True) -> Ward:
    """SpO2 84 since 60; its high alarm stands since 65 and a screen has sounded it."""
    ward = Ward.infusing()
    if responsible:
        ward.appoints(0, ANNA)
    ward.streams(range(60, 66), spo2=84)
    ward.shows(65.5, ward.alarm)
    return ward


def pressed(*, responsible: bool = True) -> Ward:
    """BP 185/90 typed at 60 and sounded."""
    ward = Ward.infusing()
    if responsible:
        ward.appoints(0, ANNA)
    ward.types(60, sbp=185, dbp=90)
    ward.shows(60.5, ward.alarm)
    return ward


def lasting(ward: Ward, until: int) -> list[Json]:
    """The desaturation goes on; every new rev is sounded at once."""
    said = []
    for second in range(66, until):
        said += ward.sends(second, spo2=84)
        (alarm,) = [a for a in ward.alarms if a["condition"] == "limit"]
        if alarm["shown_rev"] < alarm["rev"]:
            said += ward.shows(second + 0.1, alarm)
    return said


def test_unseen_high_is_called_to_more_and_more_people_a_minute_apart() -> None:
    ward = desaturated()
    said = lasting(ward, 400)
    assert calls(said) == [
        ("responsible", "unacknowledged", 125),
        ("others", "unacknowledged", 185),
        ("clinician", "unacknowledged", 245),
    ]
    called = {"level": 3, "to": "clinician", "at": clock_time(245), "why": "unacknowledged"}
    assert ward.alarm["escalation"] == called


def test_without_a_responsible_nurse_it_begins_with_the_others() -> None:
    ward = desaturated(responsible=False)
    assert [(to, when) for to, _, when in calls(lasting(ward, 400))] == [
        ("others", 125),
        ("clinician", 185),
    ]


def test_blood_pressure_is_given_three_minutes_a_level() -> None:
    ward = pressed()
    said = ward.tick(600)
    assert [(to, when) for to, _, when in calls(said)] == [
        ("responsible", 240),
        ("others", 420),
        ("clinician", 600),
    ]


def test_levels_climb() -> None:
    ward = pressed()
    said = ward.tick(600)
    levels = [
        event["data"]["alarm"]["escalation"]["level"]
        for event in said
        if event["kind"] == "alarm.escalated"
    ]
    assert levels == sorted(set(levels))
    assert len(levels) == 3


def test_acknowledged_alarm_is_called_to_nobody() -> None:
    ward = pressed()
    ward.acknowledge(239.999, ward.alarm)
    assert calls(ward.tick(1000)) == []


def test_calling_stops_when_somebody_has_seen_it() -> None:
    ward = pressed()
    ward.tick(300)
    ward.acknowledge(301, ward.alarm)
    assert calls(ward.tick(1000)) == []


def test_seen_alarm_that_worsens_is_called_anew_from_the_first() -> None:
    ward = pressed()
    ward.tick(300)
    ward.acknowledge(301, ward.alarm)
    assert ward.alarm["escalation"] is None
    ward.types(400, sbp=200, dbp=90)
    ward.shows(401, ward.alarm)
    assert calls(ward.tick(900)) == [
        ("responsible", "unacknowledged", 580),
        ("others", "unacknowledged", 760),
    ]


def test_call_for_help_goes_up_like_any_high_alarm() -> None:
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    ward.calls_help(60)
    ward.shows(61, ward.alarm)
    assert [(to, when) for to, _, when in calls(ward.tick(200))] == [
        ("responsible", 120),
        ("others", 180),
    ]


@pytest.mark.parametrize("value", [{"sbp": 165, "dbp": 85}, {"temp": 38.5}, {"spo2": 90}])
def test_what_is_not_high_is_called_to_nobody(value: dict[str, float]) -> None:
    ward = Ward.infusing()
    ward.types(60, value)
    assert calls(ward.tick(800)) == []


def test_alarm_that_becomes_high_is_called_a_minute_after_that() -> None:
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    ward.streams(range(60, 80), spo2=90)
    ward.shows(80, ward.alarm)
    said = []
    for second in range(81, 160):
        said += ward.sends(second, spo2=84)
        if ward.alarm["shown_rev"] < ward.alarm["rev"]:
            ward.shows(second + 0.1, ward.alarm)
    became_high = next(
        seconds_of(event["at"])
        for event in ward.log
        if event["kind"] == "alarm.changed" and event["data"]["alarm"]["priority"] == "high"
    )
    assert [(to, when) for to, _, when in calls(said)] == [("responsible", became_high + 60)]


def test_latched_alarm_stands_silently_and_is_called_to_nobody() -> None:
    ward = desaturated()
    said = ward.streams(range(66, 400), spo2=97)
    assert ward.alarm["state"] == "latched"
    assert calls(said) == []


def test_alarm_that_no_screen_has_sounded_is_called_after_ten_seconds() -> None:
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    ward.types(60, sbp=185, dbp=90)
    ward.tick(69.999)
    assert ward.alarm["escalation"] is None
    said = ward.tick(70)
    assert calls(said) == [("responsible", "not_sounded", 70)]
    called = {"level": 1, "to": "responsible", "at": clock_time(70), "why": "not_sounded"}
    assert ward.alarm["escalation"] == called


def test_alarm_that_no_screen_sounds_reaches_everybody() -> None:
    ward = Ward.infusing()
    ward.appoints(0, ANNA)
    ward.types(60, sbp=185, dbp=90)
    assert [to for to, _, _ in calls(ward.tick(800))] == LEVELS


def test_shown_rev_is_the_last_that_a_screen_confirmed() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=185, dbp=90)
    assert (ward.alarm["shown_rev"], ward.alarm["sounded_at"]) == (0, clock_time(60))
    said = ward.shows(61, ward.alarm)
    assert [event["kind"] for event in said] == ["alarm.sounded"]
    assert ward.alarm["shown_rev"] == 1
    assert ward.shows(62, ward.alarm) == [], "what was said is not said again"
    ward.types(70, sbp=196, dbp=90)
    assert (ward.alarm["rev"], ward.alarm["shown_rev"]) == (2, 1)
    ward.shows(71, ward.alarm, rev=1)
    assert ward.alarm["shown_rev"] == 1
    ward.shows(72, ward.alarm, rev=9)
    assert ward.alarm["shown_rev"] <= ward.alarm["rev"], "nothing was shown before it was said"


def test_confirming_an_alarm_that_is_gone_harms_nothing() -> None:
    ward = Ward.infusing()
    ward.types(60, temp=38.5)
    alarm = ward.alarm
    ward.types(61, temp=37)
    assert ward.shows(62, alarm) == []


def test_recording_calls_nobody() -> None:
    ward = Ward(clock="driven", starts_at=-7200)
    for second, to in enumerate(("checked_in", "baseline", "ready", "infusing")):
        ward.phase(to, told_at=second - 7200, override_reason="recording")
    ward.appoints(0, ANNA)
    ward.sends(0, taken=-7000, interval_s=300, sbp=190, dbp=100)
    said = ward.move_clock(-3600)
    said += ward.move_clock(0)
    assert calls(said) == []
    assert ward.alarm_of("bp")["state"] == "active"


# Sounded again


def sounded(events: list[Json]) -> list[tuple[int, float]]:
    """Each new rev, and when."""
    return [
        (event["data"]["alarm"]["rev"], seconds_of(event["at"]))
        for event in events
        if event["kind"] == "alarm.changed"
    ]


def test_unacknowledged_streamed_high_sounds_again_every_three_minutes() -> None:
    ward = desaturated()
    said = lasting(ward, 660)
    assert sounded(said) == [(2, 245), (3, 425), (4, 605)]
    assert (ward.alarm["sounded_at"], ward.alarm["state"]) == (clock_time(605), "active")
    assert ward.alarm["worst"] == 84


def test_acknowledged_streamed_high_is_quiet() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm)
    assert kinds(ward.streams(range(67, 600), spo2=84)) == ["stop_prompt.raised"], "it has no sound"


def test_worsening_counts_anew() -> None:
    ward = desaturated()
    lasting(ward, 165)
    said = ward.streams(range(165, 400), spo2=80)
    assert sounded(said) == [(2, 165), (3, 345)]


@pytest.mark.parametrize("typed", [True, False])
def test_pressure_sounds_again_only_for_a_new_and_worse_one(typed: bool) -> None:
    ward = Ward.infusing()
    said = []
    for second in range(60, 900, 300):
        if typed:
            said += ward.types(second, sbp=185, dbp=90)
        else:
            said += ward.sends(second, interval_s=300, sbp=185, dbp=90)
    said += ward.tick(900)
    assert [(rev, when) for rev, when in sounded(said) if rev > 1] == []
    said = ward.types(901, sbp=196, dbp=90)
    assert ward.alarm_of("bp")["rev"] == 2


def test_medium_stream_does_not_sound_again() -> None:
    ward = Ward.infusing()
    said = ward.streams(range(60, 600), spo2=90)
    assert kinds(said) == ["alarm.raised"]


def test_latched_alarm_is_silent() -> None:
    ward = desaturated()
    assert kinds(ward.streams(range(66, 600), spo2=97)) == ["alarm.latched"]
    assert ward.alarm["rev"] == 1
