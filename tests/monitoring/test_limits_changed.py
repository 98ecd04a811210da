"""Limits that people move: who may, within which bounds, and what is judged by them from when."""

from __future__ import annotations

import pytest

from app.monitoring.errors import (
    DomainError,
    InvalidRequest,
    LimitsChanged,
    ReasonRequired,
    RoleNeeded,
)
from tests.monitoring.ward import (
    ANNA,
    CLINICIAN,
    RESTED,
    Json,
    Ward,
    clock_time,
    kinds,
    reading_of,
    said_of,
)


def changed(events: list[Json]) -> Json:
    (only,) = [event["data"] for event in events if event["kind"] == "limits.changed"]
    data: Json = only
    return data


def line(ward: Ward, vital: str, tier: str, side: str) -> float:
    """Where the first absolute line of a tier and side is."""
    value: float = next(
        held["value"]
        for held in ward.public["limits"][vital]
        if (held["tier"], held["side"], held["basis"]) == (tier, side, "absolute")
    )
    return value


def test_session_starts_from_the_preset() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"sbp": {"high": 175}})
    fresh = Ward()
    assert fresh.public["limits_version"] == 1
    assert line(fresh, "sbp", "warning", "high") == 160
    assert (fresh.public["limits_to_review"], fresh.public["baseline"]) == ([], None)


def test_change_is_told_with_what_it_was() -> None:
    ward = Ward.infusing()
    said = ward.changes_limits(10, {"sbp": {"high": 170}}, reason="known hypertension", by=ANNA)
    data = changed(said)
    assert (data["version"], data["reason"]) == (2, "known hypertension")
    assert data["changes"] == [{"vital": "sbp", "flag": "high", "from": 160, "to": 170}]
    assert ward.public["limits_version"] == 2
    assert line(ward, "sbp", "warning", "high") == 170
    assert line(ward, "sbp", "critical", "high") == 180


def test_value_that_a_new_limit_leaves_out_is_an_alarm_at_once() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=155, dbp=80)
    said = ward.changes_limits(10, {"sbp": {"high": 150}})
    assert said_of(said, "bp") == [("raised", clock_time(10))]
    assert ward.public["values"]["sbp"]["flag"] is None, "what was said of it then stands"


def test_alarm_inside_its_new_limit_ends_at_once() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=165, dbp=80)
    said = ward.changes_limits(10, {"sbp": {"high": 175}})
    assert said_of(said, "bp") == [("cleared", clock_time(10))]
    assert said[-1]["data"]["alarm"]["ended_by"] == "limits_changed"


def test_alarm_that_is_still_beyond_stands_and_is_not_said_again() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=178, dbp=80)
    ward.acknowledge(1, ward.alarm)
    ward.changes_limits(10, {"sbp": {"high": 165}})
    assert (ward.alarm["state"], ward.alarm["rev"]) == ("acknowledged", 1)


def test_readings_after_the_change_are_flagged_by_it() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"sbp": {"high": 150}})
    assert reading_of(ward.types(20, sbp=155, dbp=80))["flags"] == {"sbp": "high"}
    ward.changes_limits(30, {"sbp": {"high": 165}})
    assert reading_of(ward.types(40, sbp=155, dbp=80))["flags"] == {}


def test_stream_beyond_a_moved_line_is_an_alarm_after_its_delay_at_most() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 100), spo2=93)
    ward.changes_limits(100, {"spo2": {"low": 94}})
    ward.streams(range(100, 120), spo2=93)
    assert ward.alarm["raised_at"] <= clock_time(115)


def test_alarm_of_a_stream_inside_its_moved_line_ends() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 100), hr=115)
    ward.changes_limits(100, {"hr": {"high": 125}})
    ward.streams(range(100, 112), hr=115)
    assert ward.alarms == []


def test_stale_value_is_not_judged_by_new_limits() -> None:
    ward = Ward.infusing()
    ward.types(0, sbp=155, dbp=80)
    ward.tick(1000)
    ward.changes_limits(1001, {"sbp": {"high": 150}})
    assert [alarm["condition"] for alarm in ward.alarms if alarm["group"] == "bp"] == []


@pytest.mark.parametrize(
    "lines",
    [
        {"sbp": {"high_critical": 190}},
        {"hr": {"low_critical": 38}},
        {"spo2": {"low_critical": 87}},
        {"sbp": {"high": 165, "high_critical": 190}},
    ],
)
def test_critical_lines_are_a_clinicians(lines: dict[str, dict[str, float]]) -> None:
    ward = Ward.infusing()
    with pytest.raises(RoleNeeded):
        ward.changes_limits(10, lines, by=ANNA)
    assert ward.public["limits_version"] == 1
    ward.changes_limits(10, lines, by=CLINICIAN)
    assert ward.public["limits_version"] == 2


def test_baseline_is_a_clinicians_and_draws_its_lines_anew() -> None:
    ward = Ward.infusing(baseline=RESTED)
    with pytest.raises(RoleNeeded):
        ward.changes_limits(10, baseline={"sbp": 142}, by=ANNA)
    ward.types(20, sbp=150, dbp=80)
    assert ward.alarm_of("bp")["priority"] == "low"
    said = ward.changes_limits(30, baseline={"sbp": 142})
    assert ward.public["baseline"] == {**RESTED, "sbp": 142, "map": ward.public["baseline"]["map"]}
    assert said_of(said, "bp") == [("cleared", clock_time(30))]
    relative = {x["value"] for x in ward.public["limits"]["sbp"] if x["basis"] == "relative"}
    assert relative == {170.4, 172, 182, 99.4}


def test_limits_are_not_changed_without_a_reason() -> None:
    ward = Ward.infusing()
    with pytest.raises(ReasonRequired):
        ward.changes_limits(10, {"sbp": {"high": 165}}, reason="")


