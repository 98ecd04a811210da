"""Phases: what may follow what, what each wants, and what time it counts from."""

from __future__ import annotations

import pytest

from app.monitoring.errors import (
    BeforePreviousPhase,
    DomainError,
    GateFailed,
    IllegalTransition,
    InvalidRequest,
    NotDriven,
    ReasonRequired,
    SessionClosed,
    TakenInFuture,
)
from tests.monitoring.ward import RESTED, Ward, clock_time, kinds

LEGAL = {
    "scheduled": {"checked_in", "cancelled"},
    "checked_in": {"baseline", "cancelled"},
    "baseline": {"ready", "cancelled"},
    "ready": {"infusing", "cancelled"},
    "infusing": {"paused", "completed", "stopped", "transferred"},
    "paused": {"infusing", "completed", "stopped", "transferred"},
    "completed": {"recovery", "transferred", "infusing"},
    "stopped": {"recovery", "transferred", "infusing"},
    "recovery": {"ready_for_discharge", "transferred"},
    "ready_for_discharge": {"discharged", "transferred", "recovery"},
    "discharged": set[str](),
    "cancelled": set[str](),
    "transferred": set[str](),
}
WAY = {
    "cancelled": ("cancelled",),
    "paused": ("infusing", "paused"),
    "completed": ("infusing", "completed"),
    "stopped": ("infusing", "stopped"),
    "transferred": ("infusing", "transferred"),
    "recovery": ("infusing", "completed", "recovery"),
    "ready_for_discharge": ("infusing", "completed", "recovery", "ready_for_discharge"),
    "discharged": ("infusing", "completed", "recovery", "ready_for_discharge", "discharged"),
}


def brought_to(phase: str) -> Ward:
    """A session in that phase, all phases at ten."""
    ward = Ward()
    start = ("checked_in", "baseline", "ready")
    if phase in start:
        way = start[: start.index(phase) + 1]
    else:
        way = () if phase in ("scheduled", "cancelled") else start
        way += WAY.get(phase, (phase,) if phase != "scheduled" else ())
    for to in way:
        ward.phase(to, 0, reason="story", override_reason="story")
    assert ward.public["phase"] == phase
    return ward


@pytest.mark.parametrize("frm", LEGAL)
@pytest.mark.parametrize("to", LEGAL)
def test_only_the_lawful_transitions_are_possible(frm: str, to: str) -> None:
    ward = brought_to(frm)
    before = ward.state
    if to in LEGAL[frm]:
        said = ward.phase(to, 1, reason="story", override_reason="story")
        assert kinds(said)[0] == "phase.changed"
        assert ward.public["phase"] == to
        assert ward.public["phases"][-1] == {"phase": to, "at": clock_time(1), "reason": "story"}
    else:
        with pytest.raises(IllegalTransition) as refused:
            ward.phase(to, 1, reason="story", override_reason="story")
        assert set(refused.value.extra["allowed"]) == LEGAL[frm]
        assert ward.state is before


def test_unknown_phase_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refused:
        brought_to("ready").phase("lunch", 1)
    assert refused.value.errors[0].code == "unknown_phase"


@pytest.mark.parametrize(
    ("frm", "to"),
    [
        ("infusing", "stopped"),
        ("paused", "stopped"),
        ("completed", "infusing"),
        ("stopped", "infusing"),
        ("ready_for_discharge", "recovery"),
    ],
)
def test_stopping_and_going_back_need_a_reason(frm: str, to: str) -> None:
    ward = brought_to(frm)
    for no_reason in (None, ""):
        with pytest.raises(ReasonRequired):
            ward.phase(to, 1, reason=no_reason)
    ward.phase(to, 1, reason="patient asked")
    assert ward.public["phase"] == to


@pytest.mark.parametrize("ended", ["completed", "stopped"])
def test_way_back_to_infusing_is_open_for_ten_minutes(ended: str) -> None:
    in_time = brought_to(ended)
    in_time.phase("infusing", 600, reason="pressed too early")
    assert in_time.public["phase"] == "infusing"
    too_late = brought_to(ended)
    with pytest.raises(IllegalTransition):
        too_late.phase("infusing", 600.001, reason="pressed too early")


def test_ready_wants_a_complete_baseline_set() -> None:
    ward = brought_to("baseline")
    with pytest.raises(GateFailed) as refused:
        ward.phase("ready", 1)
    assert refused.value.extra["missing"] == ["hr", "spo2", "sbp", "dbp", "rr", "sedation"]
    ward.types(2, hr=78, spo2=98, sbp=124, dbp=78)
    with pytest.raises(GateFailed) as refused:
        ward.phase("ready", 3)
    assert refused.value.extra["missing"] == ["rr", "sedation"]
    ward.types(4, rr=15, sedation=5)
    said = ward.phase("ready", 5)
    assert kinds(said) == ["phase.changed", "baseline.set"]
    assert said[0]["data"]["missing"] == []


