"""A session is started once, and as it was typed: also when its answer is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.pages import opened, think

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

SESSIONS = re.compile(r"/api/sessions$")
VISIT = re.compile(r"/api/patients/[0-9a-f-]{36}$")


async def filled_in(page: Page, room: str, code: str) -> None:
    await page.get_by_test_id("start-session").click()
    await page.get_by_test_id("new-patient").click()
    for name, said in {
        "initials": "S.T.",
        "code": code,
        "station": room,
        "weight_kg": "70",
    }.items():
        await page.locator(f"[data-testid=start-form] [name={name}]").fill(said)


async def test_a_start_whose_answer_was_lost_is_opened_as_it_was_stored(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.url)
    room = clinic.room()
    await filled_in(page, room, "S-0001")

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route(SESSIONS, lose)
    problem = page.get_by_test_id("start-problem")
    await page.get_by_test_id("create-session").click()
    await expect(problem).to_contain_text("Press again")
    await page.unroute_all(behavior="wait")
    tile = page.locator(f"[data-testid=tile][data-station='{room}']")
    await expect(tile).to_have_count(1)

    weight = page.locator("[name=weight_kg]")
    await weight.fill("75")
    await page.get_by_test_id("create-session").click()
    await expect(problem).to_contain_text("stored already")
    await weight.fill("70")
    await page.get_by_test_id("create-session").click()
    await expect(page).to_have_url(re.compile(r"/session/"))
    session = page.url.rsplit("/", 1)[1]
    assert clinic.state(session)["weight_kg"] == 70


async def test_a_weight_that_was_held_against_no_last_visit_is_confirmed_by_a_person(
    clinic: Clinic, open_page: OpenPage
) -> None:
    with asking(clinic.url) as api:
        api.post("/api/patients", {"code": "S-0002", "initials": "V.W."})
    page = await opened(open_page, clinic.url)
    await page.route(VISIT, lambda route: route.abort())
    await page.get_by_test_id("start-session").click()
    await page.locator("[name=patient_query]").fill("S-0002")
    await page.get_by_test_id("patient-option").first.click()
    await page.locator("[data-testid=start-form] [name=station]").fill(clinic.room())
    await page.locator("[name=weight_kg]").fill("70")
    await page.get_by_test_id("create-session").click()
    asked = page.get_by_test_id("doubts")
    await expect(asked).to_contain_text("the last visit could not be read")
    await page.unroute_all(behavior="wait")
    await expect(asked).to_have_count(0)  # it is asked for again by itself
    await think(page)
    await page.get_by_test_id("create-session").click()
    await expect(page).to_have_url(re.compile(r"/session/"))


async def test_a_patient_stored_before_a_refused_start_is_not_taken_for_the_next_one(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.url)
    await filled_in(page, clinic.room(), "S-0003")
    problem = {"code": "station_occupied", "status": 409, "detail": "Somebody is there."}

    async def refuse(route: Route) -> None:
        await route.fulfill(status=409, json=problem, content_type="application/problem+json")

    await page.route(SESSIONS, refuse)
    await page.get_by_test_id("create-session").click()
    await expect(page.get_by_test_id("start-problem")).to_contain_text("Somebody is there")
    await page.unroute_all(behavior="wait")
    await page.locator("[data-testid=start-form] [name=simulated]").check()  # for somebody else
    await page.get_by_test_id("new-patient").click()
    for name, said in {"initials": "N.X.", "code": "S-0004"}.items():
        await page.locator(f"[data-testid=start-form] [name={name}]").fill(said)
    await page.get_by_test_id("create-session").click()
    await expect(page).to_have_url(re.compile(r"/session/"))
    session = page.url.rsplit("/", 1)[1]
    assert clinic.state(session)["patient"]["code"] == "S-0004"
