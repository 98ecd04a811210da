"""A picture of a thousand simulated patients beside what was published: part of `make pictures`.

`python -m tests.support.patient_pictures` draws it anew: the same on every machine, but for how a
browser smooths its lines.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from playwright.async_api import async_playwright

from app.simulator.body import Patient
from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.pictures import STATION, take
from tests.support.server import REPO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "simulated-patients.webp"
MANY: Final = 1_000
LAST_MIN: Final = 120
INFUSED_MIN: Final = 40
RATE: Final = 0.5 / INFUSED_MIN  # mg/kg/min
SHARES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
INTER: Final = REPO / "frontend/node_modules/@fontsource-variable/inter/files"

PANEL_W, PANEL_H = 612, 477
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 74, 52  # of the panel, around its plot

Curve = tuple[float, ...]
"""One minute: the value below which each of SHARES lies."""


@dataclass(frozen=True, slots=True)
class Point:
    """A published value: with a bar of one standard deviation, or of the time it was found in."""

    minute: float
    value: float
    label: tuple[str, ...]
    sd: float = 0.0
    minutes: float = 0.0
    dx: float = 12.0
    dy: float = 5.0
    led: tuple[float, float] | None = None
    """A thin line ends here, seen from the label's beginning."""


@dataclass(frozen=True, slots=True)
class Range:
    """Published without a mean: between two values, from one minute to another."""

    from_min: float
    to_min: float
    low: float
    high: float
    label: tuple[str, ...]
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    unit: str
    colour: str
    low: float
    high: float
    ticks: tuple[float, ...]
    seen: Callable[[Patient], float]
    points: tuple[Point, ...] = ()
    ranges: tuple[Range, ...] = ()
    change: bool = True
    """Of what it was before the infusion."""

    def x(self, minute: float) -> float:
        return LEFT + (PANEL_W - LEFT - RIGHT) * minute / LAST_MIN

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return PANEL_H - BOTTOM - (PANEL_H - TOP - BOTTOM) * share


def expected(sign: str) -> Callable[[Patient], float]:
    return lambda patient: patient.expected(sign)


PANELS: Final = (
    Panel(
        "Systolic pressure", "mmHg above baseline", "#f2f2f2", -10, 40, (0, 10, 20, 30, 40),
        expected("sbp"),
        (
            Point(40, 16.0, ("Yale 2024, 2,342 infusions:", "+16.0, SD 11.2 at 40 min"), sd=11.2,
                  dx=16, dy=-78),
            Point(35, 7.4, ("a clinic series: +7.4", "at 30 to 40 min"), minutes=10, dx=42, dy=36,
                  led=(-4, -6)),
            Point(30, 3.28, ("Emory 2018, 684 infusions:", "+3.3 at 30 min"), dx=-122, dy=50,
                  led=(112, -14)),
            Point(100, 0.0, ("Beijing 2019, 27 patients:", "as before at 100 min"), dx=-86, dy=28),
        ),
    ),
    Panel(
        "Diastolic pressure", "mmHg above baseline", "#f2f2f2", -10, 30, (0, 10, 20, 30),
        expected("dbp"),
        (
            Point(40, 11.0, ("Yale 2024:", "+11.0, SD 8.45 at 40 min"), sd=8.45, dx=16, dy=-84),
            Point(35, 6.0, ("a clinic series: +6.0", "at 30 to 40 min"), minutes=10, dx=42, dy=40,
                  led=(-4, -6)),
            Point(30, 3.17, ("Emory 2018: +3.2 at 30 min",), dx=-122, dy=66, led=(112, -14)),
            Point(100, 0.0, ("Beijing 2019, 27 patients:", "as before at 100 min"), dx=-86, dy=28),
        ),
    ),
    Panel(
        "Heart rate", "/min above baseline", "#3ddc84", -10, 20, (-5, 0, 5, 10, 15, 20),
        expected("hr"),
        (Point(100, 0.0, ("Beijing 2019, 27 patients:", "as before at 100 min"), dx=-86, dy=28),),
        (Range(30, 40, 5, 10, ("usual: +5 to +10", "at 30 to 40 min"), (44, 13.5)),),
    ),
    Panel(
        "Dissociation", "score, 0 to 4", "#a0b4ff", 0, 4, (0, 1, 2, 3, 4),
        expected("dissociation"),
        (Point(95, 0.0, ("near baseline", "by 80 to 110 min"), minutes=30, dx=-44, dy=-32),),
        change=False,
    ),
    Panel(
        "Ketamine in the blood", "ng/mL", "#ff9f45", 0, 320, (0, 100, 200, 300),
        lambda patient: patient.blood_ng_per_ml,
        (
            Point(20, 210, ("210",), dx=-14, dy=-12),
            Point(40, 240, ("Domino's model: 240",), dx=14, dy=-8),
            Point(60, 55, ("55",), dx=-6, dy=-12),
        ),
        (Range(38.5, 41.5, 150, 250, ("clinics measured", "150 to 250 at 40 min"), (44, 190)),),
        change=False,
    ),
)  # fmt: skip


