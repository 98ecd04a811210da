"""SVG for the chart of a record: scales, and the few shapes that it is drawn with. All text that
comes from outside is escaped here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

INK: Final = "#1c2733"
SOFT: Final = "#5b6875"
FAINT: Final = "#d7dde3"
FONT: Final = "Source Sans Pro"
STEPS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
TICKS: Final = 14  # more labels than so would touch on a printed page


@dataclass(frozen=True, slots=True)
class Scale:
    """From what is measured to where it is drawn."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return round(self.begin + share * (self.end - self.begin), 2)

    def within(self, value: float) -> float:
        """What lies outside is drawn at the edge."""
        return self(min(max(value, self.low), self.high))


@dataclass(slots=True)
class Paper:
    """What was drawn so far."""

    width: float
    parts: list[str] = field(default_factory=list)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str = FAINT,
        *,
        width: float = 0.6,
        dash: str = "",
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}"'
            f' stroke-width="{width:g}"{dashed}/>'
        )

    def path(
        self,
        points: list[tuple[float, float]],
        colour: str,
        *,
        width: float = 0.9,
        dash: str = "",
        fill: str = "none",
    ) -> None:
        if len(points) < 2:
            return
        d = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{d}" fill="{fill}" stroke="{colour}" stroke-width="{width:g}"'
            f' stroke-linejoin="round"{dashed}/>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, corner: float = 0
    ) -> None:
        round_ = f' rx="{corner:g}"' if corner else ""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{max(width, 0):g}" height="{height:g}"'
            f' fill="{fill}"{round_}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        size: float = 8,
        colour: str = SOFT,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"'
            f' text-anchor="{anchor}"{weight}>{escape(said)}</text>'
        )

    def shape(self, markup: str) -> None:
        """Of a mark: numbers and our own words only."""
        self.parts.append(markup)

    def svg(self, height: float) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {height:g}"'
            f' font-family="{FONT}, sans-serif">{"".join(self.parts)}</svg>'
        )


def mark(shape: str, x: float, y: float, colour: str, *, hollow: bool = False) -> str:
    """Square, dot or diamond, as the value came."""
    fill = "#ffffff" if hollow else colour
    look = f'fill="{fill}" stroke="{colour}" stroke-width="0.8"'
    match shape:
        case "square":
            return f'<rect x="{x - 2:g}" y="{y - 2:g}" width="4" height="4" {look}/>'
        case "diamond":
            d = f"M{x:g} {y - 2.4:g}L{x + 2.4:g} {y:g}L{x:g} {y + 2.4:g}L{x - 2.4:g} {y:g}Z"
            return f'<path d="{d}" {look}/>'
        case _:
            return f'<circle cx="{x:g}" cy="{y:g}" r="1.7" {look}/>'


def ring(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="none" stroke="{colour}" stroke-width="0.9"/>'


def cross(x: float, y: float, colour: str) -> str:
    return (
        f'<path d="M{x - 2.6:g} {y - 2.6:g}L{x + 2.6:g} {y + 2.6:g}M{x - 2.6:g} {y + 2.6:g}'
        f'L{x + 2.6:g} {y - 2.6:g}" stroke="{colour}" stroke-width="0.8"/>'
    )


def step_minutes(minutes: float) -> int:
    """Between two labels of the time axis, so that they do not touch."""
    return next((step for step in STEPS_MIN if minutes / step <= TICKS), STEPS_MIN[-1])


def nice_step(span: float, most: int) -> float:
    """Between two lines of a grid: 1, 2, 5, 10, 20, ..."""
    step = 0.1
    factors = (2, 2.5, 2)
    at = 0
    while span / step > most:
        step *= factors[at % 3]
        at += 1
    return round(step, 6)
