"""A record is put right on its page: the original stays, struck through, beside what stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.e2e.review import Hour, because, review
from tests.support.pages import think
from tests.support.people import NAMES

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

MOVED_AT = 25  # minutes


def record(clinic: Clinic, session: str) -> Any:
    with asking(clinic.url) as api:
        return api.get(f"/api/sessions/{session}/record")


def reading_at(clinic: Clinic, hour: Hour, minute: float) -> Any:
    """The reading that now stands at that minute."""
    readings = record(clinic, hour.session)["readings"]
    return next(one for one in readings if one["taken_at"] == hour.at(minute))


async def local(page: Page, moment: str) -> str:
    """As a field for a day and a time holds it on this screen."""
    said: str = await page.evaluate(
        """(iso) => {
          const at = new Date(iso)
          return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
        }""",
        moment,
    )
    return said


async def chosen(page: Page, clinic: Clinic, hour: Hour, minute: float) -> Locator:
    """The window that puts the reading of that minute right."""
    reading = reading_at(clinic, hour, minute)
    await page.get_by_test_id("find-reading").click()
    choose = page.get_by_test_id("choose-reading")
    await choose.locator("[name=near]").fill(await local(page, hour.at(minute)))
    await choose.locator(f"[data-id='{reading['id']}']").click()
    window = page.get_by_test_id("correct-reading")
    await expect(window).to_be_visible()
    return window


async def made(page: Page) -> Locator:
    """The list of what was corrected, opened."""
    corrections = page.get_by_test_id("corrections-made")
    await corrections.locator("summary").click()
    return corrections


async def test_a_value_is_amended_and_both_judgements_stand_side_by_side(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hour = Hour(clinic)
    page = await review(open_page, clinic, hour.session)
    window = await chosen(page, clinic, hour, 30)
    await expect(window.get_by_test_id("correcting")).to_contain_text("SpO2 84")
    await window.locator("[name=spo2]").fill("94")
    await expect(window.get_by_test_id("correct-confirm")).to_be_disabled()  # nobody said why
    await because(window, "Typed wrongly")
    await window.get_by_test_id("correct-confirm").click()
    await expect(window).to_have_count(0)
    one = (await made(page)).get_by_test_id("corrected-reading")
    await expect(one.get_by_test_id("was")).to_contain_text("SpO2 84")
    await expect(one.get_by_test_id("was")).to_contain_text("SpO2 critically low")
    await expect(one.get_by_test_id("is")).to_contain_text("SpO2 94")
    await expect(one.get_by_test_id("is")).not_to_contain_text("critically low")
    await expect(one).to_contain_text(f"Corrected: Typed wrongly. {NAMES['clinician']}")
    stands = reading_at(clinic, hour, 30)
    assert (stands["standing"], stands["values"]["spo2"]) == ("amended", 94)
    assert stands["first"]["values"]["spo2"] == 84
    summary = {one["vital"]: one for one in record(clinic, hour.session)["summary"]["vitals"]}
    assert summary["spo2"]["min"] == 94


async def test_a_time_is_corrected_and_what_was_taken_back_is_left_alone(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hour = Hour(clinic)
    page = await review(open_page, clinic, hour.session)
    window = await chosen(page, clinic, hour, 40)
    await window.get_by_test_id("correct-time").click()
    confirm = window.get_by_test_id("correct-confirm")
    await because(window, "Wrong time")
    await expect(confirm).to_be_disabled()  # it is the time that it has
    for minute, said in ((-5, "Before this session began"), (70, "After this session ended")):
        await window.locator("[name=taken_at]").fill(await local(page, hour.at(minute)))
        await expect(window.get_by_role("alert").first).to_contain_text(said)
        await expect(confirm).to_be_disabled()
    await window.locator("[name=taken_at]").fill(await local(page, hour.at(38)))
    await confirm.click()
    await expect(window).to_have_count(0)
    one = (await made(page)).get_by_test_id("corrected-reading")
    await expect(one.get_by_test_id("was")).to_contain_text((await local(page, hour.at(40)))[11:])
    await expect(one.get_by_test_id("is")).to_contain_text((await local(page, hour.at(38)))[11:])
    corrected = reading_at(clinic, hour, 38)
    assert corrected["corrections"][0]["was_taken_at"] == hour.at(40)

    gone = reading_at(clinic, hour, 30)["id"]
    await page.reload()
    window = await chosen(page, clinic, hour, 30)
    await window.get_by_test_id("correct-void").click()
    await because(window, "Measured wrongly")
    await window.get_by_test_id("correct-confirm").click()
    await expect(window).to_have_count(0)
    one = (await made(page)).locator("[data-testid=corrected-reading][data-standing=voided]")
    await expect(one.get_by_test_id("was")).to_contain_text("SpO2 84")
    await expect(one.get_by_test_id("is")).to_have_count(0)
    await one.get_by_role("button").click()
    await page.get_by_test_id("correct-selected").click()
    await expect(window).to_contain_text("was taken back")
    await expect(window.get_by_test_id("correct-confirm")).to_have_count(0)
    voided = [r for r in record(clinic, hour.session)["readings"] if r["standing"] == "voided"]
    assert [one["id"] for one in voided] == [gone]


@pytest.mark.long
async def test_a_reading_is_moved_to_whom_it_belongs(clinic: Clinic, open_page: OpenPage) -> None:
    hour, other = Hour(clinic), Hour(clinic)
    page = await review(open_page, clinic, hour.session)
    window = await chosen(page, clinic, hour, MOVED_AT)
    await window.get_by_test_id("correct-move").click()
    await window.get_by_test_id(f"move-to-{other.session}").click()
    await expect(window.get_by_test_id("move-target")).to_contain_text("SIM-")
    await because(window, "Wrong patient")
    await think(page)  # what appeared under a finger is read before it is pressed
    await window.get_by_test_id("move-confirm").click()
    await expect(window).to_have_count(0)
    await expect(await made(page)).to_contain_text("Moved to another session")
    there = record(clinic, other.session)["readings"]
    moved = [one for one in there if one["values"].get("hr") == 70 + MOVED_AT]
    assert len(moved) == 2  # its own of that minute, and this one
    assert any(one["after_close"] for one in moved)


async def test_values_and_an_entry_are_charted_after_the_end(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hour = Hour(clinic)
    page = await review(open_page, clinic, hour.session)
    await page.get_by_test_id("chart-late").click()
    window = page.get_by_test_id("late-values")
    await window.locator("[name=taken_at]").fill(await local(page, hour.at(52)))
    await window.locator("[name=hr]").fill("500")
    await expect(window.get_by_test_id("late-confirm")).to_be_disabled()
    await window.locator("[name=hr]").fill("77")
    await window.get_by_test_id("late-confirm").click()
    await expect(window).to_have_count(0)
    late = reading_at(clinic, hour, 52)
    assert (late["after_close"], late["values"]["hr"]) == (True, 77)
    assert late["by"]["name"] == NAMES["clinician"]

    await page.get_by_test_id("note-late").click()
    window = page.get_by_test_id("late-note")
    await window.locator("[name=at]").fill(await local(page, hour.at(53)))
    await window.locator("[name=kind]").select_option("medication")
    await window.locator("[name=drug]").fill("Ondansetron")
    await window.locator("[name=dose]").fill("4")
    await window.locator("[name=unit]").select_option("mg")
    await window.get_by_test_id("late-note-confirm").click()
    await expect(window).to_have_count(0)
    noted = record(clinic, hour.session)["annotations"][-1]
    assert (noted["after_close"], noted["data"]["drug"]) == (True, "Ondansetron")


@pytest.mark.long
async def test_an_entry_is_corrected_and_then_taken_back(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hour = Hour(clinic)
    page = await review(open_page, clinic, hour.session)
    await page.get_by_test_id("find-note").click()
    await page.get_by_test_id("choice-note").click()
    window = page.get_by_test_id("correct-note")
    await window.locator("[name=at]").fill(await local(page, hour.at(15)))
    await window.locator("[name=severity]").select_option("severe")
    await because(window, "Typed wrongly")
    await window.get_by_test_id("note-confirm").click()
    await expect(window).to_have_count(0)
    one = (await made(page)).get_by_test_id("corrected-note")
    await expect(one.get_by_test_id("was")).to_contain_text("mild")
    await expect(one.get_by_test_id("is")).to_contain_text("severe")
    noted = record(clinic, hour.session)["annotations"][0]
    assert (noted["at"], noted["data"]["severity"]) == (hour.at(15), "severe")

    await page.get_by_test_id("correct-selected-note").click()
    await window.get_by_test_id("note-void").click()
    await because(window, "Wrong patient")
    await window.get_by_test_id("note-confirm").click()
    await expect(window).to_have_count(0)
    await expect(one).to_have_attribute("data-standing", "voided")
    await expect(one).to_contain_text("Taken back: Wrong patient")


@pytest.mark.long
async def test_whoever_only_reads_sees_corrections_and_makes_none(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hour = Hour(clinic)
    reading = reading_at(clinic, hour, 30)["id"]
    with asking(clinic.url) as api:
        path = f"/api/sessions/{hour.session}/readings/{reading}/amend"
        api.post(path, {"values": {"spo2": 94}, "reason": "Typed wrongly"})
    page = await review(open_page, clinic, hour.session, role="auditor")
    await expect((await made(page)).get_by_test_id("was")).to_contain_text("SpO2 84")
    for control in ("find-reading", "find-note", "chart-late", "note-late"):
        await expect(page.get_by_test_id(control)).to_have_count(0)
