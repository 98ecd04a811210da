"""The pictures of the documents, taken of the demo clinic: `make pictures`.

Its patients are simulated, which every picture says, and the same each time; what changes from one
time to the next is the hour, and how far each visit has gone.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import async_playwright, expect

from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.pages import LIVE
from tests.support.people import ANYWHERE
from tests.support.server import REPO, SERVE, Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Locator, Page, ViewportSize

DOCS: Final = REPO / "docs"
DEMO: Final = (sys.executable, "-m", "app.cli", "demo")
STATION: Final[ViewportSize] = {"width": 1920, "height": 1080}
TABLET: Final[ViewportSize] = {"width": 1024, "height": 768}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
THEMES: Final = ("dark", "light")
QUALITY: Final = range(
    80, 20, -10
)  # of 100: the first that keeps a picture small; text stays sharp
LARGEST: Final = 150_000  # bytes: all of them together are looked at on one page
OPENING_MS: Final = 120_000  # until the demo has brought its rooms to their moments
TRENDS_MS: Final = 15_000  # the trends of all rooms come a few at a time; nothing tells the last
STILL: Final = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { caret-color: transparent !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}"""


def name_of(picture: str, theme: str) -> str:
    return f"{picture}.webp" if theme == "dark" else f"{picture}-{theme}.webp"


async def take(page: Page, name: str) -> None:
    """Write docs/`name` as WebP, which Chromium makes only when asked by its own protocol."""
    await page.evaluate(STILL)
    await page.mouse.move(0, 0)
    session = await page.context.new_cdp_session(page)
    for quality in QUALITY:
        options = {"format": "webp", "quality": quality}
        shot = base64.b64decode((await session.send("Page.captureScreenshot", options))["data"])
        if len(shot) <= LARGEST:
            (DOCS / name).write_bytes(shot)
            return
    sys.exit(f"The picture {name} is larger than {LARGEST} bytes.")


@asynccontextmanager
async def screen(
    browser: Browser, url: str, size: ViewportSize, theme: str = "dark", **options: Any
) -> AsyncIterator[Page]:
    """A screen of a nurse of the demo, live and with sound, its notice read."""
    context = await browser.new_context(
        viewport=size, timezone_id="UTC", locale="en-GB", reduced_motion="reduce", **options
    )
    page = await context.new_page()
    page.set_default_timeout(OPENING_MS)
    try:
        await page.goto(url)
        await page.get_by_test_id("demo-nurse").click()
        await page.get_by_test_id("accept-disclaimer").click()
        sound = page.get_by_test_id("sound")
        await sound.click()
        await expect(sound).to_have_attribute("data-state", "proven", timeout=OPENING_MS)
        if theme == "light":
            await page.get_by_test_id("theme").click()
        yield page
    finally:
        await context.close()


async def alarmed(page: Page) -> Locator:
    """The tile of a room with a high alarm that nobody has seen; all trends are drawn."""
    alarm = page.locator("[data-testid=alarm][data-priority=high][data-state=active]")
    tile = page.get_by_test_id("tile").filter(has=alarm).first
    await expect(tile).to_be_visible(timeout=OPENING_MS)
    await page.wait_for_timeout(TRENDS_MS)
    return tile


async def opened(page: Page, tile: Locator) -> None:
    """The page of its session."""
    await tile.click(position={"x": 60, "y": 20})
    await expect(page.get_by_test_id("chart").first).to_be_visible()
    await page.wait_for_timeout(TRENDS_MS / 3)


async def at_a_station(browser: Browser, url: str, theme: str) -> None:
    """Board, session page and entry."""
    async with screen(browser, url, STATION, theme) as page:
        tile = await alarmed(page)
        await take(page, name_of("board", theme))
        await opened(page, tile)
        await take(page, name_of("session", theme))
        await page.get_by_test_id("enter-vitals").click()
        await expect(page.get_by_test_id("entry-form")).to_be_visible()
        await take(page, name_of("entry", theme))


async def elsewhere(browser: Browser, url: str) -> None:
    """On a wall, on a phone, on the tablet in a patient's room."""
    async with screen(browser, f"{url}/wall", STATION) as page:
        await alarmed(page)
        await take(page, "wall.webp")
    async with screen(browser, url, PHONE, has_touch=True) as page:
        await alarmed(page)
        await take(page, "phone.webp")
    async with screen(browser, url, TABLET, has_touch=True) as page:
        await opened(page, await alarmed(page))
        await take(page, "tablet.webp")


async def nobody_there(browser: Browser, url: str) -> None:
    """A board before the first patient."""
    context = await browser.new_context(viewport=TABLET, timezone_id="UTC", locale="en-GB")
    await context.add_cookies([ANYWHERE.browser_cookie("nurse", url)])
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_test_id("accept-disclaimer").click()
    await expect(page.get_by_test_id("board-empty")).to_be_visible()
    await expect(page.get_by_test_id("live-state")).to_have_attribute("data-state", LIVE)
    await take(page, "empty.webp")
    await context.close()


async def main() -> None:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        demo = Server(Path(folder) / "demo", command=DEMO, people=False)
        clinic = Server(Path(folder) / "empty", command=SERVE)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
            with running(clinic):
                await nobody_there(browser, clinic.url)
            with running(demo):
                for theme in THEMES:
                    await at_a_station(browser, demo.url, theme)
                await elsewhere(browser, demo.url)
            await browser.close()


@contextmanager
def running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.clean_up()


if __name__ == "__main__":
    asyncio.run(main())
