"""Where much stands at once nothing is hidden: several alarms, what is off, what is old, what
waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.layout import buried, controls, cut_off, overlapping, scrolls
from tests.support.pages import SET, opened, tile_of, typed_in_vain

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

STATION: Final = {"width": 1920, "height": 1080}
DESK: Final = {"width": 1280, "height": 800}
TABLET: Final = {"width": 1024, "height": 768}
UPRIGHT: Final = {"width": 768, "height": 1024}
PHONE: Final = {"width": 390, "height": 844}
LINE_PX: Final = 10  # less is rounding, more is a line that is not shown
BORDER_PX: Final = 6  # of a tile with an alarm
OLD: Final = timedelta(minutes=25)  # longer than a value that was typed is fresh


@pytest.fixture(scope="module")
def alarming(clinic: Clinic) -> str:
    """A session of which two alarms stand and one prompt to stop."""
    return clinic.infusing(spo2=84, sbp=186, dbp=118)


@pytest.mark.parametrize("size", [STATION, DESK, TABLET, UPRIGHT], ids=str)
async def test_two_alarms_can_be_acknowledged_without_scrolling_to_either(
    clinic: Clinic, alarming: str, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = await opened(open_page, clinic.page_of(alarming), viewport=size)
    cards = page.get_by_test_id("alarms").get_by_test_id("alarm")
    await expect(cards).to_have_count(2)
    within = await box_of(page.locator(".band-cards"))
    for card in await cards.all():
        for control in ("acknowledge", "alarm-more"):
            box = await box_of(card.get_by_test_id(control))
            assert within[0] <= box[0]
            assert box[1] <= within[1]
        said = card.locator(".alarm-text")
        assert await said.evaluate("said => said.scrollHeight - said.clientHeight") < LINE_PX


async def test_of_three_alarms_every_word_is_read_at_a_station(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing(hr=150, spo2=84, sbp=186, dbp=118)
    page = await opened(open_page, clinic.page_of(session), viewport=STATION)
    words = page.get_by_test_id("alarms").locator(".alarm-text")
    await expect(words).to_have_count(3)
    for said in await words.all():
        assert await said.evaluate("said => said.scrollHeight - said.clientHeight") < LINE_PX


async def test_a_prompt_to_stop_says_how_long_and_beyond_what_on_a_phone_too(
    clinic: Clinic, alarming: str, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.page_of(alarming), viewport=PHONE)
    said = page.get_by_test_id("stop-prompt").locator(".stop-said")
    await expect(said).to_contain_text("(88 or below)")
    left, right = await box_of(said)
    assert right - left > 100  # a sentence, not a dot for those who hear the page
    assert await cut_off(page, "[data-testid=stop-prompt]") == []


@pytest.mark.parametrize("size", [STATION, DESK, TABLET, PHONE], ids=str)
async def test_a_vital_sign_without_alarms_says_so_at_its_number_and_where_no_alarm_stands(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    session = clinic.infusing()
    with asking(clinic.url) as api:
        for scope in ("bp", "hr"):
            off = {"scope": scope, "reason": "test"}
            api.post(f"/api/sessions/{session}/alarm-off", off)
    page = await opened(open_page, clinic.page_of(session), viewport=size)
    for group in ("bp", "hr"):
        await expect(page.locator(f"[data-testid=alarms-off][data-group={group}]")).to_be_visible()
    await expect(page.get_by_test_id("none-but-off")).to_have_text("Alarm off: BP, HR")
    assert await cut_off(page, "[data-testid=alarms]") == []
    if size is not PHONE:
        row = await box_of(page.get_by_test_id("facts"))
        for end in await page.get_by_test_id("end-alarm-off").all():
            box = await box_of(end)
            assert row[0] <= box[0]
            assert box[1] <= row[1]
    await page.get_by_test_id("end-alarm-off").first.click()
    await expect(page.get_by_test_id("alarms-off")).to_have_count(1)


@pytest.mark.parametrize("size", [STATION, DESK, TABLET, PHONE], ids=str)
async def test_what_is_old_and_out_of_limits_says_its_whole_age_on_the_board(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    with asking(clinic.url) as api:
        session = api.infusing(clinic.room())
        taken = {"taken_at": (datetime.now(UTC) - OLD).isoformat(), "confirmed": True}
        values = {**SET, "hr": 150, "spo2": 86, "sbp": 186, "dbp": 118}
        api.post(f"/api/sessions/{session}/readings", {"values": values, **taken})
    page = await opened(open_page, clinic.url, viewport=size)
    tile = tile_of(page, session)
    await expect(tile.locator("[data-group=spo2] .age.stale")).to_be_visible()
    edge = (await box_of(tile))[1] - BORDER_PX
    for group, beside in (("hr", "spo2"), ("spo2", None), ("rr", "sedation"), ("sedation", None)):
        said = await box_of(tile.locator(f"[data-group={group}] .age.stale"))
        next_one = tile.locator(f".cell[data-group={beside}] .cell-line")
        assert said[1] <= (edge if beside is None else (await box_of(next_one))[0]), group
    assert await cut_off(page, f"[data-testid=tile][data-session='{session}']") == []


async def test_what_waits_is_a_line_of_the_bar_on_a_phone_and_nothing_stays_under_it(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), viewport=PHONE)
    await typed_in_vain(page)
    left, right = await box_of(page.get_by_test_id("waiting-entries"))
    assert (left, right) == (0, PHONE["width"])
    assert overlapping(await controls(page)) == []
    assert await buried(page) == []


async def test_who_and_where_stay_in_sight_while_a_session_is_started(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.url, viewport=PHONE)
    await page.get_by_test_id("start-session").click()
    await page.get_by_test_id("new-patient").click()
    room = clinic.room()
    for name, said in {"initials": "W.H.", "station": room, "weight_kg": "170"}.items():
        await page.locator(f"[data-testid=start-form] [name={name}]").fill(said)
    head = page.get_by_test_id("start-dialog").locator("h2")
    await page.get_by_test_id("create-session").scroll_into_view_if_needed()
    await expect(head).to_have_text(f"Start a session · {room}, W.H.")
    await expect(head).to_be_in_viewport()


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
async def test_the_list_of_keys_scrolls_before_its_lines_lie_over_each_other(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = await opened(open_page, clinic.url, viewport=size)
    await page.keyboard.press("?")
    switch = page.get_by_test_id("keys-letters")
    await switch.scroll_into_view_if_needed()
    assert await scrolls(page, ".keys-switch") <= (0, 0)


async def box_of(one: Locator) -> tuple[float, float]:
    """Where it begins and ends from left to right."""
    box = await one.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]
