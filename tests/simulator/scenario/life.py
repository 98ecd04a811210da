"""A scenario as the body alone lives it: a quarter of an hour before the infusion, then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.simulator.body import Patient
from app.simulator.scenario import Scenario, find

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BEFORE_S = 900
SEEDS = ("1", "2", "3", "4", "5")


def patient(name: str) -> Scenario:
    found = find(name)
    assert isinstance(found, Scenario)
    return found


def lived(
    scenario: Scenario, seed: str, until_min: float, *, given: Mapping[int, str] | None = None
) -> Iterator[tuple[float, Patient]]:
    """The patient at each second, with the minute of infusing; `given` by second of infusing."""
    body = Patient(seed, draws=scenario.draws(), happenings=scenario.happenings_of_body())
    plan = scenario.plan
    for _ in range(BEFORE_S):
        body.advance(0.0, story=False)
        yield 0.0, body
    for second in range(int(until_min * 60)):
        infusing = second < plan.planned_min * 60
        remedy = (given or {}).get(second)
        if remedy is not None:
            body.give(remedy)
        body.advance(plan.dose_mg_per_kg / plan.planned_min if infusing else 0.0)
        yield (second + 1) / 60, body


def course(scenario: Scenario, seed: str, sign: str, until_min: float = 70.0) -> list[float]:
    """Of one sign what is expected at the end of each minute of infusing, from 0 on."""
    at: dict[int, float] = {}
    for minute, body in lived(scenario, seed, until_min):
        if minute == int(minute):
            at[int(minute)] = body.expected(sign)
    return [at[minute] for minute in sorted(at)]
