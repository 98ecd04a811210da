"""The same day once more, with other limits or other readings: what people did fits itself in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.monitoring.corrections import Correction, amended_reading
from app.monitoring.errors import UnknownAlarm
from app.monitoring.limits import Line, Lines, with_moved
from app.monitoring.rebuild import Replay, restep
from tests.monitoring.ward import ANNA, RESTED, Json, Ward, as_json, at, clock_time, reading_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.monitoring.state import Event

TEN = at(0)


def again(
    ward: Ward,
    *,
    redraw: Callable[[Lines], Lines] | None = None,
    corrections: dict[int, Correction] | None = None,
    fixed: frozenset[str] = frozenset(),
) -> tuple[Replay, list[Json]]:
    replay = Replay(corrections, redraw=redraw, fixed=fixed)
    events: list[Event] = []
    for logged in ward.log:
        events += replay.feed(logged)
    events += replay.finish()
    return replay, [as_json(event, TEN) for event in events]


def with_line(vital: str, flag: str, value: float) -> Callable[[Lines], Lines]:
    """Limits with one line elsewhere."""
    return lambda lines: {**lines, vital: with_moved(lines[vital], flag, value)}


def alarms(events: list[Json], kind: str) -> list[tuple[str, str]]:
    """Group and moment of what was said of alarms."""
    return [
        (event["data"]["alarm"]["group"], event["at"])
        for event in events
        if event["kind"] == f"alarm.{kind}"
    ]


def seen(ward: Ward) -> Ward:
    ward.types(60, sbp=165, dbp=80)
    ward.types(100, sbp=175, dbp=80)
    ward.acknowledge(120, ward.alarm_of("bp"), action="informed", by=ANNA)
    ward.tick(200)
    return ward


def test_day_under_the_same_limits_is_the_same_day() -> None:
    ward = seen(Ward.infusing())
    replay, events = again(ward, redraw=lambda lines: lines)
    assert [event["kind"] for event in events] == [event["kind"] for event in ward.log]
    assert replay.state.alarms == ward.state.alarms


def test_replay_before_the_first_event_has_no_state() -> None:
    with pytest.raises(ValueError, match="no state"):
        _ = Replay().state


def test_alarm_of_another_line_is_the_one_that_was_acknowledged() -> None:
    ward = seen(Ward.infusing())
    replay, events = again(ward, redraw=with_line("sbp", "high", 170))
    assert alarms(events, "raised") == [("bp", clock_time(100))]
    assert alarms(events, "acknowledged") == [("bp", clock_time(120))]
    (alarm,) = replay.state.alarms.values()
    assert (alarm.state, alarm.limit) == ("acknowledged", 170)
    (seen_by,) = alarm.acknowledgements
    assert (seen_by.by.id, seen_by.action) == ("anna", "informed")


def test_older_revision_that_was_acknowledged_quiets_nothing_in_another_course_either() -> None:
    ward = Ward.infusing()
    ward.types(60, sbp=165, dbp=80)
    first = ward.alarm_of("bp")
    ward.types(100, sbp=185, dbp=80)
    ward.acknowledge(120, first, rev=first["rev"])
    assert ward.alarm_of("bp")["state"] == "active"
    replay, _ = again(ward, redraw=with_line("sbp", "high", 164))
    (alarm,) = replay.state.alarms.values()
    assert (alarm.state, len(alarm.acknowledgements)) == ("active", 1)


def test_acknowledging_what_never_was_is_left_out() -> None:
    ward = seen(Ward.infusing())
    replay, events = again(ward, redraw=with_line("sbp", "high", 178))
    assert alarms(events, "raised") == alarms(events, "acknowledged") == []
    assert replay.state.alarms == {}


def test_ending_an_alarm_ends_the_one_that_stands_for_the_same() -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    ward.streams(range(60, 71), spo2=84)
    ward.says_no_signal(72, spo2=0)
    ward.ends(90, ward.alarm_of("spo2"))
    replay, events = again(ward, redraw=with_line("temp", "high", 40))
    assert alarms(events, "cleared") == [("spo2", clock_time(90))]
    assert replay.state.alarms == {}


def test_what_is_refused_in_another_course_is_left_out() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 71), spo2=84)
    ward.says_no_signal(72, spo2=0)
    ward.ends(90, ward.alarm_of("spo2"))
    ward.types(95, pain=1)
    moved = again(ward, redraw=with_line("spo2", "low_critical", 82))[0].state
    assert moved.now == at(95)


def test_log_as_it_is_must_not_be_refused() -> None:
    ward = seen(Ward.infusing())
    broken = [*ward.log]
    position = next(i for i, e in enumerate(broken) if e["kind"] == "alarm.acknowledged")
    data = broken[position]["data"]
    stranger = {**data["alarm"], "id": "somebody else's"}
    broken[position] = {**broken[position], "data": {"alarm": stranger}}
    with pytest.raises(UnknownAlarm):
        restep(broken)


def test_gate_that_was_passed_is_passed_again() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    typed = reading_event(ward.types(5, RESTED))
    ward.phase("ready", 10)
    ward.phase("infusing", 20)
    replay, events = again(ward, corrections={typed["seq"]: Correction("voided")})
    assert replay.state.phase == "infusing"
    assert replay.state.baseline is None
    (passed,) = [e for e in events if e["kind"] == "phase.changed" and e["data"]["to"] == "ready"]
    assert passed["data"]["missing"] == ["hr", "spo2", "sbp", "dbp", "rr", "sedation"]
    assert passed["data"]["override_reason"]


def test_reason_that_was_given_stays() -> None:
    ward = Ward.infusing()
    _, events = again(ward, redraw=lambda lines: lines)
    told = [e["data"]["override_reason"] for e in events if e["kind"] == "phase.changed"]
    assert "told as a story" in told


CHANGES: dict[str, dict[str, float]] = {"sbp": {"high": 165}, "hr": {"high": 120, "low": 45}}


@pytest.mark.parametrize(
    ("fixed", "sbp", "hr"),
    [
        (frozenset(), [80, 90, 165, 180], [40, 45, 120, 140]),
        (frozenset({"sbp.high"}), [80, 90, 160, 180], [40, 45, 120, 140]),
        (frozenset({"hr.high"}), [80, 90, 165, 180], [40, 45, 110, 140]),
        (frozenset({"sbp.high", "hr.high", "hr.low"}), [80, 90, 160, 180], [40, 50, 110, 140]),
    ],
)
def test_lines_that_are_fixed_are_not_moved_by_people(
    fixed: frozenset[str], sbp: list[float], hr: list[float]
) -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, CHANGES, version=1)
    ward.changes_limits(20, {"sbp": {"low": 85}}, version=2)
    replay, _ = again(ward, redraw=lambda lines: lines, fixed=fixed | {"sbp.low"})
    assert [line.value for line in replay.limits.lines["sbp"]] == sbp
    assert [line.value for line in replay.limits.lines["hr"]] == hr


def test_corrected_baseline_stays_though_all_lines_are_fixed() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"sbp": {"high": 165}}, baseline={"dbp": 80})
    replay, _ = again(ward, redraw=lambda lines: lines, fixed=frozenset({"sbp.high"}))
    assert replay.state.baseline == {"dbp": 80}
    assert replay.state.moved == {}


def test_redrawn_lines_are_those_that_the_baseline_adds_to() -> None:
    ward = Ward.infusing(baseline=RESTED)

    def only_critical(lines: Lines) -> Lines:
        return {v: tuple(line for line in of if line.tier == "critical") for v, of in lines.items()}

    replay, _ = again(ward, redraw=only_critical)
    tiers = {line.tier for line in replay.limits.lines["sbp"]}
    assert tiers == {"critical", "relative"}


def test_reading_that_never_was_is_left_out_and_the_others_keep_their_numbers() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(10, sbp=190, dbp=100))
    right = reading_event(ward.types(20, temp=37))
    replay, events = again(ward, corrections={wrong["seq"]: Correction("voided")})
    assert alarms(events, "raised") == []
    assert set(replay.state.samples) == {right["seq"]}
    assert replay.judged == {}


def test_reading_as_it_should_have_been_is_judged() -> None:
    ward = Ward.infusing()
    wrong = reading_event(ward.types(10, sbp=120, dbp=80))
    should = amended_reading(wrong["data"], {"sbp": 190})
    replay, events = again(ward, corrections={wrong["seq"]: Correction("amended", should)})
    assert alarms(events, "raised") == [("bp", clock_time(10))]
    assert replay.judged[wrong["seq"]]["flags"] == {"sbp": "high_critical"}
    assert set(replay.state.samples) == {wrong["seq"]}


def test_driven_day_is_not_ticked_beyond_its_feed() -> None:
    ward = Ward(clock="driven", starts_at=0)
    for phase in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(phase, override_reason="told as a story")
    ward.sends(0, taken=0, spo2=84)
    ward.wall = at(500)
    replay, events = again(ward, redraw=lambda lines: lines)
    assert replay.state.now == at(0)
    assert alarms(events, "raised") == []


def test_line_of_a_redrawn_limit_keeps_all_else() -> None:
    ward = Ward.infusing()
    replay, _ = again(ward, redraw=with_line("sbp", "high", 170))
    line = next(e for e in replay.limits.lines["sbp"] if e.value == 170)
    assert replace(line, value=160) == Line("warning", "high", ">", 160, "medium", 0)
