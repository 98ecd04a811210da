"""What a scenario tells the body, the line and the script."""

from __future__ import annotations

import pytest

from app.simulator.body import USUAL, Spread
from app.simulator.scenario import Scenario, parse


def scenario(text: str) -> Scenario:
    found = parse(f'about = "somebody"\n{text}', "mine")
    assert isinstance(found, Scenario)
    return found


def test_a_number_is_exact_and_a_table_is_drawn() -> None:
    draws = scenario("""
        [patient]
        spo2 = 97
        weight_kg = 80.5
        hr = { mean = 70, sd = 4 }
        sbp = { mean = 120, sd = 9, low = 110, high = 150 }
    """).draws()
    assert draws["spo2"] == Spread.exactly(97)
    assert draws["weight"] == Spread.exactly(80.5)
    assert draws["hr"] == Spread(70, 4, 58, 82)  # three deviations to each side
    assert draws["sbp"] == Spread(120, 9, 110, 150)
    assert draws["dbp"] == USUAL["dbp"]


def test_a_draw_without_bounds_never_leaves_what_can_be() -> None:
    assert scenario("[patient]\nspo2 = { mean = 99, sd = 1 }").draws()["spo2"].high == 100


def test_a_happening_is_the_bodys() -> None:
    (fall,) = scenario("""
        [[happening]]
        sign = "spo2"
        to = 86
        at_min = 25
        within_s = 90
        back_s = 180
        ends_with = ["rouse", "oxygen"]
    """).happenings_of_body()
    assert (fall.sign, fall.target, fall.at_min) == ("spo2", 86, 25)
    assert (fall.onset_s, fall.hold_s, fall.back_s) == (90, None, 180)
    assert fall.ends_with == {"rouse", "oxygen"}


def test_one_sign_may_be_drawn_away_twice_one_after_the_other() -> None:
    spell = '[[happening]]\nsign = "spo2"\nto = 90\nhold_s = 60\nwithin_s = 60\nback_s = 60\n'
    assert len(scenario(f"{spell}at_min = 10\n{spell}at_min = 13").happenings) == 2


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("", True),
        ('[plan]\npause = "never"', False),
        ("[plan]\npause_at_min = 12", False),
        ('[plan]\nstop_at_min = 12\nstop_reason = "patient request"', False),
        ('[[fault]]\nkind = "silent"', False),
        ('[[happening]]\nsign = "hr"\nto = 44\nat_min = 3\nhold_s = 9', False),
        ("[patient]\nhr = 80", True),
    ],
)
def test_only_where_nothing_else_happens_is_paused_by_chance(text: str, may: bool) -> None:
    assert scenario(text).may_pause is may


@pytest.mark.parametrize(
    ("fault", "needs"),
    [
        ('kind = "clock_skew"\nseconds = -420', True),
        ('kind = "clock_wrap32"', True),
        ('kind = "outage"', False),
    ],
)
def test_a_device_with_a_wrong_clock_needs_the_wall_clock(fault: str, needs: bool) -> None:
    assert scenario(f"[[fault]]\n{fault}").needs_wall_clock is needs


def test_the_nurses_answers() -> None:
    spo2, sick = scenario("""
        [[nurse.answer]]
        alarm = "spo2.low"
        with = ["rouse", { remedy = "oxygen", amount = 4 }]
        action = "gave_oxygen"
        after_s = 20

        [[nurse.answer]]
        sees = "nausea"
        with = ["ondansetron"]
    """).nurse.answers
    assert [(one.remedy, one.amount) for one in spo2.gives] == [("rouse", None), ("oxygen", 4)]
    assert (spo2.alarm, spo2.action) == ("spo2.low", "gave_oxygen")
    assert spo2.after_s
    assert spo2.after_s.spread() == Spread.exactly(20)
    assert (sick.sees, sick.after_s) == ("nausea", None)


def test_the_visit_is_over_after_infusion_and_recovery() -> None:
    assert scenario("").plan.over_min == 101
    assert scenario("[plan]\nplanned_min = 60\nrecovery_min = 30").plan.over_min == 96


def test_a_device_may_misbehave_before_the_infusion() -> None:
    (silent,) = scenario("""
        [[fault]]
        kind = "silent"
        minutes = "of_visit"
        from_min = 105
    """).faults
    assert silent.minutes == "of_visit"
