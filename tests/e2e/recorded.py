"""What must become of a recording, worked out apart from the program: own tables of ranges and
limits, own reading of the files.

Ranges and limits are those of the clinic's preset as documented, written here a second time on
purpose.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VITALS = ("hr", "spo2", "sbp", "dbp", "map", "rr", "temp")
POSSIBLE = {
    "hr": (1, 350),
    "spo2": (1, 100),
    "sbp": (30, 300),
    "dbp": (10, 220),
    "map": (15, 250),
    "rr": (1, 100),
    "temp": (25, 45),
}
ZERO_IS_NO_SIGNAL = {"hr", "spo2", "rr"}
SENTINELS = {-999.0, -100.0, -1.0, 8388607.0}


@dataclass
class Expected:
    """One row: what is stored of it, what is set apart and why, and which values are flagged."""

    t_s: float
    values: dict[str, float] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)
    rejected: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)


def expected_rows(path: Path) -> list[Expected]:
    """The rows of a file that have at least one usable value."""
    with path.open(newline="") as file:
        rows = [_expect(row) for row in csv.DictReader(file)]
    return [row for row in rows if row.values]


def _expect(row: dict[str, str]) -> Expected:
    sent = {vital: float(row[vital]) for vital in VITALS if row.get(vital, "").strip()}
    expected = Expected(float(row["t_s"]))
    for vital, value in sent.items():
        low, high = POSSIBLE[vital]
        if _says_apnoea(vital, value, sent):
            expected.values[vital] = value
        elif value in SENTINELS:
            expected.rejected[vital] = "sentinel"
        elif _says_no_signal(vital, value, sent):
            expected.rejected[vital] = "no_signal"
        elif not low <= value <= high:
            expected.rejected[vital] = "implausible"
        else:
            expected.values[vital] = value
    pair = {"sbp", "dbp"} <= expected.values.keys()
    if pair and expected.values["dbp"] >= expected.values["sbp"]:
        for vital in ("sbp", "dbp", "map"):
            if expected.values.pop(vital, None) is not None:
                expected.rejected[vital] = "inconsistent"
    elif pair and "map" not in expected.values:
        sbp, dbp = expected.values["sbp"], expected.values["dbp"]
        expected.values["map"] = round((sbp + 2 * dbp) / 3, 1)
        expected.derived.add("map")
    expected.flags = {v: f for v, x in expected.values.items() if (f := flag_of(v, x))}
    return expected


def _says_apnoea(vital: str, value: float, sent: dict[str, float]) -> bool:
    """No breath is a measurement where the same message has a heart rate and a saturation."""
    if vital != "rr" or value != 0:
        return False
    return all(
        POSSIBLE[other][0] <= sent.get(other, 0) <= POSSIBLE[other][1] for other in ("hr", "spo2")
    )


def _says_no_signal(vital: str, value: float, sent: dict[str, float]) -> bool:
    if vital in ZERO_IS_NO_SIGNAL and value == 0:
        return True
    return vital == "spo2" and 0 < value < 50 and not sent.get("hr")


def flag_of(vital: str, value: float) -> str | None:
    """The tier that a value has reached, by the limits of "Ketamine adult" without a baseline."""
    match vital:
        case "spo2":
            tiers = [(value <= 88, "low_critical"), (value < 92, "low")]
        case "hr":
            tiers = [
                (value <= 40, "low_critical"),
                (value < 50, "low"),
                (value >= 140, "high_critical"),
                (value > 110, "high"),
            ]
        case "sbp":
            tiers = [
                (value <= 80, "low_critical"),
                (value < 90, "low"),
                (value >= 180, "high_critical"),
                (value > 160, "high"),
            ]
        case "dbp":
            tiers = [
                (value <= 40, "low_critical"),
                (value < 50, "low"),
                (value >= 110, "high_critical"),
                (value > 100, "high"),
            ]
        case "map":
            tiers = [(value <= 55, "low_critical"), (value < 65, "low")]
        case "rr":
            tiers = [(value <= 7, "low_critical"), (value < 10, "low"), (value > 30, "high")]
        case "temp":
            tiers = [(value < 36, "low"), (value > 38, "high")]
        case _:
            tiers = []
    return next((name for reached, name in tiers if reached), None)
