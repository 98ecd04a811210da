"""Alarms switched off for a group, and standby: what they silence, what never, and how they end."""

from __future__ import annotations

import pytest

from app.monitoring.errors import DomainError, ReasonRequired
from tests.monitoring.ward import ANNA, CALM, Json, Ward, clock_time, kinds, reading_of

HALF_AN_HOUR_S = 1800
TECHNICAL = {"signal_stale", "vitals_overdue"}


def groups(ward: Ward) -> set[tuple[str, str]]:
    """What stands: condition and group."""
    return {(alarm["condition"], alarm["group"]) for alarm in ward.alarms}


def ended(events: list[Json]) -> list[tuple[str, str, str]]:
    """Which alarms ended, why and when."""
    return [
        (event["data"]["alarm"]["group"], event["data"]["alarm"]["ended_by"], event["at"])
        for event in events
        if event["kind"] == "alarm.cleared"
    ]


def test_alarm_off_ends_what_stands_of_its_group_and_of_no_other() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85, temp=38.5)
    said = ward.switches_off(10, "alarms", "bp", reason="known, treated")
    assert ended(said) == [("bp", "alarm_off", clock_time(10))]
    assert groups(ward) == {("limit", "temp")}
    off = ward.public["alarm_off"]["bp"]
    assert (off["at"], off["until"]) == (clock_time(10), clock_time(10 + HALF_AN_HOUR_S))
    assert (off["by"]["id"], off["reason"]) == ("dr-c", "known, treated")


def test_no_limit_recheck_or_signal_alarm_of_a_group_that_is_off() -> None:
    ward = Ward.infusing()
    ward.switches_off(0, "alarms", "spo2")
    said = ward.streams(range(1, 30), spo2=80)
    said += ward.sends(30, spo2=0, hr=78)
    said += ward.streams(range(31, 120), hr=78)
    said += ward.types(121, taken=-3000, spo2=80)
    assert kinds(said) == ["stop_prompt.raised"], "what is no alarm is not switched off with them"
    assert reading_of(ward.sends(122, spo2=84, hr=78))["flags"] == {"spo2": "low_critical"}
    assert ward.public["values"]["spo2"]["flag"] == "low_critical"


def test_other_groups_alarm_as_ever_while_one_is_off() -> None:
    ward = Ward.infusing()
    ward.switches_off(0, "alarms", "spo2")
    ward.types(1, sbp=185, dbp=85, spo2=80)
    assert groups(ward) == {("limit", "bp")}


def test_what_is_still_beyond_its_line_when_alarm_off_ends_is_raised_at_once() -> None:
    ward = Ward.infusing()
    ward.switches_off(0, "alarms", "spo2")
    ward.streams(range(HALF_AN_HOUR_S - 30, HALF_AN_HOUR_S), spo2=84)
    said = ward.tick(HALF_AN_HOUR_S)
    assert ("alarms.switched_on", clock_time(HALF_AN_HOUR_S)) in [
        (e["kind"], e["at"]) for e in said
    ]
    (on,) = [e["data"] for e in said if e["kind"] == "alarms.switched_on"]
    assert on == {"scope": "spo2", "why": "expired"}
    alarm = ward.alarm_of("spo2")
    assert (alarm["raised_at"], alarm["priority"]) == (clock_time(HALF_AN_HOUR_S), "high")


def test_typed_value_still_beyond_its_line_is_raised_when_a_person_ends_alarm_off() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    ward.switches_off(10, "alarms", "bp")
    said = ward.switches_on(100, "alarms", "bp")
    (on,) = [e["data"] for e in said if e["kind"] == "alarms.switched_on"]
    assert on == {"scope": "bp", "why": "ended"}
    assert ward.alarm_of("bp")["state"] == "active"
    assert ward.switches_on(101, "alarms", "bp") == []


def test_alarm_off_ends_with_the_phase() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    ward.switches_off(10, "alarms", "bp")
    said = ward.phase("paused", 20)
    (on,) = [e["data"] for e in said if e["kind"] == "alarms.switched_on"]
    assert on == {"scope": "bp", "why": "phase_changed"}
    assert ward.alarm_of("bp")["state"] == "active"


