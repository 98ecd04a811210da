"""What a nurse does about an alarm or about what she sees, and with which code she says so.

The scenario's answers come first; these are her usual ways. None of it may be taken as advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.simulator.body import REMEDIES, Spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.scenario import AnswerOf, NurseOf

PAUSE_MIN: Final = 5.0  # a pause of hers, if the scenario says no other
SLOWED_SHARE: Final = 0.5  # of the ordered rate, when she slows it


@dataclass(frozen=True, slots=True)
class Answer:
    """`gives` are remedies, each with its amount (None: the usual one)."""

    gives: tuple[tuple[str, float | None], ...] = ()
    action: str = "checked_patient"
    after_s: Spread | None = None
    infusion: Literal["pause", "stop"] | None = None
    pause_s: int = int(PAUSE_MIN * 60)
    slows: bool = False


def _usual(*remedies: str, action: str | None = None) -> Answer:
    gives = tuple((remedy, None) for remedy in remedies)
    return Answer(gives, action or action_of(remedies))


def action_of(remedies: tuple[str, ...]) -> str:
    """The code that tells best what was done."""
    if "oxygen" in remedies:
        return "gave_oxygen"
    drugs = any(REMEDIES[remedy].unit for remedy in remedies)
    return "gave_medication" if drugs else "checked_patient"


_PROBE = Answer(action="repositioned_probe")
_LOOKS = Answer()

_USUAL: Final[Mapping[str, Answer]] = {
    "spo2.low": _usual("rouse"),
    "rr.low": _usual("rouse"),
    "etco2.high": _usual("rouse"),
    "etco2.low": _PROBE,
    "sedation.low": _usual("rouse"),
    "dissociation.high": _usual("reassure"),
    "hr.low": _usual("legs_up"),
    "hr.high": _usual("reassure"),
    "bp.low": _usual("legs_up"),
    "temp.low": Answer(action="no_action_needed"),
    "temp.high": Answer(action="no_action_needed"),
    "signal_stale": _PROBE,
    "no_signal": _PROBE,
    "check_cannula": _PROBE,
    "device_clock": Answer(action="no_action_needed"),
    "help": Answer(action="responding"),
    "agitation": _usual("reassure"),
    "nausea": _usual("ondansetron"),
}
_IF_HIGH: Final[Mapping[str, Answer]] = {
    "spo2.low": _usual("rouse", "oxygen"),
    "rr.low": _usual("rouse", "reposition_airway"),
    "etco2.high": _usual("rouse", "reposition_airway"),
    "sedation.low": _usual("rouse", "reposition_airway"),
    "hr.low": _usual("legs_up", "atropine"),
    "hr.high": _usual("reassure", "esmolol"),
    "bp.low": _usual("legs_up", "saline"),
    "bp.high": _usual("labetalol"),
    "agitation": _usual("reassure", "midazolam"),
}


def answer_to(name: str, *, high: bool, nurse: NurseOf) -> Answer:
    """To an alarm, or to what she sees, by the name that a scenario gives it."""
    for own in nurse.answers:
        if name in (own.alarm, own.sees):
            return _own(own)
    if high and name in _IF_HIGH:
        return _IF_HIGH[name]
    return _USUAL.get(name, _LOOKS)


def _own(own: AnswerOf) -> Answer:
    remedies = tuple(given.remedy for given in own.gives)
    action = own.action or ("paused_infusion" if own.infusion else action_of(remedies))
    return Answer(
        gives=tuple((given.remedy, given.amount) for given in own.gives),
        action=action,
        after_s=None if own.after_s is None else own.after_s.spread(),
        infusion=own.infusion,
        pause_s=round((PAUSE_MIN if own.pause_min is None else own.pause_min) * 60),
        slows=own.action == "slowed_rate",
    )