def test_gate_is_passed_with_a_reason_and_keeps_what_was_missing() -> None:
    ward = brought_to("baseline")
    said = ward.phase("ready", 1, override_reason="cuff does not fit")
    assert said[0]["data"]["override_reason"] == "cuff does not fit"
    assert said[0]["data"]["missing"] == ["hr", "spo2", "sbp", "dbp", "rr", "sedation"]
    assert kinds(said) == ["phase.changed"]
    assert ward.public["baseline"] is None


def test_infusing_wants_a_weight() -> None:
    ward = Ward(weight_kg=None)
    for phase in ("checked_in", "baseline", "ready"):
        ward.phase(phase, 0, override_reason="story")
    with pytest.raises(GateFailed) as refused:
        ward.phase("infusing", 1)
    assert refused.value.extra["missing"] == ["weight"]
    ward.phase("infusing", 1, override_reason="weighed by eye")
    ward.phase("paused", 2)
    ward.phase("infusing", 3)  # asked once, at the start
    assert ward.public["phase"] == "infusing"


def test_nobody_goes_home_with_an_unseen_high_alarm() -> None:
    ward = brought_to("ready_for_discharge")
    ward.types(60, sbp=190, dbp=100)
    with pytest.raises(GateFailed) as refused:
        ward.phase("discharged", 61)
    assert refused.value.extra["missing"] == ["acknowledgement"]
    ward.types(62, sbp=130, dbp=80)
    assert ward.alarm["state"] == "latched"
    with pytest.raises(GateFailed):
        ward.phase("discharged", 63)
    ward.acknowledge(64, ward.alarm)
    ward.phase("discharged", 65)
    assert not ward.public["active"]


def test_acknowledged_high_alarm_does_not_keep_the_patient() -> None:
    ward = brought_to("ready_for_discharge")
    ward.types(60, sbp=190, dbp=100)
    ward.acknowledge(61, ward.alarm)
    said = ward.phase("discharged", 62)
    assert kinds(said) == ["phase.changed", "alarm.cleared"]


def test_phase_may_be_told_late_but_not_before_the_previous_one() -> None:
    ward = brought_to("ready")
    ward.phase("infusing", 600, told_at=480)
    assert ward.public["phase_since"] == clock_time(480)
    assert ward.public["infusing_since"] == clock_time(480)
    with pytest.raises(BeforePreviousPhase):
        ward.phase("paused", 610, told_at=479.999)
    ward.phase("paused", 610, told_at=480)
    assert ward.public["infused_s"] == 0


def test_first_phase_may_lie_before_the_record_was_opened() -> None:
    ward = Ward()
    ward.phase("checked_in", 60, told_at=-900)
    assert ward.public["phase_since"] == clock_time(-900)


def test_phase_may_be_a_minute_ahead_and_no_more() -> None:
    ward = brought_to("ready")
    with pytest.raises(TakenInFuture):
        ward.phase("infusing", 100, told_at=160.001)
    ward.phase("infusing", 100, told_at=160)
    ward.phase("paused", 120)  # told without a time, before the last one's has come
    assert ward.public["phase_since"] == clock_time(160)
    assert ward.public["infused_s"] == 0


def test_phase_of_another_century_is_refused() -> None:
    ward = Ward()
    with pytest.raises(InvalidRequest):
        ward.phase("checked_in", 1, told_at=-1_000_000_000)


def test_only_infusing_counts_as_infused_time() -> None:
    ward = brought_to("ready")
    ward.phase("infusing", 0)
    assert (ward.public["infused_s"], ward.public["infusing_since"]) == (0, clock_time(0))
    ward.phase("paused", 600)
    assert (ward.public["infused_s"], ward.public["infusing_since"]) == (600, None)
    ward.phase("infusing", 900)
    ward.phase("completed", 1800.5)
    assert ward.public["infused_s"] == 1500.5
    ward.phase("infusing", 2000, reason="the bag was not empty")
    assert ward.public["infusing_since"] == clock_time(2000)
    ward.phase("transferred", 2100)
    assert ward.public["infused_s"] == 1600.5


def test_schedule_follows_the_phase_and_keeps_its_start_while_it_is_the_same() -> None:
    ward = brought_to("ready")
    assert ward.public["schedule"] == {}
    ward.phase("infusing", 10)
    assert ward.public["schedule"] == {
        "hr": 600,
        "spo2": 600,
        "sbp": 600,
        "dbp": 600,
        "rr": 900,
        "sedation": 900,
    }
    ward.phase("paused", 20)
    assert ward.public["schedule_since"] == clock_time(10)
    ward.phase("completed", 30)
    assert ward.public["schedule_since"] == clock_time(30)
    assert set(ward.public["schedule"].values()) == {900}
    ward.phase("recovery", 40)
    assert ward.public["schedule_since"] == clock_time(30)
    ward.phase("ready_for_discharge", 50)
    assert ward.public["schedule"] == {}


