"""A tablet in a patient's dim room is quiet only while another screen sounds for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.feed import Feed
from tests.support.layout import moving
from tests.support.pages import SET, arm, opened
from tests.support.travel import Travel, listening, tones

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.support.browser import OpenPage
    from tests.support.server import Server

NOT_LIVE_S: Final = 17
TWO_BURSTS_S: Final = 32  # a medium alarm is silent for up to 30 s between two bursts
HANDED_OVER_S: Final = 5  # that nobody sounds is said when it has lasted for 3 s


def infusing(server: Server, station: str) -> str:
    with asking(server.url) as api:
        session = api.infusing(station)
        api.post(f"/api/sessions/{session}/readings", {"values": SET})
    return session


async def tablet(open_page: OpenPage, server: Server, session: str) -> tuple[Page, Feed, Travel]:
    """In the patient's room, armed: what it may do is the same with all its motion."""
    feed = Feed()
    time = Travel(feed)
    url = f"{server.url}/session/{session}"
    page = await opened(
        open_page, url, feed.prepare, time.prepare, listening, reduced_motion="no-preference"
    )
    await arm(page)
    return page, feed, time


async def is_quiet(page: Page, quiet: bool) -> None:
    await expect(page.locator("html")).to_have_attribute("data-quiet", str(quiet).lower())


async def test_a_quiet_tablet_sounds_itself_as_soon_as_no_station_does(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server, "Room 1")
    page, _, time = await tablet(open_page, server, session)
    await expect(page.get_by_test_id("quiet-on")).to_be_disabled()

    station = await opened(open_page, server.url, listening)
    await arm(station)
    await page.get_by_test_id("quiet-on").click()
    await is_quiet(page, True)
    await tones(page)
    with asking(server.url) as api:
        api.post(f"/api/sessions/{session}/readings", {"values": {"spo2": 84}})
    card = page.get_by_test_id("alarm").first
    await expect(card).to_have_attribute("data-priority", "high")
    await expect(card).to_contain_text("***")
    await station.wait_for_function("() => tones.length > 2")
    await time.by(TWO_BURSTS_S)
    assert await tones(page) == [], "a quiet tablet sounds"
    assert await moving(page) == [], "a quiet tablet flashes"
    await expect(page.get_by_test_id("no-station")).to_have_count(0)

    await station.context.close()
    await expect(page.get_by_test_id("quiet-strip")).to_contain_text("no other screen sounds")
    await time.by(HANDED_OVER_S)
    await expect(page.get_by_test_id("no-station")).to_be_visible()
    await expect(page.get_by_test_id("no-station")).to_contain_text("NO STATION IS SOUNDING")
    await is_quiet(page, False)
    await page.wait_for_function("() => tones.length > 0")

    again = await opened(open_page, server.url)
    await arm(again)
    await is_quiet(page, True)
    await page.get_by_test_id("quiet-off").click()
    await is_quiet(page, False)
    await expect(page.get_by_test_id("quiet-on")).to_be_visible()


async def test_two_quiet_tablets_do_not_take_each_other_for_a_station(
    server: Server, open_page: OpenPage
) -> None:
    first = infusing(server, "Room 1")
    second = infusing(server, "Room 2")
    one, _, _ = await tablet(open_page, server, first)
    other, _, _ = await tablet(open_page, server, second)
    await one.get_by_test_id("quiet-on").click()
    await is_quiet(one, True)
    await expect(other.get_by_test_id("quiet-on")).to_be_disabled()


async def test_a_lost_feed_is_one_soft_tone_in_a_quiet_room(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server, "Room 1")
    station = await opened(open_page, server.url)
    await arm(station)
    page, feed, time = await tablet(open_page, server, session)
    await page.get_by_test_id("quiet-on").click()
    await is_quiet(page, True)
    await tones(page)
    await feed.cut()
    await time.by(NOT_LIVE_S)
    await expect(page.get_by_test_id("not-live")).to_be_visible()
    await page.wait_for_function("() => tones.length > 0")
    assert len(await tones(page)) == 1
    await time.by(TWO_BURSTS_S)
    assert await tones(page) == [], "the loss is told more than once"
    await expect(page.get_by_test_id("no-station")).to_be_visible()
    await feed.mend()
    await is_quiet(page, True)
