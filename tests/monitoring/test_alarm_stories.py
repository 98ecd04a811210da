"""Alarms of values beyond a limit: when they are raised, what they survive, and how they end."""

from __future__ import annotations

import pytest

from app.monitoring.errors import UnknownAlarm
from tests.monitoring.ward import CALM, RESTED, Ward, clock_time, kinds, said_of


def desaturated(seconds: int = 60) -> Ward:
    """SpO2 84 streamed until its high alarm stands, five seconds later."""
    ward = Ward.infusing()
    ward.streams(range(seconds, seconds + 6), spo2=84)
    assert ward.alarm["raised_at"] == clock_time(seconds + 5)
    return ward


def test_alarm_tells_what_when_and_how_far() -> None:
    ward = desaturated()
    alarm = ward.alarm
    assert {name: alarm[name] for name in alarm if name != "id"} == {
        "session_id": ward.public["id"],
        "kind": "physiological",
        "condition": "limit",
        "group": "spo2",
        "vital": "spo2",
        "side": "low",
        "priority": "high",
        "state": "active",
        "rev": 1,
        "raised_at": clock_time(65),
        "since": clock_time(60),
        "value": 84,
        "worst": 84,
        "limit": 85,
        "unit": "%",
        "text": "SpO2 84 %, limit 85",
        "missing": [],
        "acknowledgements": [],
        "cleared_at": None,
        "ended_by": None,
        "ended_reason": None,
        "devices": ["mon-03"],
        "sounded_at": clock_time(65),
        "shown_rev": 0,
        "escalation": None,
    }


def test_alarm_is_raised_at_its_due_moment_however_late_the_sweep() -> None:
    ward = Ward.infusing()
    ward.sends(60, spo2=88)
    assert ward.state.next_due_at is not None
    assert ward.tick(69.999) == []
    said = ward.tick(73.2)
    assert said_of(said, "spo2") == [("raised", clock_time(70))]
    assert said[0]["recorded_at"] == clock_time(73.2)


def test_silence_during_the_delay_counts_as_out() -> None:
    ward = Ward.infusing()
    ward.sends(60, hr=145)
    said = ward.sends(66, spo2=97)  # another vital of the same device
    assert said_of(said, "hr") == [("raised", clock_time(65))]


def test_brief_desaturation_raises_nothing() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 64), spo2=84)
    ward.streams(range(64, 90), spo2=97)
    assert ward.alarms == []
    assert len(kinds(ward.log)) == 5  # created, and the four phases


def test_brief_return_inside_does_not_end_what_is_pending() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 65), spo2=88)
    ward.streams(range(65, 72), spo2=95)
    assert ward.alarms == []
    said = ward.sends(72, spo2=88)
    assert said_of(said, "spo2") == [("raised", clock_time(72))]
    assert ward.alarm["since"] == clock_time(60)


def test_waiting_inside_rests_until_something_is_due() -> None:
    ward = Ward.infusing()
    ward.sends(60, spo2=84)
    ward.sends(62, spo2=97)
    assert ward.state.next_due_at is not None
    assert ward.state.next_due_at >= ward.wall + 10_000
    assert ward.tick(75) == []
    assert ward.alarms == []


def test_alarm_ends_after_ten_seconds_inside_by_the_hysteresis() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=91)
    assert ward.alarm["priority"] == "medium"
    ward.streams(range(76, 90), spo2=92.5)  # inside the line, not by the margin of 1
    assert ward.alarm["state"] == "active"
    ward.streams(range(90, 100), spo2=93)
    assert ward.alarm["state"] == "active"
    said = ward.sends(100, spo2=93)
    assert said_of(said, "spo2") == [("cleared", clock_time(100))]
    assert said[0]["data"]["alarm"]["ended_by"] == "over"


def test_lost_signal_does_not_complete_the_ten_seconds_inside() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=91)
    ward.sends(76, spo2=95)
    for second in range(77, 200):
        ward.sends(second, spo2=0, hr=70)
    assert ward.alarm_of("spo2")["state"] == "active"
    assert ward.alarm_of("spo2", "signal_stale")["since"] == clock_time(77)


@pytest.mark.parametrize(("low", "high"), [(91, 95), (84, 95)])
@pytest.mark.parametrize("seen", [False, True])
def test_ten_minutes_of_flapping_raise_one_alarm(low: int, high: int, seen: bool) -> None:
    ward = Ward.infusing()
    said = []
    for start in range(60, 660, 20):
        said += ward.streams(range(start, start + 16), spo2=low)
        if seen and ward.alarm["state"] == "active":
            said += ward.acknowledge(start + 15, ward.alarm)
        said += ward.streams(range(start + 16, start + 20), spo2=high)
    told = [kind for kind in kinds(said) if kind.startswith("alarm.")]
    again = ["alarm.changed"] * told.count("alarm.changed")
    assert told == ["alarm.raised", *(["alarm.acknowledged"] if seen else again)]
    assert len(again) == (3 if low == 84 and not seen else 0), "sounded again every three minutes"