@pytest.mark.parametrize("end", ["discharged", "transferred"])
def test_closing_ends_every_alarm_and_the_record(end: str) -> None:
    ward = brought_to("ready_for_discharge")
    ward.types(60, sbp=190, dbp=120, temp=38.5)
    ward.sends(60, spo2=87)
    ward.types(120, sbp=120, dbp=80)
    assert {alarm["state"] for alarm in ward.alarms} == {"latched", "active"}
    said = ward.phase(end, 130, told_at=30, override_reason="ambulance waits")
    assert kinds(said) == ["phase.changed", *["alarm.cleared"] * 3]
    for event in said[1:]:
        alarm = event["data"]["alarm"]
        assert (alarm["state"], alarm["ended_by"]) == ("cleared", "session_closed")
        assert alarm["raised_at"] <= alarm["cleared_at"] == clock_time(130)
    public = ward.public
    assert (public["active"], public["closed_at"], public["alarms"]) == (False, clock_time(30), {})
    assert ward.state.next_due_at is None
    with pytest.raises(SessionClosed):
        ward.sends(140, taken=20, hr=80)


def test_refused_input_does_nothing_not_even_what_was_due() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 65), spo2=88)
    before = ward.state
    with pytest.raises(IllegalTransition):
        ward.phase("discharged", 90)
    assert ward.state is before
    assert kinds(ward.tick(90)) == ["alarm.raised", "stop_prompt.raised"]
    assert ward.alarm["raised_at"] == clock_time(70)


def test_baseline_is_the_median_of_the_last_two_rested_sets() -> None:
    ward = brought_to("checked_in")
    ward.types(0, {**RESTED, "sbp": 170, "hr": 99})
    ward.types(60, {**RESTED, "sbp": 131, "hr": 81})
    ward.phase("baseline", 70)
    ward.types(120, {**RESTED, "sbp": 124, "hr": 78})
    ward.phase("ready", 130)
    baseline = ward.public["baseline"]
    assert (baseline["sbp"], baseline["hr"], baseline["sedation"]) == (127.5, 79.5, 5)
    ward.types(140, sbp=110, dbp=70)
    ward.phase("infusing", 150)
    ward.types(160, sbp=150, dbp=90)
    assert ward.public["baseline"] == baseline


def test_new_lines_are_held_against_the_newest_fresh_values_at_once() -> None:
    ward = brought_to("baseline")
    ward.types(0, {**RESTED, "sbp": 100})
    ward.types(10, {**RESTED, "sbp": 140})
    assert ward.alarms == []
    ward.types(20, sbp=100, dbp=70)
    ward.types(30, sbp=150, dbp=80)
    said = ward.phase("ready", 40)
    assert kinds(said) == ["phase.changed", "baseline.set"]
    assert ward.public["baseline"]["sbp"] == 125
    ward = brought_to("baseline")
    ward.types(0, {**RESTED, "sbp": 100})
    ward.types(10, {**RESTED, "sbp": 158})
    said = ward.phase("ready", 40)  # baseline 129: 158 is up by 22 %
    assert kinds(said) == ["phase.changed", "baseline.set", "alarm.raised"]
    assert (ward.alarm["priority"], ward.alarm["raised_at"]) == ("low", clock_time(40))


def test_driven_session_has_the_time_of_its_feed() -> None:
    ward = Ward(clock="driven", starts_at=-86_400)
    assert ward.public["now"] == clock_time(-86_400)
    ward.move_clock(-86_000)
    ward.phase("checked_in")
    assert ward.public["phase_since"] == clock_time(-86_000)
    ward.phase("baseline", told_at=-85_900)
    assert ward.public["now"] == clock_time(-85_900)
    ward.sends(0, taken=-85_800, hr=80)
    assert ward.public["now"] == clock_time(-85_800)
    ward.sends(0, taken=-85_850, hr=80)
    ward.move_clock(-86_000)
    assert ward.public["now"] == clock_time(-85_800)
    ward.move_clock(live=True)
    assert (ward.public["clock"], ward.public["now"]) == ("wall", None)
    with pytest.raises(NotDriven):
        ward.move_clock(10)


def test_driven_session_waits_for_its_feed_and_not_for_the_wall() -> None:
    ward = Ward(clock="driven", starts_at=0)
    for phase in ("checked_in", "baseline", "ready", "infusing"):
        ward.phase(phase, override_reason="story")
    ward.sends(0, taken=0, spo2=85)
    assert ward.tick(86_400) == []
    said = ward.move_clock(60)
    assert kinds(said)[0] == "alarm.raised"
    assert said[0]["at"] == clock_time(5)


@pytest.mark.parametrize("clock", ["wall", "driven"])
def test_empty_move_of_the_clock_is_refused(clock: str) -> None:
    ward = Ward(clock=clock)  # type: ignore[arg-type]  # one of the two literals above
    with pytest.raises(DomainError):
        ward.move_clock()
