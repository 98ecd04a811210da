"""Simulated sessions have a board of their own: the clinic neither sees nor hears them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.axe import stumbles
from tests.support.browser import PATIENCE_MS
from tests.support.feed import Feed
from tests.support.pages import LIVE, SET, arm, item_of, opened, state_of, tile_of
from tests.support.travel import Travel, listening, tones

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.conftest import StartServer
    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

BANNER: Final = "SIMULATED DATA – NOT A PATIENT"  # noqa: RUF001  # as the screens write it
TWO_BURSTS_S: Final = 20  # the longest that a high alarm is silent between two bursts is 15 s
PHONE: Final = {"width": 390, "height": 844}
_SOUNDS: Final = """(ms) => new Promise((done) => {
  const look = (left) => {
    if (tones.length > 0 || left <= 0) done(tones.length > 0)
    else setTimeout(() => look(left - 20), 20)
  }
  look(ms)
})"""


async def training(page: Page) -> None:
    """By the menu to the training board."""
    await page.get_by_test_id("main-menu").get_by_role("link", name="Training").click()
    await expect(page.get_by_test_id("training-board")).to_be_visible()
    await expect(state_of(page)).to_have_attribute("data-state", LIVE)


async def board(page: Page) -> None:
    """By the menu to the clinic's."""
    await page.get_by_test_id("main-menu").get_by_role("link", name="Board").click()
    await expect(page.get_by_test_id("board")).to_be_visible()


async def heard(page: Page) -> None:
    """The page sounds, at once or soon."""
    assert await page.evaluate(_SOUNDS, PATIENCE_MS), "nothing sounds"


async def unhindered(page: Page, where: str) -> None:
    found = await stumbles(page, where)
    assert not found, "\n".join(found)


async def test_the_clinic_and_training_each_have_their_own_sessions(
    clinic: Clinic, open_page: OpenPage
) -> None:
    real = clinic.infusing()
    page = await opened(open_page, clinic.url)
    await training(page)
    await expect(page.get_by_test_id("training-banner")).to_contain_text(BANNER)
    await expect(page.get_by_test_id("board-empty")).to_contain_text("No simulated sessions")
    await unhindered(page, "training board, empty")

    simulated = clinic.simulated(clinic.state(real)["station"])  # the very same room
    await expect(tile_of(page, simulated)).to_be_visible()
    await expect(page.get_by_test_id("tile")).to_have_count(1)
    await unhindered(page, "training board")
    await board(page)
    await expect(tile_of(page, real)).to_be_visible()
    await expect(tile_of(page, simulated)).to_have_count(0)
    await expect(page.get_by_test_id("training-banner")).to_have_count(0)
    await expect(page.locator("header.top")).not_to_contain_text("SIMULATED")

    wall = await opened(open_page, f"{clinic.url}/wall", role="viewer")
    await expect(tile_of(wall, real)).to_be_visible()
    await expect(tile_of(wall, simulated)).to_have_count(0)
    await expect(wall.get_by_role("link", name="Training")).to_have_count(0)


async def test_a_phone_leads_to_training_by_the_window_of_whoever_is_there(
    clinic: Clinic, open_page: OpenPage
) -> None:
    simulated = clinic.simulated("Phone", spo2=84)
    page = await opened(open_page, clinic.url, role="nurse", viewport=PHONE)
    await page.get_by_test_id("account").click()
    await page.get_by_test_id("account-training").click()
    await expect(tile_of(page, simulated)).to_be_visible()
    await expect(page.get_by_test_id("training-banner")).to_be_in_viewport()
    await unhindered(page, "training board on a phone")
    await board(page)


