"""What is stilled for a time: until when exactly, and that nothing else is stilled with it."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.monitoring.ward import ANNA, BEN, RESTED, Json, Ward, clock_time, kinds

What = Literal["audio", "alarms"]
BOTH: tuple[What, What] = ("audio", "alarms")


def why(events: list[Json], kind: str) -> list[tuple[str, str]]:
    """When and why something that was stilled goes on."""
    return [(e["at"], e["data"]["why"]) for e in events if e["kind"] == kind]


def test_pause_ends_to_the_millisecond() -> None:
    ward = Ward.infusing()
    ward.pauses_audio(10, 90)
    assert ward.tick(99.999) == []
    assert why(ward.tick(100), "audio.resumed") == [(clock_time(100), "expired")]
    assert ward.public["audio_pause"] is None


def test_pause_that_is_made_anew_counts_from_then() -> None:
    ward = Ward.infusing()
    ward.pauses_audio(10, 90)
    ward.pauses_audio(50, 60)
    assert why(ward.tick(200), "audio.resumed") == [(clock_time(110), "expired")]


@pytest.mark.parametrize(
    ("stands", "priority"),
    [
        ({}, None),
        ({"temp": 38.5}, "low"),
        ({"temp": 38.5, "sbp": 165.0}, "medium"),
        ({"sbp": 165.0, "temp": 38.5}, "medium"),
        ({"sbp": 165.0, "sedation": 2.0, "temp": 38.5}, "high"),
    ],
)
def test_pause_remembers_the_highest_that_stood(
    stands: dict[str, float], priority: str | None
) -> None:
    ward = Ward.infusing()
    if stands:
        ward.types(5, stands)
    ward.pauses_audio(10)
    assert ward.public["audio_pause"]["priority"] == priority


@pytest.mark.parametrize(
    ("stood", "comes", "loud"),
    [
        (None, {"temp": 38.5}, True),
        ({"temp": 38.5}, {"dbp": 45.0}, True),
        ({"sedation": 3.0}, {"temp": 38.5}, False),
        ({"sedation": 3.0}, {"sbp": 165.0}, True),
        ({"sedation": 2.0}, {"sbp": 165.0}, False),
        ({"sedation": 2.0}, {"sbp": 190.0}, True),
    ],
)
def test_new_alarm_of_the_same_or_a_higher_priority_breaks_the_pause(
    stood: dict[str, float] | None, comes: dict[str, float], loud: bool
) -> None:
    ward = Ward.infusing()
    if stood is not None:
        ward.types(5, stood)
    ward.pauses_audio(10)
    said = ward.types(20, comes)
    resumed = [event["data"] for event in said if event["kind"] == "audio.resumed"]
    if not loud:
        assert resumed == []
        return
    (raised,) = [event["data"]["alarm"] for event in said if event["kind"] == "alarm.raised"]
    assert resumed == [{"why": "broken_through", "alarm_id": raised["id"]}]


def test_alarm_that_becomes_high_breaks_the_pause_and_one_that_was_high_does_not() -> None:
    ward = Ward.infusing()
    ward.types(5, sbp=165, dbp=80)
    ward.pauses_audio(10)
    assert "audio.resumed" not in kinds(ward.types(20, sbp=176, dbp=80))
    assert "audio.resumed" in kinds(ward.types(30, sbp=185, dbp=80))
    ward.pauses_audio(40)
    assert "audio.resumed" not in kinds(ward.types(50, sbp=200, dbp=80))


@pytest.mark.parametrize("what", ["audio", "alarms"])
def test_one_scope_is_switched_on_and_the_others_stay_off(what: What) -> None:
    ward = Ward.infusing()
    field = "audio_off" if what == "audio" else "alarm_off"
    other = "alarm_off" if what == "audio" else "audio_off"
    for name in BOTH:
        for scope in ("hr", "temp"):
            ward.switches_off(10, name, scope)
    said = ward.switches_on(20, what, "hr")
    assert [(event["kind"], event["data"]) for event in said] == [
        (f"{what}.switched_on", {"scope": "hr", "why": "ended"})
    ]
    assert set(ward.public[field]) == {"temp"}
    assert set(ward.public[other]) == {"hr", "temp"}
    assert ward.switches_on(30, what, "hr") == []


@pytest.mark.parametrize("what", ["audio", "alarms"])
def test_what_is_off_is_on_again_after_half_an_hour(what: What) -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.switches_off(10, what, "hr")
    ward.switches_off(20, what, "temp")
    ward.types(1200, RESTED)
    assert why(ward.tick(1809.999), f"{what}.switched_on") == []
    said = ward.tick(1820)
    assert why(said, f"{what}.switched_on") == [
        (clock_time(1810), "expired"),
        (clock_time(1820), "expired"),
    ]
    assert {event["actor"]["id"] for event in said} == {"engine"}


def test_phase_that_changes_ends_what_was_stilled_for_the_last() -> None:
    ward = Ward.infusing()
    ward.switches_off(10, "audio", "hr")
    ward.switches_off(10, "alarms", "temp")
    ward.stands_by(20, 10)
    said = ward.phase("paused", 30, told_at=25)
    assert kinds(said) == [
        "phase.changed",
        "audio.switched_on",
        "alarms.switched_on",
        "standby.ended",
    ]
    assert {event["data"]["why"] for event in said[1:]} == {"phase_changed"}
    assert {event["at"] for event in said} == {clock_time(25)}
    assert {event["actor"]["id"] for event in said} == {"local"}
    assert (ward.public["audio_off"], ward.public["alarm_off"]) == ({}, {})
    assert ward.public["standby"] is None


def test_pause_outlives_the_phase() -> None:
    ward = Ward.infusing()
    ward.pauses_audio(10)
    ward.phase("paused", 20)
    assert ward.public["audio_pause"] is not None


@pytest.mark.parametrize("ended", [False, True])
def test_silence_counts_from_the_end_of_a_standby(ended: bool) -> None:
    ward = Ward.infusing()
    ward.sends(10, spo2=97, hr=80)
    ward.stands_by(15, 2)
    said = ward.ends_standby(75) if ended else ward.tick(135)
    end = 75 if ended else 135
    assert why(said, "standby.ended") == [(clock_time(end), "ended" if ended else "expired")]
    assert kinds(ward.tick(end + 29.999)) == []
    assert kinds(ward.tick(end + 30)) == ["alarm.raised"]
    assert ward.alarm["condition"] == "no_signal"


def test_standby_never_hides_the_patient() -> None:
    ward = Ward.infusing()
    ward.stands_by(5, 10)
    ward.streams(range(10, 22), spo2=84)
    assert ward.alarm_of("spo2")["priority"] == "high"


@pytest.mark.parametrize("scope", ["spo2", "bp", "temp"])
def test_alarms_of_one_group_are_off_and_the_others_are_not(scope: str) -> None:
    ward = Ward.infusing()
    ward.switches_off(5, "alarms", scope)
    ward.streams(range(10, 22), spo2=84)
    ward.types(25, sbp=190, dbp=100, temp=38.5)
    assert {alarm["group"] for alarm in ward.alarms} == {"spo2", "bp", "temp"} - {scope}
    ward.switches_on(30, "alarms", scope)
    assert scope in {alarm["group"] for alarm in ward.alarms}


def test_alarm_of_a_group_that_is_switched_off_ends_so() -> None:
    ward = Ward.infusing()
    ward.types(5, temp=38.5)
    said = ward.switches_off(10, "alarms", "temp")
    (cleared,) = [event["data"]["alarm"] for event in said if event["kind"] == "alarm.cleared"]
    assert (cleared["ended_by"], cleared["ended_reason"]) == ("alarm_off", None)


def test_overdue_and_help_cannot_be_switched_off() -> None:
    ward = Ward.infusing()
    for scope in ("hr", "spo2", "bp", "rr", "sedation", "temp"):
        ward.switches_off(5, "alarms", scope)
    ward.calls_help(10)
    ward.tick(1000)
    assert {alarm["condition"] for alarm in ward.alarms} == {"help", "vitals_overdue"}


def test_person_who_stays_responsible_is_not_said_again() -> None:
    ward = Ward.infusing()
    (said,) = ward.appoints(5, ANNA)
    assert said["data"] == {"person": {"id": "anna", "name": "Anna"}}
    assert ward.appoints(6, ANNA) == []
    assert kinds(ward.appoints(7, BEN)) == ["responsible.set"]
    (gone,) = ward.appoints(8, None)
    assert gone["data"] == {"person": None}
    assert ward.appoints(9, None) == []


def test_second_call_for_help_is_the_same_call() -> None:
    ward = Ward.infusing()
    ward.calls_help(10, "first")
    assert kinds(ward.calls_help(20, "second")) == []
    assert ward.public["help"]["note"] == "first"
    assert ward.alarm["text"] == "HELP: first"


def test_call_without_a_word_is_a_call() -> None:
    ward = Ward.infusing()
    ward.calls_help(10)
    assert (ward.alarm["text"], ward.alarm["priority"]) == ("HELP", "high")
    assert (ward.alarm["raised_at"], ward.alarm["since"]) == (clock_time(10), clock_time(10))
