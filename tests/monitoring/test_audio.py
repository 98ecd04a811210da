"""Sound that is paused or off: for how long, what breaks through, and who may."""

from __future__ import annotations

import pytest

from app.monitoring.errors import DomainError, ReasonRequired, RoleNeeded
from tests.monitoring.ward import ANNA, BEN, CLINICIAN, Json, Ward, at, clock_time, kinds

HALF_AN_HOUR_S = 1800


def of(events: list[Json], kind: str) -> list[tuple[str, Json]]:
    """When something happened, and what the log tells of it."""
    return [(event["at"], event["data"]) for event in events if event["kind"] == kind]


def with_medium() -> Ward:
    """A medium alarm stands: SBP 165."""
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    return ward


def with_high() -> Ward:
    """A high alarm stands: SBP 185."""
    ward = Ward.infusing()
    ward.types(0, sbp=185, dbp=85)
    return ward


# Audio paused


def test_pause_tells_who_and_until_when_and_what_stood() -> None:
    ward = with_medium()
    ward.pauses_audio(10, 90, by=ANNA)
    pause = ward.public["audio_pause"]
    assert (pause["at"], pause["until"]) == (clock_time(10), clock_time(100))
    assert (pause["by"]["id"], pause["priority"]) == ("anna", "medium")
    assert ward.alarm["state"] == "active", "sound is paused, nobody has seen anything"


def test_pause_while_nothing_stands() -> None:
    ward = Ward.infusing()
    ward.pauses_audio(10, 90)
    assert ward.public["audio_pause"]["priority"] is None


@pytest.mark.parametrize("seconds", [1, 120])
def test_pause_ends_by_itself(seconds: int) -> None:
    ward = with_medium()
    ward.pauses_audio(10, seconds)
    ward.tick(10 + seconds - 0.001)
    assert ward.public["audio_pause"] is not None
    said = ward.tick(10 + seconds + 3)
    ended = (clock_time(10 + seconds), {"why": "expired", "alarm_id": None})
    assert of(said, "audio.resumed") == [ended]
    assert ward.public["audio_pause"] is None


@pytest.mark.parametrize("seconds", [0, -5, 121, 3600])
def test_pause_is_for_two_minutes_at_most(seconds: int) -> None:
    ward = with_medium()
    with pytest.raises(DomainError):
        ward.pauses_audio(10, seconds)
    assert ward.public["audio_pause"] is None


def test_pause_is_ended_by_a_person() -> None:
    ward = with_medium()
    ward.pauses_audio(10)
    said = ward.resumes_audio(20)
    assert of(said, "audio.resumed") == [(clock_time(20), {"why": "ended", "alarm_id": None})]
    assert ward.resumes_audio(21) == [], "what is not there cannot end"


def test_second_pause_counts_from_its_own_beginning() -> None:
    ward = with_medium()
    ward.pauses_audio(10, 120, by=ANNA)
    ward.pauses_audio(100, 60, by=BEN)
    assert ward.public["audio_pause"]["until"] == clock_time(160)
    said = ward.tick(200)
    assert [moment for moment, _ in of(said, "audio.resumed")] == [clock_time(160)]


@pytest.mark.parametrize(
    ("ward", "value", "breaks"),
    [
        (with_medium, {"spo2": 90}, True),  # medium: equal
        (with_medium, {"spo2": 84}, True),  # high: higher
        (with_medium, {"temp": 38.5}, False),  # low: lower
        (with_high, {"spo2": 84}, True),
        (with_high, {"spo2": 90}, False),
        (with_high, {"temp": 38.5}, False),
        (Ward.infusing, {"temp": 38.5}, True),  # nothing stood: anything is new
    ],
)
def test_new_alarm_as_urgent_as_what_stood_breaks_through(
    ward: object, value: dict[str, float], breaks: bool
) -> None:
    assert callable(ward)
    told: Ward = ward()
    told.pauses_audio(10)
    said = told.types(20, value)
    (new,) = [event["data"]["alarm"] for event in said if event["kind"] == "alarm.raised"]
    expected = {"why": "broken_through", "alarm_id": new["id"]}
    assert of(said, "audio.resumed") == ([(clock_time(20), expected)] if breaks else [])
    assert (told.public["audio_pause"] is None) is breaks


def test_alarm_that_becomes_critical_breaks_through() -> None:
    ward = with_medium()
    standing = ward.alarm
    ward.pauses_audio(10)
    said = ward.types(20, sbp=182, dbp=85)
    expected = {"why": "broken_through", "alarm_id": standing["id"]}
    assert of(said, "audio.resumed") == [(clock_time(20), expected)]


def test_alarm_that_becomes_critical_breaks_through_even_where_another_high_stood() -> None:
    ward = with_high()
    ward.types(1, spo2=90)
    ward.pauses_audio(10)
    ward.types(20, spo2=84)
    assert ward.public["audio_pause"] is None


