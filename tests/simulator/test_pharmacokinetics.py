"""The drug level against published parameters and hand-computed reference points."""

from __future__ import annotations

import pytest

from app.simulator import pharmacokinetics
from app.simulator.patient import REFERENCE_MIND, REFERENCE_PRESSOR
from app.simulator.pharmacokinetics import NONE, Level

RATE = 0.5 / 40.0  # mg/kg/min: 35 mg over 40 min for 70 kg


def usual_infusion(step_min: float) -> dict[int, Level]:
    """The level at every whole minute of two hours."""
    level = NONE
    levels = {0: level}
    a_minute = round(1.0 / step_min)
    for count in range(1, 120 * a_minute + 1):
        infusing = count <= 40 * a_minute
        level = pharmacokinetics.step(level, RATE if infusing else 0.0, step_min)
        if count % a_minute == 0:
            levels[count // a_minute] = level
    return levels


@pytest.mark.parametrize("step_min", [pharmacokinetics.STEP_MIN, 0.1])
@pytest.mark.parametrize(
    ("minute", "ng_per_ml"),
    [(5, 155), (10, 182), (20, 210), (30, 226), (40, 240), (45, 91), (60, 55), (120, 36)],
)
def test_blood_level_of_the_usual_infusion(minute: int, ng_per_ml: float, step_min: float) -> None:
    assert usual_infusion(step_min)[minute].blood == pytest.approx(ng_per_ml, abs=1.0)


@pytest.mark.parametrize(
    ("minute", "fraction"),
    [(5, 0.22), (10, 0.44), (20, 0.73), (30, 0.90), (40, 1.0), (50, 0.64), (60, 0.41), (80, 0.24)],
)
def test_pressure_follows_with_its_lag(minute: int, fraction: float) -> None:
    level = usual_infusion(pharmacokinetics.STEP_MIN)[minute]
    assert level.pressor / REFERENCE_PRESSOR == pytest.approx(fraction, abs=0.01)


def test_the_references_are_the_levels_at_the_end_of_the_usual_infusion() -> None:
    level = usual_infusion(pharmacokinetics.STEP_MIN)[40]
    assert level.pressor == pytest.approx(REFERENCE_PRESSOR, rel=1e-9)
    assert level.mind == pytest.approx(REFERENCE_MIND, rel=1e-9)


def test_without_drug_nothing_happens() -> None:
    assert pharmacokinetics.step(NONE, 0.0) == NONE
