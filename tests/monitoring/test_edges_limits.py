"""Limits that are moved while something is beyond them; a baseline that is made anew."""

from __future__ import annotations

import pytest

from tests.monitoring.ward import CLINICIAN, RESTED, Json, Ward, clock_time, kinds, reading_event


def lasting() -> Ward:
    """Saturation has been beyond its critical line since ten seconds after ten."""
    ward = Ward.infusing()
    ward.streams([*range(10, 22)], spo2=84)
    ward.streams([22], spo2=86)
    assert ward.alarm_of("spo2")["worst"] == 84
    return ward


def test_what_lasts_beyond_the_moved_line_goes_on() -> None:
    ward = lasting()
    before = ward.alarm_of("spo2")
    ward.changes_limits(23, {"spo2": {"low_critical": 90, "low": 93}})
    after = ward.alarm_of("spo2")
    assert (after["id"], after["rev"], after["raised_at"]) == (
        before["id"],
        before["rev"],
        before["raised_at"],
    )
    assert (after["since"], after["worst"]) == (clock_time(10), 84)


def test_alarm_of_a_stale_value_stands_by_the_moved_line() -> None:
    ward = lasting()
    ward.tick(60)
    ward.changes_limits(70, {"spo2": {"low_critical": 87}})
    assert ward.alarm_of("spo2")["state"] == "active"
    assert ward.alarm_of("spo2")["since"] == clock_time(10)


def test_alarm_of_a_stale_value_inside_the_moved_line_ends() -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 30), hr=115)
    ward.tick(100)
    said = ward.changes_limits(110, {"hr": {"high": 118}})
    (cleared,) = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.cleared"]
    assert (cleared["group"], cleared["ended_by"]) == ("hr", "limits_changed")


@pytest.mark.parametrize(("high", "ends"), [(114.9, False), (115, True), (120, True)])
def test_moved_line_is_left_by_a_value_that_is_not_beyond_it(high: float, ends: bool) -> None:
    ward = Ward.infusing()
    ward.streams(range(10, 30), hr=115)
    said = ward.changes_limits(30, {"hr": {"high": high}})
    assert ("alarm.cleared" in kinds(said)) == ends


def test_alarm_tells_the_line_where_it_is_now() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=175, dbp=80)
    assert ward.alarm["limit"] == 160
    ward.changes_limits(20, {"sbp": {"high": 165}})
    ward.types(30, sbp=176, dbp=80)
    assert (ward.alarm["limit"], ward.alarm["since"]) == (165, clock_time(10))


def test_other_vitals_do_not_notice() -> None:
    ward = lasting()
    ward.types(25, temp=38.5)
    before = {a["group"]: a for a in ward.alarms}
    said = ward.changes_limits(26, {"hr": {"high": 120}, "temp": {"low": 35.5}})
    assert kinds(said) == ["limits.changed"]
    assert {a["group"]: a for a in ward.alarms} == before


def test_change_is_told_field_by_field() -> None:
    ward = Ward.infusing(baseline=RESTED)
    (said,) = ward.changes_limits(
        10, {"sbp": {"high": 165, "low": 90}}, baseline={"dbp": 85}, reason="known hypertension"
    )
    data = said["data"]
    assert said["actor"]["id"] == "dr-c"
    assert (data["version"], data["reason"]) == (2, "known hypertension")
    assert data["changes"] == [
        {"vital": "sbp", "flag": "high", "from": 160, "to": 165},
        {"vital": "sbp", "flag": "low", "from": 90, "to": 90},
    ]
    assert data["given"] == {"dbp": 85}
    assert data["baseline"] == {**RESTED, "dbp": 85, "map": 93.3}
    assert data["to_review"] == []
    assert data["limits"] == ward.public["limits"]
    assert [line["value"] for line in data["limits"]["sbp"][:4]] == [80, 90, 165, 180]
    assert data["limits"]["dbp"][-1]["value"] == 110


