"""The life of an alarm at its edges: when it is the same, when it is worse, when it may fall."""

from __future__ import annotations

import pytest

from app.monitoring.commands import ConfirmShown
from app.monitoring.errors import UnknownAlarm
from tests.monitoring.ward import ANNA, Json, Ward, calls, clock_time, kinds, said_of


def changes(events: list[Json]) -> list[tuple[str, int]]:
    """What was said of alarms, and their revision then."""
    return [
        (event["kind"].removeprefix("alarm."), event["data"]["alarm"]["rev"])
        for event in events
        if event["kind"].startswith("alarm.") and event["kind"] != "alarm.escalated"
    ]


@pytest.mark.parametrize(("after", "kind"), [(60, "reopened"), (60.001, "raised")])
def test_condition_back_within_a_minute_is_the_same_alarm(after: float, kind: str) -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    first = ward.alarm
    ward.types(20, temp=37)
    said = ward.types(20 + after, temp=38.4)
    assert said_of(said, "temp") == [(kind, clock_time(20 + after))]
    assert (ward.alarm["id"] == first["id"]) == (kind == "reopened")
    assert ward.alarm["rev"] == (2 if kind == "reopened" else 1)


def test_reopened_alarm_tells_what_is_now() -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    ward.acknowledge(15, ward.alarm, by=ANNA)
    ward.types(20, temp=37)
    ward.types(50, temp=38.2)
    alarm = ward.alarm
    assert (alarm["state"], alarm["value"], alarm["worst"]) == ("active", 38.2, 38.2)
    assert (alarm["raised_at"], alarm["since"]) == (clock_time(10), clock_time(50))
    assert (alarm["sounded_at"], alarm["cleared_at"]) == (clock_time(50), None)
    assert (alarm["ended_by"], alarm["ended_reason"]) == (None, None)
    assert alarm["text"] == "Temp 38.2 °C, limit 38"
    assert [seen["by"]["id"] for seen in alarm["acknowledgements"]] == ["anna"]


def test_cleared_high_alarm_that_comes_back_milder_is_as_mild_as_it_comes() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=80)
    ward.acknowledge(15, ward.alarm)
    ward.types(20, sbp=120, dbp=80)
    ward.types(50, sbp=165, dbp=80)
    assert (ward.alarm["priority"], ward.alarm["state"]) == ("medium", "active")


def test_latched_high_alarm_that_comes_back_milder_is_still_high() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=80)
    ward.types(20, sbp=120, dbp=80)
    ward.types(500, sbp=165, dbp=80)
    assert (ward.alarm["priority"], ward.alarm["state"]) == ("high", "active")
    ward.acknowledge(510, ward.alarm)
    assert kinds(ward.tick(529.999)) == []
    said = ward.tick(535)
    assert said_of(said, "bp") == [("changed", clock_time(530))]
    assert ward.alarm["priority"] == "medium"


def test_reopened_alarm_counts_its_steps_from_what_came_back() -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.8)
    ward.types(20, temp=37)
    ward.types(50, temp=38.2)
    assert changes(ward.types(60, temp=38.6)) == [("changed", 2)]
    assert changes(ward.types(70, temp=38.7)) == [("changed", 3)]


def test_reopened_alarm_names_the_vital_and_the_device_that_brought_it_back() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165, dbp=80)
    ward.types(20, sbp=120, dbp=80)
    ward.types(30, sbp=120, dbp=105)
    assert (ward.alarm["vital"], ward.alarm["rev"]) == ("dbp", 2)
    ward = Ward.infusing()
    ward.streams(range(10, 30), spo2=91)
    ward.streams(range(30, 42), spo2=97)
    ward.sends(43, spo2=91, device="mon-04", interval_s=60)
    assert (ward.alarm["devices"], ward.alarm["rev"]) == (["mon-04"], 2)


def test_overdue_that_comes_back_names_what_is_missing_now() -> None:
    ward = Ward.infusing()
    ward.tick(1190)
    ward.types(1195, hr=80, spo2=97, sbp=120, dbp=80)
    ward.tick(1200)
    alarm = ward.alarm_of("overdue", "vitals_overdue")
    assert (alarm["missing"], alarm["rev"]) == (["rr", "sedation"], 2)


def test_medium_that_came_back_is_unseen_from_when_it_is_high() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165)
    ward.types(20, sbp=120)
    ward.types(50, sbp=165)
    ward.types(200, sbp=185)
    ward.shows(201, ward.alarm)
    assert calls(ward.tick(379.999)) == []
    assert calls(ward.tick(380)) == [("others", "unacknowledged", 380)]


