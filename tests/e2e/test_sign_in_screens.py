"""Who is at a screen, as people meet it: signing in, locking, PINs, a station, a wall."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.people import ANYWHERE, NAMES
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Page

    from tests.support.browser import OpenPage

MARK: Final = "<b data-x>Zoe</b>"
DEMO: Final = (sys.executable, "-m", "app.cli", "demo")


async def sign_in(page: Page, name: str, password: str, station: str | None = None) -> None:
    form = page.get_by_test_id("sign-in-form")
    await form.locator("[name=username]").fill(name)
    await form.locator("[name=password]").fill(password)
    if station is not None:
        await form.locator("[name=shared]").check()
        await form.locator("[name=station]").fill(station)
    await form.get_by_test_id("sign-in-submit").click()


def with_alarm(url: str, station: str) -> str:
    """A session with one alarm that nobody has seen."""
    with asking(url) as api:
        session = str(api.infusing(station))
        api.post(f"/api/sessions/{session}/readings", {"values": {"spo2": 84}})
    return session


def acknowledgements(url: str, session: str) -> list[dict[str, Any]]:
    with asking(url) as api:
        alarms = api.get(f"/api/sessions/{session}")["alarms"].values()
    return [seen for alarm in alarms for seen in alarm["acknowledgements"]]


async def type_pin(page: Page, pin: str) -> None:
    await expect(page.get_by_test_id("pin-dots")).to_be_visible()
    await page.keyboard.type(pin)
    await page.keyboard.press("Enter")


async def test_a_wrong_password_is_said_and_the_right_one_opens_the_board(
    server: Server, open_page: OpenPage
) -> None:
    page = await open_page(server.url, role=None)
    await expect(page.get_by_test_id("sign-in")).to_be_visible()
    await expect(page.get_by_test_id("board")).to_have_count(0)
    await expect(page.get_by_test_id("not-live")).to_have_count(0)
    await sign_in(page, "nurse", "not the password at all")
    await expect(page.get_by_test_id("sign-in-said")).to_contain_text("not right")
    await expect(page.locator("[name=username]")).to_have_value("nurse")
    await sign_in(page, "Nurse", ANYWHERE.password("nurse"))
    await expect(page.get_by_test_id("board")).to_be_visible()
    await page.get_by_test_id("account").click()
    await expect(page.get_by_test_id("account-who")).to_contain_text(NAMES["nurse"])
    await page.get_by_test_id("account-sign-out").click()
    await expect(page.get_by_test_id("sign-in")).to_be_visible()
    await expect(page.get_by_test_id("tile")).to_have_count(0)


async def test_a_screen_that_is_signed_out_elsewhere_says_that_it_is_not_live(
    server: Server, open_page: OpenPage
) -> None:
    with_alarm(server.url, "Room 1")
    page = await open_page(server.url, role=None)
    await sign_in(page, "nurse", ANYWHERE.password("nurse"))
    await expect(page.get_by_test_id("tile")).to_have_count(1)
    other = await open_page(server.url, role="nurse")
    await other.get_by_test_id("account").click()
    await other.get_by_test_id("account-sign-ins").click()
    await expect(other.get_by_test_id("sign-in-line")).to_have_count(2)
    await other.get_by_test_id("end-sign-in").click()
    await expect(other.get_by_test_id("sign-in-line")).to_have_count(1)
    await expect(page.get_by_test_id("not-live")).to_be_visible()
    await expect(page.get_by_test_id("sign-in")).to_be_visible()
    await expect(page.get_by_test_id("tile")).to_have_count(0)


async def test_a_locked_screen_shows_its_alarms_and_asks_for_the_pin_when_one_is_answered(
    server: Server, open_page: OpenPage
) -> None:
    session = with_alarm(server.url, "Room 1")
    page = await open_page(server.url, role="nurse")
    await page.get_by_test_id("account").click()
    await page.get_by_test_id("account-lock").click()
    await expect(page.get_by_test_id("lock-bar")).to_be_visible()
    await expect(page.get_by_test_id("tile")).to_have_attribute("data-alarm-state", "active")
    await expect(page.get_by_test_id("live-state")).to_have_attribute("data-state", "live")

    await page.get_by_test_id("acknowledge").click()
    await type_pin(page, "0000")
    await expect(page.get_by_test_id("pin-said")).to_contain_text("Not right")
    assert acknowledgements(server.url, session) == []
    await page.get_by_test_id("pin-cancel").click()
    await expect(page.get_by_test_id("lock-bar")).to_be_visible()

    await page.get_by_test_id("acknowledge").click()
    await type_pin(page, ANYWHERE.pin("nurse"))
    await expect(page.get_by_test_id("lock-bar")).to_have_count(0)
    await expect(page.get_by_test_id("tile")).to_have_attribute("data-alarm-state", "acknowledged")
    assert [seen["by"]["name"] for seen in acknowledgements(server.url, session)] == [
        NAMES["nurse"]
    ]


async def test_at_a_station_whoever_gives_a_pin_has_acknowledged(
    server: Server, open_page: OpenPage
) -> None:
    session = with_alarm(server.url, "Room 1")
    page = await open_page(server.url, role=None)
    await sign_in(page, "nurse", ANYWHERE.password("nurse"), station="Front desk")
    await expect(page.get_by_test_id("station-bar")).to_contain_text("Front desk")
    await page.get_by_test_id("acknowledge").click()
    clinician = ANYWHERE.user_id("clinician")
    await page.locator(f"[data-testid=person][data-user='{clinician}']").click()
    await type_pin(page, ANYWHERE.pin("clinician"))
    await expect(page.get_by_test_id("tile")).to_have_attribute("data-alarm-state", "acknowledged")
    await expect(page.get_by_test_id("pin-dialog")).to_have_count(0)
    await expect(page.get_by_test_id("station-bar")).to_be_visible()
    assert [seen["by"]["name"] for seen in acknowledgements(server.url, session)] == [
        NAMES["clinician"]
    ]


async def test_a_station_pauses_the_sound_without_a_pin(
    server: Server, open_page: OpenPage
) -> None:
    session = with_alarm(server.url, "Room 1")
    page = await open_page(server.url, role=None)
    await sign_in(page, "nurse", ANYWHERE.password("nurse"), station="Front desk")
    await page.locator(f"[data-testid=tile][data-session='{session}']").click()
    await page.get_by_test_id("audio-pause").click()
    await expect(page.get_by_test_id("audio-pause")).to_have_attribute("data-paused", "true")
    await expect(page.get_by_test_id("pin-dialog")).to_have_count(0)


async def test_one_pin_starts_a_session_at_a_station(server: Server, open_page: OpenPage) -> None:
    page = await open_page(server.url, role=None)
    await sign_in(page, "nurse", ANYWHERE.password("nurse"), station="Front desk")
    await page.get_by_test_id("start-session").first.click()
    nurse = ANYWHERE.user_id("nurse")
    await page.locator(f"[data-testid=person][data-user='{nurse}']").click()
    await type_pin(page, ANYWHERE.pin("nurse"))
    await expect(page.get_by_test_id("pin-dialog")).to_have_count(0)
    form = page.get_by_test_id("start-form")
    await expect(form).to_contain_text(f"as {NAMES['nurse']}")
    await form.get_by_test_id("new-patient").click()
    typed = {"code": "T-1", "initials": "T.T.", "station": "Room 2", "weight_kg": "70"}
    for field, value in {**typed, "dose_mg_per_kg": "0.5"}.items():
        await form.locator(f"[name={field}]").fill(value)
    await form.get_by_test_id("create-session").click()
    await expect(page).to_have_url(re.compile(r"/session/"))
    await expect(page).to_have_title("Room 2")  # never whose it is


async def test_a_wall_screen_names_nobody_and_goes_dark_when_it_is_revoked(
    server: Server, open_page: OpenPage
) -> None:
    with_alarm(server.url, "Room 1")
    admin = {"Authorization": f"Bearer {ANYWHERE.token('administrator')}"}
    with httpx2.Client(base_url=server.url, headers=admin) as api:
        made = api.post("/api/tokens", json={"name": "Hallway", "role": "viewer"})
        assert made.status_code == 201, made.text
        link = made.json()["link"].rpartition("#")[2]
        page = await open_page(f"{server.url}/wall#{link}", role=None)
        tile = page.get_by_test_id("tile")
        await expect(tile).to_have_attribute("data-alarm-state", "active")
        assert page.url == f"{server.url}/wall"
        await expect(tile.locator(".who")).to_have_count(0)
        await expect(page.get_by_test_id("acknowledge")).to_have_count(0)
        await expect(page.locator("a[href^='/session/']")).to_have_count(0)
        api.delete(f"/api/tokens/{made.json()['id']}").raise_for_status()
    await expect(page.get_by_test_id("not-live")).to_be_visible()
    await expect(tile).to_have_count(0)
    again = await open_page(f"{server.url}/wall#{link}", role=None)
    await expect(again.get_by_test_id("sign-in-hint")).to_contain_text("used before or is too old")


async def test_everybody_lands_where_their_work_is(server: Server, open_page: OpenPage) -> None:
    admin = await open_page(server.url, role="administrator")
    await expect(admin).to_have_url(re.compile(r"/admin/users$"))
    await admin.goto(f"{server.url}/session/s1")
    await expect(admin.get_by_test_id("not-allowed")).to_be_visible()
    viewer = await open_page(server.url, role="viewer")
    await expect(viewer).to_have_url(re.compile(r"/wall$"))
    await expect(viewer.get_by_test_id("start-session")).to_have_count(0)


async def test_html_in_a_name_is_text_wherever_people_are_shown(
    server: Server, open_page: OpenPage
) -> None:
    admin = {"Authorization": f"Bearer {ANYWHERE.token('administrator')}"}
    with httpx2.Client(base_url=server.url, headers=admin) as api:
        user = {"name": "zoe", "display_name": MARK, "role": "nurse"}
        made = api.post("/api/users", json=user)
        assert made.status_code == 201, made.text
    page = await open_page(server.url, role=None)
    await sign_in(page, "zoe", made.json()["password"])
    await expect(page.get_by_test_id("change-page")).to_be_visible()
    await page.locator("[name=old]").fill(made.json()["password"])
    for field in ("next", "again"):
        await page.locator(f"[name={field}]").fill("four grey herons wade")
    await page.get_by_test_id("change-submit").click()
    await expect(page.get_by_test_id("account")).to_contain_text(MARK)
    await page.get_by_test_id("account").click()
    await expect(page.get_by_test_id("account-who")).to_contain_text(MARK)
    await page.get_by_test_id("account-pin").click()
    await page.locator("[name=pin-password]").fill("four grey herons wade")
    for field in ("pin", "pin-again"):
        await page.locator(f"[name={field}]").fill("5814")
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_test_id("form-done")).to_be_visible()

    with_alarm(server.url, "Room 1")
    station = await open_page(server.url, role=None)
    await sign_in(station, "nurse", ANYWHERE.password("nurse"), station=MARK)
    await expect(station.get_by_test_id("station-bar")).to_contain_text(MARK)
    await station.get_by_test_id("acknowledge").click()
    await expect(station.get_by_test_id("people")).to_contain_text(MARK)
    for shown in (page, station):
        await expect(shown.locator("[data-x]")).to_have_count(0)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", command=DEMO, people=False)
    server.start()
    yield server
    server.clean_up()


@pytest.mark.timeout(120)
async def test_a_demo_is_entered_with_one_press_and_says_that_it_is_simulated(
    demo: Server, open_page: OpenPage
) -> None:
    page = await open_page(demo.url, role=None)
    await expect(page.get_by_test_id("sign-in")).to_contain_text("SIMULATED")
    await page.get_by_test_id("demo-nurse").click()
    await expect(page.get_by_test_id("board")).to_be_visible()
    await expect(page.get_by_test_id("start-session")).to_be_visible()
    office = await open_page(demo.url, role=None)
    await office.get_by_test_id("demo-administrator").click()
    await expect(office).to_have_url(re.compile(r"/admin/users$"))