async def test_a_simulated_alarm_is_neither_seen_nor_heard_in_the_clinic(
    clinic: Clinic, open_page: OpenPage
) -> None:
    real, simulated = clinic.infusing(), clinic.simulated(clinic.room())
    feed = Feed()
    time = Travel(feed)
    page = await opened(open_page, clinic.url, feed.prepare, time.prepare, listening)
    await arm(page)
    await tones(page)

    clinic.read(simulated, spo2=84)
    await training(page)
    await expect(tile_of(page, simulated)).to_have_attribute("data-alarm-state", "active")
    await expect(item_of(page, simulated).first).to_contain_text("***")
    await time.by(TWO_BURSTS_S)
    assert await tones(page) == [], "nobody turned the sound of training on"

    await page.get_by_test_id("training-sound").click()
    await heard(page)
    with asking(clinic.url) as api:
        api.post(f"/api/sessions/{simulated}/help", {})
    await expect(page.get_by_test_id("help")).to_contain_text("SIMULATED")
    await board(page)
    await expect(tile_of(page, real)).to_be_visible()
    await expect(item_of(page, simulated)).to_have_count(0)
    await expect(page.get_by_test_id("help")).to_have_count(0)
    await expect(page).to_have_title("Infusion board")
    await tones(page)
    await time.by(TWO_BURSTS_S)
    assert await tones(page) == [], "training sounds in the clinic"
    await training(page)
    await expect(page.get_by_test_id("training-sound")).to_have_attribute("data-on", "false")

    await page.goto(clinic.page_of(simulated))
    await expect(page.get_by_test_id("alarm").first).to_have_attribute("data-state", "active")
    await expect(page.locator("header.top")).to_contain_text("SIMULATED")
    await expect(page.get_by_test_id("help")).to_contain_text("SIMULATED")
    await arm(page)
    await tones(page)
    await time.by(TWO_BURSTS_S)
    assert await tones(page) == [], "the page of a simulated session sounds"
    await page.get_by_test_id("back").click()
    await expect(page.get_by_test_id("training-board")).to_be_visible()

    clinic.read(real, spo2=84)  # a patient, whatever is looked at
    seen = page.get_by_test_id("training-banner").get_by_role("link")
    await expect(seen).to_contain_text(str(clinic.state(real)["station"]))
    await heard(page)
    await unhindered(page, "training board, with an alarm of a patient")
    await seen.click()
    await expect(page).to_have_url(clinic.page_of(real))


async def test_a_training_session_is_started_for_a_simulated_patient(
    clinic: Clinic, open_page: OpenPage
) -> None:
    room = clinic.room()
    with asking(clinic.url) as api:
        api.post("/api/patients", {"code": "TR-1", "initials": "R.P."})
        api.post("/api/patients", {"code": "TR-2", "initials": "S.P.", "simulated": True})
    page = await opened(open_page, clinic.url)
    await page.get_by_test_id("start-session").click()
    form = page.get_by_test_id("start-form")
    await form.locator("[name=patient_query]").fill("TR-")
    options = form.get_by_test_id("patient-option")
    await expect(options).to_have_count(1)
    await expect(options).to_contain_text("TR-1")
    await form.locator("[name=simulated]").check()
    await form.locator("[name=patient_query]").fill("TR-")
    await expect(options).to_contain_text("TR-2")
    await expect(options).to_have_count(1)
    await options.click()
    await form.locator("[name=simulated]").uncheck()  # nobody simulated becomes a patient
    await expect(form.get_by_test_id("chosen-patient")).to_have_count(0)
    await form.locator("[name=simulated]").check()

    await form.get_by_test_id("new-patient").click()
    new = {"initials": "N.S.", "code": "TR-1", "station": room, "weight_kg": "70"}
    for name, said in new.items():
        await form.locator(f"[name={name}]").fill(said)
    await expect(form.get_by_test_id("alike")).not_to_contain_text("belongs to")  # of its own kind
    await page.get_by_test_id("create-session").click()
    await expect(page).to_have_url(re.compile(r"/session/"))
    session = page.url.rsplit("/", 1)[1]
    assert clinic.state(session)["simulated"]
    await page.get_by_test_id("back").click()
    await expect(tile_of(page, session)).to_be_visible()
    await board(page)
    await expect(page.get_by_test_id("board")).to_be_visible()
    await expect(tile_of(page, session)).to_have_count(0)


async def test_a_server_for_training_has_everything_on_its_one_board(
    start_server: StartServer, open_page: OpenPage
) -> None:
    server = start_server(env={"INFUSION_TRAINING": "true"})
    with asking(server.url) as api:
        session = api.infusing("Room 1", simulated=True)
        values = {**SET, "spo2": 84}
        api.post(f"/api/sessions/{session}/readings", {"values": values, "confirmed": True})
    page = await opened(open_page, f"{server.url}/training", listening)
    await expect(page.get_by_test_id("board")).to_be_visible()
    await expect(page).to_have_url(f"{server.url}/")
    await expect(tile_of(page, session)).to_have_attribute("data-priority", "high")
    await expect(page.locator("header.top")).to_contain_text(BANNER)
    await expect(page.get_by_role("link", name="Training")).to_have_count(0)
    await arm(page)
    await tones(page)
    await heard(page)