def test_slow_flapping_reopens_the_same_alarm() -> None:
    ward = Ward.infusing()
    ids = set()
    for start in range(60, 660, 60):
        said = ward.streams(range(start, start + 20), spo2=91)
        said += ward.streams(range(start + 20, start + 60), spo2=95)
        ids |= {e["data"]["alarm"]["id"] for e in said if e["kind"].startswith("alarm.")}
        assert kinds(said) == [
            "alarm.raised" if start == 60 else "alarm.reopened",
            "alarm.cleared",
        ]
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("gap", "kind", "rev"), [(60, "alarm.reopened", 2), (60.001, "alarm.raised", 1)]
)
def test_condition_back_within_a_minute_reopens_the_alarm(gap: float, kind: str, rev: int) -> None:
    ward = Ward.infusing()
    ward.types(0, temp=38.4)
    first = ward.alarm["id"]
    ward.types(100, temp=37.5)
    assert ward.alarms == []
    said = ward.types(100 + gap, temp=38.6)
    assert kinds(said) == [kind]
    assert (ward.alarm["id"] == first, ward.alarm["rev"]) == (rev == 2, rev)
    assert (ward.alarm["value"], ward.alarm["cleared_at"]) == (38.6, None)


def test_high_alarm_that_nobody_saw_stands_after_it_is_over() -> None:
    ward = desaturated()
    said = ward.streams(range(66, 80), spo2=97)
    assert said_of(said, "spo2") == [("latched", clock_time(76))]
    assert (ward.alarm["state"], ward.alarm["rev"]) == ("latched", 1)
    ward.tick(3600)  # the signal is lost by now, which changes nothing here
    assert ward.alarm_of("spo2")["state"] == "latched"
    said = ward.acknowledge(3601, ward.alarm_of("spo2"))
    assert said_of(said, "spo2")[:2] == [
        ("acknowledged", clock_time(3601)),
        ("cleared", clock_time(3601)),
    ]
    cleared = said[1]["data"]["alarm"]
    assert (cleared["ended_by"], cleared["acknowledgements"][0]["by"]["id"]) == (
        "acknowledged",
        "local",
    )


def test_acknowledged_high_alarm_clears_by_itself() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm, action="repositioned_probe")
    assert ward.alarm["state"] == "acknowledged"
    (seen,) = ward.alarm["acknowledgements"]
    assert (seen["by"]["kind"], seen["by"]["id"]) == ("person", "local")
    assert (seen["at"], seen["rev"]) == (clock_time(66), 1)
    assert (seen["action"], seen["note"]) == ("repositioned_probe", None)
    said = ward.streams(range(67, 80), spo2=97)
    assert said_of(said, "spo2") == [("cleared", clock_time(77))]


def test_latched_alarm_comes_back_as_the_same_one_and_sounds_again() -> None:
    ward = desaturated()
    ward.streams(range(66, 300), spo2=97)
    before = ward.alarm
    said = ward.streams(range(300, 306), spo2=83)
    assert said_of(said, "spo2") == [("reopened", clock_time(305))]
    assert (ward.alarm["id"], ward.alarm["rev"], ward.alarm["state"]) == (before["id"], 2, "active")


def test_unseen_high_alarm_that_comes_back_milder_is_still_high_and_still_unseen() -> None:
    ward = desaturated()
    ward.streams(range(66, 80), spo2=97)
    said = ward.streams(range(80, 96), spo2=91)
    assert said_of(said, "spo2") == [("reopened", clock_time(95))]
    assert ward.alarm["priority"] == "high"
    ward.streams(range(96, 110), spo2=97)
    assert ward.alarm["state"] == "latched"
    ward.acknowledge(110, ward.alarm)
    assert ward.alarms == []


def test_older_acknowledgement_is_kept_and_does_not_quiet_what_came_after() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=85)
    seen = ward.alarm
    ward.types(10, sbp=185, dbp=85)
    assert (ward.alarm["rev"], ward.alarm["priority"]) == (2, "high")
    said = ward.acknowledge(11, seen, rev=1)
    assert kinds(said) == ["alarm.acknowledged"]
    assert (ward.alarm["state"], ward.alarm["acknowledgements"][0]["rev"]) == ("active", 1)
    ward.types(20, sbp=130, dbp=80)
    assert ward.alarm["state"] == "latched"
    ward.acknowledge(21, ward.alarm, rev=1)
    assert ward.alarm["state"] == "latched"
    said = ward.acknowledge(22, ward.alarm, rev=2)
    assert kinds(said) == ["alarm.acknowledged", "alarm.cleared"]
    assert len(said[-1]["data"]["alarm"]["acknowledgements"]) == 3


