"""Measuring the board: what is told of a page is what the page did, in a real Chromium."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bench.clinic import Api
from bench.screens import busy, clinic, heap, page, report, usable
from bench.screens.__main__ import NAME, QUICK, measured, told
from bench.screens.calibration import Calibration
from bench.table import between
from tests.support.server import REPO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Route

    from bench.screens.page import Opened
    from tests.support.server import Server

TILES = """<style>
  .tile { display: block; position: relative; width: 200px; height: 100px; contain: strict }
</style><a class="tile">1</a><a class="tile">2</a><a class="tile">3</a>"""
EACH_SECOND = """(which) => {
  const tiles = [...document.querySelectorAll('.tile')]
  let n = 0
  setInterval(() => { n += 1; for (const one of which) tiles[one].textContent = n }, 100)
}"""
# Sums, one after the other, and how many milliseconds they took: with others, more than alone.
WORK = """(times) => new Promise((done) => {
  let worked = 0
  const work = () => {
    const began = performance.now()
    let sum = 0
    for (let n = 1; n < 3e6; n += 1) sum = (sum + n * n) % 1000003
    window.sum = sum
    worked += performance.now() - began
    times -= 1
    times > 0 ? setTimeout(work, 20) : done(worked)
  }
  setTimeout(work, 0)
})"""
KEEP = "() => { window.kept = Array.from({ length: 100_000 }, (_, n) => ({ n })) }"
WASTE = "() => { Array.from({ length: 100_000 }, (_, n) => ({ n })).at(-1) }"
COVERED_MS = 400
HALF_READY = f"""<div data-testid="tile"><b data-testid="value">97</b></div>
<div data-testid="tile"><b data-testid="value">--</b></div>
<button data-testid="acknowledge">Acknowledge</button>
<div id="cover" style="position: fixed; inset: 0"></div>
<script>
  setTimeout(() => {{ document.querySelectorAll('b')[1].textContent = '72' }}, 100)
  const uncover = () => document.getElementById('cover').remove()
  const painted = () => setTimeout(uncover, {COVERED_MS})
  requestAnimationFrame(() => requestAnimationFrame(painted))  // the first number was seen by then
