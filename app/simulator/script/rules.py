"""When a patient may go home: rules that a clinic could have, held against one full set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

AWAKE: Final = 5  # MOAA/S
LEAST_SPO2: Final = 92  # %
SPO2_BELOW_BASELINE: Final = 2  # %
LEAST_SBP, MOST_SBP = 90, 160  # mmHg
MOST_SBP_RISE: Final = 1.2  # of the baseline: who came with a high pressure goes with one


def not_yet(taken: Mapping[str, float], baseline: Mapping[str, float]) -> str | None:
    """What stands in the way of going home, in words; None: nothing."""
    if taken["sedation"] < AWAKE:
        return "drowsy"
    if taken["dissociation"] > 0:
        return "not yet clear"
    if taken["spo2"] < min(LEAST_SPO2, baseline.get("spo2", 100.0) - SPO2_BELOW_BASELINE):
        return "low oxygen saturation"
    if taken["sbp"] < LEAST_SBP:
        return "low blood pressure"
    if taken["sbp"] > max(MOST_SBP, MOST_SBP_RISE * baseline.get("sbp", 0.0)):
        return "high blood pressure"
    return None