def test_nothing_to_change_is_no_change() -> None:
    ward = Ward.infusing()
    try:
        said = ward.changes_limits(10, {})
    except DomainError:
        said = []
    assert kinds(said) == []
    assert ward.public["limits_version"] == 1


def test_change_of_limits_that_were_changed_meanwhile_is_refused() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, {"sbp": {"high": 165}}, version=1)
    with pytest.raises(LimitsChanged):
        ward.changes_limits(20, {"sbp": {"high": 150}}, version=1)
    assert line(ward, "sbp", "warning", "high") == 165
    ward.changes_limits(30, {"sbp": {"high": 150}}, version=2)
    ward.changes_limits(40, {"sbp": {"high": 155}})
    assert ward.public["limits_version"] == 4


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({"spo2": {"high": 99}}, "no_such_line"),
        ({"rr": {"high_critical": 35}}, "no_such_line"),
        ({"sbp": {"middle": 120}}, "no_such_line"),
        ({"mood": {"low": 3}}, "no_such_line"),
        ({"o2_flow": {"high": 10}}, "no_such_line"),
        ({"sbp": {"high_critical": 221}}, "out_of_bounds"),
        ({"sbp": {"low_critical": 69}}, "out_of_bounds"),
        ({"dbp": {"high_critical": 131}}, "out_of_bounds"),
        ({"dbp": {"low_critical": 29}}, "out_of_bounds"),
        ({"hr": {"high_critical": 181}}, "out_of_bounds"),
        ({"hr": {"low_critical": 29}}, "out_of_bounds"),
        ({"spo2": {"low_critical": 79}}, "out_of_bounds"),
        ({"sbp": {"high": 185}}, "not_ordered"),  # the critical line is at 180
        ({"sbp": {"low": 165}}, "not_ordered"),  # the warning line above is at 160
        ({"sbp": {"low_critical": 95}}, "not_ordered"),
        ({"hr": {"low": 38}}, "not_ordered"),
        ({"sbp": {"high": 177}}, "too_close"),
        ({"hr": {"low": 41}}, "too_close"),
        ({"spo2": {"low_critical": 91}}, "too_close"),
    ],
)
def test_impossible_limits_are_refused_each_by_its_name(
    lines: dict[str, dict[str, float]], code: str
) -> None:
    ward = Ward.infusing()
    with pytest.raises(InvalidRequest) as refused:
        ward.changes_limits(10, lines)
    ((vital, named),) = lines.items()
    assert {error.code for error in refused.value.errors} == {code}
    assert {error.loc[1] for error in refused.value.errors} == {vital}
    assert {error.loc[-1] for error in refused.value.errors} <= {vital, *named}
    assert ward.public["limits_version"] == 1


@pytest.mark.parametrize(
    "lines",
    [
        {"sbp": {"high_critical": 220}},
        {"sbp": {"low_critical": 70}},
        {"dbp": {"high_critical": 130, "low_critical": 30}},
        {"hr": {"high_critical": 180, "low_critical": 30}},
        {"spo2": {"low": 90.5}},
        {"sbp": {"high": 175}},  # five below the critical one
        {"sbp": {"high": 185, "high_critical": 195}},  # in order together
        {"temp": {"high": 38.5}},
    ],
)
def test_limits_up_to_their_bounds_are_taken(lines: dict[str, dict[str, float]]) -> None:
    ward = Ward.infusing()
    data = changed(ward.changes_limits(10, lines))
    told = {(change["vital"], change["flag"]): change["to"] for change in data["changes"]}
    assert told == {(v, name): to for v, named in lines.items() for name, to in named.items()}


def test_every_field_that_is_wrong_is_named() -> None:
    ward = Ward.infusing()
    with pytest.raises(InvalidRequest) as refused:
        ward.changes_limits(10, {"sbp": {"high_critical": 500}, "spo2": {"high": 99}})
    assert {error.code for error in refused.value.errors} == {"out_of_bounds", "no_such_line"}


# To review


def test_limit_that_the_baseline_breaks_is_to_be_looked_at() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 164, "spo2": 91})
    review = {(r["vital"], r["flag"]): r for r in ward.public["limits_to_review"]}
    assert review == {
        ("sbp", "high"): {"vital": "sbp", "flag": "high", "limit": 160, "baseline": 164},
        ("spo2", "low"): {"vital": "spo2", "flag": "low", "limit": 92, "baseline": 91},
    }


def test_limit_that_was_looked_at_and_kept_is_off_the_list() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 164})
    said = ward.changes_limits(10, {"sbp": {"high": 160}}, reason="kept", by=ANNA)
    assert changed(said)["to_review"] == []
    assert ward.public["limits_to_review"] == []
    assert line(ward, "sbp", "warning", "high") == 160


def test_limit_that_was_moved_is_off_the_list() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 164})
    ward.changes_limits(10, {"sbp": {"high": 175}}, by=ANNA)
    assert ward.public["limits_to_review"] == []


def test_calm_baseline_has_nothing_to_review() -> None:
    assert Ward.infusing(baseline=RESTED).public["limits_to_review"] == []


def test_corrected_baseline_that_breaks_a_limit_is_to_be_looked_at() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.changes_limits(10, baseline={"sbp": 165})
    assert [(r["vital"], r["flag"]) for r in ward.public["limits_to_review"]] == [("sbp", "high")]


def test_moved_lines_stay_where_they_are_when_the_baseline_is_set() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.changes_limits(1, {"sbp": {"high": 170}})
    ward.phase("baseline", 2)
    ward.types(3, RESTED)
    ward.phase("ready", 4)
    assert line(ward, "sbp", "warning", "high") == 170
