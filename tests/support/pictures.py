"""The pictures of the documents, taken of the demo clinic: `make pictures`."""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright, expect

from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.server import REPO, Server

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, ViewportSize

DOCS = REPO / "docs"
DEMO = (sys.executable, "-m", "app.cli", "demo")
SIZE: ViewportSize = {"width": 1920, "height": 1080}
QUALITY = 70  # of 100: text stays sharp, and a picture below 100 kB
OPENING_S = 60  # until the demo has brought its rooms to their moments


async def take(page: Page, name: str) -> None:
    """Write docs/`name`.webp, which Chromium makes only when asked by its own protocol."""
    session = await page.context.new_cdp_session(page)
    options = {"format": "webp", "quality": QUALITY}
    shot = await session.send("Page.captureScreenshot", options)
    (DOCS / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


async def board_and_session(browser: Browser, url: str, *, light: bool) -> None:
    page = await browser.new_page(viewport=SIZE, timezone_id="UTC", reduced_motion="reduce")
    await page.goto(url)
    await page.get_by_test_id("demo-nurse").click()
    await page.get_by_test_id("accept-disclaimer").click()
    if light:
        await page.get_by_test_id("theme").click()
    alarm = page.locator("[data-testid=alarm][data-priority=high]").first
    await expect(alarm).to_be_visible(timeout=OPENING_S * 1_000)
    await page.wait_for_timeout(10_000)  # the trends of all rooms come a few at a time
    await take(page, "board-light" if light else "board")
    if not light:
        await page.locator("[data-testid=tile]", has=alarm).click(position={"x": 60, "y": 20})
        await expect(page.get_by_test_id("chart")).to_be_visible()
        await page.wait_for_timeout(3_000)
        await take(page, "session")
        await page.get_by_test_id("enter-vitals").click()
        await expect(page.get_by_test_id("entry-form")).to_be_visible()
        await take(page, "entry")
    await page.close()


async def main() -> None:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", command=DEMO)
        server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
                await board_and_session(browser, server.url, light=False)
                await board_and_session(browser, server.url, light=True)
                await browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(main())
