"""Nothing old looks live: a cut line, a silent server, a tab in the background, a laptop asleep."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.feed import Feed
from tests.support.pages import arm, opened, state_of, tile_of, value
from tests.support.travel import Travel, listening, tones

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage
    from tests.support.server import Server

RECONNECTING_S: Final = 10  # two heartbeats missed
NOT_LIVE_S: Final = 15  # three
NEARLY_S: Final = 2  # what was just heard, and a tick
BACK_MS: Final = 20_000  # the longest pause between two tries is 5 s
_STATES: Final = """() => {
  const chip = document.querySelector('[data-testid=live-state]')
  globalThis.states = [chip.dataset.state]
  new MutationObserver(() => states.push(chip.dataset.state))
    .observe(chip, { attributes: true, attributeFilter: ['data-state'] })
}"""


class Watched:
    """A page with a feed and a clock that a test rules."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.time = Travel(self.feed)

    async def opened(self, open_page: OpenPage, url: str) -> Page:
        return await opened(open_page, url, self.feed.prepare, self.time.prepare, listening)


async def is_back(page: Page) -> None:
    await expect(state_of(page)).to_have_attribute("data-state", "live", timeout=BACK_MS)
    await expect(page.get_by_test_id("not-live")).to_have_count(0)


async def test_a_cut_line_is_reconnecting_at_10_s_not_live_at_15_s_with_sound_and_leaves_no_gap(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session, watched = clinic.infusing(), Watched()
    page = await watched.opened(open_page, clinic.page_of(session))
    await arm(page)
    await tones(page)
    await watched.feed.cut()
    await watched.time.by(RECONNECTING_S + NEARLY_S)
    await expect(state_of(page)).to_have_attribute("data-state", "reconnecting")
    await expect(page.get_by_test_id("not-live")).to_have_count(0)
    await watched.time.by(NOT_LIVE_S - RECONNECTING_S)
    banner = page.get_by_test_id("not-live")
    await expect(banner).to_be_visible()
    await expect(banner).to_contain_text(re.compile(r"data from \d\d:\d\d:\d\d"))
    assert await page.locator("html").get_attribute("data-live") == "not-live"
    await page.wait_for_function("() => tones.length > 0")

    missed = [71, 72, 73, 74, 75]
    for hr in missed:
        clinic.read(session, hr=hr)
    await expect(page.get_by_test_id("events")).not_to_contain_text("HR 75")
    await watched.feed.mend()
    await is_back(page)
    for hr in missed:
        await expect(page.get_by_test_id("events")).to_contain_text(f"HR {hr}")
    seen = [int(seq) for seq in await seqs(page)]
    assert seen == sorted(set(seen), reverse=True)
    recorded = {event["seq"] for event in clinic.events(session, "reading.recorded")}
    assert recorded <= set(seen)


async def seqs(page: Page) -> list[str]:
    events = page.get_by_test_id("event")
    found: list[str] = await events.evaluate_all("all => all.map((one) => one.dataset.seq)")
    return found


async def test_a_server_that_answers_pings_and_says_nothing_is_not_live(
    clinic: Clinic, open_page: OpenPage
) -> None:
    watched = Watched()
    page = await watched.opened(open_page, clinic.url)
    watched.feed.passing = False  # the socket stays open
    await watched.time.by(RECONNECTING_S + NEARLY_S)
    await expect(state_of(page)).to_have_attribute("data-state", "reconnecting")
    await expect(page.get_by_test_id("not-live")).to_have_count(0)
    await watched.time.by(NOT_LIVE_S - RECONNECTING_S)
    await expect(page.get_by_test_id("not-live")).to_have_attribute("data-reason", "silent")
    await watched.feed.mend()
    await is_back(page)


@pytest.mark.parametrize(
    ("said", "reason"), [({"commit_ok": False}, "commit"), ({"sweep_age_s": 11}, "sweep")]
)
async def test_a_server_that_lives_and_does_not_work_is_not_live(
    clinic: Clinic, open_page: OpenPage, said: dict[str, Any], reason: str
) -> None:
    watched = Watched()
    page = await watched.opened(open_page, clinic.url)

    def sick(frame: dict[str, Any]) -> None:
        if frame["kind"] == "heartbeat":
            frame.update(said)

    watched.feed.edit = sick
    watched.feed.beat()
    await expect(page.get_by_test_id("not-live")).to_have_attribute("data-reason", reason)
    watched.feed.edit = None
    watched.feed.beat()
    await is_back(page)


async def test_a_frozen_server_is_not_live_until_it_goes_on(
    server: Server, open_page: OpenPage
) -> None:
    watched = Watched()
    with asking(server.url) as api:
        session = api.infusing("Room 1")
        page = await watched.opened(open_page, server.url)
        tile = tile_of(page, session)
        watched.feed.beating = False
        os.kill(server.pid, signal.SIGSTOP)
        try:
            await watched.time.by(NOT_LIVE_S + NEARLY_S)
            await expect(page.get_by_test_id("not-live")).to_be_visible()
        finally:
            os.kill(server.pid, signal.SIGCONT)
        await is_back(page)
        api.post(f"/api/sessions/{session}/readings", {"values": {"hr": 73}})
    await expect(value(tile, "hr")).to_contain_text("73")


async def test_two_minutes_in_the_background_stop_neither_the_ages_nor_the_watch(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session, watched = clinic.infusing(), Watched()
    page = await watched.opened(open_page, clinic.url)
    await arm(page)
    tile = tile_of(page, session)
    await page.evaluate(_STATES)
    await watched.time.background(True)
    await watched.time.by(60)
    clinic.read(session, spo2=84)
    await page.wait_for_function("() => tones.length > 0")
    await watched.time.by(60)
    await expect(tile).to_contain_text("2 min")
    assert set(await page.evaluate("states")) == {"live"}
    await watched.time.background(False)
    await expect(tile).to_have_attribute("data-alarm-state", "active")

    await watched.time.background(True)
    watched.feed.passing = False
    await watched.time.by(NOT_LIVE_S + NEARLY_S)
    await expect(page.get_by_test_id("not-live")).to_be_visible()
    await watched.feed.mend()
    await watched.time.background(False)
    await is_back(page)


async def test_a_laptop_that_wakes_is_not_live_until_it_has_caught_up(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session, watched = clinic.infusing(), Watched()
    page = await watched.opened(open_page, clinic.url)
    tile = tile_of(page, session)
    await expect(value(tile, "hr")).to_contain_text("82")
    await watched.time.by(NEARLY_S)
    watched.feed.passing = False  # the network comes back later than the screen
    await watched.time.asleep(1_800)
    await expect(page.get_by_test_id("not-live")).to_have_attribute("data-reason", "woke")
    await expect(value(tile, "hr")).not_to_have_attribute("data-state", "fresh")
    await watched.time.by(5)
    await expect(page.get_by_test_id("not-live")).to_be_visible()
    await watched.feed.mend()
    await is_back(page)
    clinic.read(session, hr=73)
    await expect(value(tile, "hr")).to_contain_text("73")


async def test_a_clock_that_is_wrong_is_shown_and_ages_nothing(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.url, ten_seconds_ahead)
    await expect(page.get_by_test_id("skew")).to_contain_text(re.compile(r"\+(9|10|11) s"))
    tile = tile_of(page, session)
    await expect(value(tile, "hr")).to_have_attribute("data-state", "fresh")


async def ten_seconds_ahead(page: Page) -> None:
    await page.add_init_script("{ const now = Date.now; Date.now = () => now() + 10_000 }")
