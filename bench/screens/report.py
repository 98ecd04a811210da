"""What was measured as a table, with the goals and whether they were met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.figures import Goal, Spread, told
from bench.screens.weight import BOARD_KB
from bench.table import HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUSY_PERCENT: Final = 10  # the rest is for the person's own taps, and for a slower computer
FLAT_MB: Final = (
    0.5  # in ten minutes: 36 MB in a shift of 12 h, less than one picture of the screen
)
USABLE_MS: Final = 1_500  # a board that was opened in haste
OWN_TILE: Final = 2  # a reading's own, and in each second the times that run in it


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    label: str
    unit: str = ""
    goal: Goal | None = None

    def row(self, values: Sequence[float]) -> str:
        spread = Spread.of(values)
        unit = f" {self.unit}" if self.unit else ""
        if self.goal is None:
            return f"| {self.label} | {spread}{unit} | | |"
        met = "met" if self.goal.met(spread.middle) else "**missed**"
        return f"| {self.label} | {spread}{unit} | {self.goal} | {met} |"

    def summary(self, values: Sequence[float]) -> str:
        assert self.goal is not None
        middle = Spread.of(values).middle
        met = "met" if self.goal.met(middle) else "MISSED"
        return f"{met:<6}  {told(middle):>7} {self.unit} ({self.goal})  {self.goal.text}"


def _at_most(bound: float, text: str) -> Goal:
    return Goal(text, bound)


LINES: Final = (
    Line("busy", "main thread busy", "%", _at_most(BUSY_PERCENT, "main thread busy")),
    Line("heap_growth", "heap, growth in 10 min", "MB", _at_most(FLAT_MB, "heap flat")),
    Line("usable_ms", "from opening to usable", "ms", _at_most(USABLE_MS, "usable in time")),
    Line("js_kb", "JavaScript, gzipped", "kB", _at_most(BOARD_KB, "JavaScript of the board")),
    Line("tiles_reading", "tiles painted a reading", "", _at_most(OWN_TILE, "only its own tile")),
    Line("fetched_kb", "JavaScript fetched until usable", "kB"),
    Line("cpu", "main thread, of a core", "%"),
    Line("script", "script", "%"),
    Line("style", "style", "%"),
    Line("layout", "layout", "%"),
    Line("layouts", "layouts a second"),
    Line("tiles_second", "tiles painted a second"),
    Line("first_ms", "until the first tile has numbers", "ms"),
    Line("heap_mb", "heap", "MB"),
    Line("nodes", "elements in the page"),
    Line("late_ms", "readings sent late by at most", "ms"),
)


def table(values: Mapping[str, Sequence[float]]) -> str:
    return "\n".join((*HEAD, *(line.row(values[line.key]) for line in LINES)))


def summary(values: Mapping[str, Sequence[float]]) -> str:
    """Every goal in one line."""
    return "\n".join(line.summary(values[line.key]) for line in LINES if line.goal is not None)
