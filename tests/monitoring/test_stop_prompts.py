"""The infusion should stop: when people are told so, and when no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.monitoring.errors import NoSuchPrompt
from app.monitoring.protocols import VERSIONS
from app.monitoring.rebuild import restep, state_of
from app.monitoring.stop_lines import STOP_LINES
from tests.monitoring.ward import ANNA, CALM, Json, Ward, clock_time, reading_event

if TYPE_CHECKING:
    from collections.abc import Iterable


def prompts(events: Iterable[Json]) -> list[tuple[str, str, object]]:
    """What was said of stop prompts: the vital, `raised` or how it ended, and when."""
    return [
        (said["vital"], said.get("ended_by", "raised"), event["at"])
        for event in events
        if event["kind"].startswith("stop_prompt.")
        for said in [event["data"]]
    ]


def standing(ward: Ward) -> dict[str, tuple[float, float, str]]:
    shown = ward.public["stop_prompts"]
    return {vital: (said["value"], said["line"], said["side"]) for vital, said in shown.items()}


@pytest.mark.parametrize(
    ("vital", "value", "line", "side"),
    [
        ("hr", 40, 40, "low"),
        ("spo2", 88, 88, "low"),
        ("sbp", 80, 80, "low"),
        ("sbp", 200, 200, "high"),
        ("dbp", 120, 120, "high"),
        ("rr", 7, 7, "low"),
        ("sedation", 2, 2, "low"),
    ],
)
def test_typed_value_at_its_stop_line_prompts_at_once(
    vital: str, value: float, line: float, side: str
) -> None:
    ward = Ward.infusing()
    said = ward.types(5, {vital: value})
    assert prompts(said) == [(vital, "raised", clock_time(5))]
    assert standing(ward) == {vital: (value, line, side)}
    assert ward.public["stop_prompts"][vital]["at"] == clock_time(5)


@pytest.mark.parametrize(
    ("vital", "value"),
    [("hr", 41), ("spo2", 89), ("sbp", 81), ("sbp", 199), ("dbp", 119), ("rr", 8), ("sedation", 3)],
)
def test_value_just_inside_does_not(vital: str, value: float) -> None:
    ward = Ward.infusing()
    assert prompts(ward.types(5, {vital: value})) == []


def test_streamed_value_waits_at_least_as_long_as_any_critical_alarm_of_it() -> None:
    for protocol in VERSIONS.values():
        for vital, stops in STOP_LINES.items():
            for stop in stops:
                delays = [
                    line.delay_s
                    for line in protocol.lines[vital]
                    if (line.tier, line.side) == ("critical", stop.side)
                    and line.reached(stop.value)
                ]
                assert stop.delay_s >= max(delays)


def test_saturation_must_be_low_for_half_a_minute() -> None:
    ward = Ward.infusing()
    assert prompts(ward.streams(range(10, 40), spo2=86)) == []
    assert ward.alarm_of("spo2")["priority"] == "high", "the alarm does not wait so long"
    assert prompts(ward.streams(range(40, 60), spo2=86)) == [("spo2", "raised", clock_time(40))]


def test_sweep_alone_says_it_in_time() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 20), spo2=86)
    assert prompts(ward.tick(60)) == [("spo2", "raised", clock_time(40))]


def test_half_a_minute_that_was_broken_begins_anew() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 35), spo2=86)
    said = ward.streams(range(35, 60), spo2=95)
    said += ward.streams(range(60, 85), spo2=86)
    assert prompts(said) == []


def test_unlikely_value_prompts_too() -> None:
    ward = Ward.infusing()
    ward.types(5, sedation=5, hr=80)
    ward.types(10, hr=28)
    assert ward.public["values"]["hr"]["unconfirmed"]
    assert "hr" in ward.public["stop_prompts"]


def test_value_that_comes_too_late_does_not() -> None:
    ward = Ward.infusing()
    assert prompts(ward.types(4000, taken=100, sedation=1)) == []


def test_cuff_prompts_at_once_and_the_next_measurement_ends_it() -> None:
    ward = Ward.infusing()
    ward.sends(10, CALM)
    said = ward.sends(11, {**CALM, "sbp": 204, "dbp": 118})
    assert prompts(said) == [("sbp", "raised", clock_time(11))]
    said = ward.sends(311, {**CALM, "sbp": 197, "dbp": 110})
    assert prompts(said) == [], "back by less than the hysteresis"
    said = ward.sends(611, {**CALM, "sbp": 195, "dbp": 104})
    assert prompts(said) == [("sbp", "inside", clock_time(611))]
    assert standing(ward) == {}


def test_stream_must_be_inside_for_a_while() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 60), spo2=86)
    said = ward.streams(range(60, 90), spo2=94)
    assert prompts(said) == [("spo2", "inside", clock_time(70))]


def test_nothing_is_said_while_nothing_runs() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    assert prompts(ward.types(1, {**CALM, "sbp": 210})) == []
    ward.phase("baseline", 2)
    ward.phase("ready", 3, override_reason="story")
    assert standing(ward) == {}
    said = ward.phase("infusing", 4)
    assert prompts(said) == [("sbp", "raised", clock_time(4))], "it is still so"


def test_pause_ends_it_and_going_on_with_the_same_value_raises_it_again() -> None:
    ward = Ward.infusing()
    ward.types(5, sedation=2)
    assert prompts(ward.phase("paused", 10)) == [("sedation", "phase", clock_time(10))]
    assert ward.alarm["priority"] == "high", "the alarm stands"
    assert prompts(ward.phase("infusing", 20)) == [("sedation", "raised", clock_time(20))]


@pytest.mark.parametrize("to", ["stopped", "completed", "transferred"])
def test_end_of_the_infusion_ends_it(to: str) -> None:
    ward = Ward.infusing()
    ward.types(5, rr=6)
    said = ward.phase(to, 10, reason="story")
    assert prompts(said) == [("rr", "phase", clock_time(10))]
    assert standing(ward) == {}


def test_a_closed_session_waits_for_nothing() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 5), hr=38, spo2=86)
    ward.phase("transferred", 5)
    assert ward.state.next_due_at is None
    assert ward.tick(3600) == []


def test_person_lets_it_go_on_and_is_named_with_the_reason() -> None:
    ward = Ward.infusing()
    ward.types(5, hr=39)
    said = ward.lets_go_on(20, "hr", reason="an athlete, 38 at rest", by=ANNA)
    (ended,) = [event for event in said if event["kind"] == "stop_prompt.ended"]
    assert ended["data"] == {
        "vital": "hr",
        "ended_by": "answered",
        "reason": "an athlete, 38 at rest",
    }
    assert ended["actor"]["id"] == "anna"
    assert standing(ward) == {}
    assert ward.alarm["state"] == "active", "an answer acknowledges nothing"


def test_answered_prompt_stays_away_while_the_value_stays() -> None:
    ward = Ward.infusing()
    ward.types(5, hr=39)
    ward.lets_go_on(20, "hr")
    said = ward.types(60, hr=38)
    said += ward.phase("paused", 70)
    said += ward.phase("infusing", 80)
    said += ward.tick(200)
    assert prompts(said) == []


@pytest.mark.parametrize(
    ("vital", "first", "worse"),
    [("hr", 38, 23), ("sbp", 202, 212), ("sbp", 78, 68), ("rr", 6, 2), ("sedation", 2, 1)],
)
def test_answered_prompt_is_back_when_it_is_worse_by_a_step(
    vital: str, first: float, worse: float
) -> None:
    ward = Ward.infusing()
    ward.types(5, {vital: first}, confirmed=True)
    ward.lets_go_on(20, vital)
    short = worse + 1 if worse < first else worse - 1
    if short != first:
        assert prompts(ward.types(60, {vital: short}, confirmed=True)) == []
    said = ward.types(90, {vital: worse}, confirmed=True)
    assert prompts(said) == [(vital, "raised", clock_time(90))]


def test_answered_prompt_is_back_when_the_value_was_inside_in_between() -> None:
    ward = Ward.infusing()
    ward.streams(range(0, 40), spo2=86)
    ward.lets_go_on(40, "spo2")
    assert prompts(ward.streams(range(40, 200), spo2=86)) == []
    assert prompts(ward.streams(range(200, 230), spo2=95)) == []
    assert prompts(ward.streams(range(230, 270), spo2=86)) == [("spo2", "raised", clock_time(260))]


def test_what_does_not_stand_cannot_be_answered() -> None:
    ward = Ward.infusing()
    with pytest.raises(NoSuchPrompt):
        ward.lets_go_on(5, "hr")
    ward.types(6, hr=39)
    ward.lets_go_on(7, "hr")
    with pytest.raises(NoSuchPrompt):
        ward.lets_go_on(8, "hr")


def test_one_source_back_inside_leaves_the_other() -> None:
    ward = Ward.infusing()
    ward.sends(10, device="mon-01", interval_s=60, hr=38)
    ward.sends(11, device="mon-02", interval_s=60, hr=37)
    said = ward.sends(71, device="mon-02", interval_s=60, hr=70)
    assert prompts(said) == []
    said = ward.sends(72, device="mon-01", interval_s=60, hr=70)
    assert prompts(said) == [("hr", "inside", clock_time(72))]


def test_reading_that_never_was_takes_its_prompt_with_it() -> None:
    ward = Ward.infusing()
    mistyped = reading_event(ward.types(5, sedation=1))
    assert prompts(ward.voids(30, mistyped)) == [("sedation", "corrected", clock_time(30))]
    assert standing(ward) == {}


def test_correction_brings_a_prompt_that_should_have_been() -> None:
    ward = Ward.infusing()
    ward.types(5, rr=6)
    mistyped = reading_event(ward.types(60, rr=16))
    assert standing(ward) == {}
    assert prompts(ward.amends(90, mistyped, {"rr": 6})) == [("rr", "raised", clock_time(90))]


def test_answer_stands_through_a_correction_of_something_else() -> None:
    ward = Ward.infusing()
    ward.types(5, hr=39)
    other = reading_event(ward.types(6, temp=36.5))
    ward.lets_go_on(7, "hr")
    assert prompts(ward.voids(8, other)) == []
    assert standing(ward) == {}


def test_device_taken_away_with_a_reason_takes_its_prompt_with_it() -> None:
    ward = Ward.infusing()
    ward.attaches(0)
    ward.streams(range(1, 40), spo2=86)
    assert "spo2" in standing(ward)
    said = ward.detaches(41, reason="wrong patient")
    assert prompts(said) == [("spo2", "corrected", clock_time(41))]


def test_alarm_of_a_dead_device_that_a_person_ends_takes_its_prompt_with_it() -> None:
    ward = Ward.infusing()
    ward.streams(range(1, 40), spo2=86)
    said = ward.ends(100, ward.alarm_of("spo2"))
    assert prompts(said) == [("spo2", "corrected", clock_time(100))]


def test_ending_an_alarm_leaves_the_prompt_of_a_value_that_still_comes() -> None:
    ward = Ward.infusing()
    ward.changes_limits(0, {"hr": {"low_critical": 30, "low": 35}})
    ward.types(1, hr=34)
    ward.types(2, hr=39)
    assert [alarm["state"] for alarm in ward.alarms] == []
    ward.sends(3, interval_s=60, hr=34)
    ward.sends(4, device="mon-07", interval_s=60, hr=38)
    ward.tick(400)
    ward.sends(401, device="mon-07", interval_s=60, hr=38)
    said = ward.ends(402, ward.alarm_of("hr"))
    assert prompts(said) == []
    assert "hr" in standing(ward)


def test_limits_moved_and_alarms_off_change_nothing_of_it() -> None:
    ward = Ward.infusing()
    ward.changes_limits(1, {"hr": {"low_critical": 30, "low": 33}})
    ward.switches_off(2, "alarms", "hr")
    assert prompts(ward.types(5, hr=39)) == [("hr", "raised", clock_time(5))]
    assert ward.alarms == []
    said = ward.changes_limits(6, {"hr": {"low": 32}})
    assert prompts(said) == []
    assert "hr" in standing(ward)


def test_stepping_the_log_again_says_the_same() -> None:
    ward = Ward.infusing()
    ward.streams(range(0, 40), spo2=86)
    ward.types(41, hr=39, sedation=2)
    ward.lets_go_on(42, "hr")
    ward.types(50, hr=20, sedation=4)
    ward.phase("paused", 60)
    state, events = restep(ward.log)
    assert [event.kind for event in events] == [event["kind"] for event in ward.log]
    assert state == ward.state
    assert state_of(ward.log) == ward.state


def test_log_of_a_version_that_knew_no_prompts_is_gone_on_with() -> None:
    ward = Ward.infusing()
    ward.types(5, hr=39)
    told = [event for event in ward.log if not event["kind"].startswith("stop_prompt.")]
    older = [{**event, "seq": seq} for seq, event in enumerate(told, 1)]
    ward.state = state_of(older)
    assert ward.state.stop_prompts == {}
    ward.log, ward.folded = older, ward.public
    assert prompts(ward.tick(10)) == [("hr", "raised", clock_time(5))]