@pytest.mark.parametrize(("after", "known"), [(60, True), (60.001, False)])
def test_alarm_that_has_just_cleared_may_still_be_acknowledged(after: float, known: bool) -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    alarm = ward.alarm
    ward.types(20, temp=37)
    if not known:
        with pytest.raises(UnknownAlarm):
            ward.acknowledge(20 + after, alarm)
        return
    said = ward.acknowledge(20 + after, alarm, by=ANNA)
    (told,) = [e["data"]["alarm"] for e in said if e["kind"] == "alarm.acknowledged"]
    assert (told["state"], told["cleared_at"]) == ("cleared", clock_time(20))
    assert ward.alarms == []


@pytest.mark.parametrize(
    ("first", "then", "rev"),
    [
        ({"temp": 38.5}, {"temp": 38.9}, 1),
        ({"temp": 38.5}, {"temp": 39.0}, 2),
        ({"temp": 35.5}, {"temp": 35.1}, 1),
        ({"temp": 35.5}, {"temp": 35.0}, 2),
        ({"sbp": 165.0}, {"sbp": 174.9}, 1),
        ({"sbp": 165.0}, {"sbp": 175.0}, 2),
        ({"sbp": 165.0}, {"sbp": 162.0}, 1),
    ],
)
def test_worse_by_one_step_sounds_again(
    first: dict[str, float], then: dict[str, float], rev: int
) -> None:
    ward = Ward.infusing()
    ward.types(10, first)
    ward.acknowledge(15, ward.alarm)
    ward.types(20, then)
    assert ward.alarm["rev"] == rev
    assert ward.alarm["state"] == ("active" if rev == 2 else "acknowledged")
    assert ward.alarm["sounded_at"] == clock_time(20 if rev == 2 else 10)


def test_steps_are_counted_from_what_last_sounded() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165)
    ward.types(20, sbp=170)
    ward.types(30, sbp=174)
    assert (ward.alarm["rev"], ward.alarm["worst"]) == (1, 174)
    ward.types(40, sbp=175)
    assert ward.alarm["rev"] == 2
    ward.types(50, sbp=179)
    assert ward.alarm["rev"] == 2


def test_value_that_is_better_leaves_the_worst() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=174)
    said = ward.types(20, sbp=165)
    assert changes(said) == []
    assert ward.alarm["worst"] == 174


@pytest.mark.parametrize(
    ("then", "rev", "vital"),
    [
        ({"sbp": 165.0, "dbp": 108.0}, 1, "dbp"),  # 0.8 steps beyond, after 0.5
        ({"sbp": 165.0, "dbp": 109.9}, 1, "dbp"),
        ({"sbp": 120.0, "dbp": 109.0}, 1, "dbp"),
    ],
)
def test_other_pressure_of_the_group_counts_in_steps_beyond_its_own_limit(
    then: dict[str, float], rev: int, vital: str
) -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165, dbp=80)
    ward.types(20, then)
    assert (ward.alarm["rev"], ward.alarm["priority"]) == (rev, "medium")


def test_unseen_high_of_a_single_value_sounds_again_with_any_worse_one() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190)
    assert changes(ward.types(20, sbp=190)) == []
    assert changes(ward.types(30, sbp=189)) == []
    assert changes(ward.types(40, sbp=191)) == [("changed", 2)]
    ward.acknowledge(50, ward.alarm)
    assert changes(ward.types(60, sbp=192)) == [("changed", 2)]
    assert ward.alarm["state"] == "acknowledged"


def test_low_one_falls_the_other_way() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=75)
    assert changes(ward.types(20, sbp=76)) == []
    assert changes(ward.types(30, sbp=74)) == [("changed", 2)]
    assert ward.alarm["worst"] == 74


def test_medium_that_nobody_has_seen_waits_for_a_whole_step() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165)
    assert changes(ward.types(20, sbp=166)) == [("changed", 1)]


def test_priority_that_rises_sounds_and_is_unseen_from_then() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=176)
    ward.acknowledge(15, ward.alarm)
    assert changes(ward.types(20, sbp=181)) == [("changed", 2)]
    assert (ward.alarm["state"], ward.alarm["priority"]) == ("active", "high")
    assert ward.alarm["sounded_at"] == clock_time(20)
    assert ward.alarm["limit"] == 180


