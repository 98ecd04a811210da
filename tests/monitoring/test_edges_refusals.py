"""Every refusal of the engine: which field and why, in words for people, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.monitoring.commands import SYSTEM, MoveClock
from app.monitoring.errors import (
    BeforePreviousPhase,
    ClockNotBegun,
    DeviceDetached,
    DomainError,
    GateFailed,
    IllegalTransition,
    InvalidRequest,
    LimitsChanged,
    NotDriven,
    ReasonRequired,
    RoleNeeded,
    SessionClosed,
    StillPresent,
    TakenInFuture,
    UnknownAlarm,
)
from app.monitoring.readings import LostSignals
from tests.monitoring.refusals import Where, fields
from tests.monitoring.ward import ANNA, CLINICIAN, NURSE, RESTED, Json, Ward, at

Act = Callable[[Ward], object]
Told = list[tuple[Where, str]]


def refused(ward: Ward, kind: type[DomainError], act: Act) -> Told:
    """What the refusal tells of fields; the session is as it was."""
    before = ward.state
    with pytest.raises(kind) as told:
        act(ward)
    assert ward.state is before
    return fields(told)


def limits(**lines: dict[str, float]) -> Act:
    return lambda ward: ward.changes_limits(10, lines)


def limit(vital: str, flag: str, code: str) -> Told:
    return [(("limits", vital, flag), code)]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda w: w.pauses_audio(10, 0), [(("seconds",), "out_of_range")]),
        (lambda w: w.pauses_audio(10, 121), [(("seconds",), "out_of_range")]),
        (lambda w: w.stands_by(10, 0), [(("minutes",), "out_of_range")]),
        (lambda w: w.stands_by(10, 11), [(("minutes",), "out_of_range")]),
        (lambda w: w.switches_off(10, "audio", "ears"), [(("scope",), "unknown_scope")]),
        (lambda w: w.switches_off(10, "alarms", "ears"), [(("scope",), "unknown_scope")]),
        (lambda w: w.switches_off(10, "alarms", "session"), [(("scope",), "unknown_scope")]),
        (lambda w: w.phase("lunch", 10), [(("to",), "unknown_phase")]),
        (lambda w: w.phase("paused", 10, told_at=-1e9), [(("at",), "implausible")]),
        (lambda w: w.phase("paused", 10, told_at=1e11), [(("at",), "implausible")]),
    ],
)
def test_field_out_of_its_bounds_is_named(act: Act, told: Told) -> None:
    assert refused(Ward.infusing(), InvalidRequest, act) == told


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.pauses_audio(10, 1),
        lambda w: w.pauses_audio(10, 120),
        lambda w: w.stands_by(10, 1),
        lambda w: w.stands_by(10, 10),
        lambda w: w.switches_off(10, "audio", "session"),
        lambda w: w.switches_off(10, "alarms", "bp"),
    ],
)
def test_bounds_themselves_are_taken(act: Act) -> None:
    ward = Ward.infusing()
    act(ward)
    assert ward.public["seq"] == 6


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (limits(hr={"low": 29}), limit("hr", "low", "out_of_bounds")),
        (limits(hr={"high": 181}), limit("hr", "high", "out_of_bounds")),
        (limits(spo2={"high": 99}), limit("spo2", "high", "no_such_line")),
        (limits(pain={"high": 5}), limit("pain", "high", "no_such_line")),
        (limits(lunch={"high": 5}), limit("lunch", "high", "no_such_line")),
        (limits(hr={"low": 110}), limit("hr", "low", "not_ordered")),
        (limits(hr={"low": 109}), limit("hr", "low", "too_close")),
        (limits(hr={"high": 50}), limit("hr", "high", "not_ordered")),
        (limits(hr={"high": 51.5}), limit("hr", "high", "too_close")),
        (limits(hr={"low_critical": 49}), limit("hr", "low_critical", "too_close")),
        (limits(hr={"high_critical": 100}), limit("hr", "high_critical", "not_ordered")),
        (
            limits(hr={"low": 29}, sbp={"high": 230, "low": 60}, dbp={"high": 109}),
            [
                *limit("hr", "low", "out_of_bounds"),
                *limit("sbp", "high", "out_of_bounds"),
                *limit("sbp", "low", "out_of_bounds"),
                *limit("dbp", "high", "too_close"),
            ],
        ),
        (lambda w: w.changes_limits(10), [(("limits",), "required")]),
        (
            lambda w: w.changes_limits(10, baseline={"hr": 301, "lunch": 1, "sbp": 29}),
            [
                (("baseline", "hr"), "implausible"),
                (("baseline", "lunch"), "unknown_vital"),
                (("baseline", "sbp"), "implausible"),
            ],
        ),
    ],
)
def test_every_wrong_limit_is_named(act: Act, told: Told) -> None:
    assert refused(Ward.infusing(), InvalidRequest, act) == told


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ({"hr": {"low_critical": 49}}, "low critical and low"),
        ({"hr": {"low": 110}}, "low and high"),
        ({"hr": {"high_critical": 111}}, "high and high critical"),
    ],
)
def test_limits_that_are_too_close_are_named_in_words(
    lines: dict[str, dict[str, float]], names: str
) -> None:
    with pytest.raises(InvalidRequest) as told:
        Ward.infusing().changes_limits(10, lines)
    assert f"The limits {names} must" in told.value.errors[0].msg


@pytest.mark.parametrize(
    ("lines", "baseline"),
    [
        ({"hr": {"low": 108}}, {}),
        ({"hr": {"high": 138}}, {}),
        ({"hr": {"high_critical": 180}}, {}),
        ({"hr": {"low_critical": 30, "low": 32}}, {}),
        ({"hr": {"low": 90, "high": 92}}, {}),
        ({}, {"hr": 20, "sbp": 300}),
    ],
)
def test_limit_may_go_to_its_bounds_and_to_the_gap_from_its_neighbour(
    lines: dict[str, dict[str, float]], baseline: dict[str, float]
) -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, lines, baseline=baseline)
    assert ward.public["limits_version"] == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.changes_limits(10, {"hr": {"high": 120}}, reason=""),
        lambda w: w.switches_off(10, "audio", "session", reason=""),
        lambda w: w.switches_off(10, "alarms", "bp", reason=""),
        lambda w: w.stands_by(10, 5, reason=""),
        lambda w: w.phase("stopped", 10),
    ],
)
def test_reason_is_asked_for(act: Act) -> None:
    assert refused(Ward.infusing(), ReasonRequired, act) == [(("reason",), "required")]


def test_alarm_is_not_ended_without_a_reason() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=100)
    told = refused(ward, ReasonRequired, lambda w: w.ends(20, w.alarm, reason=""))
    assert told == [(("reason",), "required")]


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.switches_off(10, "audio", "session", by=ANNA),
        lambda w: w.switches_off(10, "alarms", "bp", by=NURSE),
        lambda w: w.changes_limits(10, {"hr": {"high": 120}}, by=NURSE),
        lambda w: w.changes_limits(10, {"hr": {"high_critical": 150}}, by=ANNA),
        lambda w: w.changes_limits(10, {"hr": {"low": 45, "low_critical": 38}}, by=ANNA),
        lambda w: w.changes_limits(10, baseline={"hr": 80}, by=ANNA),
    ],
)
def test_role_is_asked_for(act: Act) -> None:
    assert refused(Ward.infusing(), RoleNeeded, act) == []


def test_wrong_fields_are_told_before_the_role() -> None:
    ward = Ward.infusing()
    act = limits(hr={"high": 200})
    assert refused(ward, InvalidRequest, act) == limit("hr", "high", "out_of_bounds")
    ward.changes_limits(20, {"hr": {"high": 120}}, by=ANNA)
    assert ward.public["limits_version"] == 2


@pytest.mark.parametrize("version", [0, 1, 3])
def test_limits_of_another_version_are_not_changed(version: int) -> None:
    ward = Ward.infusing()
    ward.changes_limits(5, {"hr": {"high": 115}}, version=1)
    told = refused(
        ward, LimitsChanged, lambda w: w.changes_limits(10, {"hr": {"high": 120}}, version=version)
    )
    assert told == []
    ward.changes_limits(20, {"hr": {"high": 120}}, version=2)
    assert ward.public["limits_version"] == 3


@pytest.mark.parametrize(
    "act",
    [
        lambda w, alarm: w.acknowledge(20, alarm),
        lambda w, alarm: w.ends(20, alarm),
    ],
)
def test_alarm_that_never_was_is_unknown(act: Callable[[Ward, Json], object]) -> None:
    ward = Ward.infusing()
    stranger = {"id": "01930000-0000-7000-8000-00000000ffff", "rev": 1}
    assert refused(ward, UnknownAlarm, lambda w: act(w, stranger)) == []


def test_what_still_is_so_is_not_ended() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 21), spo2=84)
    assert refused(ward, StillPresent, lambda w: w.ends(21, w.alarm)) == []
    ward = Ward.infusing()
    ward.sends(10, spo2=98)
    ward.tick(120)
    assert refused(ward, StillPresent, lambda w: w.ends(130, w.alarms[0])) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.sends(20, hr=80),
        lambda w: w.says_no_signal(20, hr=0),
        lambda w: w.step(LostSignals("mon-03", at(20), ("hr",)), SYSTEM),
    ],
)
def test_device_that_was_taken_away_is_refused(act: Act) -> None:
    ward = Ward.infusing()
    ward.attaches(5)
    ward.detaches(10)
    assert refused(ward, DeviceDetached, act) == []
    ward.sends(30, hr=80, device="mon-04")
    ward.attaches(35)
    ward.sends(40, hr=80)


def test_phase_that_cannot_be_says_which_can() -> None:
    ward = Ward.infusing()
    with pytest.raises(IllegalTransition) as told:
        ward.phase("recovery", 10)
    assert fields(told) == []
    for name in told.value.extra["allowed"]:
        assert name in told.value.detail
    ward.phase("completed", 10)
    told_late = refused(
        ward, IllegalTransition, lambda w: w.phase("infusing", 611, reason="too early")
    )
    assert told_late == []


def test_gate_names_what_is_missing() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(5, hr=78)
    with pytest.raises(GateFailed) as told:
        ward.phase("ready", 10)
    assert fields(told) == []
    for name in told.value.extra["missing"]:
        assert name in told.value.detail
    assert "hr," not in told.value.detail


def test_phase_out_of_its_time_is_refused() -> None:
    ward = Ward()
    ward.phase("checked_in", 100)
    early = refused(ward, BeforePreviousPhase, lambda w: w.phase("baseline", 110, told_at=99))
    ahead = refused(ward, TakenInFuture, lambda w: w.phase("baseline", 110, told_at=171))
    assert early == ahead == []


@pytest.mark.parametrize("command", [MoveClock(at=at(10)), MoveClock(live=True), MoveClock()])
def test_clock_on_the_wall_is_not_moved(command: MoveClock) -> None:
    assert refused(Ward.infusing(), NotDriven, lambda w: w.step(command, NURSE)) == []


def test_move_of_the_clock_says_where_to() -> None:
    ward = Ward(clock="driven", starts_at=0)
    told = refused(ward, InvalidRequest, lambda w: w.step(MoveClock(), NURSE))
    assert told == [(("at",), "required")]


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.pauses_audio(10),
        lambda w: w.switches_off(10, "audio", "session"),
        lambda w: w.switches_off(10, "alarms", "bp"),
        lambda w: w.stands_by(10, 5),
        lambda w: w.calls_help(10),
    ],
)
def test_session_that_knows_no_time_yet_begins_nothing_that_ends_by_time(act: Act) -> None:
    ward = Ward(clock="driven")
    assert refused(ward, ClockNotBegun, act) == []
    ward.move_clock(0)
    act(ward)
    assert ward.public["seq"] > 3


@pytest.mark.parametrize(
    "act",
    [
        lambda w: w.sends(200, hr=80),
        lambda w: w.sends(200, taken=90, hr=80),
        lambda w: w.changes_limits(200, {"hr": {"high": 120}}),
        lambda w: w.pauses_audio(200),
        lambda w: w.resumes_audio(200),
        lambda w: w.switches_off(200, "audio", "session"),
        lambda w: w.switches_on(200, "audio", "session"),
        lambda w: w.stands_by(200, 5),
        lambda w: w.ends_standby(200),
        lambda w: w.attaches(200),
        lambda w: w.detaches(200),
        lambda w: w.appoints(200, ANNA),
        lambda w: w.calls_help(200),
        lambda w: w.ends_help(200),
        lambda w: w.ends(200, {"id": "any"}),
    ],
)
def test_closed_session_takes_nothing_more(act: Act) -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.phase("transferred", 100)
    assert refused(ward, SessionClosed, act) == []


def test_closed_session_hears_no_signals() -> None:
    ward = Ward.infusing()
    ward.sends(10, hr=80)
    ward.phase("transferred", 100)
    before = ward.state
    assert ward.step(LostSignals("mon-03", at(110), ("hr",)), SYSTEM) == []
    assert ward.state is before


def test_clinician_may_do_what_a_nurse_may() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"hr": {"high": 120}}, by=CLINICIAN)
    assert ward.public["limits_version"] == 2
