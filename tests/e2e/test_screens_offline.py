"""Nothing that was typed is lost: the server is away, the page is closed, the answer never came."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

from tests.e2e.api import asking, seconds
from tests.support.feed import Feed
from tests.support.pages import (
    be,
    hold,
    opened,
    state_of,
    tile_of,
    typed,
    windows_loaded,
)
from tests.support.people import ANYWHERE, NAMES

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage
    from tests.support.server import Server

READINGS = re.compile(r"/api/sessions/[^/]+/readings$")
BACK_MS = 30_000  # the server starts, the feed comes back, and the next try is due


async def waiting(page: Page, count: int) -> None:
    """So many entries are said to be on their way."""
    chip = page.get_by_test_id("waiting-entries")
    if count == 0:
        await expect(chip).to_have_count(0, timeout=BACK_MS)
    else:
        await expect(chip).to_have_attribute("data-count", str(count))


async def kept(page: Page) -> None:
    """What was saved went out, nobody answered, and it waits: from here on it is sent by itself."""
    await expect(page.get_by_test_id("entry-waiting")).to_have_attribute("data-state", "waiting")
    await waiting(page, 1)


async def test_a_set_typed_while_the_server_is_gone_is_sent_once_with_its_own_time(
    server: Server, open_page: OpenPage
) -> None:
    with asking(server.url) as api:
        session = api.infusing("Room 1")
    page = await opened(open_page, f"{server.url}/session/{session}")
    await expect(page.get_by_test_id("enter-vitals")).to_be_enabled()
    await windows_loaded(page)
    server.kill()
    await expect(state_of(page)).not_to_have_attribute("data-state", "live")
    await typed(page, hr="66", spo2="96")
    await kept(page)
    said = datetime.now(UTC)
    await page.close()

    server.start()
    again = datetime.now(UTC)
    page = await page.context.new_page()
    await page.goto(f"{server.url}/session/{session}")
    await expect(page.get_by_test_id("events")).to_contain_text("HR 66", timeout=BACK_MS)
    await waiting(page, 0)
    with asking(server.url) as api:
        stored = [one for one in api.events(session) if one["kind"] == "reading.recorded"]
    assert [one["data"]["values"] for one in stored] == [{"hr": 66, "spo2": 96}]
    assert datetime.fromisoformat(stored[0]["data"]["taken_at"]) <= said
    assert seconds(stored[0]["recorded_at"], again.isoformat()) > 0


async def test_a_set_whose_answer_was_lost_is_there_once(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    before = len(clinic.events(session, "reading.recorded"))
    lost: list[str] = []

    async def lose(route: Route) -> None:
        lost.append(str((await route.fetch()).status))
        await route.abort()

    await page.route(READINGS, lose)
    await typed(page, hr="67")
    await expect(page.get_by_test_id("waiting-entries")).to_be_visible()
    await expect(page.get_by_test_id("events")).to_contain_text("HR 67")
    await page.unroute_all(behavior="wait")
    await waiting(page, 0)
    assert lost[0] == "201"
    assert len(clinic.events(session, "reading.recorded")) == before + 1


async def test_a_set_that_the_server_will_not_have_stays_in_sight_until_it_is_thrown_away(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    await page.route(READINGS, lambda route: route.abort())
    await typed(page, hr="68")
    await kept(page)
    with asking(clinic.url) as api:  # it ended before the set was taken
        since = api.get(f"/api/sessions/{session}")["phase_since"]
        ended = {"to": "transferred", "at": since, "reason": "test"}
        api.post(f"/api/sessions/{session}/phase", ended)
    await page.unroute_all(behavior="wait")
    chip = page.get_by_test_id("waiting-entries")
    await expect(chip).to_have_attribute("data-refused", "1", timeout=BACK_MS)
    await page.keyboard.press("Escape")
    await page.reload()
    await chip.click()
    entry = page.get_by_test_id("waiting-entry")
    await expect(entry).to_have_attribute("data-state", "refused")
    await expect(entry).to_contain_text("68")
    await hold(entry.get_by_test_id("waiting-discard"))
    await expect(chip).to_have_count(0)
    sent = clinic.events(session, "reading.recorded")
    assert 68 not in [one["data"]["values"].get("hr") for one in sent]


async def test_what_one_person_typed_is_never_sent_as_another(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), role="clinician")
    await page.route(READINGS, lambda route: route.abort())
    await typed(page, hr="69")
    await kept(page)
    await be(page, "nurse")
    await page.goto("about:blank")  # its next try would have another's cookie, and it knows nothing
    await page.unroute_all(behavior="wait")
    await page.goto(clinic.page_of(session))
    await waiting(page, 1)
    await typed(page, hr="70")
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    await waiting(page, 1)
    sent = clinic.events(session, "reading.recorded")
    assert 69 not in [one["data"]["values"].get("hr") for one in sent]

    await be(page, "clinician")
    await page.goto(clinic.page_of(session))
    await expect(page.get_by_test_id("events")).to_contain_text("HR 69", timeout=BACK_MS)
    await waiting(page, 0)
    whose = {one["data"]["values"].get("hr"): one["actor"] for one in recorded(clinic, session)}
    assert whose[69]["name"] == NAMES["clinician"]
    assert whose[70]["name"] == NAMES["nurse"]


async def test_a_proxy_that_answers_for_the_server_has_refused_nothing(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))

    async def refuse(route: Route) -> None:
        await route.fulfill(status=404, content_type="text/html", body="<h1>Not here</h1>")

    await page.route(READINGS, refuse)
    await typed(page, hr="71")
    await expect(page.get_by_test_id("entry-waiting")).to_have_attribute("data-state", "waiting")
    await expect(page.get_by_test_id("waiting-entries")).to_have_attribute("data-refused", "0")
    await page.unroute_all(behavior="wait")
    await expect(page.get_by_test_id("events")).to_contain_text("HR 71", timeout=BACK_MS)
    await waiting(page, 0)


async def test_a_set_is_entered_from_the_board_while_the_feed_is_lost(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    feed = Feed()
    page = await opened(open_page, clinic.url, feed.prepare)
    await tile_of(page, session).focus()
    await windows_loaded(page)
    await feed.cut()
    await expect(state_of(page)).not_to_have_attribute("data-state", "live")
    await page.keyboard.press("v")
    await page.locator("#entry-hr").fill("74")
    await page.get_by_test_id("save-reading").click()
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    sent = clinic.events(session, "reading.recorded")
    assert 74 in [one["data"]["values"].get("hr") for one in sent]


async def no_database(page: Page) -> None:
    """A browser whose database never answers, as some do after a crash."""
    await page.add_init_script("IDBFactory.prototype.open = () => new EventTarget()")


async def test_a_browser_whose_database_never_answers_still_sends(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), no_database)
    await typed(page, hr="72")
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    sent = clinic.events(session, "reading.recorded")
    assert 72 in [one["data"]["values"].get("hr") for one in sent]


async def test_what_one_person_left_open_is_not_there_for_the_next(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    await page.get_by_test_id("enter-vitals").click()
    await page.locator("#entry-hr").fill("73")
    await page.context.clear_cookies()  # the sign-in has ended
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.locator("[name=username]").fill("nurse")
    await page.locator("[name=password]").fill(ANYWHERE.password("nurse"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("session")).to_be_visible()
    await expect(page.get_by_test_id("enter-vitals")).to_be_enabled()
    await expect(page.get_by_test_id("entry-form")).to_have_count(0)


def recorded(clinic: Clinic, session: str) -> list[dict[str, Any]]:
    return clinic.events(session, "reading.recorded")
