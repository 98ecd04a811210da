"""Nothing that axe calls serious or critical, on any page, in either theme. The administrator's and
the auditor's pages are in test_admin_screens.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.axe import stumbles
from tests.support.pages import hold, opened
from tests.support.people import WALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage
    from tests.support.server import Server

MORE_CALLS_THAN_FIT: Final = 7
STATION: Final = {"width": 1920, "height": 1080}
PHONE: Final = {"width": 390, "height": 844}
WINDOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "entry": ("enter-vitals",),
    "alarm-dialog": ("alarm-more",),
    "more-dialog": ("more",),
    "limits-dialog": ("more", "open-limits"),
    "devices-dialog": ("more", "open-devices"),
    "responsible-dialog": ("responsible",),
    "standby-dialog": ("more", "open-standby"),
    "audio-off-dialog": ("more", "open-audio-off"),
    "alarm-off-dialog": ("more", "open-alarm-off"),
    "correct-dialog": ("correct",),
    "account-dialog": ("account",),
    "sign-ins-dialog": ("account", "account-sign-ins"),
    "disclaimer-text": ("about",),
    "annotate-dialog": ("annotate-nausea",),
    "alarms-dialog": ("all-alarms",),
    "phase-correct": ("phase-edit",),
}
"""What opens each window of a session's page, press by press."""


async def test_signing_in(clinic: Clinic, open_page: OpenPage) -> None:
    page = await open_page(clinic.url, None)
    await expect(page.get_by_test_id("sign-in-form")).to_be_visible()
    await unhindered(page, "sign-in")


async def test_a_board_without_sessions_and_its_window_to_start_one(
    server: Server, open_page: OpenPage
) -> None:
    page = await opened(open_page, server.url)
    await expect(page.get_by_test_id("board-empty")).to_be_visible()
    await unhindered(page, "empty board")
    await page.get_by_test_id("start-session").click()
    await expect(page.get_by_test_id("start-form")).to_be_visible()
    await unhindered(page, "start")
    await page.get_by_test_id("new-patient").click()
    await page.locator("[name=weight_kg]").fill("154")
    await page.get_by_test_id("create-session").click()
    await unhindered(page, "start with what is wrong")


@pytest.mark.parametrize("size", [STATION, PHONE], ids=["station", "phone"])
async def test_a_board_and_a_session_with_alarms(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    session = alarms(clinic)
    page = await opened(open_page, clinic.url, viewport=size)
    await expect(page.locator("[data-testid=tile][data-priority=high]").first).to_be_visible()
    await unhindered(page, "board")
    await page.goto(clinic.page_of(session))
    await expect(page.get_by_test_id("alarm").first).to_be_visible()
    await unhindered(page, "session")


def alarms(clinic: Clinic) -> str:
    """One session of every look; the one with most alarms."""
    quiet, seen, worst = clinic.infusing(), clinic.infusing(hr=182), clinic.infusing()
    clinic.read(worst, spo2=84, sbp=186, dbp=118, sedation=2, o2_flow=2)
    with asking(clinic.url) as api:
        for alarm in clinic.state(seen)["alarms"].values():
            path = f"/api/sessions/{seen}/alarms/{alarm['id']}/acknowledge"
            api.post(path, {"rev": alarm["rev"]})
        api.post(f"/api/sessions/{quiet}/standby", {"reason": "toilet", "minutes": 5})
    return worst


async def test_every_window_of_a_session(clinic: Clinic, open_page: OpenPage) -> None:
    page = await opened(open_page, clinic.page_of(alarms(clinic)))
    await expect(page.get_by_test_id("alarm").first).to_be_visible()
    found: list[str] = []
    for window, presses in WINDOWS.items():
        for press in presses:
            await page.get_by_test_id(press).first.click()
        await expect(page.get_by_test_id(window)).to_be_visible()
        found += await stumbles(page, window)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    assert not found, "\n".join(found)


async def test_what_a_set_comes_to_and_a_call_for_help(clinic: Clinic, open_page: OpenPage) -> None:
    page = await opened(open_page, clinic.page_of(clinic.infusing()))
    await page.get_by_test_id("enter-vitals").click()
    form = page.get_by_test_id("entry-form")
    typed = {"hr": "182", "spo2": "8", "sbp": "250", "dbp": "79"}
    for vital, value in typed.items():
        await form.locator(f"#entry-{vital}").fill(value)
    await unhindered(page, "entry with what is impossible and what is not likely")
    await form.locator("#entry-spo2").fill("84")
    await form.get_by_test_id("save-reading").click()
    await expect(page.get_by_test_id("flag-result")).to_be_visible()
    await unhindered(page, "entry result")
    await page.keyboard.press("Escape")
    await hold(page.get_by_test_id("help-button"))
    await expect(page.get_by_test_id("help")).to_be_visible()
    await unhindered(page, "HELP")


async def test_the_windows_of_the_keyboard_and_of_the_sound(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.url)
    await page.keyboard.press("?")
    await expect(page.get_by_test_id("keys-help")).to_be_visible()
    found = await stumbles(page, "keys")
    await page.keyboard.press("Escape")
    await page.get_by_test_id("sound").click()
    await expect(page.get_by_test_id("sound")).to_have_attribute("data-state", "proven")
    await page.get_by_test_id("sound").click()
    await expect(page.get_by_test_id("sound-dialog")).to_be_visible()
    found += await stumbles(page, "sound")
    assert not found, "\n".join(found)


async def test_the_wall(clinic: Clinic, open_page: OpenPage) -> None:
    alarms(clinic)
    page = await open_page(f"{clinic.url}/wall", WALL)
    await expect(page.get_by_test_id("tile").first).to_be_visible()
    await unhindered(page, "wall")


@pytest.mark.parametrize("role", [None, "clinician", "auditor"])
async def test_an_address_that_leads_nowhere(
    clinic: Clinic, open_page: OpenPage, role: str | None
) -> None:
    page = await open_page(f"{clinic.url}/nowhere/at/all", role)
    unknown = page.get_by_test_id("unknown-page")
    await expect(unknown.get_by_role("heading")).to_be_visible()
    await unhindered(page, "an unknown address")
    await unknown.get_by_role("link").click()
    await expect(unknown).to_have_count(0)
    home = "/audit" if role == "auditor" else "/"
    await expect(page).to_have_url(f"{clinic.url}{home}")


async def test_calls_for_help_that_nobody_here_can_answer(
    server: Server, open_page: OpenPage
) -> None:
    with asking(server.url) as api:
        for room in range(MORE_CALLS_THAN_FIT):
            api.post(f"/api/sessions/{api.infusing(f'Room {room}')}/help", {})
    page = await open_page(f"{server.url}/admin/users", "administrator")
    await expect(page.locator(".help-call")).to_have_count(MORE_CALLS_THAN_FIT)
    await unhindered(page, "calls for help")
    await page.get_by_test_id("help").focus()
    await page.keyboard.press("End")
    await expect(page.locator(".help-call").last).to_be_in_viewport()


async def unhindered(page: Page, where: str) -> None:
    found = await stumbles(page, where)
    assert not found, "\n".join(found)
