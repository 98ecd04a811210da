"""What tests of the screens share: rooms with patients, and what a nurse does on a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import expect

from tests.support.people import ANYWHERE, COOKIE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Locator, Page

    from tests.support.browser import OpenPage

HOLD_MS: Final = 1_100  # a little longer than what is dear to undo must be held
SET: Final = {"hr": 82, "spo2": 97, "sbp": 128, "dbp": 79, "rr": 14, "sedation": 4}
LIVE: Final = re.compile("live")


async def opened(
    open_page: OpenPage,
    url: str,
    *before: Callable[[Page], Awaitable[None]],
    role: str = "clinician",
    **context: Any,
) -> Page:
    """A page whose notice has been read, and that is live."""
    page = await open_page(url, role, *before, **context)
    await page.get_by_test_id("accept-disclaimer").click()
    await expect(state_of(page)).to_have_attribute("data-state", "live")
    return page


async def windows_loaded(page: Page) -> None:
    """What opens later has been read: it opens without the server too."""
    await expect(page.locator("html")).to_have_attribute("data-parts", "loaded")


def state_of(page: Page) -> Locator:
    """What the page says of its feed."""
    return page.get_by_test_id("live-state")


def tile_of(page: Page, session: str) -> Locator:
    return page.locator(f"[data-testid=tile][data-session='{session}']")


def item_of(page: Page, session: str) -> Locator:
    """Its alarms and tasks in the attention list."""
    return page.locator(f"[data-testid=attention-item][data-session='{session}']")


def value(where: Page | Locator, vital: str) -> Locator:
    return where.locator(f"[data-testid=value][data-vital={vital}]").first


async def hold(button: Locator) -> None:
    """By the page's own time: what times the hold was set before this, and falls due before it."""
    await button.hover()
    await button.page.mouse.down()
    await button.page.evaluate("(ms) => new Promise((over) => setTimeout(over, ms))", HOLD_MS)
    await button.page.mouse.up()


async def think(page: Page) -> None:
    """A second passes for the page: what appeared under a finger is meant when it is pressed."""
    await page.evaluate(
        "(() => { const now = performance.now.bind(performance);"
        " performance.now = () => now() + 1_000 })()"
    )


async def typed(page: Page, **values: str) -> None:
    """A set is entered and saved as ever."""
    await page.get_by_test_id("enter-vitals").click()
    for vital, digits in values.items():
        await page.locator(f"#entry-{vital}").fill(digits)
    await page.get_by_test_id("save-reading").click()


async def typed_in_vain(page: Page) -> None:
    """A set that reaches no server; its window is closed, and it waits."""
    await page.route("**/readings", lambda route: route.abort())
    await typed(page, hr="66")
    await expect(page.get_by_test_id("entry-done")).to_be_visible()
    await think(page)
    await page.get_by_test_id("entry-done").click()
    await expect(page.locator("dialog[open]")).to_have_count(0)


async def arm(page: Page) -> None:
    """Its sound is proven by a tap."""
    sound = page.get_by_test_id("sound")
    await sound.click()
    await expect(sound).to_have_attribute("data-state", "proven")


async def be(page: Page, role: str) -> None:
    """Another person signs in on this browser, as far as the server can tell."""
    await page.context.clear_cookies(name=COOKIE)
    await page.context.add_cookies([ANYWHERE.browser_cookie(role, page.url)])
