"""What a nurse sees without any alarm: that a patient is sick, restless, too drowsy or in pain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.simulator.body import Patient
    from app.simulator.scenario import NurseOf

ALWAYS: Final = ("nausea", "agitation")
TREATED_FROM: Final = 2  # of 0-4: mild nausea is noted and watched
HIGH_FROM: Final = 3
DROWSY, DISSOCIATED, HURTS = 3, 3, 4  # MOAA/S at most, dissociation and pain at least
SEVERITIES: Final = ("mild", "moderate", "severe")
EFFECTS: Final = frozenset(("nausea", "agitation", "dissociation"))
"""Those that are charted as a side effect; the others are scores."""


@dataclass(slots=True)
class Complaint:
    """`noted` is the worst degree that was written down, 0 while it was not."""

    sign: str
    since: int
    due_s: int
    noted: int = 0


def degree(sign: str, patient: Patient) -> int:
    """How bad it is, 0 to 4, as one who looks would say."""
    value = round(patient.expected(sign))
    match sign:
        case "sedation":
            return TREATED_FROM if value <= DROWSY else 0
        case "dissociation":
            return TREATED_FROM if value >= DISSOCIATED else 0
        case "pain":
            return TREATED_FROM if value >= HURTS else 0
    return value


def grade(degree: int) -> int:
    """0 for nothing, then the place of its severity."""
    return min(degree, len(SEVERITIES))


def severity(degree: int) -> str:
    return SEVERITIES[grade(degree) - 1]


def looked_for(nurse: NurseOf) -> tuple[str, ...]:
    """What this nurse looks for, each once."""
    own = (answer.sees for answer in nurse.answers if answer.sees is not None)
    return tuple(dict.fromkeys((*ALWAYS, *own)))
