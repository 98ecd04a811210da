"""Two worlds side by side: which alarms are the same, and what each has alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.monitoring.times import iso, parse_iso
from app.review.worlds import LISTED, Compared, Raised, World, compare, counts, listed

TEN = parse_iso("2026-11-22T10:00:00.000Z")
LOW = ("limit", "spo2", "low")
HIGH = ("limit", "hr", "high")


def at(seconds: float) -> int:
    return TEN + round(seconds * 1_000)


def raised(since: float, until: float | None, key: Any = LOW, priority: str = "medium") -> Raised:
    over_at = None if until is None else at(until)
    return Raised(f"{key}{since}", key, priority, "SpO2 90 %", at(since), over_at)


def said(id: str = "one", priority: str = "medium", raised_at: float = 0) -> dict[str, Any]:
    return {
        "id": id,
        "condition": "limit",
        "group": "spo2",
        "side": "low",
        "priority": priority,
        "text": f"{priority} it is",
        "raised_at": iso(at(raised_at)),
    }


def test_an_alarm_is_its_highest_priority_and_lasts_until_it_was_last_over() -> None:
    world = World()
    world.hear("alarm.raised", at(0), said())
    world.hear("alarm.changed", at(5), said(priority="high"))
    world.hear("alarm.latched", at(20), said(priority="high"))
    world.hear("alarm.reopened", at(30), said(priority="high"))
    world.hear("alarm.acknowledged", at(35), said(priority="high"))
    world.hear("alarm.changed", at(66), said(priority="medium"))
    world.hear("alarm.cleared", at(90), said(priority="medium"))
    (alarm,) = world.alarms
    assert (alarm.priority, alarm.text, alarm.over_at) == ("high", "high it is", at(90))


def test_a_latched_alarm_was_over_before_anybody_saw_it() -> None:
    world = World()
    world.hear("alarm.raised", at(0), said(priority="high"))
    world.hear("alarm.latched", at(20), said(priority="high"))
    world.hear("alarm.cleared", at(500), said(priority="high"))
    assert world.alarms[0].json()["duration_s"] == 20


def test_alarms_that_stood_at_the_same_time_are_the_same() -> None:
    before = [raised(0, 30), raised(100, 130), raised(400, None)]
    after = [raised(15, 20), raised(200, 230), raised(900, None)]
    compared = compare(before, after)
    assert compared.both == [(before[0], after[0]), (before[2], after[2])]
    assert compared.only_before == [before[1]]
    assert compared.only_after == [after[1]]


def test_alarms_of_another_side_or_vital_are_never_the_same() -> None:
    compared = compare([raised(0, 30)], [raised(0, 30, key=HIGH)])
    assert (compared.both, len(compared.only_before), len(compared.only_after)) == ([], 1, 1)


def test_counts_are_of_all_and_lists_are_short() -> None:
    many = [raised(100 * n, 100 * n + 10, priority="low") for n in range(LISTED + 5)]
    compared = compare(many, [raised(0, 10, HIGH, "high")])
    told = listed(compared)
    assert (told["only_before"]["count"], len(told["only_before"]["alarms"])) == (105, LISTED)
    counted = counts(compared.before, compared.after)
    assert (counted["before"], counted["after"]) == (105, 1)
    assert counted["by_priority"] == [
        {"priority": "high", "before": 0, "after": 1},
        {"priority": "medium", "before": 0, "after": 0},
        {"priority": "low", "before": 105, "after": 0},
    ]
    assert [(c["group"], c["before"], c["after"]) for c in counted["by_condition"]] == [
        ("spo2", 105, 0),
        ("hr", 0, 1),
    ]


@st.composite
def a_world(draw: st.DrawFn) -> list[Raised]:
    """Alarms of one kind never stand at the same time."""
    found = []
    for key in (LOW, HIGH):
        moment = 0
        for _ in range(draw(st.integers(0, 6))):
            since = moment + draw(st.integers(1, 50))
            moment = since + draw(st.integers(0, 50))
            found.append(raised(since, moment, key))
    return found


def same(one: Raised, other: Raised) -> bool:
    return one.key == other.key and one.until >= other.raised_at and other.until >= one.raised_at


@given(a_world(), a_world())
def test_no_alarm_is_lost_and_none_is_counted_twice(
    before: list[Raised], after: list[Raised]
) -> None:
    compared: Compared = compare(before, after)
    assert sorted(map(id, compared.before)) == sorted(map(id, before))
    assert sorted(map(id, compared.after)) == sorted(map(id, after))
    assert all(same(one, other) for one, other in compared.both)
    for alone in compared.only_before:  # each that stood at the time has a partner of its own
        partners = [other for other in after if same(alone, other)]
        assert all(any(other is taken for _, taken in compared.both) for other in partners)


@given(a_world())
def test_a_world_is_wholly_in_itself(world: list[Raised]) -> None:
    compared = compare(world, world)
    assert len(compared.both) == len(world)
    assert all(one is other for one, other in compared.both)
