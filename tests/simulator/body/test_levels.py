"""The drug level, and what follows it, against published parameters and a reference curve."""

from __future__ import annotations

import pytest

from app.simulator.body import Patient, Spread, pharmacokinetics
from app.simulator.body.pharmacokinetics import (
    NONE,
    REFERENCE_MIND,
    REFERENCE_PRESSOR,
    STEP_MIN,
    Level,
    second,
    step,
)
from tests.simulator.body.crowd import USUAL_RATE, run

# 70 kg, 35 mg over 40 min: minute, ng/mL, share of the pressor effect, change of SBP, DBP and HR of
# a patient whose peaks are 16, 11 and 7, share of the effect on the mind.
REFERENCE = (
    (0, 0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (5, 155, 0.22, 3.6, 2.5, 1.6, 0.28),
    (10, 182, 0.44, 7.0, 4.8, 3.1, 0.57),
    (15, 198, 0.61, 9.7, 6.7, 4.2, 0.72),
    (20, 210, 0.73, 11.7, 8.0, 5.1, 0.81),
    (30, 226, 0.90, 14.3, 9.9, 6.3, 0.92),
    (40, 240, 1.00, 16.0, 11.0, 7.0, 1.00),
    (45, 91, 0.82, 13.1, 9.0, 5.7, 0.42),
    (50, 71, 0.64, 10.2, 7.0, 4.5, 0.16),
    (60, 55, 0.41, 6.5, 4.5, 2.8, 0.0),
    (80, 46, 0.24, 3.9, 2.7, 1.7, 0.0),
    (100, 40, 0.20, 3.2, 2.2, 1.4, 0.0),
    (120, 36, 0.17, 2.8, 1.9, 1.2, 0.0),
)
AVERAGE = {
    "peak_sbp": Spread.exactly(16.0),
    "peak_dbp": Spread.exactly(11.0),
    "peak_hr": Spread.exactly(7.0),
    "exposure": Spread.exactly(1.0),
}
ROUNDED = 0.6  # of the last digit that the reference gives: half of it, and a little for its steps


def level_after(minutes: int, *, infused: int = 40, rate: float = USUAL_RATE) -> Level:
    level = NONE
    for count in range(minutes * 60):
        level = second(level, rate if count < infused * 60 else 0.0)
    return level


@pytest.mark.parametrize(("minute", "ng_per_ml"), [(20, 210), (40, 240), (60, 55)])
def test_golden_levels_of_the_usual_infusion(minute: int, ng_per_ml: float) -> None:
    assert level_after(minute).blood == pytest.approx(ng_per_ml, abs=1.0)


def test_the_average_patient_follows_the_reference_curve() -> None:
    patient = Patient("reference", draws=AVERAGE)
    before = {sign: patient.expected(sign) for sign in ("sbp", "dbp", "hr")}
    now = 0
    for minute, blood, share, sbp, dbp, hr, mind in REFERENCE:
        run(patient, max(0, min(minute, 40) - min(now, 40)) * 60)
        run(patient, max(0, max(minute, 40) - max(now, 40)) * 60, 0.0)
        now = minute
        change = {sign: patient.expected(sign) - was for sign, was in before.items()}
        assert patient.blood_ng_per_ml == pytest.approx(blood, abs=ROUNDED), minute
        assert patient.pressor == pytest.approx(share, abs=ROUNDED / 100), minute
        assert patient.mind == pytest.approx(mind, abs=ROUNDED / 100), minute
        assert change["sbp"] == pytest.approx(sbp, abs=ROUNDED / 10), minute
        assert change["dbp"] == pytest.approx(dbp, abs=ROUNDED / 10), minute
        assert change["hr"] == pytest.approx(hr, abs=ROUNDED / 10), minute


def test_the_references_are_the_levels_at_the_end_of_the_usual_infusion() -> None:
    level = level_after(40)
    assert level.pressor == pytest.approx(REFERENCE_PRESSOR, rel=1e-9)
    assert level.mind == pytest.approx(REFERENCE_MIND, rel=1e-9)


def test_a_second_is_the_integrated_step_and_a_coarser_step_agrees() -> None:
    fine = coarse = NONE
    quick = NONE
    for count in range(20 * 60):
        rate = USUAL_RATE * (count // 300)  # none, then rising every five minutes
        fine, quick = step(fine, rate), second(quick, rate)
        if count % 6 == 0:
            coarse = step(coarse, rate, 6 * STEP_MIN)
    assert quick == pytest.approx(fine, rel=1e-9)
    assert coarse == pytest.approx(fine, rel=1e-4)


def test_twice_the_rate_is_twice_the_level() -> None:
    assert level_after(30, rate=2 * USUAL_RATE) == pytest.approx(
        tuple(2 * part for part in level_after(30)), rel=1e-9
    )


def test_no_drug_is_lost_but_by_elimination() -> None:
    """What was given is what is in the body and what has left it: the clearance is Domino's."""
    level, gone = NONE, 0.0
    for _ in range(600):
        before = level
        level = second(level, USUAL_RATE)
        gone += (before.blood + level.blood) / 2 * pharmacokinetics.K10 / 60
    held = level.blood + level.fast + level.slow
    given = USUAL_RATE * 10 / pharmacokinetics.V1_L_PER_KG * 1_000
    assert held + gone == pytest.approx(given, rel=1e-3)


def test_without_drug_nothing_happens() -> None:
    assert second(NONE, 0.0) == NONE
