"""What people type is text wherever it is shown: HTML in a name or a note stays what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import expect

from tests.e2e.api import asking

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.support.browser import OpenPage
    from tests.support.server import Server

MARK: Final = "<q>Z"  # short enough for initials; as HTML it would make an element
SCRIPT: Final = "<img src=x onerror=window.ran=1 data-x><script data-x>window.ran=1</script>"
STANDBY_MIN: Final = 5


def odd_session(url: str) -> str:
    """A session all of whose texts are HTML: names, notes, reasons, station and device."""
    with asking(url) as api:
        person = {"code": f"P{MARK}", "initials": "<q>I", "name": SCRIPT, "indication": SCRIPT}
        patient = api.post("/api/patients", person)
        order = {
            "patient_id": patient["id"],
            "station": f"Room {MARK}",
            "protocol": "ketamine_adult",
            "weight_kg": 70,
            "dose_mg_per_kg": 0.5,
            "planned_minutes": 40,
        }
        id = str(api.post("/api/sessions", order)["id"])
        place = f"/api/sessions/{id}"
        for to in ("checked_in", "baseline", "ready", "infusing"):
            api.post(f"{place}/phase", {"to": to, "override_reason": SCRIPT, "reason": SCRIPT})
        api.put(f"{place}/responsible", {"person": {"id": "r", "name": SCRIPT}})
        api.put(f"{place}/devices/{'mon' + MARK}", {})
        typed = api.post(f"{place}/readings", {"values": {"hr": 82, "spo2": 84}})
        for alarm in typed["alarms"]:
            seen = {"rev": alarm["rev"], "note": SCRIPT}
            api.post(f"{place}/alarms/{alarm['id']}/acknowledge", seen)
        api.post(f"{place}/standby", {"minutes": STANDBY_MIN, "reason": SCRIPT})
        api.post(f"{place}/audio-off", {"scope": "session", "reason": SCRIPT})
        api.post(f"{place}/help", {"note": SCRIPT})
        unknown = {"station": f"Nowhere {MARK}", "device": f"lost{MARK}", "values": {"hr": 70}}
        api.post("/api/readings", {"readings": [unknown]})
    return id


async def nothing_ran(page: Page) -> None:
    """No element was made of what was typed, and nothing in it was run."""
    await expect(page.locator("q, [data-x]")).to_have_count(0)
    ran: Any = await page.evaluate("window.ran")
    assert ran is None


async def test_html_in_names_and_notes_is_shown_as_text(
    server: Server, open_page: OpenPage
) -> None:
    session = odd_session(server.url)

    board = await open_page(server.url)
    tile = board.locator(f"[data-testid=tile][data-session='{session}']")
    await expect(tile).to_contain_text("<q>I")
    await nothing_ran(board)

    room = await open_page(f"{server.url}/session/{session}")
    await expect(room.get_by_test_id("session")).to_contain_text(MARK)
    await expect(room.get_by_test_id("events")).to_contain_text("<script data-x>")
    assert "<q>I" not in await room.title()  # the station alone
    await nothing_ran(room)
    for button in await room.get_by_test_id("alarm-more").all():
        await button.click()
        await expect(room.get_by_test_id("alarm-dialog")).to_be_visible()
        await nothing_ran(room)
        await room.keyboard.press("Escape")
        await expect(room.get_by_test_id("alarm-dialog")).to_have_count(0)
    await room.get_by_test_id("responsible").click()
    await nothing_ran(room)

    wall = await open_page(f"{server.url}/wall", role="wall")
    await expect(wall.get_by_test_id("tile").first).to_contain_text("Room <q>")
    await nothing_ran(wall)
    await expect(wall.locator("body")).not_to_contain_text("onerror")
