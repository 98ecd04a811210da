"""The words of a record: numbers, spans of time, vital signs and what people wrote, in one line.

No clock times: who reads knows in which zone they sit, and every line has its time beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import MINUTE_MS, SECOND_MS, parse_iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOUR_S: Final = 3_600
_CHOSEN: Final = re.compile(r"[a-z]+(_[a-z]+)+")
FLAGS: Final[Mapping[str, str]] = {
    "low_critical": "critically low",
    "low": "low",
    "high": "high",
    "high_critical": "critically high",
}
LINES: Final[Mapping[str, str]] = {
    "low_critical": "critical low",
    "low": "low",
    "high": "high",
    "high_critical": "critical high",
}
NOT_TAKEN: Final[Mapping[str, str]] = {
    "asleep": "asleep",
    "refused": "refused",
    "not_possible": "not possible",
}
ROUTES: Final[Mapping[str, str]] = {
    "iv": "IV",
    "im": "IM",
    "po": "by mouth",
    "sl": "under the tongue",
    "in": "into the nose",
    "other": "another way",
}
OXYGEN_BY: Final[Mapping[str, str]] = {"nasal": "nasal cannula", "mask": "mask", "other": "other"}
SITES: Final[Mapping[str, str]] = {
    "ok": "in order",
    "replaced": "replaced",
    "infiltrated": "infiltrated",
    "other": "see the note",
}
GROUPS: Final[Mapping[str, str]] = {"session": "the whole session", "bp": "blood pressure"}


def number(value: float, decimals: int = 6) -> str:
    """As people write it: no zeros at the end, no exponent."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def measured(vital: str, value: float) -> str:
    """`165 mmHg`, `36.5 °C`, `2`: with all the digits that were recorded."""
    return f"{number(value)} {VITALS[vital].unit}".rstrip()


def named(vital: str, value: float) -> str:
    """`SBP 165 mmHg`."""
    return f"{VITALS[vital].short} {measured(vital, value)}"


def values(found: Mapping[str, float], flags: Mapping[str, str] | None = None) -> str:
    """In the order of the registry, each beyond a limit with how far."""
    flags = flags or {}
    said = (
        named(vital, found[vital]) + (f" ({FLAGS[flags[vital]]})" if vital in flags else "")
        for vital in VITALS
        if vital in found
    )
    return ", ".join(said) or "no values"


def shorts(vitals: Iterable[str]) -> str:
    """The names of vital signs, in the order of the registry."""
    wanted = set(vitals)
    return ", ".join(vital.short for code, vital in VITALS.items() if code in wanted)


def missing(found: Iterable[str]) -> str:
    """What was not there for a step: vital signs by their names, all else in words."""
    others = [name.replace("_", " ") for name in found if name not in VITALS]
    return ", ".join(filter(None, [shorts(found), *others]))


def phase(name: str) -> str:
    return name.replace("_", " ")


def scope(name: str) -> str:
    """A group of vital signs that sound or alarms were switched off for."""
    if name in GROUPS:
        return GROUPS[name]
    labels = (vital.label.lower() for vital in VITALS.values() if vital.group == name)
    return next(labels, name)


def span(seconds: float) -> str:
    """`45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    hours, rest = divmod(whole, HOUR_S)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def moved(was: str, now: str) -> str:
    """How far one moment lies from another: `4 min earlier`."""
    ms = parse_iso(now) - parse_iso(was)
    if ms == 0:
        return "at the same time"
    return f"{span(abs(ms) / SECOND_MS)} {'later' if ms > 0 else 'earlier'}"


def lasting(since: str, until: str) -> str:
    return span((parse_iso(until) - parse_iso(since)) / SECOND_MS)


def minutes(since: str, until: str) -> str:
    return f"{max(1, round((parse_iso(until) - parse_iso(since)) / MINUTE_MS))} min"


def given(text: str) -> str:
    """What a person wrote as they wrote it; what was chosen of a list (`gave_oxygen`) in words."""
    return text.replace("_", " ") if _CHOSEN.fullmatch(text) else text


def because(reason: str | None) -> str:
    """A reason that people gave, as it ends a sentence."""
    return f": {given(reason)}" if reason else ""


def annotation_says(kind: str, text: str | None, data: Mapping[str, Any]) -> str:
    """An annotation in one line; the text of people stands as they wrote it."""
    head = _annotated(kind, data)
    if not text:
        return head
    return text if kind == "note" else f"{head}: {text}"


def _annotated(kind: str, data: Mapping[str, Any]) -> str:
    match kind:
        case "medication":
            return _dose(data)
        case "side_effect":
            words = [str(data["effect"]), str(data.get("severity") or "")]
            return " ".join(word for word in words if word).capitalize()
        case "assessment":
            result = data.get("result")
            return f"{data['what']}: {result}" if result else str(data["what"])
        case "rate_change":
            rate = data.get("rate")
            if rate is None:
                return "Rate"
            return f"Rate {number(rate)} {data.get('unit') or ''}".rstrip()
        case "oxygen":
            by = data.get("device")
            flow = f"Oxygen {number(data['flow_l_min'])} L/min"
            return f"{flow}, {OXYGEN_BY.get(by, by)}" if by else flow
        case "iv_site":
            return f"IV site {SITES.get(data['state'], data['state'])}"
        case "note":
            return "Note"
    return kind.replace("_", " ").capitalize()  # a kind that is newer than these words


def _dose(data: Mapping[str, Any]) -> str:
    words = [str(data["drug"])]
    if data.get("dose") is not None:
        words.append(number(data["dose"]))
        words.append(str(data.get("unit") or ""))
    if data.get("route"):
        words.append(ROUTES.get(data["route"], str(data["route"])))
    return " ".join(word for word in words if word)
