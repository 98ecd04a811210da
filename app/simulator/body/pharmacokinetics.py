"""Ketamine in the blood: Domino's three compartments, and two slower levels that follow it.

Only additions, multiplications and divisions are used, so that every machine gives the same bits.
"""

from __future__ import annotations

from typing import NamedTuple

# Domino (adults), per minute, V1 in litres per kg: as used for target-controlled infusion.
V1_L_PER_KG = 0.063
K10, K12, K21, K13, K31 = 0.4381, 0.5921, 0.2470, 0.5900, 0.0146

PRESSOR_TAU_MIN = 10.0  # blood pressure and heart rate follow the blood level with this lag
MIND_TAU_MIN = 3.0  # sedation and dissociation follow it with this one

STEP_MIN = (
    1.0 / 60.0
)  # one second: fine enough for RK4 (0.1 min is ample) and the pace of the readings

REFERENCE_PRESSOR = 221.36986607818625  # ng/mL, lagged level at 40 min of 0.5 mg/kg over 40 min
REFERENCE_MIND = 236.26074784903153  # ng/mL, likewise for sedation and dissociation

_NG_PER_ML = 1_000.0  # mg/L to ng/mL
_Rates = tuple[float, float, float, float, float]


class Level(NamedTuple):
    """Drug in three compartments, as ng/mL of the central volume, and two lagged levels."""

    blood: float = 0.0
    fast: float = 0.0
    slow: float = 0.0
    pressor: float = 0.0
    mind: float = 0.0


NONE = Level()


def _rates(
    inflow: float, blood: float, fast: float, slow: float, pressor: float, mind: float
) -> _Rates:
    return (
        inflow + K21 * fast + K31 * slow - (K10 + K12 + K13) * blood,
        K12 * blood - K21 * fast,
        K13 * blood - K31 * slow,
        (blood - pressor) / PRESSOR_TAU_MIN,
        (blood - mind) / MIND_TAU_MIN,
    )


def step(level: Level, rate_mg_per_kg_min: float, step_min: float = STEP_MIN) -> Level:
    """The level one Runge-Kutta step later at a constant rate (0 when paused or stopped)."""
    inflow = rate_mg_per_kg_min / V1_L_PER_KG * _NG_PER_ML
    half = step_min / 2.0
    b, f, s, p, m = level
    b1, f1, s1, p1, m1 = _rates(inflow, b, f, s, p, m)
    b2, f2, s2, p2, m2 = _rates(
        inflow, b + half * b1, f + half * f1, s + half * s1, p + half * p1, m + half * m1
    )
    b3, f3, s3, p3, m3 = _rates(
        inflow, b + half * b2, f + half * f2, s + half * s2, p + half * p2, m + half * m2
    )
    b4, f4, s4, p4, m4 = _rates(
        inflow,
        b + step_min * b3,
        f + step_min * f3,
        s + step_min * s3,
        p + step_min * p3,
        m + step_min * m3,
    )
    sixth = step_min / 6.0
    return Level(
        b + sixth * (b1 + 2.0 * b2 + 2.0 * b3 + b4),
        f + sixth * (f1 + 2.0 * f2 + 2.0 * f3 + f4),
        s + sixth * (s1 + 2.0 * s2 + 2.0 * s3 + s4),
        p + sixth * (p1 + 2.0 * p2 + 2.0 * p3 + p4),
        m + sixth * (m1 + 2.0 * m2 + 2.0 * m3 + m4),
    )


# The step is linear, so a second of it is a fixed matrix, which is six times as fast: each column
# is what a second makes of one unit. No compartment follows the lagged levels.
_BLOOD, _FAST, _SLOW = (
    step(unit, 0.0) for unit in (Level(blood=1.0), Level(fast=1.0), Level(slow=1.0))
)
_PRESSOR_STAYS = step(Level(pressor=1.0), 0.0).pressor
_MIND_STAYS = step(Level(mind=1.0), 0.0).mind
_INFLOW = step(NONE, 1.0)

_BB, _BF, _BS, _BI = _BLOOD.blood, _FAST.blood, _SLOW.blood, _INFLOW.blood
_FB, _FF, _FS, _FI = _BLOOD.fast, _FAST.fast, _SLOW.fast, _INFLOW.fast
_SB, _SF, _SS, _SI = _BLOOD.slow, _FAST.slow, _SLOW.slow, _INFLOW.slow
_PB, _PF, _PS, _PI = _BLOOD.pressor, _FAST.pressor, _SLOW.pressor, _INFLOW.pressor
_MB, _MF, _MS, _MI = _BLOOD.mind, _FAST.mind, _SLOW.mind, _INFLOW.mind


def second(level: Level, rate: float) -> Level:
    """`step` of one second at this rate in mg/kg/min."""
    b, f, s, p, m = level
    return Level(
        _BB * b + _BF * f + _BS * s + _BI * rate,
        _FB * b + _FF * f + _FS * s + _FI * rate,
        _SB * b + _SF * f + _SS * s + _SI * rate,
        _PB * b + _PF * f + _PS * s + _PRESSOR_STAYS * p + _PI * rate,
        _MB * b + _MF * f + _MS * s + _MIND_STAYS * m + _MI * rate,
    )
