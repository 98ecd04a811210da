"""Whoever cannot point, cannot see or cannot bear flashing works with the same screens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.layout import moving
from tests.support.pages import SET, item_of, opened, tile_of
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage
    from tests.support.server import Server

HOLD_MS: Final = 1_100
MOST_TABS: Final = 60  # of a page: what is further away is not reached by anybody
_FOCUSED: Final = """() => {
  const one = document.activeElement
  return one?.dataset?.testid || one?.name || one?.getAttribute?.('aria-label') || ''
}"""
# The ring of whatever holds the focus: an outline or a shadow of at least 2 px.
_RING: Final = """() => {
  const style = getComputedStyle(document.activeElement)
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    || style.boxShadow !== 'none'
}"""
# All that is said in one place, however soon it is gone again.
_TOLD: Final = """(where) => {
  globalThis.told = []
  const hear = () => { if (where.textContent.trim()) told.push(where.textContent.trim()) }
  new MutationObserver(hear).observe(where, { childList: true, characterData: true, subtree: true })
}"""


async def tab_to(page: Page, name: str) -> None:
    """To a control by its test id, by the Tab key alone; where the focus is, it is seen."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(_FOCUSED)
        if focused and not await page.evaluate(_RING):
            pytest.fail(f"the focus on {focused} is not seen")
        if focused == name:
            return
    pytest.fail(f"{name} is not reached by Tab")


async def test_a_whole_visit_by_keyboard_alone(server: Server, open_page: OpenPage) -> None:
    with asking(server.url) as api:
        session = api.infusing("Room 1")
        api.infusing("Room 2")
        api.post(f"/api/sessions/{session}/readings", {"values": {**SET, "spo2": 84}})
    page = await open_page(server.url, None)
    press, type_ = page.keyboard.press, page.keyboard.type
    await expect(page.get_by_test_id("sign-in-form")).to_be_visible()
    await tab_to(page, "username")
    await type_("nurse")
    await tab_to(page, "password")
    await type_(ANYWHERE.password("nurse"))
    await press("Enter")
    await expect(page.get_by_test_id("board")).to_be_visible()
    await tab_to(page, "accept-disclaimer")
    await press("Enter")

    tile = tile_of(page, session)
    await expect(tile).to_be_visible()
    await press("1")
    await expect(tile).to_have_attribute("data-cursor", "true")
    await expect(item_of(page, session).get_by_test_id("acknowledge")).to_be_visible()
    await press("a")
    await expect(page.locator("[data-testid=acknowledge]:focus")).to_have_count(1)
    await expect(page.locator("[data-settling=true]")).to_have_count(0)  # nothing slides under it
    await press("Enter")
    await expect(tile).to_have_attribute("data-alarm-state", "acknowledged")

    await press("ArrowUp")  # at the edge: the same tile
    await press("Enter")
    await expect(page.get_by_test_id("session")).to_be_visible()
    await press("v")
    await expect(page.get_by_test_id("entry-form")).to_be_visible()
    left = {vital: str(number) for vital, number in SET.items()}
    while left:
        await page.wait_for_function(
            "(left) => left.includes(document.activeElement?.name)", arg=list(left)
        )
        field = await page.evaluate("document.activeElement.name")
        await type_(left.pop(field))
        if left and await page.evaluate("document.activeElement.name") == field:
            await press("Tab")
    await press("Enter")
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    await press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)

    await tab_to(page, "phase-to-paused")
    await press("Enter")
    await expect(page.get_by_test_id("session")).to_have_attribute("data-phase", "paused")
    await tab_to(page, "phase-to-completed")
    await page.keyboard.down("Enter")
    await page.evaluate("(ms) => new Promise((over) => setTimeout(over, ms))", HOLD_MS)
    await page.keyboard.up("Enter")
    await expect(page.get_by_test_id("session")).to_have_attribute("data-phase", "completed")


async def test_a_session_is_started_by_keyboard_alone(server: Server, open_page: OpenPage) -> None:
    page = await opened(open_page, server.url)
    press, type_ = page.keyboard.press, page.keyboard.type
    await tab_to(page, "start-session")
    await press("Enter")
    await expect(page.get_by_test_id("start-form")).to_be_visible()
    await tab_to(page, "new-patient")
    await press("Enter")
    typed = {"code": "T-0001", "initials": "T.T.", "station": "Room 3", "weight_kg": "70"}
    for field, value in typed.items():
        await tab_to(page, field)
        await type_(value)
    await press("Enter")
    await expect(page).to_have_url(re.compile(r"/session/"))


