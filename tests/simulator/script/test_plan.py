"""The plan of a visit: what the scenario says stands, the rest is drawn from the seed."""

from __future__ import annotations

import pytest

from app.simulator.script.plan import draw_plan
from tests.simulator.script.bed import told

SEEDS = [str(number) for number in range(200)]


def test_the_same_seed_draws_the_same_plan() -> None:
    assert draw_plan(told(), "7") == draw_plan(told(), "7")
    assert len({draw_plan(told(), seed) for seed in SEEDS}) > 20


def test_one_infusion_in_four_is_paused_for_two_to_four_minutes() -> None:
    plans = [draw_plan(told(), seed) for seed in SEEDS]
    paused = [plan for plan in plans if plan.pause_after_s is not None]
    assert len(paused) / len(plans) == pytest.approx(0.25, abs=0.08)
    assert all(120 <= plan.pause_s <= 240 for plan in paused)
    assert all(8 * 60 <= (plan.pause_after_s or 0) < 28 * 60 for plan in paused)


def test_recovery_takes_half_an_hour_to_fifty_five_minutes() -> None:
    drawn = {draw_plan(told(), seed).recovery_s for seed in SEEDS}
    assert min(drawn) >= 30 * 60
    assert max(drawn) <= 55 * 60
    assert len(drawn) > 5


def test_where_something_happens_nothing_is_paused_by_chance() -> None:
    happens = {"happening": [{"sign": "hr", "to": 130.0, "at_min": 5.0, "hold_s": 60.0}]}
    faulty = {"fault": [{"kind": "silent", "from_min": 3.0}]}
    for scenario in (told(happens), told(faulty), told({"plan": {"pause": "never"}})):
        assert all(draw_plan(scenario, seed).pause_after_s is None for seed in SEEDS)


def test_what_the_scenario_says_moves_no_other_draw() -> None:
    said = {"plan": {"recovery_min": 12, "pause_at_min": 3.5, "pause_min": 1.5}}
    plan, usual = draw_plan(told(said), "3"), draw_plan(told(), "3")
    assert (plan.recovery_s, plan.pause_after_s, plan.pause_s) == (720, 210, 90)
    assert plan.length_s == 120 + 420 + 120 + 2_400 + 90 + 60 + 720 + 300
    assert draw_plan(told({"plan": {"recovery_min": 12}}), "3").pause_s == usual.pause_s


def test_minutes_with_decimals_are_to_the_second() -> None:
    plan = draw_plan(told({"plan": {"pause_at_min": 8.2, "cuff_every_min": 4.1}}), "3")
    assert (plan.pause_after_s, plan.cuff_s) == (492, 246)


def test_an_early_stop_has_its_reason_and_makes_the_visit_shorter() -> None:
    said = {"plan": {"stop_at_min": 10.0, "stop_reason": "wants to stop", "pause": "never"}}
    plan = draw_plan(told(said), "1")
    assert (plan.stop_after_s, plan.stop_reason) == (600, "wants to stop")
    assert plan.length_s == draw_plan(told({"plan": {"pause": "never"}}), "1").length_s - 1_800
