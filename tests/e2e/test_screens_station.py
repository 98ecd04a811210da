"""Entry by hand at a station's screen: whoever types gives a PIN, once, also after an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.e2e.test_sign_in_screens import acknowledgements, sign_in, type_pin
from tests.support.pages import think
from tests.support.people import ANYWHERE, NAMES

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from tests.support.browser import OpenPage
    from tests.support.server import Server


async def typed(page: Page, url: str, session: str) -> None:
    """A station's screen with a set typed for the session, not yet saved."""
    await sign_in(page, "nurse", ANYWHERE.password("nurse"), station="Front desk")
    await page.locator(f"[data-testid=tile][data-session='{session}']").click()
    await page.get_by_test_id("enter-vitals").click()
    await expect(page.locator("#entry-sbp")).to_be_focused()
    await page.keyboard.type("12879")
    await page.keyboard.type("8284")


async def give_pin(page: Page, role: str) -> None:
    await page.locator(f"[data-testid=person][data-user='{ANYWHERE.user_id(role)}']").click()
    await type_pin(page, ANYWHERE.pin(role))


def recorded_by(url: str, session: str) -> list[str]:
    with asking(url) as api:
        events = api.events(session)
    typed_ones = [event for event in events if event["kind"] == "reading.recorded"]
    return [event["actor"]["name"] for event in typed_ones]


async def test_one_pin_serves_for_the_set_and_its_alarm(
    server: Server, open_page: OpenPage
) -> None:
    with asking(server.url) as api:
        session = str(api.infusing("Room 1"))
    before = len(recorded_by(server.url, session))
    page = await open_page(server.url, role=None)
    await typed(page, server.url, session)
    await page.get_by_test_id("save-reading").click()
    await give_pin(page, "clinician")
    result = page.get_by_test_id("flag-result")
    await expect(result).to_contain_text(f"as {NAMES['clinician']}")
    alarm = result.locator(".result-alarm").first
    await expect(alarm).to_be_visible()
    await think(page)
    await alarm.get_by_test_id("result-acknowledge").click()
    await expect(alarm).to_have_attribute("data-seen", "true")
    await expect(page.get_by_test_id("pin-dialog")).to_have_count(0)
    assert recorded_by(server.url, session)[before:] == [NAMES["clinician"]]
    seen = acknowledgements(server.url, session)
    assert [one["by"]["name"] for one in seen] == [NAMES["clinician"]]


async def test_what_was_typed_while_the_server_was_away_is_sent_with_a_pin_and_not_before(
    server: Server, open_page: OpenPage
) -> None:
    with asking(server.url) as api:
        session = str(api.infusing("Room 1"))
    before = len(recorded_by(server.url, session))
    page = await open_page(server.url, role=None)
    await typed(page, server.url, session)

    async def cut(route: Route) -> None:
        await route.abort()

    await page.route("**/api/sessions/*/readings", cut)
    await page.get_by_test_id("save-reading").click()
    await give_pin(page, "nurse")
    said = page.get_by_test_id("entry-waiting")
    await expect(said).to_contain_text("with your PIN")
    await expect(said).not_to_contain_text("by itself")
    await page.unroute_all(behavior="wait")
    await page.reload()
    chip = page.get_by_test_id("waiting-entries")
    await expect(chip).to_have_attribute("data-count", "1")
    assert len(recorded_by(server.url, session)) == before
    await chip.click()
    listed = page.get_by_test_id("waiting-list")
    await expect(listed.get_by_test_id("waiting-entry")).to_contain_text("BP 128/79")
    await listed.get_by_test_id("waiting-send").click()
    await give_pin(page, "nurse")
    await expect(listed.get_by_test_id("waiting-entry")).to_have_count(0)
    assert recorded_by(server.url, session)[before:] == [NAMES["nurse"]]
