"""One line by itself: where it begins, where it ends, what it is called and where it was moved."""

from __future__ import annotations

import math

import pytest

from app.monitoring.limits import (
    FLAGS,
    Basis,
    Comparator,
    Line,
    RelativeRule,
    Side,
    Tier,
    flag,
    named_line,
    prepare,
    warning_pair,
    with_moved,
)
from app.monitoring.protocols import KETAMINE_ADULT, lines_in_force
from app.monitoring.vitals import VITALS

RESTED = {"hr": 78, "spo2": 97, "sbp": 124, "dbp": 78, "rr": 15, "sedation": 5}


def line(
    side: Side,
    comparator: Comparator,
    value: float,
    *,
    tier: Tier = "warning",
    and_value: float | None = None,
) -> Line:
    basis: Basis = "relative" if tier == "relative" else "absolute"
    return Line(tier, side, comparator, value, "medium", 15, basis=basis, and_value=and_value)


FALL = line("low", "<=", 92, tier="relative", and_value=94)
RISE = line("high", ">=", 104, tier="relative", and_value=100)
DEEP_FALL = line("low", "<=", 94.5, tier="relative", and_value=94)
SMALL_RISE = line("high", ">=", 95, tier="relative", and_value=100)


@pytest.mark.parametrize(
    ("comparator", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
    ],
)
def test_line_is_reached_as_its_comparator_says(
    comparator: Comparator, below: bool, at: bool, above: bool
) -> None:
    side: Side = "low" if comparator.startswith("<") else "high"
    drawn = line(side, comparator, 90)
    assert [drawn.reached(value) for value in (89.9, 90, 90.1)] == [below, at, above]


@pytest.mark.parametrize(
    ("drawn", "value", "reached"),
    [
        (FALL, 92, True),
        (FALL, 92.1, False),
        (DEEP_FALL, 93.9, True),
        (DEEP_FALL, 94, False),
        (RISE, 104, True),
        (RISE, 103.9, False),
        (SMALL_RISE, 100.1, True),
        (SMALL_RISE, 100, False),
    ],
)
def test_line_with_a_second_number_is_reached_only_beyond_both(
    drawn: Line, value: float, reached: bool
) -> None:
    assert drawn.reached(value) == reached


@pytest.mark.parametrize(
    ("drawn", "value", "inside"),
    [
        (line("low", "<", 90), 89.9, False),
        (line("low", "<", 90), 90, False),
        (line("low", "<", 90), 92.9, False),
        (line("low", "<", 90), 93, True),
        (line("high", ">=", 140), 140, False),
        (line("high", ">=", 140), 137.1, False),
        (line("high", ">=", 140), 137, True),
        (FALL, 92, False),
        (FALL, 94.9, False),
        (FALL, 95, True),
        (DEEP_FALL, 93.9, False),
        (DEEP_FALL, 96.9, False),
        (DEEP_FALL, 97, True),
        (RISE, 104, False),
        (RISE, 101.1, False),
        (RISE, 101, True),
        (SMALL_RISE, 100, False),
        (SMALL_RISE, 97.1, False),
        (SMALL_RISE, 97, True),
    ],
)
def test_value_is_back_inside_by_the_hysteresis_from_where_it_was_reached(
    drawn: Line, value: float, inside: bool
) -> None:
    assert drawn.inside(value, 3) == inside


@pytest.mark.parametrize(("side", "comparator"), [("low", "<="), ("high", ">=")])
def test_value_on_a_line_is_not_inside_it_even_without_a_hysteresis(
    side: Side, comparator: Comparator
) -> None:
    assert not line(side, comparator, 3).inside(3, 0)
    assert line(side, comparator, 3).inside(4 if side == "low" else 2, 0)


@pytest.mark.parametrize(
    ("rule", "baseline", "value"),
    [
        (RelativeRule("low", "low", "<=", offset=-4), 97, 93),
        (RelativeRule("high", "low", ">=", percent=30), 79.57, 103.44),
        (RelativeRule("low", "low", "<=", percent=-30), 72, 50.4),
        (RelativeRule("high", "low", ">", offset=0), 120, 120),
        (RelativeRule("high", "low", ">"), 120, 120),
    ],
)
def test_relative_rule_draws_its_line_at_that_distance_from_the_baseline(
    rule: RelativeRule, baseline: float, value: float
) -> None:
    drawn = rule.line(baseline, 15)
    assert drawn.value == value
    assert (drawn.tier, drawn.basis, drawn.delay_s) == ("relative", "relative", 15)
    assert (drawn.side, drawn.comparator, drawn.priority) == (
        rule.side,
        rule.comparator,
        rule.priority,
    )


def test_relative_rule_hands_its_second_number_on() -> None:
    assert RelativeRule("low", "low", "<=", offset=-4, and_value=94).line(96, 15) == Line(
        "relative", "low", "<=", 92, "low", 15, basis="relative", and_value=94
    )


@pytest.mark.parametrize("vital", KETAMINE_ADULT.lines)
def test_nothing_can_be_true_of_a_value_between_the_calm_numbers(vital: str) -> None:
    lines = lines_in_force(KETAMINE_ADULT, RESTED)
    band = prepare(lines)[vital]
    assert band.lines == lines[vital]
    low, high = VITALS[vital].reject
    for tenths in range(round(low * 10), round(high * 10) + 1):
        value = tenths / 10
        if band.low < value < band.high:
            assert all(e.inside(value, VITALS[vital].hysteresis) for e in band.lines), value
            assert flag(band.lines, value) is None


