"""One patient's body: pure, seeded, a second at a time.

Ketamine flows through three compartments; pressure, pulse, breathing and mind follow it, each
patient in their own measure. Happenings draw a sign away, remedies bring it back.

Invariants. Same seed, draws, happenings and calls: the same numbers to the last bit on any machine,
for only + - * / and `Random(text).random()` make them. What is read never alters what comes later.
Every value is one a monitor could show, and DBP < MAP < SBP.

The sizes are made to look right on a screen and to exercise limits: no dose may be judged by them.
"""

from app.simulator.body.happenings import Happening
from app.simulator.body.patient import Patient
from app.simulator.body.remedies import REMEDIES, Remedy
from app.simulator.body.traits import BOUNDS, SIGNS, USUAL, Spread, Traits

__all__ = [
    "BOUNDS",
    "REMEDIES",
    "SIGNS",
    "USUAL",
    "Happening",
    "Patient",
    "Remedy",
    "Spread",
    "Traits",
]
