"""Protocols: versioned presets of minutes, observation schedule, baseline set and limits that a
session starts from.

Numbers are defaults to be reviewed by the clinic's medical director.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.monitoring.limits import (
    Line,
    Lines,
    Number,
    Priority,
    RelativeRule,
    Side,
    Tier,
    with_moved,
)
from app.monitoring.vitals import VITALS

MINUTE_S: Final = 60.0

_BY_HAND: Final[Mapping[str, float]] = {
    "hr": 10 * MINUTE_S,
    "spo2": 10 * MINUTE_S,
    "sbp": 10 * MINUTE_S,
    "dbp": 10 * MINUTE_S,
    "rr": 15 * MINUTE_S,
    "sedation": 15 * MINUTE_S,
}
_RECOVERY: Final[Mapping[str, float]] = dict.fromkeys(
    ("hr", "spo2", "sbp", "dbp", "rr", "sedation"), 15 * MINUTE_S
)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a new session starts from; `schedule[phase][vital]` is the longest time between two
    values, in seconds; without all of `required_signals[phase]` the patient is unwatched.
    """

    code: str
    version: int
    label: str
    planned_minutes: int
    dose_mg_per_kg: float
    baseline_set: tuple[str, ...]
    schedule: Mapping[str, Mapping[str, float]]
    required_signals: Mapping[str, tuple[str, ...]]
    lines: Lines
    relative: Mapping[str, tuple[RelativeRule, ...]]


def _line(
    vital: str,
    tier: Tier,
    side: Side,
    comparator: str,
    value: float,
    priority: Priority | None,
    delay_s: float | None = None,
) -> Line:
    default = VITALS[vital].delays.get(tier, 0.0)
    return Line(tier, side, comparator, value, priority, default if delay_s is None else delay_s)  # type: ignore[arg-type]  # a literal at every call below


KETAMINE_ADULT: Final = Protocol(
    code="ketamine_adult",
    version=1,
    label="Ketamine adult",
    planned_minutes=40,
    dose_mg_per_kg=0.5,
    baseline_set=("hr", "spo2", "sbp", "dbp", "rr", "sedation"),
    schedule={
        "infusing": _BY_HAND,
        "paused": _BY_HAND,
        "completed": _RECOVERY,
        "stopped": _RECOVERY,
        "recovery": _RECOVERY,
    },
    required_signals=dict.fromkeys(
        ("infusing", "paused", "completed", "stopped", "recovery"), ("hr", "spo2")
    ),
    lines={
        "spo2": (
            _line("spo2", "critical", "low", "<=", 88, "high"),
            _line("spo2", "critical", "low", "<=", 85, "high", delay_s=5),
            _line("spo2", "warning", "low", "<", 92, "medium"),
        ),
        "hr": (
            _line("hr", "critical", "low", "<=", 40, "high"),
            _line("hr", "warning", "low", "<", 50, "medium"),
            _line("hr", "warning", "high", ">", 110, "medium"),
            _line("hr", "critical", "high", ">=", 140, "high"),
        ),
        "sbp": (
            _line("sbp", "critical", "low", "<=", 80, "high"),
            _line("sbp", "warning", "low", "<", 90, "medium"),
            _line("sbp", "warning", "high", ">", 160, "medium"),
            _line("sbp", "critical", "high", ">=", 180, "high"),
        ),
        "dbp": (
            _line("dbp", "critical", "low", "<=", 40, "high"),
            _line("dbp", "warning", "low", "<", 50, "low"),
            _line("dbp", "warning", "high", ">", 100, "medium"),
            _line("dbp", "critical", "high", ">=", 110, "high"),
        ),
        "map": (
            _line("map", "critical", "low", "<=", 55, "high"),
            _line("map", "warning", "low", "<", 65, "medium"),
        ),
        "rr": (
            _line("rr", "critical", "low", "<=", 7, "high"),
            _line("rr", "warning", "low", "<", 10, "medium"),
            _line("rr", "warning", "high", ">", 30, "medium"),
        ),
        "etco2": (
            _line("etco2", "technical", "low", "<=", 20, "low", delay_s=30),
            _line("etco2", "warning", "low", "<", 30, "low"),
            _line("etco2", "warning", "high", ">", 50, "medium"),
            _line("etco2", "critical", "high", ">=", 60, "high"),
        ),
        "temp": (
            _line("temp", "warning", "low", "<", 36.0, "low"),
            _line("temp", "warning", "high", ">", 38.0, "low"),
        ),
        "sedation": (
            _line("sedation", "critical", "low", "<=", 2, "high"),
            _line("sedation", "warning", "low", "<=", 3, "medium"),
        ),
        "dissociation": (
            _line("dissociation", "warning", "high", ">=", 3, None),
            _line("dissociation", "critical", "high", ">=", 4, "medium"),
        ),
        "pain": (_line("pain", "warning", "high", ">", 3, None),),
    },
    relative={
        "spo2": (RelativeRule("low", "low", "<=", offset=-4, and_value=94),),
        "hr": (
            RelativeRule("high", "low", ">=", percent=30, and_value=100),
            RelativeRule("low", "low", "<=", percent=-30, and_value=50),
        ),
        "sbp": (
            RelativeRule("high", "low", ">", percent=20),
            RelativeRule("high", "low", ">", offset=30),
            RelativeRule("high", "medium", ">=", offset=40),
            RelativeRule("low", "medium", "<=", percent=-30),
        ),
        "dbp": (RelativeRule("high", "medium", ">=", offset=25),),
    },
)

PROTOCOLS: Final[Mapping[str, Protocol]] = {KETAMINE_ADULT.code: KETAMINE_ADULT}
"""What a new session may start from: the newest version of each."""

VERSIONS: Final[Mapping[tuple[str, int], Protocol]] = {
    (protocol.code, protocol.version): protocol for protocol in PROTOCOLS.values()
}
"""Every version that a session may run on: one that changes a preset stays here as it was."""


def find_protocol(name: str) -> Protocol | None:
    """The protocol of that code or label, whatever its case and punctuation; None if there
    is none.
    """
    return PROTOCOLS.get(re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_"))


def lines_in_force(
    protocol: Protocol,
    baseline: Mapping[str, float] | None,
    moved: Mapping[str, Number] | None = None,
) -> Lines:
    """The protocol's lines, those that a person moved (`moved["sbp.high"]`) where they are now, and
    those relative to the baseline once it is set.
    """
    merged: dict[str, tuple[Line, ...]] = dict(protocol.lines)
    for name, value in (moved or {}).items():
        vital, _, flag = name.partition(".")
        merged[vital] = with_moved(merged.get(vital, ()), flag, value)
    for vital, rules in protocol.relative.items():
        if baseline is not None and vital in baseline:
            delay_s = VITALS[vital].delays["relative"]
            drawn = tuple(rule.line(baseline[vital], delay_s) for rule in rules)
            merged[vital] = merged.get(vital, ()) + drawn
    return merged
