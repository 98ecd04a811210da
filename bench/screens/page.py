"""A Chromium with the board open, and what its own protocol tells of the page."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import CDPSession, Page, async_playwright

from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, ViewportSize

SIZE: Final[ViewportSize] = {"width": 1920, "height": 1080}
PATIENCE_MS: Final = 60_000  # a board on a busy machine comes late; that it comes is not in doubt


@dataclass(frozen=True, slots=True)
class Opened:
    """A page and the line to its debugger."""

    page: Page
    cdp: CDPSession

    async def metrics(self) -> dict[str, float]:
        told = await self.cdp.send("Performance.getMetrics")
        return {one["name"]: one["value"] for one in told["metrics"]}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """As the tests start it: without a graphics card, the machine's cores draw too."""
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def station(browser: Browser, url: str) -> AsyncIterator[BrowserContext]:
    """A station screen at which a clinician is signed in and the disclaimer was accepted; its sound
    is off, and flashing is not reduced.
    """
    options: dict[str, Any] = {"timezone_id": "UTC", "locale": "en-GB"}
    context = await browser.new_context(viewport=SIZE, **options)
    context.set_default_timeout(PATIENCE_MS)
    try:
        await context.add_cookies([ANYWHERE.browser_cookie("clinician", url)])
        page = await context.new_page()
        await page.goto(url)
        await page.get_by_test_id("accept-disclaimer").click()
        await page.get_by_test_id("acknowledge").first.wait_for()  # an alarm stands from here on
        await page.close()
        yield context
    finally:
        await context.close()


@asynccontextmanager
async def board(context: BrowserContext, url: str, rooms: int) -> AsyncIterator[Opened]:
    """The board with all its tiles, and the pointer where it disturbs nothing."""
    page = await context.new_page()
    try:
        await page.mouse.move(0, 0)
        await page.goto(url)
        await page.get_by_test_id("tile").nth(rooms - 1).wait_for()
        cdp = await context.new_cdp_session(page)
        await cdp.send("Performance.enable")
        yield Opened(page, cdp)
    finally:
        await page.close()
