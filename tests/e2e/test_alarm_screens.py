"""Two nurses and one alarm: what is done at one screen is seen at the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.pages import hold, think

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.support.browser import OpenPage
    from tests.support.server import Server

ALL_SAID = """(place) => {
  window.allSaid = []
  new MutationObserver(() => window.allSaid.push(place.textContent))
    .observe(place, { childList: true, characterData: true, subtree: true })
}"""
"""Keeps what is said there from now on: it stands for a moment only."""
VITALS = {"hr": 82, "spo2": 97, "sbp": 128, "dbp": 79, "rr": 14, "sedation": 4}


async def opened(open_page: OpenPage, url: str) -> Page:
    page = await open_page(url)
    await page.get_by_test_id("accept-disclaimer").click()
    return page


async def reason(dialog: Locator, said: str) -> None:
    await dialog.locator("[name=reason]").fill(said)


def infusing(url: str, station: str, **values: float) -> str:
    """A session at `station` that is infusing and has one set of values; its id."""
    with asking(url) as api:
        session = api.infusing(station)
        api.post(f"/api/sessions/{session}/readings", {"values": {**VITALS, **values}})
    return session


async def test_an_alarm_is_acknowledged_with_what_was_done_and_sound_paused_for_all(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server.url, "Room 3", sbp=186, dbp=114)  # no reason to stop the infusion
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    board = await opened(open_page, server.url)
    tile = tile_of(board, session)
    card = nurse.get_by_test_id("alarm").first
    await expect(card).to_have_attribute("data-state", "active")

    await nurse.get_by_test_id("audio-pause").click()
    await expect(tile.locator("[data-testid=quiet][data-kind=audio-pause]")).to_be_visible()
    await expect(nurse.get_by_test_id("audio-pause")).to_have_attribute("data-paused", "true")
    await nurse.get_by_test_id("audio-pause").click()
    await expect(tile.get_by_test_id("quiet")).to_have_count(0)

    await card.get_by_test_id("responding").click()
    item = board.locator(f"[data-testid=attention-item][data-session='{session}']").first
    await expect(item).to_contain_text("on the way")
    await card.get_by_test_id("alarm-more").click()
    await nurse.get_by_test_id("action-gave_oxygen").click()
    await expect(nurse.get_by_test_id("alarm-dialog")).not_to_be_visible()
    await expect(item).to_contain_text("gave oxygen")
    await expect(nurse.get_by_test_id("events")).to_contain_text("gave oxygen")
    await card.get_by_test_id("alarm-more").click()
    await expect(nurse.get_by_test_id("seen-by").locator("li")).to_have_count(2)


async def test_a_call_for_help_is_on_every_screen_until_it_has_come(
    server: Server, open_page: OpenPage
) -> None:
    room, other = infusing(server.url, "Room 1"), infusing(server.url, "Room 2")
    caller = await opened(open_page, f"{server.url}/session/{room}")
    colleague = await opened(open_page, f"{server.url}/session/{other}")
    await caller.get_by_test_id("audio-pause").click()
    await expect(caller.get_by_test_id("audio-pause")).to_have_attribute("data-paused", "true")
    await caller.get_by_test_id("pause-said").evaluate(ALL_SAID)
    await colleague.get_by_test_id("enter-vitals").click()

    await hold(caller.get_by_test_id("help-button"))
    window = colleague.get_by_test_id("entry")
    await expect(window.get_by_test_id("help")).to_contain_text("Room 1")
    await expect(caller.get_by_test_id("help")).to_contain_text("Nobody has answered yet")
    over = "() => window.allSaid.some((said) => said.includes('the pause is over'))"
    await caller.wait_for_function(over)

    await window.get_by_test_id("help-come").click()
    await expect(caller.get_by_test_id("help")).to_contain_text("on the way")
    await expect(colleague.get_by_test_id("help")).to_have_attribute("data-size", "small")
    await caller.get_by_test_id("help-came").click()
    await expect(caller.get_by_test_id("help")).to_have_count(0)
    await expect(colleague.get_by_test_id("help")).to_have_count(0)
    await expect(window).to_be_visible()


async def test_a_limit_is_moved_with_a_reason_and_told_at_its_field_if_it_cannot_be(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server.url, "Room 4")
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    colleague = await opened(open_page, f"{server.url}/session/{session}")
    await nurse.get_by_test_id("more").click()
    await nurse.get_by_test_id("open-limits").click()
    dialog = nurse.get_by_test_id("limits-dialog")
    field = dialog.locator("[name='sbp.high']")
    await expect(field).to_have_value("160")
    await field.fill("200")
    await reason(dialog, "usual for him")
    await dialog.get_by_test_id("limits-save").click()
    cell = dialog.locator("tr[data-vital=sbp] td[data-flag=high]")
    await expect(cell.locator(".field-said")).not_to_be_empty()
    await field.fill("165")
    await dialog.get_by_test_id("limits-save").click()
    await expect(dialog).not_to_be_visible()

    pressure = colleague.locator(".big[data-group=bp]")
    await expect(pressure).to_contain_text("165")
    event = colleague.get_by_test_id("event").first
    await expect(event).to_contain_text("SBP high 160 to 165")
    await expect(event).to_contain_text("usual for him")


async def test_a_limit_that_the_baseline_breaks_is_kept_by_a_person(
    server: Server, open_page: OpenPage
) -> None:
    with asking(server.url) as api:
        patient = api.post("/api/patients", {"code": "T-0001", "initials": "T.T."})
        order = {"weight_kg": 70, "dose_mg_per_kg": 0.5, "planned_minutes": 40}
        where = {"patient_id": patient["id"], "station": "Room 5", "protocol": "ketamine_adult"}
        session = api.post("/api/sessions", {**where, **order})["id"]
        for to in ("checked_in", "baseline"):
            api.post(f"/api/sessions/{session}/phase", {"to": to})
        values = {"values": {**VITALS, "sbp": 164}}
        api.post(f"/api/sessions/{session}/readings", values)
        api.post(f"/api/sessions/{session}/phase", {"to": "ready"})
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    item = nurse.locator("[data-testid=review-item][data-vital=sbp][data-flag=high]")
    await expect(item).to_contain_text("SBP 164 at rest is above the limit 160")
    await item.get_by_test_id("review-keep").click()
    await expect(item).to_have_count(0)


async def test_a_reading_that_was_typed_by_mistake_is_taken_back(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server.url, "Room 6", hr=182)
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    board = await opened(open_page, server.url)
    tile = tile_of(board, session)
    await expect(tile.get_by_test_id("alarm")).to_have_attribute("data-priority", "high")
    line = (
        nurse.get_by_test_id("event")
        .filter(has_text="HR 182")
        .filter(has=nurse.get_by_test_id("correct"))
    )
    await line.get_by_test_id("correct").click()
    dialog = nurse.get_by_test_id("correct-dialog")
    await reason(dialog, "wrong patient")
    await dialog.get_by_test_id("correct-confirm").click()
    await expect(dialog).not_to_be_visible()
    struck = nurse.locator("[data-testid=event][data-corrected=void]")
    await expect(struck).to_contain_text("HR 182")
    await expect(tile.locator("[data-vital=hr]")).to_have_attribute("data-state", "never")


async def test_a_reading_is_corrected_or_given_to_whom_it_belongs(
    server: Server, open_page: OpenPage
) -> None:
    wrong, right = infusing(server.url, "Room 1", hr=182), infusing(server.url, "Room 2")
    nurse = await opened(open_page, f"{server.url}/session/{wrong}")
    board = await opened(open_page, server.url)
    heart_rate = tile_of(board, wrong).locator("[data-vital=hr]")
    await expect(heart_rate).to_contain_text("182")
    correct = nurse.get_by_test_id("correct").first
    await correct.click()
    dialog = nurse.get_by_test_id("correct-dialog")
    await dialog.get_by_test_id("correct-amend").click()
    await dialog.locator("[name=hr]").fill("82")
    await reason(dialog, "typed wrongly")
    await dialog.get_by_test_id("correct-confirm").click()
    await expect(heart_rate).to_have_text("82")
    await expect(heart_rate).to_have_attribute("data-flag", "")
    await expect(nurse.get_by_test_id("events")).to_contain_text("Corrected: HR 82, was HR 182")

    await correct.click()
    await dialog.get_by_test_id("correct-move").click()
    await nurse.get_by_test_id(f"move-to-{right}").click()
    await think(nurse)
    await nurse.get_by_test_id("move-confirm").click()
    await expect(heart_rate).to_have_attribute("data-state", "never")
    with asking(server.url) as api:
        moved = [event for event in api.events(right) if event["kind"] == "reading.recorded"][-1]
    assert moved["data"]["values"]["hr"] == 82


async def test_what_is_quiet_and_who_answers_for_it_is_on_the_board(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server.url, "Room 8")
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    board = await opened(open_page, server.url)
    tile = tile_of(board, session)

    await nurse.get_by_test_id("responsible").click()
    dialog = nurse.get_by_test_id("responsible-dialog")
    await dialog.locator("[name=responsible]").fill("M. Weber")
    await dialog.get_by_test_id("responsible-confirm").click()
    await expect(tile.get_by_test_id("responsible")).to_contain_text("M. Weber")

    await choose(nurse, "standby")
    dialog = nurse.get_by_test_id("standby-dialog")
    await reason(dialog, "toilet")
    await dialog.get_by_test_id("standby-confirm").click()
    await expect(tile.locator("[data-kind=standby]")).to_contain_text("toilet")

    await choose(nurse, "audio-off")
    dialog = nurse.get_by_test_id("audio-off-dialog")
    await reason(dialog, "at the bedside")
    await hold(dialog.get_by_test_id("off-confirm"))
    await expect(tile.locator("[data-kind=audio-off][data-scope=session]")).to_be_visible()

    await choose(nurse, "alarm-off")
    dialog = nurse.get_by_test_id("alarm-off-dialog")
    await dialog.locator("[data-scope=spo2]").click()
    await reason(dialog, "signal not usable")
    await hold(dialog.get_by_test_id("off-confirm"))
    await expect(tile.locator("[data-kind=alarm-off][data-scope=spo2]")).to_be_visible()

    for kind in ("standby", "audio-off", "alarm-off"):
        await nurse.get_by_test_id(f"end-{kind}").click()
        await expect(tile.locator(f"[data-kind={kind}]")).to_have_count(0)


async def test_an_alarm_of_a_device_ends_when_the_device_is_taken_away_with_a_reason(
    server: Server, open_page: OpenPage
) -> None:
    session = infusing(server.url, "Room 9")
    nurse = await opened(open_page, f"{server.url}/session/{session}")
    await choose(nurse, "devices")
    dialog = nurse.get_by_test_id("devices-dialog")
    await expect(dialog.get_by_test_id("whose")).to_contain_text("T-0001")
    await dialog.get_by_test_id("device-add").click()
    await dialog.locator("[name=device]").fill("mon-09")
    await dialog.locator("[data-site=probe-left_arm]").click()
    await dialog.locator("[data-site=cuff-right_arm]").click()
    await dialog.get_by_test_id("attach-confirm").click()
    device = dialog.locator("[data-testid=device][data-device=mon-09]")
    await expect(device).to_contain_text("probe left arm, cuff right arm")

    reading = {"device": "mon-09", "interval_s": 60, "values": {"spo2": 84}}
    with asking(server.url) as api:
        api.post(f"/api/sessions/{session}/readings", reading)
    await nurse.keyboard.press("Escape")
    await nurse.get_by_test_id("alarm").first.get_by_test_id("alarm-more").click()
    await nurse.get_by_test_id("alarm-end").click()
    ending = nurse.get_by_test_id("alarm-end-dialog")
    await reason(ending, "looks well")
    await ending.get_by_test_id("alarm-end-confirm").click()
    await expect(ending.get_by_test_id("command-said")).to_contain_text("Nothing was changed")
    await nurse.keyboard.press("Escape")

    await choose(nurse, "devices")
    await device.get_by_test_id("device-detach").click()
    await reason(dialog, "replaced")
    await dialog.get_by_test_id("detach-confirm").click()
    await expect(device).to_have_attribute("data-attached", "false")
    await nurse.keyboard.press("Escape")
    await expect(nurse.get_by_test_id("alarm")).to_have_count(0)
    await expect(nurse.get_by_test_id("events")).to_contain_text("ended: device detached")


async def test_a_screen_says_that_it_is_silent_until_its_sound_is_proven(
    server: Server, open_page: OpenPage
) -> None:
    page = await opened(open_page, server.url)
    sound = page.get_by_test_id("sound")
    await expect(sound).to_have_attribute("data-state", "off")
    await expect(sound).to_contain_text("tap to arm")
    session = infusing(server.url, "Room 7", spo2=84)
    await expect(page.get_by_test_id("attention-item").first).to_be_visible()
    with asking(server.url) as api:
        assert shown_revs(api.get(f"/api/sessions/{session}")) == [0]

    await sound.click()
    await expect(sound).to_have_attribute("data-state", "proven")
    await tile_of(page, session).click()
    await page.get_by_test_id("alarm-more").first.click()
    await expect(page.get_by_test_id("alarm-dialog")).to_contain_text("confirmed by a screen")


async def choose(page: Page, window: str) -> None:
    await page.get_by_test_id("more").click()
    await page.get_by_test_id(f"open-{window}").click()


def tile_of(page: Page, session: str) -> Locator:
    return page.locator(f"[data-testid=tile][data-session='{session}']")


def shown_revs(state: dict[str, dict[str, dict[str, int]]]) -> list[int]:
    return [alarm["shown_rev"] for alarm in state["alarms"].values()]


async def test_a_device_that_belongs_to_nobody_is_told_on_the_board_until_it_is_dismissed(
    server: Server, open_page: OpenPage
) -> None:
    board = await opened(open_page, server.url)
    reading = {"device": "mon-44", "values": {"hr": 80}}
    with asking(server.url) as api:
        api.post("/api/readings", {"readings": [reading]})
    notice = board.locator("[data-testid=notice][data-kind=device_unattached]")
    await expect(notice).to_contain_text("mon-44")
    await notice.get_by_test_id("dismiss").click()
    await expect(notice).to_have_count(0)