def test_second_persons_acknowledgement_is_kept() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm)
    ward.acknowledge(67, ward.alarm, action="gave_oxygen")
    assert [seen["action"] for seen in ward.alarm["acknowledgements"]] == [None, "gave_oxygen"]
    assert ward.alarm["state"] == "acknowledged"


def test_alarm_that_does_not_stand_cannot_be_acknowledged() -> None:
    ward = Ward.infusing()
    ward.types(0, temp=38.4)
    alarm = ward.alarm
    ward.types(1, temp=37)
    for gone in (alarm, {"id": "never-was"}):
        with pytest.raises(UnknownAlarm):
            ward.acknowledge(61.001, gone)


def test_worse_line_changes_the_same_alarm() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 76), spo2=91)
    ward.acknowledge(76, ward.alarm)
    said = ward.streams(range(77, 90), spo2=87)
    first, second = said_of(said, "spo2")
    assert first == ("changed", clock_time(77))  # four points worse than what was seen
    assert second == ("changed", clock_time(87))  # critical for ten seconds
    assert (ward.alarm["priority"], ward.alarm["rev"]) == ("high", 3)
    assert (ward.alarm["state"], ward.alarm["limit"]) == ("active", 88)


def test_priority_never_falls_while_nobody_has_seen_it() -> None:
    ward = desaturated()
    said = ward.streams(range(66, 300), spo2=91)
    assert said_of(said, "spo2") == [("changed", clock_time(245))], "sounded again"
    assert ward.alarm["priority"] == "high"
    said = ward.acknowledge(300, ward.alarm)
    assert kinds(said) == ["alarm.acknowledged", "alarm.changed"]
    assert (ward.alarm["priority"], ward.alarm["rev"], ward.alarm["state"]) == (
        "medium",
        2,
        "acknowledged",
    )


def test_seen_priority_falls_after_half_a_minute_inside_the_line() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm)
    ward.streams(range(67, 87), spo2=84)
    ward.sends(87, spo2=90)
    said = ward.tick(200)
    assert said_of(said, "spo2")[0] == ("changed", clock_time(117))
    assert said[0]["data"]["alarm"]["priority"] == "medium"
    assert said[0]["data"]["alarm"]["worst"] == 84


def test_seen_priority_that_fell_rises_again_with_the_value() -> None:
    ward = desaturated()
    ward.acknowledge(66, ward.alarm)
    ward.streams(range(67, 110), spo2=90)
    assert ward.alarm["priority"] == "medium"
    said = ward.streams(range(110, 117), spo2=84)
    assert [a["data"]["alarm"]["priority"] for a in said if a["kind"] == "alarm.changed"] == [
        "high"
    ]
    assert (ward.alarm["state"], ward.alarm["rev"]) == ("active", 2)


@pytest.mark.parametrize(
    ("vital", "first", "almost", "step"),
    [("spo2", 84, 81.1, 81), ("hr", 142, 156.9, 157), ("rr", 7, 3.1, 3), ("sbp", 182, 191.9, 192)],
)
@pytest.mark.parametrize("seen", [False, True])
def test_worsening_by_a_step_sounds_again(
    vital: str, first: float, almost: float, step: float, seen: bool
) -> None:
    if vital == "sbp" and not seen:
        almost = first  # of an unseen high pressure any worse one sounds
    ward = Ward.infusing()
    ward.streams(range(60, 76), {vital: first})
    rev = ward.alarm["rev"]
    if seen:
        ward.acknowledge(76, ward.alarm)
    ward.sends(77, {vital: almost})
    assert ward.alarm["rev"] == rev
    ward.sends(78, {vital: step})
    assert (ward.alarm["rev"], ward.alarm["state"]) == (rev + 1, "active")
    assert (ward.alarm["value"], ward.alarm["worst"]) == (step, step)
    ward.sends(79, {vital: first})
    ward.sends(80, {vital: step})
    assert ward.alarm["rev"] == rev + 1


def test_calm_session_says_nothing_but_its_readings() -> None:
    ward = Ward.infusing(baseline=RESTED)
    said = ward.streams(range(1, 400), CALM)
    assert {event["kind"] for event in said} == {"reading.recorded"}