def test_value_that_came_back_while_off_raises_nothing_afterwards() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    ward.switches_off(10, "alarms", "bp")
    ward.types(20, sbp=128, dbp=80)
    ward.switches_on(100, "alarms", "bp")
    assert ward.alarms == []


# Standby


def lonely() -> Ward:
    """Infusing with a monitor that was heard at zero and a set that was typed at zero."""
    ward = Ward.infusing()
    ward.types(0, sbp=124, dbp=78, sedation=5)
    ward.sends(0, hr=78, spo2=98, rr=15)
    return ward


@pytest.mark.parametrize("minutes", [1, 10])
def test_standby_keeps_technical_alarms_away_and_ends_by_itself(minutes: int) -> None:
    ward = lonely()
    ward.stands_by(5, minutes, reason="toilet", by=ANNA)
    standby = ward.public["standby"]
    assert (standby["at"], standby["until"]) == (clock_time(5), clock_time(5 + 60 * minutes))
    assert (standby["by"]["id"], standby["reason"]) == ("anna", "toilet")
    said = ward.tick(5 + 60 * minutes - 0.001)
    assert kinds(said) == []
    said = ward.tick(5 + 60 * minutes)
    told = [(e["at"], e["data"]) for e in said if e["kind"] == "standby.ended"]
    assert told == [(clock_time(5 + 60 * minutes), {"why": "expired"})]
    assert ward.public["standby"] is None
    ward.tick(5 + 60 * minutes + 60)
    assert {a["kind"] for a in ward.alarms} == {"technical"}, "silence is an alarm again"


def test_standby_ends_the_technical_alarms_that_stand() -> None:
    ward = lonely()
    ward.tick(400)
    assert ward.alarms
    said = ward.stands_by(401, 10)
    assert ward.alarms == []
    assert {why for _, why, _ in ended(said)} == {"standby"}


def test_standby_never_touches_what_concerns_the_patient() -> None:
    ward = lonely()
    ward.types(1, sbp=185, dbp=85)
    ward.stands_by(2, 10)
    assert ward.alarm_of("bp")["state"] == "active"
    ward.streams(range(3, 12), spo2=84)
    assert ward.alarm_of("spo2")["priority"] == "high"


@pytest.mark.parametrize("minutes", [0, 11])
def test_standby_is_for_one_to_ten_minutes(minutes: int) -> None:
    ward = lonely()
    with pytest.raises(DomainError):
        ward.stands_by(5, minutes)


def test_standby_wants_a_reason() -> None:
    ward = lonely()
    with pytest.raises(ReasonRequired):
        ward.stands_by(5, 5, reason="")


def test_standby_is_ended_by_a_person_and_by_a_phase() -> None:
    ward = lonely()
    ward.stands_by(5, 10)
    said = ward.ends_standby(20)
    assert [e["data"] for e in said if e["kind"] == "standby.ended"] == [{"why": "ended"}]
    assert ward.ends_standby(21) == []
    ward.stands_by(30, 10)
    said = ward.phase("paused", 40)
    assert [e["data"] for e in said if e["kind"] == "standby.ended"] == [{"why": "phase_changed"}]
    assert ward.public["standby"] is None


def test_overdue_waits_for_the_end_of_standby() -> None:
    ward = lonely()
    for second in range(0, 1200, 5):
        if second == 850:
            ward.stands_by(second, 10)
        ward.sends(second, hr=78, spo2=98, rr=15, interval_s=5)
    assert ward.alarms == []
    ward.tick(1490)
    overdue = ward.alarm_of("overdue", "vitals_overdue")
    assert overdue["missing"] == ["sbp", "dbp", "sedation"]
    assert overdue["raised_at"] >= clock_time(1450)


def test_calm_set_in_standby_leaves_nothing_behind() -> None:
    ward = lonely()
    ward.stands_by(5, 5)
    ward.streams(range(250, 330), CALM)
    assert ward.alarms == []
