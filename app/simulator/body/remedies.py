"""What a nurse gives or does, and what it does in the model.

The usual amounts are those that clinics commonly chart. When a remedy begins to work, is whole and
wears off is common clinical knowledge, rounded. How far it moves a sign is invented here, so that a
trainee sees the right sign move the right way. None of it may be taken as advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_CHARTED = "amount as commonly charted; times rounded from common knowledge; size ours"
_DONE = "times and size ours"
MOST_AMOUNT = 1_000_000.0  # of any unit: beyond it somebody sent a number that is no amount
MOST_USUAL = 20.0  # usual amounts: what more would do is not in the model


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy: its effect on each sign at the usual amount, and when; seconds count from it."""

    code: str
    about: str
    unit: str
    """"" where it is done and not given."""
    usual: float
    starts_s: float
    """At work from here until it fades: what it ends begins to go back."""
    full_s: float
    fades_s: float
    gone_s: float
    shifts: Mapping[str, float] = field(default_factory=dict)
    lifts: Mapping[str, float] = field(default_factory=dict)
    """Signs brought up towards a number: half the way at the usual amount, more by more."""
    reverses: frozenset[str] = frozenset()
    lasting: bool = False
    """Goes on until another amount is set; 0 ends it, as slowly as it came."""
    source: str = _CHARTED

    def in_usual(self, given: float | None) -> float:
        """The amount given, in usual ones; ValueError if it is none."""
        if given is None:
            return 1.0
        if not (0.0 <= given <= MOST_AMOUNT) or (given == 0.0 and not self.lasting):
            raise ValueError(f"{given} {self.unit} of {self.code} is no amount.")
        return min(given / self.usual, MOST_USUAL)


_MIN, _HOUR = 60.0, 3_600.0
_CALMING = frozenset({"midazolam", "lorazepam", "diazepam"})