</script>"""


@pytest_asyncio.fixture(loop_scope="session")
async def blank(browser: Browser) -> AsyncIterator[Opened]:
    context = await browser.new_context()
    opened = page.Opened(one := await context.new_page(), await context.new_cdp_session(one))
    await opened.cdp.send("Performance.enable")
    await one.set_content(TILES)
    yield opened
    await context.close()


async def test_a_page_that_rests_is_not_busy_and_one_that_works_is(
    browser: Browser, blank: Opened
) -> None:
    rests = await busy.watch(blank, 1)
    began, before = time.monotonic(), await blank.metrics()
    worked_ms = await blank.page.evaluate(WORK, 20)
    after, took_s = await blank.metrics(), time.monotonic() - began
    works = busy.shares(before, after)
    passed_s = after["Timestamp"] - before["Timestamp"]
    for key in ("busy", "script"):
        assert 0.9 * worked_ms <= works[key] * passed_s * 10 <= 1_000 * took_s, key
    assert 0 <= rests["cpu"] < works["cpu"] <= works["busy"] + 5
    assert rests["busy"] >= 0


async def test_tiles_are_counted_that_were_painted(browser: Browser, blank: Opened) -> None:
    await blank.page.evaluate(EACH_SECOND, [1])
    one = await busy.painting(blank, 1, changes=3)
    await blank.page.evaluate(EACH_SECOND, [0, 1, 2])
    all_of_them = await busy.painting(blank, 1, changes=3)
    assert set(one.frames) == {1}
    assert one.per_reading(2) == one.per_second / 2
    assert len(one.frames) >= 3
    assert max(all_of_them.frames) == 3


async def test_only_what_is_kept_counts(browser: Browser, blank: Opened) -> None:
    before = await heap.in_use(blank)
    await blank.page.evaluate(WASTE)
    wasted = await heap.in_use(blank)
    await blank.page.evaluate(KEEP)
    kept = await heap.in_use(blank)
    assert wasted - before < 0.3 * heap.MB
    assert kept - wasted > heap.MB


def test_the_growth_of_a_heap_is_that_over_ten_minutes() -> None:
    steady = [(float(at), 5_000_000.0) for at in range(0, 120, 60)]
    assert math.isnan(heap.growth_mb(steady))
    assert heap.growth_mb([*steady, (120.0, 5_000_000.0)]) == 0
    grows = [(60.0 * n, 5e6 + 1e5 * n + (n % 2) * 1_000) for n in range(11)]
    assert heap.growth_mb(grows) == pytest.approx(1, rel=0.02)


def test_what_one_sample_holds_is_no_growth_and_what_is_kept_from_it_on_is() -> None:
    flat = [(60.0 * n, 8e6) for n in range(11)]
    assert heap.growth_mb([*flat[:-1], (600.0, 9e6)]) == 0
    stays = [(60.0 * n, 8e6 if n < 5 else 9e6) for n in range(11)]
    assert heap.growth_mb(stays) > 1


async def test_a_board_is_usable_when_its_button_can_be_hit(browser: Browser) -> None:
    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=HALF_READY)

    context = await browser.new_context()
    await context.route("**/*", answer)
    load = await usable.cold(context, "http://127.0.0.1:1/", 2)
    await context.close()
    assert load.first_ms > 0
    assert load.usable_ms - load.first_ms >= COVERED_MS - 20
    assert load.scripts == ()


async def test_the_real_board_is_measured(browser: Browser, server: Server) -> None:
    """All that is told comes from it, and nothing of it is empty."""
    with Api(server.port, server.credentials.token("clinician")) as api:
        rooms = clinic.admit(api, QUICK.rooms)
    with Api(server.port, server.credentials.token("device")) as api:
        clinic.remember(api, rooms, QUICK.past_s)
    monitors = clinic.Monitors(server.port, server.credentials.token("device"), rooms)
    calibration = Calibration()
    with monitors.running():
        values = await measured(f"{server.url}/", QUICK, calibration)
    values["late_ms"] = [monitors.latest_s * 1_000]
    assert monitors.sent >= QUICK.rooms
    empty = {key for key, found in values.items() if any(math.isnan(one) for one in found)}
    assert empty == set()
    for key in ("busy", "cpu", "script", "style", "layouts", "usable_ms", "tiles_second"):
        assert max(values[key]) > 0, key  # not in each: a browser that is held up draws nothing
    assert values["usable_ms"] >= values["first_ms"]
    assert min(values["fetched_kb"]) >= 0.99 * values["js_kb"][0]  # all that it names was needed
    assert values["nodes"][0] > 100
    page_text = (REPO / "docs" / "performance.md").read_text("utf-8")
    text = told(values, QUICK, calibration)
    assert text in between(page_text, NAME, text)


def test_a_goal_that_was_missed_is_told_so() -> None:
    values = {line.key: [0.4] for line in report.LINES}
    assert report.summary(values).count("met") == 5
    missed = report.summary({**values, "busy": [9.0, 10.5, 11.0]})
    assert "MISSED     10.5 % (<= 10)  main thread busy" in missed
    assert "| main thread busy | 10.5 [9.00..11.0] % | <= 10 | **missed** |" in report.table(
        {**values, "busy": [9.0, 10.5, 11.0]}
    )
    nothing = report.summary({**values, "heap_growth": [math.nan]})
    assert "MISSED" in nothing, "what could not be measured meets no goal"


async def test_monitors_that_are_refused_say_so(server: Server) -> None:
    nobody = clinic.Room(1, "0193a000-0000-7000-8000-000000000000")
    monitors = clinic.Monitors(server.port, server.credentials.token("device"), [nobody])
    with pytest.raises(Exception, match="404"), monitors.running():
        await asyncio.to_thread(monitors.ended.wait, 30)