async def test_the_keys_are_told_and_walk_over_the_tiles(
    clinic: Clinic, open_page: OpenPage
) -> None:
    for _ in range(4):
        clinic.infusing()
    page = await opened(open_page, clinic.url)
    await page.keyboard.press("?")
    await expect(page.get_by_test_id("keys-help")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("keys-help")).to_have_count(0)
    tiles, cursor = page.get_by_test_id("tile"), page.locator("[data-cursor=true]")
    await page.keyboard.press("2")
    await expect(tiles.nth(1)).to_have_attribute("data-cursor", "true")
    await page.keyboard.press("ArrowLeft")
    await expect(tiles.nth(0)).to_have_attribute("data-cursor", "true")
    await page.keyboard.press("ArrowRight")
    await expect(tiles.nth(1)).to_have_attribute("data-cursor", "true")
    await expect(cursor).to_have_count(1)


@pytest.mark.parametrize("wants", ["reduce", "no-preference"])
async def test_whoever_wants_no_motion_has_none_and_the_same_alarms(
    clinic: Clinic, open_page: OpenPage, wants: str
) -> None:
    session = clinic.infusing(spo2=84)
    page = await opened(open_page, clinic.url, reduced_motion=wants)
    tile = tile_of(page, session)
    await expect(tile).to_have_attribute("data-alarm-state", "active")
    await expect(tile.get_by_test_id("alarm")).to_contain_text("***")
    await expect(tile.get_by_test_id("alarm")).to_contain_text("84")
    assert await tile.evaluate(_BORDERED), "an alarm has no border"
    running = await moving(page)
    assert bool(running) == (wants == "no-preference"), running
    await page.goto(clinic.page_of(session))
    card = page.get_by_test_id("alarm").first
    await expect(card).to_contain_text("***")
    if wants == "reduce":
        assert await moving(page) == []


_BORDERED: Final = """(tile) => [tile, ...tile.querySelectorAll('*')].some((one) => {
  const style = getComputedStyle(one)
  const wide = parseFloat(style.borderTopWidth) + parseFloat(style.outlineWidth)
  return wide >= 2 && style.borderTopStyle + style.outlineStyle !== 'nonenone'
    || style.boxShadow !== 'none'
})"""


async def test_an_alarm_is_told_to_a_screen_reader_once(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    tile = page.get_by_test_id("alarm").first
    await page.get_by_test_id("announcer").evaluate(_TOLD)
    of_room = f"told.filter((said) => said.includes(', {clinic.state(session)['station']}:'))"
    clinic.read(session, sbp=186, dbp=114)  # an alarm, and no reason to stop the infusion
    await expect(tile).to_have_attribute("data-priority", "high")
    for hr in (80, 81, 82):
        clinic.read(session, hr=hr)
    await expect(page.get_by_test_id("events")).to_contain_text("HR 81")
    await page.wait_for_function(f"() => {of_room}.length > 0")  # of the board, a frame of its own
    told = await page.evaluate(of_room)
    assert len(told) == 1, told
    assert "high alarm" in told[0]
    await expect(page.get_by_test_id("announcer")).to_have_attribute("aria-live", "assertive")
    reading_out = await page.locator("[aria-live=assertive], [role=alert]").evaluate_all(
        "all => all.filter((one) => one.textContent.includes('186')).map((one) => one.className)"
    )
    assert reading_out == ["sr-only"]

    clinic.read(session, sbp=196, dbp=116)
    await page.wait_for_function(f"() => {of_room}.length === 2")
    await tile.get_by_test_id("acknowledge").click()
    await expect(tile).to_have_attribute("data-state", "acknowledged")
    assert len(await page.evaluate(of_room)) == 2


async def test_enter_on_a_list_that_has_just_moved_says_that_nothing_was_done(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing(spo2=84)
    page = await opened(open_page, clinic.url)
    button = page.locator(f"[data-session='{session}'] [data-testid=acknowledge]").first
    await button.focus()
    settle = "(one, on) => { one.closest('[data-alarm]').parentElement.dataset.settling = on }"
    await page.get_by_test_id("keys-said").evaluate(_TOLD)
    await button.evaluate(settle, "true")
    await page.keyboard.press("Enter")
    await page.wait_for_function(
        "() => told.some((said) => said.includes('nothing was acknowledged'))"
    )
    await expect(tile_of(page, session)).to_have_attribute("data-alarm-state", "active")
    await expect(button).to_be_focused()
    await button.evaluate(settle, "false")
    await page.keyboard.press("Enter")
    await expect(tile_of(page, session)).to_have_attribute("data-alarm-state", "acknowledged")