_ALL = (
    Remedy("labetalol", "lowers pressure and rate", "mg", 10.0, 2 * _MIN, 8 * _MIN, 2 * _HOUR,
           4 * _HOUR, {"sbp": -20.0, "dbp": -11.0, "hr": -7.0}),
    Remedy("hydralazine", "lowers pressure late, the rate rises", "mg", 5.0, 8 * _MIN, 25 * _MIN,
           2 * _HOUR, 5 * _HOUR, {"sbp": -16.0, "dbp": -12.0, "hr": 6.0}),
    Remedy("esmolol", "lowers the rate for minutes", "mg", 30.0, 1 * _MIN, 3 * _MIN, 10 * _MIN,
           20 * _MIN, {"hr": -18.0, "sbp": -8.0, "dbp": -4.0}),
    Remedy("metoprolol", "lowers the rate", "mg", 5.0, 2 * _MIN, 10 * _MIN, 2 * _HOUR, 5 * _HOUR,
           {"hr": -12.0, "sbp": -8.0, "dbp": -5.0}),
    Remedy("clonidine", "lowers pressure late", "mg", 0.1, 30 * _MIN, 60 * _MIN, 4 * _HOUR,
           8 * _HOUR, {"sbp": -10.0, "dbp": -6.0, "hr": -4.0, "sedation": -0.2}),
    Remedy("ondansetron", "ends nausea", "mg", 4.0, 4 * _MIN, 12 * _MIN, 4 * _HOUR, 8 * _HOUR,
           {"nausea": -2.5}),
    Remedy("metoclopramide", "ends nausea", "mg", 10.0, 3 * _MIN, 10 * _MIN, 1 * _HOUR, 2 * _HOUR,
           {"nausea": -2.0}),
    Remedy("promethazine", "ends nausea, makes drowsy", "mg", 6.25, 4 * _MIN, 15 * _MIN, 4 * _HOUR,
           6 * _HOUR, {"nausea": -2.0, "sedation": -0.5}),
    Remedy("droperidol", "ends nausea, calms", "mg", 0.625, 3 * _MIN, 10 * _MIN, 2 * _HOUR,
           4 * _HOUR, {"nausea": -2.0, "agitation": -1.0, "sedation": -0.3}),
    Remedy("midazolam", "calms, makes drowsy", "mg", 1.0, 1.5 * _MIN, 5 * _MIN, 30 * _MIN,
           80 * _MIN, {"agitation": -1.8, "dissociation": -0.4, "sedation": -0.6, "rr": -1.0}),
    Remedy("lorazepam", "calms, makes drowsy, slowly", "mg", 1.0, 10 * _MIN, 30 * _MIN, 4 * _HOUR,
           8 * _HOUR, {"agitation": -1.8, "dissociation": -0.4, "sedation": -0.6}),
    Remedy("diazepam", "calms, makes drowsy", "mg", 5.0, 2 * _MIN, 8 * _MIN, 1 * _HOUR, 4 * _HOUR,
           {"agitation": -1.8, "dissociation": -0.4, "sedation": -0.6}),
    Remedy("flumazenil", "takes back what midazolam and its kin do", "mg", 0.2, 1 * _MIN, 6 * _MIN,
           30 * _MIN, 60 * _MIN, reverses=_CALMING),
    Remedy("glycopyrrolate", "dries the mouth, raises the rate", "mg", 0.2, 1 * _MIN, 5 * _MIN,
           2 * _HOUR, 4 * _HOUR, {"hr": 10.0}),
    Remedy("atropine", "raises the rate", "mg", 0.5, 45.0, 3 * _MIN, 30 * _MIN, 2 * _HOUR,
           {"hr": 22.0, "sbp": 4.0, "dbp": 2.0}),
    Remedy("ephedrine", "raises pressure and rate", "mg", 5.0, 1 * _MIN, 3 * _MIN, 15 * _MIN,
           45 * _MIN, {"sbp": 14.0, "dbp": 8.0, "hr": 8.0}),
    Remedy("phenylephrine", "raises pressure, the rate falls", "mcg", 100.0, 30.0, 1.5 * _MIN,
           6 * _MIN, 15 * _MIN, {"sbp": 18.0, "dbp": 12.0, "hr": -7.0}),
    Remedy("saline", "fills, so that pressure rises", "mL", 250.0, 2 * _MIN, 15 * _MIN, 40 * _MIN,
           80 * _MIN, {"sbp": 7.0, "dbp": 3.0, "hr": -4.0}),
    Remedy("ketorolac", "eases pain", "mg", 15.0, 10 * _MIN, 30 * _MIN, 4 * _HOUR, 6 * _HOUR,
           {"pain": -2.0}),
    Remedy("acetaminophen", "eases pain", "mg", 650.0, 20 * _MIN, 60 * _MIN, 4 * _HOUR, 6 * _HOUR,
           {"pain": -1.5}),
    Remedy("oxygen", "raises SpO2 until it is turned off", "L/min", 2.0, 15.0, 1.5 * _MIN, 0.0,
           0.0, lifts={"spo2": 99.0}, lasting=True),
    Remedy("rouse", "talking to the patient, a hand on the shoulder", "", 1.0, 5.0, 20.0, 2 * _MIN,
           4 * _MIN, {"sedation": 1.5, "rr": 3.0, "spo2": 1.0, "etco2": -2.0}, source=_DONE),
    Remedy("reposition_airway", "head tilted, chin lifted", "", 1.0, 5.0, 30.0, 5 * _MIN, 10 * _MIN,
           {"rr": 2.0, "spo2": 2.0, "etco2": -2.0}, source=_DONE),
    Remedy("reassure", "a calm voice and a quiet room", "", 1.0, 30.0, 2 * _MIN, 10 * _MIN,
           20 * _MIN, {"agitation": -1.2, "dissociation": -0.2}, source=_DONE),
    Remedy("legs_up", "flat, with raised legs", "", 1.0, 10.0, 1 * _MIN, 10 * _MIN, 15 * _MIN,
           {"sbp": 9.0, "dbp": 5.0, "hr": -2.0}, source=_DONE),
)  # fmt: skip

REMEDIES: Mapping[str, Remedy] = MappingProxyType({remedy.code: remedy for remedy in _ALL})


def remedy_of(code: str) -> Remedy:
    if code not in REMEDIES:
        raise ValueError(f"There is no remedy {code!r}. There are: {', '.join(REMEDIES)}.")
    return REMEDIES[code]