@pytest.mark.parametrize(
    ("vital", "drawn", "low", "high"),
    [
        ("hr", (line("low", "<", 50), line("low", "<=", 40)), 53, math.inf),
        ("hr", (line("high", ">", 110), line("high", ">=", 140)), -math.inf, 107),
        ("hr", (line("low", "<", 50), line("high", ">", 110)), 53, 107),
        ("spo2", (FALL,), 93, math.inf),
        ("spo2", (DEEP_FALL,), 95, math.inf),
        ("hr", (RISE,), -math.inf, 101),
        ("hr", (SMALL_RISE,), -math.inf, 97),
        ("pain", (), -math.inf, math.inf),
    ],
)
def test_calm_numbers_are_as_far_apart_as_the_lines_allow(
    vital: str, drawn: tuple[Line, ...], low: float, high: float
) -> None:
    band = prepare({vital: drawn})[vital]
    assert (band.low, band.high) == (low, high)


@pytest.mark.parametrize("order", [1, -1])
def test_worst_tier_names_the_flag_whatever_the_order_of_the_lines(order: int) -> None:
    lines = (
        line("high", ">", 148, tier="relative"),
        line("high", ">", 160),
        line("high", ">=", 180, tier="critical"),
        line("low", "<", 90),
        line("low", "<=", 80, tier="critical"),
    )[::order]
    assert flag(lines, 148) is None
    assert flag(lines, 149) == ("high", "relative")
    assert flag(lines, 161) == ("high", "absolute")
    assert flag(lines, 180) == ("high_critical", "absolute")
    assert flag(lines, 89) == ("low", "absolute")
    assert flag(lines, 80) == ("low_critical", "absolute")


@pytest.mark.parametrize("order", [1, -1])
def test_technical_line_gives_no_flag_and_hides_none(order: int) -> None:
    lines = (line("low", "<=", 20, tier="technical"), line("low", "<", 30))[::order]
    assert flag(lines, 20) == flag(lines, 29) == ("low", "absolute")
    assert flag(lines[:1] if order == 1 else lines[1:], 20) is None


SBP = KETAMINE_ADULT.lines["sbp"]


@pytest.mark.parametrize(
    ("name", "value"), [("low_critical", 80), ("low", 90), ("high", 160), ("high_critical", 180)]
)
def test_line_is_found_by_the_flag_that_it_gives(name: str, value: float) -> None:
    found = named_line(lines_in_force(KETAMINE_ADULT, RESTED)["sbp"], name)
    assert found is not None
    assert found.value == value
    assert FLAGS[found.tier, found.side] == name


def test_first_of_two_lines_of_a_flag_has_its_name_and_relative_ones_have_none() -> None:
    spo2 = lines_in_force(KETAMINE_ADULT, RESTED)["spo2"]
    first = named_line(spo2, "low_critical")
    assert first is not None
    assert first.value == 88
    assert named_line(spo2, "high") is None
    assert named_line((line("low", "<=", 93, tier="relative"),), "low") is None
    assert named_line((), "low") is None


def test_moved_line_stands_at_its_new_value_and_the_others_where_they_were() -> None:
    moved = with_moved(SBP, "high", 165)
    assert [e.value for e in moved] == [80, 90, 165, 180]
    for before, after in zip(SBP, moved, strict=True):
        assert (after.tier, after.side, after.comparator) == (
            before.tier,
            before.side,
            before.comparator,
        )
        assert (after.priority, after.delay_s) == (before.priority, before.delay_s)


def test_second_line_of_a_flag_keeps_its_distance() -> None:
    moved = with_moved(KETAMINE_ADULT.lines["spo2"], "low_critical", 86)
    assert [(e.tier, e.value) for e in moved] == [
        ("critical", 86),
        ("critical", 83),
        ("warning", 92),
    ]


def test_moving_by_a_tenth_leaves_no_crumbs() -> None:
    """The sum of binary fractions would be shown as 38.300000000000004."""
    drawn = (line("high", ">", 38.1), line("high", ">", 38.2))
    assert [e.value for e in with_moved(drawn, "high", 38.3)] == [38.3, 38.4]
    thirds = (line("high", ">", 38), line("high", ">", 38.006))
    assert [e.value for e in with_moved(thirds, "high", 39)] == [39, 39.01]


def test_line_that_is_not_there_cannot_be_moved() -> None:
    assert with_moved(SBP[:2], "high", 165) == SBP[:2]
    relative = (line("high", ">", 148, tier="relative"),)
    assert with_moved(relative, "high", 165) == relative


def test_relative_line_of_the_same_side_stays_with_the_baseline() -> None:
    drawn = (line("high", ">", 148, tier="relative"), line("high", ">", 160))
    assert [e.value for e in with_moved(drawn, "high", 165)] == [148, 165]


@pytest.mark.parametrize(
    ("vital", "pair"),
    [
        ("spo2", [92, None]),
        ("hr", [50, 110]),
        ("map", [65, None]),
        ("pain", [None, 3]),
        ("etco2", [30, 50]),
    ],
)
def test_small_trend_has_the_warning_limits(vital: str, pair: list[float | None]) -> None:
    assert warning_pair(lines_in_force(KETAMINE_ADULT, RESTED)[vital]) == pair