@pytest.mark.parametrize("calmer_s", [29.999, 30])
def test_acknowledged_priority_falls_after_half_a_minute(calmer_s: float) -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190)
    ward.acknowledge(15, ward.alarm)
    ward.types(20, sbp=165)
    assert ward.alarm["priority"] == "high"
    said = ward.tick(20 + calmer_s)
    if calmer_s < 30:
        assert changes(said) == []
        return
    assert changes(said) == [("changed", 1)]
    assert (ward.alarm["priority"], ward.alarm["state"]) == ("medium", "acknowledged")
    assert ward.alarm["limit"] == 160


def test_half_a_minute_begins_anew_when_it_was_high_again() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190)
    ward.acknowledge(15, ward.alarm)
    ward.types(20, sbp=165)
    ward.types(40, sbp=185)
    ward.types(45, sbp=165)
    assert changes(ward.tick(74.999)) == []
    assert changes(ward.tick(75)) == [("changed", 1)]


def test_unseen_priority_falls_only_once_somebody_has_seen_it() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190)
    ward.types(20, sbp=165)
    assert changes(ward.tick(200)) == []
    assert ward.alarm["priority"] == "high"
    said = ward.acknowledge(210, ward.alarm)
    assert changes(said) == [("acknowledged", 1), ("changed", 1)]
    assert ward.alarm["priority"] == "medium"


def test_older_revision_is_kept_and_quiets_nothing() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165)
    ward.types(20, sbp=185)
    ward.acknowledge(30, ward.alarm, rev=1)
    assert (ward.alarm["state"], ward.alarm["rev"]) == ("active", 2)
    (seen,) = ward.alarm["acknowledgements"]
    assert (seen["rev"], seen["at"]) == (1, clock_time(30))
    ward.acknowledge(40, ward.alarm, rev=7)  # newer than there is: the newest
    assert ward.alarm["state"] == "acknowledged"
    assert [seen["rev"] for seen in ward.alarm["acknowledgements"]] == [1, 2]


def test_acknowledging_again_is_kept_and_changes_nothing() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=165)
    ward.acknowledge(20, ward.alarm)
    ward.acknowledge(30, ward.alarm, by=ANNA)
    assert [seen["by"]["id"] for seen in ward.alarm["acknowledgements"]] == ["local", "anna"]
    assert ward.alarm["state"] == "acknowledged"


def test_latched_alarm_is_over_once_its_newest_revision_is_seen() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190)
    ward.types(15, sbp=195)
    ward.types(20, sbp=120)
    ward.acknowledge(30, ward.alarm, rev=1)
    assert ward.alarm["state"] == "latched"
    said = ward.acknowledge(40, ward.alarm, by=ANNA)
    assert changes(said) == [("acknowledged", 2), ("cleared", 2)]
    told = said[-1]["data"]["alarm"]
    assert (told["ended_by"], told["cleared_at"]) == ("acknowledged", clock_time(40))
    assert ward.alarms == []


@pytest.mark.parametrize(("rev", "said"), [(0, []), (1, ["alarm.sounded"]), (2, [])])
def test_screen_confirms_each_revision_once(rev: int, said: list[str]) -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    events = ward.shows(12, ward.alarm, rev=rev)
    assert [event["kind"] for event in events] == said
    assert ward.alarm["shown_rev"] == len(said)
    assert ward.shows(13, ward.alarm, rev=rev) == []


def test_who_confirmed_it_is_kept() -> None:
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    (said,) = ward.step(ConfirmShown(ward.alarm["id"], 1), ANNA)
    assert (said["kind"], said["actor"]["id"]) == ("alarm.sounded", "anna")


def test_two_sources_beyond_a_limit_are_one_alarm_with_both_their_names() -> None:
    ward = Ward.infusing()
    for second in range(10, 30):
        ward.sends(second, spo2=87)
        ward.sends(second, spo2=86, device="mon-04")
    alarm = ward.alarm_of("spo2")
    assert alarm["devices"] == ["mon-03", "mon-04"]
    assert (alarm["value"], alarm["worst"], alarm["limit"]) == (86, 86, 88)


def test_ids_of_alarms_are_made_of_the_log_alone() -> None:
    first, second = Ward.infusing(), Ward.infusing()
    for ward in (first, second):
        ward.types(10, temp=38.5)
        ward.types(20, sbp=165)
    assert first.folded["alarms"] == second.folded["alarms"]
    assert len(first.folded["alarms"]) == 2
