"""A screen whose loudspeaker is unplugged and plugged in again, while its browser plays on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.support.pages import arm, opened
from tests.support.travel import listening, tones

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

# What Chromium lists for a page without a permission: that there is an output, not which.
OUTPUTS = """(() => {
let there = true
navigator.mediaDevices.enumerateDevices = async () =>
  there ? [{ kind: 'audiooutput', deviceId: '', groupId: '', label: '' }] : []
globalThis.plug = (is, told) => {
  there = is
  if (told) navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
}
})()"""
PLAIN = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })"


async def with_outputs(page: Page) -> None:
    await page.add_init_script(OUTPUTS)


async def is_sound(page: Page, state: str) -> None:
    await expect(page.get_by_test_id("sound")).to_have_attribute("data-state", state)


async def sound_window(page: Page) -> Locator:
    await page.get_by_test_id("sound").click()
    return page.get_by_test_id("sound-dialog")


async def test_a_loudspeaker_that_is_unplugged_is_sound_lost_until_it_is_back(
    clinic: Clinic, open_page: OpenPage
) -> None:
    board = await opened(open_page, clinic.url, with_outputs, listening)
    await arm(board)
    other = await opened(open_page, clinic.url)
    await arm(other)
    elsewhere = other.get_by_test_id("sound-others")
    await expect(elsewhere).to_have_text("+1")

    lost = board.get_by_test_id("sound-lost-item")
    for told in (True, False):  # said by an event, or found by looking
        await tones(board)
        await board.evaluate("(told) => plug(false, told)", told)
        await is_sound(board, "lost")
        await expect(lost).to_contain_text("SOUND LOST: no loudspeaker")
        await expect(elsewhere).to_have_text("only here")
        await board.get_by_test_id("sound-again").click()
        await is_sound(board, "lost")
        assert await tones(board) == [], "a tone was played to nobody"

        await board.evaluate("(told) => plug(true, told)", told)
        await is_sound(board, "proven")
        await expect(lost).to_have_count(0)
        await expect(elsewhere).to_have_text("+1")
        assert await tones(board) != [], "it is claimed without a tone"

    window = await sound_window(board)
    await expect(window.get_by_test_id("sound-unseen")).to_contain_text("turned down")
    await expect(window.get_by_test_id("sound-unseen")).not_to_contain_text("cannot tell")


async def test_when_a_device_comes_or_goes_sound_is_proven_again_by_itself(
    clinic: Clinic, open_page: OpenPage
) -> None:
    said: list[str] = []

    async def overheard(page: Page) -> None:
        page.on("websocket", lambda feed: feed.on("framesent", lambda sent: said.append(str(sent))))

    board = await opened(open_page, clinic.url, with_outputs, listening, overheard)
    await board.evaluate("plug(true, true)")
    await is_sound(board, "off")
    assert await tones(board) == [], "a screen that nobody armed sounds"
    await arm(board)
    await tones(board)
    said.clear()
    await board.evaluate("plug(true, true)")
    await board.wait_for_function("() => tones.length > 0")
    await is_sound(board, "proven")
    statuses = [json.loads(sent)["sound"] for sent in said if '"status"' in sent]
    assert statuses == ["unproven", "proven"]


async def test_over_plain_http_the_window_says_what_the_browser_cannot_tell(
    clinic: Clinic, open_page: OpenPage
) -> None:
    async def plain(page: Page) -> None:
        await page.add_init_script(PLAIN)

    board = await opened(open_page, clinic.url, plain)
    await arm(board)
    window = await sound_window(board)
    await expect(window.get_by_test_id("sound-unseen")).to_contain_text(
        "cannot tell whether a loudspeaker is connected"
    )