def crowd() -> list[list[Curve]]:
    """For each panel, how its values are spread at each minute."""
    patients = [Patient(f"one of many {number}") for number in range(MANY)]
    before = [
        [panel.seen(patient) if panel.change else 0.0 for patient in patients] for panel in PANELS
    ]
    curves: list[list[Curve]] = [[] for _ in PANELS]
    for minute in range(LAST_MIN + 1):
        for panel, was, curve in zip(PANELS, before, curves, strict=True):
            values = [panel.seen(p) - start for p, start in zip(patients, was, strict=True)]
            values.sort()
            curve.append(tuple(values[round(share * (MANY - 1))] for share in SHARES))
        rate = RATE if minute < INFUSED_MIN else 0.0
        for patient in patients:
            for _ in range(60):
                patient.advance(rate)
    return curves


def line(panel: Panel, curve: Sequence[Curve], at: int) -> str:
    return " ".join(f"{panel.x(m):.1f},{panel.y(c[at]):.1f}" for m, c in enumerate(curve))


def between(panel: Panel, curve: Sequence[Curve], low: int, high: int) -> str:
    there, back = line(panel, curve, high), line(panel, curve, low)
    return f"{there} {' '.join(reversed(back.split()))}"


def frame_of(panel: Panel) -> Iterator[str]:
    """The ground of a panel: the infusion's time, the grid, title and axes."""
    top, floor = panel.y(panel.high), panel.y(panel.low)
    width = panel.x(INFUSED_MIN) - LEFT
    yield f'<rect class="panel" width="{PANEL_W}" height="{PANEL_H}" rx="12"/>'
    yield f'<rect class="infusing" x="{LEFT}" y="{top}" width="{width}" height="{floor - top}"/>'
    yield f'<rect class="dose" x="{LEFT}" y="{floor - 4}" width="{width}" height="4"/>'
    yield f'<text class="title" x="20" y="34">{escape(panel.title)}</text>'
    yield f'<text class="unit" x="20" y="56">{escape(panel.unit)}</text>'
    for tick in panel.ticks:
        kind = "zero" if tick == 0 else "grid"
        sign = "+" if panel.change and tick > 0 else "\N{MINUS SIGN}" if tick < 0 else ""
        y = panel.y(tick)
        yield f'<line class="{kind}" x1="{LEFT}" x2="{PANEL_W - RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text class="tick" x="{LEFT - 10}" y="{y + 4.5}">{sign}{abs(tick):g}</text>'
    for minute in range(0, LAST_MIN + 1, 20):
        x, y = panel.x(minute), floor + 24
        yield f'<text class="minute" x="{x}" y="{y}">{minute}</text>'
    yield f'<text class="tick" x="{PANEL_W - RIGHT}" y="{floor + 41}">minutes</text>'


def published(panel: Panel) -> Iterator[str]:
    for found in panel.ranges:
        x, y = panel.x(found.from_min), panel.y(found.high)
        width, height = panel.x(found.to_min) - x, panel.y(found.low) - y
        yield f'<rect class="range" x="{x}" y="{y}" width="{width}" height="{height}" rx="3"/>'
        yield from words(panel.x(found.at[0]), panel.y(found.at[1]), found.label)
    for point in panel.points:
        x, y = panel.x(point.minute), panel.y(point.value)
        if point.sd:
            up, down = panel.y(point.value + point.sd), panel.y(point.value - point.sd)
            yield f'<path class="bar" d="M{x} {up}V{down}M{x - 6} {up}h12M{x - 6} {down}h12"/>'
        if point.minutes:
            left, right = (panel.x(point.minute + half * point.minutes) for half in (-0.5, 0.5))
            ends = "".join(f"M{end} {y - 5}v10" for end in (left, right))
            yield f'<path class="bar" d="M{left} {y}H{right}{ends}"/>'
        if point.led:
            to = f"{x + point.dx + point.led[0]} {y + point.dy + point.led[1]}"
            yield f'<path class="leader" d="M{x} {y}L{to}"/>'
        yield f'<circle class="point" cx="{x}" cy="{y}" r="5"/>'
        yield from words(x + point.dx, y + point.dy, point.label)


def words(x: float, y: float, lines: Sequence[str]) -> Iterator[str]:
    spans = "".join(
        f'<tspan x="{x}" dy="{17 if row else 0}">{escape(text)}</tspan>'
        for row, text in enumerate(lines)
    )
    yield f'<text class="words" x="{x}" y="{y}">{spans}</text>'


def drawn(panel: Panel, curve: Sequence[Curve]) -> str:
    inside = [
        *frame_of(panel),
        f'<polygon class="wide" points="{between(panel, curve, 0, 4)}"/>',
        f'<polygon class="half" points="{between(panel, curve, 1, 3)}"/>',
        f'<polyline class="median" points="{line(panel, curve, 2)}"/>',
        *published(panel),
    ]
    return f'<svg class="cell" style="--c: {panel.colour}">{"".join(inside)}</svg>'


