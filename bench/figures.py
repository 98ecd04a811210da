"""The arithmetic of measuring: percentiles, and ratios of rounds."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all reach or stay below; NaN of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)  # rounded up
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def ratio(one: float, other: float) -> float:
    """NaN where there is nothing to compare with: no goal is met by it."""
    return one / other if other else float("nan")


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure of several rounds: the middle one, and how far they lie apart."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, rounds: Sequence[float]) -> Spread:
        return cls(median(rounds), min(rounds), max(rounds))

    def __str__(self) -> str:
        return f"{told(self.middle)} [{told(self.least)}..{told(self.most)}]"


def told(number: float) -> str:
    """Three figures, as one reads them: 0.0412, 1.87, 24.6, 25,300."""
    if number != number:  # NaN: there was nothing to measure
        return "-"
    size = abs(number)
    if size == 0 or size >= 1000:
        return f"{number:,.0f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    return f"{number:.0f}" if size >= 100 else f"{number:.{decimals}f}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio, and the bound that it has to keep."""

    text: str
    bound: float
    at_least: bool = False

    def met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"
