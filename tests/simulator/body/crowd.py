"""Many virtual patients through the same infusion, looked at from minute to minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.simulator.body import Patient

INFUSED_MIN = 40
USUAL_RATE = 0.5 / INFUSED_MIN  # mg/kg/min
SIGNS = ("sbp", "dbp", "hr", "spo2", "rr", "etco2", "sedation", "dissociation")


def run(patient: Patient, seconds: int, rate: float = USUAL_RATE, *, story: bool = True) -> None:
    for _ in range(seconds):
        patient.advance(rate, story=story)


@dataclass(frozen=True, slots=True)
class Seen:
    """One patient at one minute: without noise, as a cuff shows it, and the drug in the blood."""

    minute: int
    expected: Mapping[str, float]
    cuff: Mapping[str, int]
    blood: float


def infused(seed: str, minutes: Sequence[int]) -> list[Seen]:
    """What is seen of this patient at these minutes of the usual infusion and of the time after."""
    patient = Patient(seed)
    found: list[Seen] = []
    for minute in range(max(minutes) + 1):
        if minute > 0:
            run(patient, 60, USUAL_RATE if minute <= INFUSED_MIN else 0.0)
        if minute in minutes:
            signs = {sign: patient.expected(sign) for sign in SIGNS}
            found.append(Seen(minute, signs, patient.cuff(), patient.blood_ng_per_ml))
    return found


def changes(crowd: Sequence[Sequence[Seen]], sign: str, at: int) -> list[float]:
    """How far each has gone from its own first look; `at` counts the looks."""
    return [seen[at].expected[sign] - seen[0].expected[sign] for seen in crowd]
