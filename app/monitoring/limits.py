"""Alarm limits: the lines of a session, and which of them a value has reached.

A line belongs to a vital and a side; the tier says how far out it is, the priority what its alarm
is worth. Lines relative to the baseline become plain numbers when the baseline is set, so that
judging a value is only comparing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.monitoring.vitals import VITALS

Number = int | float  # written out, so that a stored 82 is read back as 82 and not as 82.0
Side = Literal["low", "high"]
Tier = Literal["relative", "warning", "critical", "technical"]
AnyTier = Tier | Literal["stop"]
Flag = Literal["low_critical", "low", "high", "high_critical"]
Priority = Literal["low", "medium", "high"]
Comparator = Literal["<", "<=", ">", ">="]
Basis = Literal["absolute", "relative"]

DECIMALS: Final = 6  # 36.1 + 0.2 shall be 36.3: finer than any value, coarser than its rounding
RANK: Final[Mapping[str, int]] = {"low": 1, "medium": 2, "high": 3}
FLAGS: Final[Mapping[tuple[str, str], str]] = {
    ("critical", "low"): "low_critical",
    ("warning", "low"): "low",
    ("relative", "low"): "low",
    ("warning", "high"): "high",
    ("relative", "high"): "high",
    ("critical", "high"): "high_critical",
}
NAMED: Final[Mapping[str, tuple[Tier, Side]]] = {
    "low_critical": ("critical", "low"),
    "low": ("warning", "low"),
    "high": ("warning", "high"),
    "high_critical": ("critical", "high"),
}
"""The absolute line that a flag names: how people and files speak of limits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One limit: `priority` None means that reaching it is flagged and never an alarm; `delay_s`
    holds for streamed values.

    A relative line may also ask that the value is beyond `and_value` (a drop of 4 and below 94).
    Beyond a technical line the value tells of the equipment, not of the patient: it gives no flag.
    Nor does a stop line, beyond which the infusion should not go on.
    """

    tier: AnyTier
    side: Side
    comparator: Comparator
    value: Number
    priority: Priority | None
    delay_s: Number
    basis: Basis = "absolute"
    and_value: Number | None = None

    @property
    def is_limit(self) -> bool:
        """True for an alarm limit of the patient: it gives a flag, and an alarm by its priority."""
        return self.tier not in ("technical", "stop")

    def reached(self, value: float) -> bool:
        """True if the value is beyond this line, as the comparator says."""
        limit = self.value
        match self.comparator:
            case "<":
                beyond = value < limit
            case "<=":
                beyond = value <= limit
            case ">":
                beyond = value > limit
            case _:
                beyond = value >= limit
        if not beyond or self.and_value is None:
            return beyond
        return value < self.and_value if self.side == "low" else value > self.and_value

    def inside(self, value: float, hysteresis: float) -> bool:
        """True if the value is back inside by the hysteresis, so that the condition may end."""
        if self.reached(value):
            return False
        numbers = [self.value] if self.and_value is None else [self.value, self.and_value]
        if self.side == "low":
            return value >= round(min(numbers) + hysteresis, DECIMALS)
        return value <= round(max(numbers) - hysteresis, DECIMALS)


@dataclass(frozen=True, slots=True)
class RelativeRule:
    """How far from the baseline is a line: `offset` in the vital's unit, or `percent` of the
    baseline, signed.
    """

    side: Side
    priority: Priority
    comparator: Comparator
    offset: float | None = None
    percent: float | None = None
    and_value: float | None = None

    def line(self, baseline: float, delay_s: float) -> Line:
        """The line that this rule draws for one baseline value."""
        change = self.offset if self.offset is not None else baseline * (self.percent or 0.0) / 100
        return Line(
            tier="relative",
            side=self.side,
            comparator=self.comparator,
            value=round(baseline + change, 2),
            priority=self.priority,
            delay_s=delay_s,
            basis="relative",
            and_value=self.and_value,
        )


Lines = Mapping[str, tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the lines of a session were drawn from since `at`, by its time."""

    at: int
    baseline: Mapping[str, Number] | None
    moved: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Band:
    """A vital's lines made ready: between `low` and `high` (exclusive, hysteresis included) no line
    matters.
    """

    lines: tuple[Line, ...]
    low: float
    high: float


Bands = Mapping[str, Band]


def prepare(lines: Lines) -> Bands:
    """Lines with the calm band of each vital, so that a normal value costs one comparison."""
    return {vital: _band(vital, of_vital) for vital, of_vital in lines.items()}


def _band(vital: str, lines: tuple[Line, ...]) -> Band:
    margin = VITALS[vital].hysteresis
    lows = [round(_outermost(e) + margin, DECIMALS) for e in lines if e.side == "low"]
    highs = [round(_outermost(e) - margin, DECIMALS) for e in lines if e.side == "high"]
    return Band(lines, max(lows, default=float("-inf")), min(highs, default=float("inf")))


def _outermost(line: Line) -> float:
    if line.and_value is None:
        return line.value
    choose = min if line.side == "low" else max
    return choose(line.value, line.and_value)


def flag(lines: tuple[Line, ...], value: float) -> tuple[str, Basis] | None:
    """The tier that a value reached, named with its side, and what the line rests on; None inside
    all lines.

    An absolute line outranks a relative one of the same flag.
    """
    best: Line | None = None
    for line in lines:
        if not line.is_limit or not line.reached(value):
            continue
        if best is None or _outranks(line, best):
            best = line
    return None if best is None else (FLAGS[best.tier, best.side], best.basis)


def named_line(lines: tuple[Line, ...], name: str) -> Line | None:
    """The absolute line that gives the flag `name`, the first where there are two; None if there
    is none.
    """
    tier, side = NAMED[name]
    return next((e for e in lines if (e.tier, e.side, e.basis) == (tier, side, "absolute")), None)


def with_moved(lines: tuple[Line, ...], name: str, value: Number) -> tuple[Line, ...]:
    """The lines with the one that gives the flag `name` at `value`; further lines of that flag keep
    their distance from it.
    """
    first = named_line(lines, name)
    if first is None:
        return lines
    change = value - first.value
    tier, side = NAMED[name]
    return tuple(
        replace(line, value=round(line.value + change, 2))
        if (line.tier, line.side, line.basis) == (tier, side, "absolute")
        else line
        for line in lines
    )


_TIERS: Final[Mapping[str, int]] = {"relative": 0, "warning": 1, "critical": 2}


def _outranks(line: Line, other: Line) -> bool:
    return _TIERS[line.tier] > _TIERS[other.tier]


def warning_pair(lines: tuple[Line, ...]) -> list[float | None]:
    """The warning limits `[low, high]` of a vital, None where there is none: the lines of a small
    trend.
    """
    pair: list[float | None] = [None, None]
    for line in lines:
        if line.tier == "warning":
            pair[0 if line.side == "low" else 1] = line.value
    return pair
