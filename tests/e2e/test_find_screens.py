"""Finding a session, and the clinic over a period, as a clinician and an auditor meet them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect
from sqlalchemy import event, text

from app.clock import now_ms
from app.models.database import connect
from bench.many_sessions import add_sessions
from tests.e2e.api import asking
from tests.support.axe import stumbles
from tests.support.pages import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Locator, Page, Request, Response
    from sqlalchemy import Connection

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

PAST: Final = 120  # sessions before those of the test
PHONE: Final = {"width": 390, "height": 844}
SEARCH: Final = "/api/sessions/search"
PATIENCE: Final = "PRAGMA busy_timeout = 30000"  # the server may be writing, on a busy disk


@contextmanager
def writing(clinic: Clinic) -> Iterator[Connection]:
    """Into the file of a server that is at work."""
    engine = connect(f"sqlite:///{clinic.server.data_dir / 'infusion.db'}")
    event.listen(engine, "connect", lambda made, _: made.execute(PATIENCE))
    with engine.begin() as db:
        yield db
    engine.dispose()


@pytest.fixture(scope="module")
def past(clinic: Clinic) -> str:
    """A clinic that was there before today; the session of a patient who has a name."""
    with writing(clinic) as db:
        add_sessions(db, PAST, patients=40, until=now_ms())
    with asking(clinic.url) as api:
        who = {"code": "N-1", "initials": "N.M.", "name": "Nora Musterfrau"}
        body = {
            "patient_id": api.post("/api/patients", who)["id"], "station": "Room 9",
            "protocol": "ketamine_adult", "weight_kg": 70, "dose_mg_per_kg": 0.5,
            "planned_minutes": 40,
        }  # fmt: skip
        return str(api.post("/api/sessions", body)["id"])


def rows(page: Page) -> Locator:
    return page.get_by_test_id("session-row")


async def listed(open_page: OpenPage, clinic: Clinic, address: str = "", **context: Any) -> Page:
    page = await opened(open_page, f"{clinic.url}/sessions{address}", **context)
    await expect(rows(page).first).to_be_visible()
    return page


async def test_a_session_is_found_as_one_types_and_opened(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    page = await listed(open_page, clinic)
    bodies: list[Any] = []

    def heard(request: Request) -> None:
        if SEARCH in request.url:
            bodies.append(request.post_data_json)

    def is_last(answer: Response) -> bool:
        asked: Any = answer.request
        return SEARCH in asked.url and asked.post_data_json["q"] == "musterf"

    page.on("request", heard)
    async with page.expect_response(is_last):  # half of the word finds the same
        await page.locator("[name=q]").press_sequentially("musterf", delay=20)
    await expect(rows(page)).to_have_count(1)
    await expect(rows(page)).to_have_attribute("data-session", past)
    assert [body["q"] for body in bodies][-1] == "musterf"
    assert len(bodies) < len("musterf"), "a question a pause, not a letter"
    assert "muster" not in page.url, "a name does not belong into an address"
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"
    assert "muster" not in str(await page.evaluate(kept))
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{clinic.url}/sessions/{past}")
    await page.go_back()
    await expect(page.locator("[name=q]")).to_have_value("musterf")
    await expect(rows(page)).to_have_count(1)


async def test_conditions_and_order_stand_in_the_address(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    page = await listed(open_page, clinic)
    await page.get_by_role("button", name="High-priority alarms").click()
    await expect(page).to_have_url(f"{clinic.url}/sessions?high=true")
    await expect(rows(page)).to_have_count(listed_by(clinic, simulated=False, had_high=True))
    await page.get_by_test_id("sort-high_alarms").click()
    await expect(page.locator("th[aria-sort=descending]")).to_have_text("High alarms")
    order = sorted(await page.locator(".find-high").all_inner_texts(), reverse=True)
    await expect(page.locator(".find-high")).to_have_text(order)
    await page.reload()
    await expect(page.locator(".find-high")).to_have_text(order)
    await page.get_by_test_id("clear-filters").click()
    await expect(page).to_have_url(f"{clinic.url}/sessions?sort=high_alarms")


async def test_a_list_goes_on_and_says_when_nothing_fits(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    page = await listed(open_page, clinic, "?what=both")
    await expect(rows(page)).to_have_count(50)
    await page.get_by_test_id("more-sessions").click()
    await expect(rows(page)).to_have_count(100)
    ids = await rows(page).evaluate_all("rows => rows.map(row => row.dataset.session)")
    assert len(set(ids)) == 100
    await page.locator("[name=q]").fill("nobody is called so")
    await expect(page.get_by_test_id("admin-empty")).to_contain_text("No session fits")
    await page.get_by_test_id("admin-empty").get_by_role("button").click()
    await expect(rows(page)).to_have_count(50)


async def test_what_was_read_stays_when_the_server_does_not_answer(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    page = await listed(open_page, clinic)
    await page.route(f"**{SEARCH}", lambda route: route.abort())
    await page.get_by_role("button", name="Finished").click()
    await expect(page.get_by_test_id("admin-problem")).to_contain_text("read before")
    await expect(rows(page).first).to_be_visible()
    await page.unroute_all(behavior="wait")
    await page.get_by_test_id("admin-problem").get_by_role("button").click()
    await expect(page.get_by_test_id("admin-problem")).to_have_count(0)
    assert await page.locator("[data-testid=session-row] [data-active=true]").count() == 0


async def test_on_a_phone_it_is_cards_reached_from_ones_own_window(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    page = await opened(open_page, clinic.url, viewport=PHONE)
    await page.get_by_test_id("account").click()
    await page.get_by_test_id("account-sessions").click()
    await expect(rows(page).first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.locator("[name=sort]").select_option("station")
    await expect(page).to_have_url(f"{clinic.url}/sessions?sort=station")
    assert await stumbles(page, "the list on a phone") == []


async def test_a_period_of_the_clinic(clinic: Clinic, past: str, open_page: OpenPage) -> None:
    page = await opened(open_page, f"{clinic.url}/clinic", role="auditor")
    begun = page.get_by_test_id("fact-sessions").locator("b")
    await expect(begun).to_have_text(str(listed_by(clinic, simulated=False)))
    await page.set_viewport_size({"width": 1024, "height": 600})
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    await page.get_by_role("button", name="7 days").click()
    await expect(page.get_by_role("button", name="7 days")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert "from=" in page.url
    await page.locator(".clinic-table summary").click()
    await expect(page.get_by_test_id("clinic-table").locator("tbody tr")).to_have_count(7)
    async with page.expect_download() as download:
        await page.get_by_test_id("clinic-csv").click()
    saved = await download.value
    assert saved.suggested_filename == "clinic.csv"
    assert (await saved.path()).read_text().count("\n") == 8
    assert await stumbles(page, "the clinic over a period") == []
    await page.locator("[name=from]").fill("2020-01-01")
    await page.locator("[name=to]").fill("2020-01-31")
    await expect(page.get_by_test_id("admin-empty")).to_be_visible()


def listed_by(clinic: Clinic, **conditions: bool) -> int:
    with asking(clinic.url) as api:
        return len(api.everything("/api/sessions", **conditions))


async def test_a_session_whose_signature_was_taken_out_is_not_called_signed(
    clinic: Clinic, past: str, open_page: OpenPage
) -> None:
    with writing(clinic) as db:
        db.execute(text("DROP TRIGGER event_no_delete"))
        newest = "SELECT max(key) FROM event WHERE kind = 'record.signed'"
        db.execute(text(f"DELETE FROM event WHERE key = ({newest})"))
    page = await listed(open_page, clinic)
    broken = rows(page).filter(has_text="Signature does not hold")
    await expect(broken).to_have_count(1)
    await expect(broken.get_by_text("Signed", exact=True)).to_have_count(0)
    await expect(rows(page).get_by_text("Signed", exact=True).first).to_be_visible()
