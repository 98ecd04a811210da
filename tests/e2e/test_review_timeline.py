"""The timeline of a session, as who reviews it meets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.e2e.review import Hour, review

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

AGAINST_THE_POLICY: Final = re.compile(r"Content.Security.Policy|violat|strict CSP", re.I)
POINTS: Final = "[data-drawn] .scatterlayer path.point"


@pytest.fixture(scope="module")
def hour(clinic: Clinic) -> Hour:
    return Hour(clinic)


async def drawn(page: Page) -> None:
    await expect(page.locator("[data-drawn]")).to_be_visible()


async def timeline(open_page: OpenPage, clinic: Clinic, session: str, **context: Any) -> Page:
    page = await review(open_page, clinic, session, **context)
    await drawn(page)
    return page


async def test_the_figure_is_drawn_and_read_under_the_content_policy(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    said: list[str] = []

    async def listen(page: Page) -> None:
        page.on("console", lambda message: said.append(message.text))

    page = await open_page(f"{clinic.url}/sessions/{hour.session}", "clinician", listen)
    await drawn(page)
    with asking(clinic.url) as api:
        figure = api.get(f"/api/sessions/{hour.session}/figure")
    values = [trace for trace in figure["data"] if trace["meta"]["role"] == "values"]
    assert await page.locator(POINTS).count() >= sum(len(trace["x"]) for trace in values)
    box = await page.get_by_test_id("figure").bounding_box()
    assert box is not None
    for share in (0.3, 0.5, 0.52):
        await page.mouse.move(box["x"] + box["width"] * share, box["y"] + 150)
    readout = page.get_by_test_id("readout")
    await expect(readout).to_contain_text("T+")
    await expect(readout).to_contain_text("SpO2")
    layers = await page.evaluate(
        "[...document.querySelectorAll('[data-drawn] .main-svg')]"
        ".map(svg => getComputedStyle(svg).position)"
    )
    assert set(layers) == {"absolute"}, "what Plotly would have put into the page is in our file"
    assert [text for text in said if AGAINST_THE_POLICY.search(text)] == []
    await page.set_viewport_size({"width": 1280, "height": 720})
    assert await page.locator(".review-events").evaluate("e => e.scrollHeight > e.clientHeight")
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")


async def test_a_line_of_the_list_leads_to_the_figure_and_back(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    page = await timeline(open_page, clinic, hour.session)
    line = page.locator("[data-testid=review-events] [data-mark=annotation]").first
    await line.click()
    card = page.get_by_test_id("selected")
    await expect(card).to_contain_text("T+17")  # infusing began in the third minute
    await expect(line).to_have_attribute("aria-current", "true")
    await line.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(line).to_have_attribute("aria-current", "false")

    mark = page.locator("[data-drawn] .scatterlayer .text text", has_text=re.compile(r"^1$")).first
    await mark.scroll_into_view_if_needed()
    spot = await mark.bounding_box()
    assert spot is not None
    await page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    first = page.locator("[data-testid=review-events] button").first
    await expect(first).to_have_attribute("aria-current", "true")
    await page.get_by_test_id("screens-then").click()
    await expect(page.get_by_test_id("review")).to_have_attribute("data-tab", "seen")


async def test_a_closer_look_asks_for_all_that_was_measured_there(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    page = await timeline(open_page, clinic, hour.session)
    async with page.expect_response(re.compile(r"/figure\?.*from=")) as asked:
        await page.get_by_test_id("view-quarter").click()
    assert (await asked.value).ok
    await expect(page.get_by_test_id("view-quarter")).to_have_attribute("aria-pressed", "true")
    figure = page.get_by_test_id("figure")
    before = await figure.get_attribute("aria-label")
    await page.locator(".review-keys").press("ArrowLeft")
    await expect(page.get_by_test_id("view-quarter")).to_have_attribute("aria-pressed", "false")
    assert await figure.get_attribute("aria-label") != before
    await page.locator(".review-keys").press("0")
    await expect(page.get_by_test_id("view-whole")).to_have_attribute("aria-pressed", "true")

    box = await figure.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 120)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 125, steps=4)
    await page.mouse.up()
    await expect(page.get_by_test_id("view-whole")).to_have_attribute("aria-pressed", "false")
    await page.get_by_test_id("view-whole").click()
    await one_vital_sign_alone_and_the_symbols_of_a_record(page)


async def one_vital_sign_alone_and_the_symbols_of_a_record(page: Page) -> None:
    names = page.locator("[data-drawn] .annotation-text")
    await expect(names.filter(has_text="HR")).to_have_count(1)
    await page.get_by_test_id("vital-spo2").click()
    await expect(names.filter(has_text="HR")).to_have_count(0)
    await expect(names.filter(has_text="SpO")).to_have_count(1)
    await page.get_by_test_id("vital-all").click()
    async with page.expect_response(re.compile(r"symbols=true")):
        await page.get_by_test_id("symbols").click()
    await expect(names.filter(has_text="HR")).to_have_count(1)
    ink = "getComputedStyle(document.querySelector('[data-drawn] .annotation-text')).fill"
    dark = await page.evaluate(ink)
    await page.get_by_test_id("theme").click()
    await page.wait_for_function(f"() => {ink} !== {dark!r}")  # a bare expression is looked at once


async def test_the_summary_says_what_the_server_worked_out(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    page = await review(open_page, clinic, hour.session, "#summary")
    with asking(clinic.url) as api:
        record = api.get(f"/api/sessions/{hour.session}/record")
    spo2 = next(vital for vital in record["summary"]["vitals"] if vital["vital"] == "spo2")
    row = page.locator("[data-testid=summary] tr[data-vital=spo2]")
    cells = [await cell.inner_text() for cell in await row.locator("td").all()]
    assert cells[0] == str(spo2["count"])
    assert cells[3:5] == [str(spo2["min"]), str(spo2["max"])]
    rows = page.locator("[data-testid=readings] tbody tr")
    await expect(rows).to_have_count(len(record["readings"]))


async def test_a_running_session_says_which_entry_it_shows_and_that_there_are_newer(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing(hr=88)
    page = await timeline(open_page, clinic, session)
    shown = page.get_by_test_id("review-standing")
    await expect(shown).to_have_attribute("data-newer", "0")
    clinic.read(session, hr=91)
    await expect(shown).to_contain_text("newer")
    await page.get_by_test_id("show-newer").click()
    await expect(shown).to_have_attribute("data-newer", "0")
    with asking(clinic.url) as api:
        head = api.get(f"/api/sessions/{session}")["seq"]
    await expect(page.get_by_test_id("review")).to_have_attribute("data-seq", str(head))


async def test_what_cannot_be_read_is_said_and_tried_again(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    async def without_script(page: Page) -> None:
        async def refused(route: Route) -> None:
            await route.abort()

        await page.route("**/plotly.js", refused)

    page = await open_page(f"{clinic.url}/sessions/{hour.session}", "clinician", without_script)
    figure = page.get_by_test_id("figure")
    await expect(figure).to_contain_text("could not be drawn")
    await expect(page.get_by_test_id("review-events").locator("button").first).to_be_visible()

    nobody = "00000000-0000-4000-8000-000000000000"
    page = await open_page(f"{clinic.url}/sessions/{nobody}")
    await expect(page.get_by_test_id("review-missing")).to_be_visible()


async def test_a_figure_that_was_not_read_is_asked_for_again(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    figures = "**/figure?*"

    async def refused(route: Route) -> None:
        await route.abort()

    async def without_figure(page: Page) -> None:
        await page.route(figures, refused)

    page = await open_page(f"{clinic.url}/sessions/{hour.session}", "clinician", without_figure)
    problem = page.get_by_test_id("figure-problem")
    await expect(problem).to_contain_text("The figure could not be read.")
    await page.unroute(figures)
    await problem.get_by_role("button", name="Read again").click()
    await drawn(page)
    await expect(problem).to_have_count(0)
    await page.route(figures, refused)
    await page.get_by_role("button", name="Record symbols").click()
    await expect(problem).to_contain_text("What is shown was read before")
    await drawn(page)


async def test_a_phone_shows_all_of_it_in_its_width(
    clinic: Clinic, open_page: OpenPage, hour: Hour
) -> None:
    page = await timeline(
        open_page,
        clinic,
        hour.session,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_test_id("view-closer").tap()
    await expect(page.get_by_test_id("view-whole")).to_have_attribute("aria-pressed", "false")
    await page.get_by_test_id("tab-summary").tap()
    await expect(page.get_by_test_id("summary")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
