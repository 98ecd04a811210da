"""A real Chromium for the tests: one process for all, a context of its own for each page.

Tests that use these fixtures are coroutines and share one event loop; conftest.py sees to it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from tests.support.guard.sitecustomize import is_local
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.outcome import FAILED
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Browser, BrowserContext, Page

ARGS = [
    "--no-sandbox",  # root and containers have none; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PICTURES = Path("test-results")
PATIENCE_MS = 20_000  # a busy machine takes its time; what never comes does not come then


class OpenPage(Protocol):
    """Open `url` in a browser context of its own: another person at another screen, signed in in
    this role; with None, nobody is. `before` prepares the page before anything is loaded.
    """

    async def __call__(
        self,
        url: str,
        role: str | None = "clinician",
        *before: Callable[[Page], Awaitable[None]],
        **context: Any,
    ) -> Page: ...


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find_chromium_quietly()
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[OpenPage]:
    """Opens pages. An uncaught error, or a request that leaves this machine, fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []
    said: list[str] = []

    async def opened(
        url: str,
        role: str | None = "clinician",
        *before: Callable[[Page], Awaitable[None]],
        **context: Any,
    ) -> Page:
        options = {"timezone_id": "UTC", "locale": "en-GB", "reduced_motion": "reduce"}
        contexts.append(await browser.new_context(**{**options, **context}))
        if role is not None:
            await contexts[-1].add_cookies([ANYWHERE.browser_cookie(role, url)])
        page = await contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(f"uncaught in the page: {error}"))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("request", lambda asked: wrong.extend(_foreign(asked.url)))
        for prepare in before:
            await prepare(page)
        await page.goto(url)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        await _keep_pictures(contexts, request.node.name)
        request.node.add_report_section("teardown", "console of the pages", "\n".join(said))
    for context in contexts:
        await context.close()
    assert not wrong, "\n".join(wrong)


def find_chromium_quietly() -> Path:
    found = find_chromium()
    if found is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    return found


def _foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    outside = parts.scheme in {"http", "https", "ws", "wss"} and not is_local(parts.hostname)
    return [f"the page asked another machine: {url}"] if outside else []


async def _keep_pictures(contexts: list[BrowserContext], test: str) -> None:
    name = re.sub(r"\W+", "-", test)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        await page.screenshot(path=PICTURES / f"{name}-{number}.png")
