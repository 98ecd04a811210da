"""Measures the board in a real browser: `make bench-screens`, `... ARGS="--minutes 2"`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import machine, servers
from bench.__main__ import PAGE, ended
from bench.clinic import Api
from bench.screens import busy, clinic, heap, page, report, usable, weight
from bench.screens.calibration import Calibration
from bench.table import between
from tests.support.server import REPO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.screens.page import Opened

STATIC: Final = REPO / "app" / "static"
BOARD: Final = "board-loading"  # a word that only the board's own script holds
NAME: Final = "screens"  # of its place in docs/performance.md
Values = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Amount:
    """How long each part of it takes, in seconds."""

    rooms: int = clinic.ROOMS
    loads: int = 5
    past_s: int = clinic.PAST_S  # what the monitors sent before: trends are full from the start
    settle_s: float = 120  # the browser has compiled what runs each second, and each half minute
    windows: int = 10
    window_s: float = 60
    painting_s: float = 10


QUICK: Final = Amount(rooms=3, loads=1, past_s=60, settle_s=0, windows=2, window_s=1, painting_s=2)


async def measured(url: str, amount: Amount, calibration: Calibration) -> Values:
    values: Values = {}
    async with page.chromium() as browser:
        await calibration.take(browser)
        async with page.station(browser, url) as context:
            loads = [await usable.cold(context, url, amount.rooms) for _ in range(amount.loads)]
            values["usable_ms"] = [load.usable_ms for load in loads]
            values["first_ms"] = [load.first_ms for load in loads]
            values["js_kb"] = [sum(weight.of_page(STATIC, BOARD).values()) / weight.KB]
            values["fetched_kb"] = [fetched_kb(load.scripts) for load in loads]
            async with page.board(context, url, amount.rooms) as opened:
                await asyncio.sleep(amount.settle_s)
                values |= await watched(opened, amount)
        await calibration.take(browser)
    return values


def fetched_kb(scripts: Iterable[str]) -> float:
    """On a busy machine that is more: what opens later is read 1.5 s after the start."""
    sizes = [weight.gzipped((STATIC / "assets" / name).read_bytes()) for name in scripts]
    return sum(sizes) / weight.KB


async def watched(opened: Opened, amount: Amount) -> Values:
    """Its work in one window after the other, and between them what it holds."""
    values: Values = {"nodes": [await opened.page.locator("*").count()]}
    began = time.monotonic()
    held = [(0.0, await heap.in_use(opened))]
    for _ in range(amount.windows):
        for key, share in (await busy.watch(opened, amount.window_s)).items():
            values.setdefault(key, []).append(share)
        held.append((time.monotonic() - began, await heap.in_use(opened)))
    values["heap_mb"] = [in_use / heap.MB for _, in_use in held]
    values["heap_growth"] = [heap.growth_mb(held)]
    drawn = await busy.painting(opened, amount.painting_s)
    values["tiles_reading"] = [drawn.per_reading(amount.rooms)]  # one reading a room and second
    return values | {"tiles_second": [drawn.per_second]}


def run(amount: Amount, folder: Path) -> tuple[Values, Calibration]:
    """Nothing is pinned: browser, server and monitors share the machine."""
    calibration = Calibration()
    with servers.ours(folder, pinned=False) as server:
        with Api(server.port, server.nurse) as api:
            rooms = clinic.admit(api, amount.rooms)
        with Api(server.port, server.device) as api:
            clinic.remember(api, rooms, amount.past_s)
        monitors = clinic.Monitors(server.port, server.device, rooms)
        with monitors.running():
            url = f"http://127.0.0.1:{server.port}/"
            values = asyncio.run(measured(url, amount, calibration))
    return values | {"late_ms": [monitors.latest_s * 1_000]}, calibration


def told(values: Values, amount: Amount, calibration: Calibration) -> str:
    """What stands in docs/performance.md."""
    about = (
        f"{amount.rooms} rooms, each with five vital signs a second, on a board of"
        f" {page.SIZE['width']} x {page.SIZE['height']}; {amount.windows} windows of"
        f" {amount.window_s:.0f} s, {amount.loads} cold loads."
    )
    return f"{about}\n\n{report.table(values)}\n\n{calibration}\n\n{machine.line()}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.screens", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10, help="of watching; ten show the heap")
    parser.add_argument("--rooms", type=int, default=clinic.ROOMS)
    parser.add_argument("--quick", action="store_true", help="seconds, to see that it runs")
    parser.add_argument("--write", action="store_true", help=f"renew the table of {PAGE.name}")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, ended)
    amount = QUICK if options.quick else Amount(rooms=options.rooms, windows=options.minutes)
    with tempfile.TemporaryDirectory(prefix="infusion-bench-", ignore_cleanup_errors=True) as name:
        values, calibration = run(amount, Path(name))
    text = told(values, amount, calibration)
    print(f"{text}\n\n{report.summary(values)}")
    if options.write:
        PAGE.write_text(between(PAGE.read_text("utf-8"), NAME, text), "utf-8")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
