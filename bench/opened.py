"""Chromiums in which sessions are opened for review, in a process of its own.

python -m bench.opened       a `Reviewed` as JSON on standard input; answers what each took
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from bench.plain import plain
from bench.screens.page import PATIENCE_MS, SIZE, chromium
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

LIST: Final = "/sessions?what=both"  # what is measured is simulated
PRESS: Final = "addEventListener('click', (click) => { window.pressedAt = click.timeStamp }, true)"
"""On the page's own clock, as the mark is. Opened by its address a page begins at 0."""
TOOK: Final = """() => {
  const [drawn] = performance.getEntriesByName('figure-drawn')
  return drawn.startTime - (window.pressedAt ?? 0)
}"""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`cold` are opened by their address, each in a browser of its own; then `warm` from the list,
    one after the other, in a browser that has drawn the last of these.
    """

    url: str
    cold: list[str]
    warm: list[str]


@dataclass(slots=True)
class Drawn:
    """Milliseconds until the figure was there, in the order in which they were asked for."""

    cold: list[float] = field(default_factory=list)
    """By the address, with an empty cache."""
    tab: list[float] = field(default_factory=list)
    """The same address in another tab of that browser."""
    later: list[float] = field(default_factory=list)
    """And in that browser when it was ended and started again."""
    warm: list[float] = field(default_factory=list)


async def reviewed(wanted: Reviewed) -> Drawn:
    took = Drawn()
    for id in wanted.cold:
        _by_address(wanted.url, id, took)
    async with _browser(wanted.url) as page:
        await page.goto(f"{wanted.url}/sessions/{wanted.cold[-1]}")
        await _drawn(page)
        await page.get_by_test_id("accept-disclaimer").click()
        took.warm += [await _from_the_list(page, wanted.url, id) for id in wanted.warm]
    return took


def _by_address(url: str, id: str, took: Drawn) -> None:
    cookie = ANYWHERE.browser_cookie("clinician", url)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder) / "profile"
        with plain(profile) as browser:
            browser.sign_in(cookie)
            took.cold.append(browser.opened(f"{url}/sessions/{id}"))
            took.tab.append(browser.opened(f"{url}/sessions/{id}"))
        with plain(profile) as browser:
            browser.sign_in(cookie)
            took.later.append(browser.opened(f"{url}/sessions/{id}"))


@asynccontextmanager
async def _browser(url: str) -> AsyncIterator[Page]:
    """A clinician's, driven by Playwright, with nothing in its cache."""
    async with chromium() as browser:
        context = await browser.new_context(viewport=SIZE, timezone_id="UTC", locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        await context.add_cookies([ANYWHERE.browser_cookie("clinician", url)])
        page = await context.new_page()
        await page.add_init_script(PRESS)
        yield page
        await context.close()


async def _from_the_list(page: Page, url: str, id: str) -> float:
    await page.goto(f"{url}{LIST}")
    row = page.locator(f'[data-session="{id}"] a')
    await row.wait_for()
    await page.wait_for_load_state("networkidle")  # the list is read before one of it is opened
    await row.click()
    return await _drawn(page)


async def _drawn(page: Page) -> float:
    await page.locator("[data-drawn]").wait_for()
    took: float = await page.evaluate(TOOK)
    return took


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Reviewed)
    print(msgspec.json.encode(asyncio.run(reviewed(wanted))).decode())


if __name__ == "__main__":
    main()
