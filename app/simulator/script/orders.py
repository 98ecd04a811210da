"""What a person wrote on the timeline, as what it does to the body: a trainee's screen is enough.

A drug that the model does not know, and a note about anything else, does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from app.simulator.body import REMEDIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.script.plan import Plan

_T = TypeVar("_T")

BAG_ML: Final = 100  # the whole dose is taken to be in as much: mL/h say nothing without it
MOST_DOSE: Final = 20.0  # usual doses: more at once is a slip of the pen
MOST_SHARE: Final = 4.0  # of the ordered rate: beyond it somebody typed another unit
SLOWED, RAISED = 0.5, 1.25  # of the ordered rate, where only words were written

_PER_MG: Final[Mapping[str, float]] = {"mg": 1.0, "mcg": 1_000.0, "g": 0.001}
_PER_ML: Final[Mapping[str, float]] = {"mL": 1.0, "L": 0.001}
_ALSO: Final[Mapping[str, str]] = {"nacl": "saline", "paracetamol": "acetaminophen"}
_RATES: Final = (
    (("stop", "pause", "off"), 0.0),
    (("slow", "half", "halve", "reduce"), SLOWED),
    (("raise", "faster", "increase"), RAISED),
    (("back", "ordered", "resume"), 1.0),
)
_NOTED: Final = (
    (("airway", "chin", "jaw"), "reposition_airway"),
    (("oxygen given",), "oxygen"),
    (("rouse", "stimulate", "woke"), "rouse"),
    (("legs",), "legs_up"),
    (("reassure",), "reassure"),
)
AIRWAY_GROUPS: Final = frozenset(("spo2", "rr", "etco2", "sedation"))


@dataclass(frozen=True, slots=True)
class Gives:
    remedy: str
    amount: float | None


@dataclass(frozen=True, slots=True)
class SetsRate:
    share: float
    """Of the rate that was ordered."""


Order = Gives | SetsRate


def order_of(annotation: Mapping[str, Any], plan: Plan, weight_kg: float) -> Order | None:
    """What an annotation of the log does; None: nothing."""
    data, text = annotation["data"], (annotation["text"] or "").lower()
    match annotation["kind"]:
        case "medication":
            return _medication(data)
        case "oxygen":
            return Gives("oxygen", float(data["flow_l_min"]))
        case "rate_change":
            return _rate(data, text, plan, weight_kg)
        case "note":
            if "at the pump" in text:
                return _rate({}, text, plan, weight_kg)
            remedy = _first(_NOTED, text)
            return None if remedy is None else Gives(remedy, None)
    return None


def answer_of(action: str | None, group: str) -> Gives | None:
    """What a person who acknowledged with this action did, where no annotation tells it."""
    if action == "gave_oxygen":
        return Gives("oxygen", None)
    if action == "checked_patient":
        return Gives("rouse" if group in AIRWAY_GROUPS else "reassure", None)
    return None


def _medication(data: Mapping[str, Any]) -> Gives | None:
    words = "".join(c if c.isalpha() else " " for c in str(data["drug"]).lower()).split()
    named = (_ALSO.get(word, word) for word in words)
    code = next((word for word in named if word in REMEDIES), None)
    if code is None:
        return None
    dose, unit = data.get("dose"), data.get("unit")
    known = REMEDIES[code]
    amount = None if dose is None else _amount(float(dose), unit, known.unit)
    return Gives(code, min(amount, MOST_DOSE * known.usual) if amount else None)


def _amount(dose: float, unit: str | None, wanted: str) -> float | None:
    """The dose in the remedy's unit; None, the usual one, if the units cannot be compared."""
    for units in (_PER_MG, _PER_ML):
        if wanted in units and (unit or wanted) in units:
            return dose / units[unit or wanted] * units[wanted]
    return None


def _rate(data: Mapping[str, Any], text: str, plan: Plan, weight_kg: float) -> SetsRate | None:
    rate, unit = data.get("rate"), data.get("unit")
    if rate is None:
        said = _first(_RATES, text)
        return None if said is None else SetsRate(said)
    mg_per_min = plan.rate_mg_per_kg_min * weight_kg
    ordered = {
        "%": 100.0,
        "mg/min": mg_per_min,
        "mg/h": mg_per_min * 60.0,
        "mL/h": BAG_ML * 60.0 / plan.planned_min,
    }
    if unit not in ordered:
        return None
    return SetsRate(min(float(rate) / ordered[unit], MOST_SHARE))


def _first(table: tuple[tuple[tuple[str, ...], _T], ...], text: str) -> _T | None:
    """Of the first row one of whose words the text holds."""
    return next((means for words, means in table if any(word in text for word in words)), None)