def test_stream_breaks_through_when_its_delay_is_over_and_not_before() -> None:
    ward = with_medium()
    ward.pauses_audio(10)
    ward.sends(20, spo2=84)
    assert ward.public["audio_pause"] is not None
    said = ward.tick(40)
    assert [moment for moment, _ in of(said, "audio.resumed")] == [clock_time(25)]


def test_pause_silences_nothing_but_sound() -> None:
    ward = with_high()
    ward.pauses_audio(10)
    ward.types(20, spo2=90)
    assert {(a["group"], a["state"]) for a in ward.alarms} == {("bp", "active"), ("spo2", "active")}


# Audio off


@pytest.mark.parametrize("scope", ["session", "spo2", "bp", "hr"])
def test_audio_off_is_a_clinicians_and_tells_why_and_until_when(scope: str) -> None:
    ward = with_medium()
    said = ward.switches_off(10, "audio", scope, reason="agreed with the patient")
    off = ward.public["audio_off"][scope]
    assert (off["at"], off["until"]) == (clock_time(10), clock_time(10 + HALF_AN_HOUR_S))
    assert (off["by"]["id"], off["reason"]) == ("dr-c", "agreed with the patient")
    assert of(said, "audio.switched_off") == [(clock_time(10), {"scope": scope, "off": off})]
    assert ward.public["audio_off"] == {scope: off}
    assert ward.alarm["state"] == "active"


@pytest.mark.parametrize("what", ["audio", "alarms"])
def test_nurse_switches_nothing_off(what: str) -> None:
    ward = with_medium()
    with pytest.raises(RoleNeeded):
        ward.switches_off(10, what, "bp", by=ANNA)  # type: ignore[arg-type]  # one of two words
    assert (ward.public["audio_off"], ward.public["alarm_off"]) == ({}, {})


@pytest.mark.parametrize("what", ["audio", "alarms"])
def test_nothing_is_switched_off_without_a_reason(what: str) -> None:
    ward = with_medium()
    with pytest.raises(ReasonRequired):
        ward.switches_off(10, what, "bp", reason="")  # type: ignore[arg-type]  # one of two words


@pytest.mark.parametrize(("what", "scope"), [("audio", "ear"), ("alarms", "session")])
def test_what_is_no_group_cannot_be_switched_off(what: str, scope: str) -> None:
    ward = with_medium()
    with pytest.raises(DomainError):
        ward.switches_off(10, what, scope)  # type: ignore[arg-type]  # one of two words


def test_audio_is_on_again_after_half_an_hour() -> None:
    ward = with_medium()
    ward.switches_off(10, "audio", "bp")
    ward.tick(10 + HALF_AN_HOUR_S - 0.001)
    assert "bp" in ward.public["audio_off"]
    said = ward.tick(10 + HALF_AN_HOUR_S + 60)
    on = (clock_time(10 + HALF_AN_HOUR_S), {"scope": "bp", "why": "expired"})
    assert of(said, "audio.switched_on") == [on]
    assert ward.public["audio_off"] == {}


def test_audio_is_on_again_when_the_phase_changes() -> None:
    ward = with_medium()
    ward.switches_off(10, "audio", "bp")
    ward.switches_off(11, "audio", "session")
    said = ward.phase("paused", 20)
    assert [data for _, data in of(said, "audio.switched_on")] == [
        {"scope": "bp", "why": "phase_changed"},
        {"scope": "session", "why": "phase_changed"},
    ]
    assert ward.public["audio_off"] == {}


def test_audio_is_switched_on_by_a_person_one_scope_at_a_time() -> None:
    ward = with_medium()
    ward.switches_off(10, "audio", "bp")
    ward.switches_off(11, "audio", "session")
    said = ward.switches_on(20, "audio", "session")
    assert of(said, "audio.switched_on") == [(clock_time(20), {"scope": "session", "why": "ended"})]
    assert list(ward.public["audio_off"]) == ["bp"]
    assert ward.switches_on(21, "audio", "session") == []


def test_alarms_are_raised_and_shown_while_their_audio_is_off() -> None:
    ward = Ward.infusing()
    ward.switches_off(10, "audio", "session")
    said = ward.types(20, sbp=185, dbp=90)
    assert kinds(said) == ["alarm.raised"]
    assert ward.alarm["priority"] == "high"


def test_audio_that_is_off_twice_counts_from_the_later() -> None:
    ward = with_medium()
    ward.switches_off(10, "audio", "bp", reason="first")
    ward.switches_off(600, "audio", "bp", reason="second")
    held = ward.public["audio_off"]["bp"]
    assert (held["until"], held["reason"]) == (clock_time(600 + HALF_AN_HOUR_S), "second")
    assert ward.state.audio_off["bp"].by == CLINICIAN
    assert ward.state.audio_off["bp"].at == at(600)
