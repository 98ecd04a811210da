"""One alarm at two screens: seen and heard at both, acknowledged at one, quiet at both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.support.feed import Feed
from tests.support.pages import arm, item_of, opened, tile_of
from tests.support.travel import Travel, listening, tones

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

TWO_BURSTS_S = 20  # the longest that a high alarm is silent between two bursts is 15 s


async def heard(page: Page) -> None:
    """The next thing that the page does is to sound."""
    await page.wait_for_function("() => tones.length > 0")


async def armed(open_page: OpenPage, url: str) -> tuple[Page, Travel]:
    feed = Feed()
    travel = Travel(feed)
    page = await opened(open_page, url, feed.prepare, travel.prepare, listening)
    await arm(page)
    await tones(page)
    return page, travel


async def test_an_alarm_is_seen_and_heard_at_two_screens_and_quiet_at_both_once_acknowledged(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    board, board_time = await armed(open_page, clinic.url)
    nurse, nurse_time = await armed(open_page, clinic.page_of(session))
    await board_time.by(TWO_BURSTS_S)
    assert await tones(board) == [], "nothing stands, and something sounds"

    clinic.read(session, spo2=84)
    card = nurse.locator("[data-testid=alarm][data-state=active]").first
    tile = tile_of(board, session)
    await expect(card).to_have_attribute("data-priority", "high")
    await expect(tile).to_have_attribute("data-alarm-state", "active")
    await expect(item_of(board, session).first).to_contain_text("***")
    for page in (board, nurse):
        await heard(page)
        await tones(page)
    for page, time in ((board, board_time), (nurse, nurse_time)):
        await time.by(TWO_BURSTS_S)
        await heard(page)

    await card.get_by_test_id("acknowledge").click()
    await expect(tile).to_have_attribute("data-alarm-state", "acknowledged")
    await expect(nurse.get_by_test_id("alarm").first).to_have_attribute(
        "data-state", "acknowledged"
    )
    for page, time in ((board, board_time), (nurse, nurse_time)):
        await tones(page)
        await time.by(TWO_BURSTS_S)
        assert await tones(page) == [], "it still sounds"
    await expect(tile.get_by_test_id("alarm")).to_contain_text("***")

    clinic.read(session, spo2=81)
    await expect(tile).to_have_attribute("data-alarm-state", "active")
    await heard(board)


async def test_sound_is_said_to_be_off_until_it_is_proven_and_to_be_lost_when_it_is(
    clinic: Clinic, open_page: OpenPage
) -> None:
    made = "(() => { const Real = AudioContext; globalThis.AudioContext = class extends Real"
    keep = " { constructor(...how) { super(...how); globalThis.made = this } } })()"

    async def remembering(page: Page) -> None:
        await page.add_init_script(made + keep)

    page = await opened(open_page, clinic.url, remembering, listening)
    sound = page.get_by_test_id("sound")
    await expect(sound).to_have_attribute("data-state", "off")
    await expect(sound).to_contain_text("Sound is off")
    assert await tones(page) == []
    await arm(page)
    await heard(page)

    await page.evaluate("made.suspend()")
    await expect(sound).to_have_attribute("data-state", "lost")
    await expect(sound).to_contain_text("ound")
    await sound.click()
    await expect(sound).to_have_attribute("data-state", "proven")