STYLE: Final = f"""
@font-face {{ font-family: Inter; font-weight: 100 900; src: url(FONT) format("woff2-variations") }}
* {{ box-sizing: border-box; margin: 0 }}
body {{ background: #0b0f14; color: #e8eef5; font: 15px/1.45 Inter, system-ui, sans-serif;
  width: {STATION["width"]}px; height: {STATION["height"]}px }}
header {{ height: 60px; display: flex; align-items: center; gap: 16px; padding: 0 20px;
  border-bottom: 1px solid #243040 }}
h1 {{ font-size: 22px; font-weight: 650 }}
header p {{ color: #a3b3c5 }}
.sim {{ background: #2a2142; color: #cdb8ff; border-radius: 99px; padding: 4px 13px;
  font-size: 13px; font-weight: 600; letter-spacing: .02em }}
main {{ display: grid; grid-template-columns: repeat(3, {PANEL_W}px);
  grid-auto-rows: {PANEL_H}px; gap: 22px; padding: 22px 20px }}
.cell {{ width: {PANEL_W}px; height: {PANEL_H}px }}
.panel {{ fill: #121922; stroke: #243040 }}
.infusing {{ fill: #1a2430 }} .dose {{ fill: #ff9f45 }}
.grid {{ stroke: #22303f }} .zero {{ stroke: #4a5b70 }}
.title {{ fill: #e8eef5; font-size: 20px; font-weight: 650 }}
.unit, .tick, .minute {{ fill: #a3b3c5; font-size: 13.5px; font-variant-numeric: tabular-nums }}
.tick {{ text-anchor: end }} .minute {{ text-anchor: middle }}
.wide {{ fill: var(--c); opacity: .15 }} .half {{ fill: var(--c); opacity: .2 }}
.median {{ fill: none; stroke: var(--c); stroke-width: 3; stroke-linejoin: round }}
.bar {{ fill: none; stroke: #ffd400; stroke-width: 2 }}
.leader {{ stroke: #ffe88a; stroke-width: 1; opacity: .6 }}
.point {{ fill: #ffd400; stroke: #121922; stroke-width: 1.5 }}
.range {{ fill: rgb(255 212 0 / .16); stroke: #ffd400; stroke-width: 1.5; stroke-dasharray: 4 3 }}
.words {{ fill: #ffe88a; font-size: 13.5px; paint-order: stroke; stroke: #121922; stroke-width: 4;
  stroke-linejoin: round }}
aside {{ border: 1px solid #243040; border-radius: 12px; padding: 18px 24px; color: #a3b3c5;
  display: flex; flex-direction: column; gap: 14px; justify-content: center }}
aside h2 {{ color: #e8eef5; font-size: 20px; font-weight: 650 }}
aside b {{ color: #e8eef5; font-weight: 600 }}
dl {{ display: grid; grid-template-columns: 72px 1fr; gap: 10px 16px; align-items: center }}
"""

LEGEND: Final = """
<aside style="--c: #a0b4ff">
  <h2>How to read this</h2>
  <dl>
    <dt><svg width="72" height="16"><path class="median" d="M2 8H70"/></svg></dt>
    <dd>half of the simulated patients lie above, half below</dd>
    <dt><svg width="72" height="34"><rect class="wide" width="72" height="34"/>
      <rect class="half" y="9" width="72" height="16"/></svg></dt>
    <dd>the middle 80 of 100 patients, and the middle 50</dd>
    <dt><svg width="72" height="34"><path class="bar" d="M36 3V31M30 3h12M30 31h12"/>
      <circle class="point" cx="36" cy="17" r="5"/></svg></dt>
    <dd>published mean with one standard deviation, or the minutes it was found in</dd>
    <dt><svg width="72" height="22"><rect class="range" x="2" y="2" width="68" height="18" rx="3"/>
      </svg></dt>
    <dd>published range</dd>
    <dt><svg width="72" height="6"><rect class="dose" width="72" height="6"/></svg></dt>
    <dd>0.5 mg/kg infused over 40 minutes</dd>
  </dl>
  <p>Published means of the rise in pressure reach from 3 to 20 mmHg: clinics differ, and so do
  patients. The model follows the largest series. What monitors and cuffs err comes on top.</p>
  <p><b>Made to exercise limits. It foretells nothing of any person, and no dose may be judged
  by it.</b></p>
</aside>
"""


def page_of(curves: Sequence[Sequence[Curve]]) -> str:
    font = base64.b64encode((INTER / "inter-latin-wght-normal.woff2").read_bytes()).decode()
    style = STYLE.replace("FONT", f"data:font/woff2;base64,{font}")
    panels = "".join(drawn(panel, curve) for panel, curve in zip(PANELS, curves, strict=True))
    return f"""<!doctype html><meta charset="utf-8"><style>{style}</style>
<header><h1>{MANY:,} simulated patients</h1>
<p>change of each from their own baseline, without noise; what clinics published in yellow</p>
<span class="sim">SIMULATED DATA \N{EN DASH} NOT A PATIENT</span></header>
<main>{panels}{LEGEND}</main>"""


async def main() -> None:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    page_text = page_of(crowd())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        page = await browser.new_page(viewport=STATION)
        await page.set_content(page_text)
        await page.evaluate("() => document.fonts.ready.then(() => true)")
        await take(page, NAME)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
