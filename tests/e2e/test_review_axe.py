"""Nothing that axe calls serious or critical, on any page of records, in either theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.e2e.review import Hour, ended, read, review
from tests.support.axe import stumbles
from tests.support.pages import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import ViewportSize

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1920, "height": 1080}
SIZES: Final = (
    pytest.param(DESKTOP, id="desktop"),
    pytest.param(PHONE, id="phone", marks=pytest.mark.long),
)
WINDOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "choose-reading": ("find-reading",),
    "correct-reading": ("find-reading", "choice-reading"),
    "choose-note": ("find-note",),
    "correct-note": ("find-note", "choice-note"),
    "late-values": ("chart-late",),
    "late-note": ("note-late",),
}
"""What opens each window of the corrections, press by press."""
PARTS: Final = ("", "#seen", "#summary", "#sign")
"""Of the record's page, by their address."""


@pytest.mark.parametrize("size", SIZES)
async def test_the_parts_of_a_record(
    clinic: Clinic, open_page: OpenPage, size: ViewportSize
) -> None:
    hour = Hour(clinic)
    page = await review(open_page, clinic, hour.session, viewport=size)
    found: list[str] = []
    for part in PARTS:
        await page.goto(f"{clinic.url}/sessions/{hour.session}{part}")
        shown = page.get_by_test_id("review")  # not the part before: it is the same page
        await expect(shown).to_have_attribute("data-tab", part[1:] or "timeline")
        await read(page)
        await expect(page.locator(".pulse")).to_have_count(0)
        found += await stumbles(page, part)
    assert not found, "\n".join(found)


@pytest.mark.long
async def test_the_windows_of_corrections(clinic: Clinic, open_page: OpenPage) -> None:
    page = await review(open_page, clinic, Hour(clinic).session)
    found: list[str] = []
    for window, presses in WINDOWS.items():
        for press in presses:
            await page.get_by_test_id(press).first.click()
        await expect(page.get_by_test_id(window)).to_be_visible()
        found += await stumbles(page, window)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
        if window.startswith("correct"):
            await page.reload()  # what is chosen takes the place of the way to choose it
    assert not found, "\n".join(found)


async def test_signing_and_the_window_of_many_exports(clinic: Clinic, open_page: OpenPage) -> None:
    page = await review(open_page, clinic, ended(clinic), "#sign")
    await page.get_by_test_id("open-sign").click()
    await expect(page.get_by_test_id("sign-dialog")).to_be_visible()
    found = await stumbles(page, "sign")
    await page.keyboard.press("Escape")
    await page.goto(f"{clinic.url}/sessions")
    await page.get_by_test_id("open-range-export").click()
    await expect(page.get_by_test_id("range-export")).to_be_visible()
    found += await stumbles(page, "many exports")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", SIZES)
async def test_the_pages_over_many_sessions(
    clinic: Clinic, open_page: OpenPage, size: ViewportSize
) -> None:
    ended(clinic)
    page = await opened(open_page, f"{clinic.url}/sessions", viewport=size)
    found: list[str] = []
    for path in ("/sessions", "/clinic"):
        await page.goto(f"{clinic.url}{path}")
        await expect(page.locator(".own-page-main")).to_be_visible()
        await expect(page.locator(".pulse")).to_have_count(0)
        found += await stumbles(page, path)
    assert not found, "\n".join(found)
