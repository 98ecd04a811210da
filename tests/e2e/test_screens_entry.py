"""A set of vital signs by hand: in few taps, for the right patient, once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.layout import controls, cut_off, overlapping
from tests.support.pages import SET, opened, think, tile_of, value
from tests.support.taps import counting, taps

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

MOST_TAPS: Final = 12  # of a full set, beyond the digits themselves; some 15 s on a tablet
TABLET: Final = {"width": 1024, "height": 768}
PHONE: Final = {"width": 390, "height": 844}
KEY_PX: Final = 64
APART_PX: Final = 12
_FOCUS: Final = "document.activeElement?.name ?? ''"


async def entering(page: Page) -> Locator:
    """The form, opened by a tap, ready for the first field."""
    await page.get_by_test_id("enter-vitals").click()
    form = page.get_by_test_id("entry-form")
    await expect(form.locator("#entry-hr")).to_be_visible()
    return form


async def saved(page: Page) -> Locator:
    await page.get_by_test_id("entry-form").get_by_test_id("save-reading").click()
    result = page.get_by_test_id("entry-saved")
    await expect(result).to_be_visible()
    return result


async def fill(form: Locator, **typed: str) -> None:
    for vital, digits in typed.items():
        await form.locator(f"#entry-{vital}").fill(digits)


@pytest.mark.parametrize("by", ["pad", "keyboard"])
async def test_a_full_set_takes_at_most_twelve_taps_or_keys_beyond_its_digits(
    clinic: Clinic, open_page: OpenPage, by: str
) -> None:
    session = clinic.infusing()
    page = await opened(
        open_page, clinic.page_of(session), counting, viewport=TABLET, has_touch=by == "pad"
    )
    await expect(page.get_by_test_id("enter-vitals")).to_be_enabled()
    await taps(page)
    if by == "pad":
        await page.get_by_test_id("enter-vitals").tap()
    else:
        await page.keyboard.press("v")
    await expect(page.get_by_test_id("entry-form")).to_be_visible()
    await page.wait_for_function(f"() => ({_FOCUS}) !== ''")
    left = {vital: str(number) for vital, number in SET.items()}
    while left:
        field = await page.evaluate(_FOCUS)
        for digit in left.pop(field):
            if by == "pad":
                await page.get_by_test_id(f"pad-{digit}").tap()
            else:
                await page.keyboard.press(digit)
        if left and await page.evaluate(_FOCUS) == field:
            if by == "pad":
                await page.get_by_test_id("pad-next").tap()
            else:
                await page.keyboard.press("Tab")
            await page.wait_for_function(f"() => ({_FOCUS}) !== '{field}'")
    save = page.get_by_test_id("save-reading")
    await expect(save).to_contain_text("Save for Room")
    if by == "pad":
        await save.tap()
    else:
        await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    assert await taps(page) <= MOST_TAPS
    typed = clinic.events(session, "reading.recorded")[-1]["data"]
    assert {vital: typed["values"][vital] for vital in SET} == SET
    assert typed["source"] == "manual"


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
async def test_the_number_pad_is_for_gloves(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = await opened(open_page, clinic.page_of(clinic.infusing()), viewport=size, has_touch=True)
    await entering(page)
    found = await controls(page, "[data-testid=entry]")
    keys = [control for control in found if control.name.startswith("pad-")]
    assert len(keys) >= 12
    small = [f"{key.name} {key.width:.0f} x {key.height:.0f}" for key in keys if key.least < KEY_PX]
    assert not small, f"too small: {small}"
    close = [
        f"{one.name} {one.gap(other):.1f} {other.name}"
        for one in keys
        for other in keys
        if one is not other and one.gap(other) < APART_PX - 0.5
    ]
    assert not close, f"too close: {close}"
    assert not overlapping(found), overlapping(found)
    assert not await cut_off(page, "[data-testid=entry]")


async def test_a_double_tap_makes_one_reading(clinic: Clinic, open_page: OpenPage) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    before = len(clinic.events(session, "reading.recorded"))
    form = await entering(page)
    await fill(form, hr="71")
    await form.get_by_test_id("save-reading").dblclick()
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    await expect(page.get_by_test_id("events")).to_contain_text("HR 71")
    assert len(clinic.events(session, "reading.recorded")) == before + 1


async def test_what_is_impossible_stays_at_its_field_and_what_is_unlikely_is_asked_once(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    before = len(clinic.events(session, "reading.recorded"))
    form = await entering(page)
    await fill(form, hr="400")
    await expect(form.locator("#entry-hr")).to_have_attribute("aria-invalid", "true")
    await expect(form).to_contain_text("not possible")
    await form.locator("#entry-hr").press("Enter")
    assert len(clinic.events(session, "reading.recorded")) == before

    await fill(form, hr="205")
    await expect(form).to_contain_text("unusual")
    result = await saved(page)
    stored = clinic.events(session, "reading.recorded")[-1]["data"]
    assert stored["values"]["hr"] == 205
    assert "hr" in stored["unconfirmed"]
    question = result.get_by_test_id("confirm-unlikely")
    await expect(question).to_have_attribute("data-state", "asking")
    await think(page)
    await result.get_by_test_id("confirm-yes").click()
    await expect(question).to_have_attribute("data-state", "confirmed")
    assert clinic.state(session)["values"]["hr"]["unconfirmed"] is False
    assert len(clinic.events(session, "reading.recorded")) == before + 1


async def test_the_last_values_are_beside_the_fields_and_never_in_them(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.page_of(clinic.infusing()))
    form = await entering(page)
    await expect(form.locator("[data-group=hr]")).to_contain_text("82")
    for vital in SET:
        await expect(form.locator(f"#entry-{vital}")).to_have_value("")


async def test_chart_now_takes_the_monitors_fresh_values_and_asks_for_what_it_lacks(
    clinic: Clinic, open_page: OpenPage
) -> None:
    with asking(clinic.url) as api:
        session = api.infusing(clinic.room())
        api.put(f"/api/sessions/{session}/devices/mon-1", {})
        measured = {"device": "mon-1", "interval_s": 60, "values": {"hr": 77, "spo2": 98}}
        device = api.post(f"/api/sessions/{session}/readings", measured)
    page = await opened(open_page, clinic.page_of(session))
    form = await entering(page)
    await form.get_by_test_id("chart-now").click()
    await expect(form.get_by_test_id("charted-hr")).to_contain_text("77")
    await expect(form.get_by_test_id("charted-spo2")).to_have_attribute(
        "data-age", re.compile(r"^\d+$")
    )
    await expect(form.locator("#entry-hr")).to_have_count(0)
    await form.get_by_test_id("uncharted-spo2").click()
    await expect(form.locator("#entry-spo2")).to_have_value("")
    await fill(form, spo2="96", sbp="121", dbp="74", rr="13", sedation="4")
    await saved(page)
    typed = clinic.events(session, "reading.recorded")[-1]["data"]
    assert typed["values"]["spo2"] == 96
    assert "hr" not in typed["values"]
    assert typed["charted"]["hr"]["value"] == 77
    assert typed["charted"]["hr"]["taken_at"] == device["taken_at"]
    alone = clinic.events(session, "reading.recorded")
    assert [one["data"]["values"].get("hr") for one in alone] == [77, None]


async def test_a_vital_that_could_not_be_taken_is_said_with_why_and_put_off(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    form = await entering(page)
    await fill(form, hr="71", spo2="97")
    await form.get_by_test_id("not-taken-bp").click()
    await form.get_by_test_id("not-taken-asleep").click()
    await expect(form.get_by_test_id("not-taken-said-bp")).to_contain_text("asleep")
    await saved(page)
    held = clinic.state(session)["not_taken"]
    assert {held[vital]["reason"] for vital in ("sbp", "dbp")} == {"asleep"}
    assert held["sbp"]["until"] is not None


async def test_what_a_set_raised_is_acknowledged_by_whoever_typed_it(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session), role="nurse")
    board = await opened(open_page, clinic.url)
    form = await entering(page)
    await fill(form, spo2="84")
    result = await saved(page)
    await think(page)
    await result.get_by_test_id("result-acknowledge").first.click()
    await expect(tile_of(board, session)).to_have_attribute("data-alarm-state", "acknowledged")
    alarms = clinic.state(session)["alarms"].values()
    by = [seen["by"]["name"] for alarm in alarms for seen in alarm["acknowledgements"]]
    assert by == ["Nora Nurse"]


async def test_a_set_for_the_wrong_patient_is_moved_to_the_right_one(
    clinic: Clinic, open_page: OpenPage
) -> None:
    wrong, right = clinic.infusing(), clinic.infusing()
    page = await opened(open_page, clinic.page_of(wrong))
    board = await opened(open_page, clinic.url)
    form = await entering(page)
    await fill(form, hr="64", spo2="96")
    await saved(page)
    await expect(value(tile_of(board, wrong), "hr")).to_contain_text("64")
    await page.get_by_test_id("wrong-patient").click()
    await page.get_by_test_id(f"move-to-{right}").click()
    await think(page)
    await page.get_by_test_id("move-confirm").click()
    await expect(value(tile_of(board, right), "hr")).to_contain_text("64")
    await expect(value(tile_of(board, wrong), "hr")).to_contain_text("82")
    moved = clinic.events(right, "reading.recorded")[-1]["data"]
    assert moved["values"]["hr"] == 64
    assert clinic.state(right)["values"]["hr"]["value"] == 64
    assert clinic.state(wrong)["values"]["hr"]["value"] == 82


async def test_a_key_that_is_held_down_neither_saves_nor_closes_what_was_saved(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    before = len(clinic.events(session, "reading.recorded"))
    page = await opened(open_page, clinic.page_of(session))
    await page.get_by_test_id("enter-vitals").click()
    await page.locator("#entry-hr").fill("82")

    async def held(times: int) -> None:
        for _ in range(times):
            await page.keyboard.down("Enter")  # again without an up between: the key repeats

    await held(20)
    await page.keyboard.up("Enter")
    await expect(page.get_by_test_id("save-reading")).not_to_be_focused()
    assert len(clinic.events(session, "reading.recorded")) == before
    await page.get_by_test_id("save-reading").focus()
    await held(1)
    await expect(page.get_by_test_id("entry-done")).to_be_focused()
    await think(page)
    await held(20)
    await page.keyboard.up("Enter")
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("flag-result")).to_have_count(0)
    assert len(clinic.events(session, "reading.recorded")) == before + 1