def test_moving_lines_leaves_the_baseline_and_its_lines() -> None:
    ward = Ward.infusing(baseline=RESTED)
    drawn = ward.public["limits"]["hr"]
    ward.changes_limits(10, {"sbp": {"high": 165}})
    assert ward.public["baseline"] == {**RESTED, "map": 93.3}
    assert ward.public["limits"]["hr"] == drawn
    assert len(ward.public["limits"]["sbp"]) == 8


def test_first_baseline_may_be_given_by_a_clinician() -> None:
    ward = Ward.infusing()
    ward.changes_limits(10, baseline={"sbp": 120})
    assert ward.public["baseline"] == {"sbp": 120}
    assert [line["value"] for line in ward.public["limits"]["sbp"]] == [
        *(80, 90, 160, 180),
        *(144, 150, 160, 84),
    ]


def test_errors_after_an_unknown_limit_are_told_too() -> None:
    ward = Ward.infusing()
    with pytest.raises(Exception, match="Correct the limits") as refused:
        ward.changes_limits(10, {"lunch": {"high": 1}, "hr": {"high": 300}, "sbp": {"low": 159}})
    assert [error.loc[1:] for error in refused.value.errors] == [  # type: ignore[attr-defined]  # a DomainError
        ("lunch", "high"),
        ("hr", "high"),
        ("sbp", "low"),
    ]


def review(ward: Ward) -> list[tuple[str, str]]:
    return [(item["vital"], item["flag"]) for item in ward.public["limits_to_review"]]


def test_limit_that_is_no_longer_broken_is_off_the_list() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 170, "hr": 115})
    assert review(ward) == [("hr", "high"), ("sbp", "high")]
    ward.changes_limits(10, baseline={"sbp": 120})
    assert review(ward) == [("hr", "high")]


def test_limit_that_was_kept_is_asked_again_only_if_its_baseline_changes() -> None:
    ward = Ward.infusing(baseline={**RESTED, "sbp": 170, "hr": 115})
    ward.changes_limits(10, {"sbp": {"high": 160}})
    assert review(ward) == [("hr", "high")]
    ward.changes_limits(20, baseline={"dbp": 80})
    assert review(ward) == [("hr", "high")]
    ward.changes_limits(30, baseline={"sbp": 172})
    assert review(ward) == [("hr", "high"), ("sbp", "high")]


def test_limits_without_a_priority_are_nothing_to_review() -> None:
    ward = Ward.infusing(baseline={**RESTED, "pain": 5, "dissociation": 4})
    assert review(ward) == [("dissociation", "high_critical")]


def test_lines_that_were_moved_stay_when_the_baseline_is_made_anew() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(10, RESTED)
    mistyped = reading_event(ward.types(20, {**RESTED, "sbp": 170}))
    ward.changes_limits(25, {"sbp": {"high_critical": 190}}, by=CLINICIAN)
    ward.phase("ready", 30)
    assert (ward.public["baseline"]["sbp"], review(ward)) == (147, [])
    data: Json = ward.voids(40, mistyped)[0]["data"]
    assert data["baseline"]["sbp"] == ward.public["baseline"]["sbp"] == 124
    values = [line["value"] for line in ward.public["limits"]["sbp"]]
    assert values == [80, 90, 160, 190, 148.8, 154, 164, 86.8]
    assert data["limits"] == ward.public["limits"]


def test_review_follows_the_baseline_that_is_made_anew() -> None:
    ward = Ward()
    ward.phase("checked_in", 0)
    ward.phase("baseline", 0)
    ward.types(10, {**RESTED, "sbp": 165})
    calm = reading_event(ward.types(20, RESTED))
    ward.phase("ready", 30)
    assert review(ward) == []
    data: Json = ward.voids(40, calm)[0]["data"]
    assert data["to_review"] == [{"vital": "sbp", "flag": "high", "limit": 160, "baseline": 165}]
    assert review(ward) == [("sbp", "high")]
