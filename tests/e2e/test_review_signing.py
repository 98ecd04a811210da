"""A clinician signs a record with the password again; what comes later is signed apart."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from app.settings import DATABASE_FILE
from tests.e2e.api import asking
from tests.e2e.review import REST, end, ended, read, review
from tests.e2e.test_sign_in_screens import sign_in
from tests.support.pages import hold, opened, state_of, tile_of, windows_loaded
from tests.support.people import ANYWHERE, NAMES

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

SIGN = "#sign"
PHONE = {"width": 390, "height": 844}
PASSWORD = "[name=sign-password]"
BUSY_S = 30  # the server may be writing, on a busy disk
WAYS_ON = """(toast) => Promise.all([
  ...['toast-review', 'phase-late'].map((way) => new Promise((seen) => {
    new IntersectionObserver(([share]) => seen(share.intersectionRatio))
      .observe(toast.querySelector(`[data-testid=${way}]`))
  })),
  document.querySelector('[data-testid=to-review]').getBoundingClientRect().width,
])"""
"""How much of each is in view, and how wide the way on is that stays."""
FRAME = "new Promise((over) => requestAnimationFrame(() => setTimeout(over)))"


def signatures(url: str, session: str) -> list[dict[str, Any]]:
    with asking(url) as api:
        items: list[dict[str, Any]] = api.get(f"/api/sessions/{session}/signatures")["items"]
    return items


def amend(url: str, session: str, **values: float) -> None:
    """By a clinician, elsewhere."""
    with asking(url) as api:
        reading = api.get(f"/api/sessions/{session}/record")["readings"][0]["id"]
        path = f"/api/sessions/{session}/readings/{reading}/amend"
        api.post(path, {"values": values, "reason": "Typed wrongly"})


def read_events(url: str, session: str, kind: str) -> list[int]:
    with asking(url) as api:
        items = api.get(f"/api/sessions/{session}/events?limit=1000")["items"]
    return [event["seq"] for event in items if event["kind"] == kind]


def change_by_hand(clinic: Clinic, session: str) -> None:
    """As whoever owns the file can: a heart rate that was never typed."""
    with sqlite3.connect(clinic.server.data_dir / DATABASE_FILE, timeout=BUSY_S) as db:
        db.execute("DROP TRIGGER IF EXISTS event_no_update")
        db.execute(
            "UPDATE event SET data = replace(data, '\"hr\":82', '\"hr\":92') WHERE kind ="
            " 'reading.recorded' AND session_key = (SELECT key FROM infusion_session WHERE id = ?)",
            (session,),
        )
    db.close()


async def signing(page: Page, way: str = "sign") -> Locator:
    await page.get_by_test_id(f"open-{way}").click()
    return page.get_by_test_id("sign-dialog")


async def sign(window: Locator, meaning: str = "verified", role: str = "clinician") -> None:
    await window.locator(f"[name=meaning][value={meaning}]").check()
    await window.locator(PASSWORD).fill(ANYWHERE.password(role))
    await window.get_by_test_id("sign-confirm").click()
    await expect(window).to_have_count(0)


async def test_a_record_is_signed_with_the_password_again(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    page = await review(open_page, clinic, session, SIGN)
    await expect(page.get_by_test_id("sign-state")).to_contain_text("Not signed yet")
    window = await signing(page)
    hash_ = await window.get_by_test_id("record-hash").get_attribute("data-hash")
    missing = window.get_by_test_id("sign-missing")
    await expect(missing).to_contain_text("No baseline")
    await expect(missing).not_to_contain_text("not signed")
    confirm, password = window.get_by_test_id("sign-confirm"), window.locator(PASSWORD)
    await password.fill("not my password")
    await expect(confirm).to_be_disabled()  # what it means is not said
    await window.locator("[name=meaning][value=verified]").check()
    await confirm.click()
    said = window.get_by_test_id("sign-said")
    await expect(said).to_contain_text("nothing was signed")
    await expect(password).to_have_value("")
    await expect(password).to_be_focused()
    assert signatures(clinic.url, session) == []
    await sign(window)
    signature = page.get_by_test_id("signature")
    await expect(signature).to_contain_text(f"Verified{NAMES['clinician']}")
    await expect(signature).to_have_attribute("data-holds", "true")
    (signed,) = signatures(clinic.url, session)
    assert (signed["hash"], signed["by"]["name"]) == (hash_, NAMES["clinician"])
    kept = await page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.body.innerHTML"
    )
    assert ANYWHERE.password("clinician") not in kept
    await expect(page.get_by_test_id("open-sign")).to_have_count(0)


async def test_what_comes_after_the_signature_is_signed_as_an_addendum(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    nurse = await review(open_page, clinic, session, SIGN, role="nurse")
    await expect(nurse.get_by_test_id("signing")).to_contain_text("A clinician signs")
    await expect(nurse.get_by_test_id("open-sign")).to_have_count(0)
    page = await review(open_page, clinic, session, SIGN)
    await sign(await signing(page))
    amend(clinic.url, session, hr=83)
    page = nurse
    await page.reload()
    await read(page)
    await expect(page.get_by_test_id("sign-state")).to_contain_text("not covered by it")
    window = await signing(page, "addendum")
    await expect(window.get_by_test_id("signer-name")).to_have_text(NAMES["nurse"])
    await window.locator(PASSWORD).fill(ANYWHERE.password("nurse"))
    await expect(window.get_by_test_id("sign-confirm")).to_be_disabled()  # what is added?
    await window.locator("[name=remark]").fill("Heart rate was misread")
    await sign(window, "reviewed", "nurse")
    addendum = page.locator("[data-testid=signature][data-kind=addendum]")
    await expect(addendum).to_contain_text("Heart rate was misread")
    await expect(page.locator("[data-testid=signature][data-holds=true]")).to_have_count(2)
    await expect(page.get_by_test_id("sign-state")).to_have_count(0)
    assert [one["kind"] for one in signatures(clinic.url, session)] == ["signature", "addendum"]


@pytest.mark.long
async def test_what_changed_while_it_was_read_is_looked_at_again_before_it_is_signed(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    page = await review(open_page, clinic, session, SIGN)
    window = await signing(page)
    amend(clinic.url, session, hr=83)
    await window.locator("[name=meaning][value=reviewed]").check()
    await window.locator(PASSWORD).fill(ANYWHERE.password("clinician"))
    await window.get_by_test_id("sign-confirm").click()
    await expect(window.get_by_test_id("sign-said")).to_contain_text("nothing was signed")
    before = await page.get_by_test_id("signing").get_by_test_id("record-hash").text_content()
    await window.get_by_test_id("sign-reload").click()
    shown = page.get_by_test_id("signing").get_by_test_id("record-hash")
    await expect(shown).not_to_have_text(before or "")
    await sign(await signing(page))
    await expect(page.get_by_test_id("signature")).to_have_count(1)


async def test_the_way_from_the_board_to_a_record_that_just_ended(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    page = await opened(open_page, clinic.page_of(session))
    await page.get_by_test_id("to-timeline").click()
    await expect(page).to_have_url(f"{clinic.url}/sessions/{session}")
    await page.goto(f"{clinic.url}/sessions/{session}{SIGN}")
    await read(page)
    await expect(page.get_by_test_id("sign-state")).to_contain_text("still going on")
    await expect(page.get_by_test_id("open-sign")).to_have_count(0)
    await page.goto(clinic.url)
    await expect(tile_of(page, session)).to_be_visible()
    await windows_loaded(page)
    await expect(state_of(page)).to_have_attribute("data-state", "live")
    await page.evaluate(FRAME)  # in which what lists the ended begins to look at the board
    end(clinic, session)
    link = page.locator(f"[data-testid=ended-session][data-session='{session}']")
    await link.click()
    await expect(page).to_have_url(f"{clinic.url}/sessions/{session}")
    await page.goto(clinic.page_of(session))
    await page.get_by_test_id("to-review").click()
    await expect(page).to_have_url(f"{clinic.url}/sessions/{session}")


@pytest.mark.long
async def test_after_a_discharge_both_ways_on_are_in_reach_of_a_phone(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    with asking(clinic.url) as api:
        for to in REST[:-1]:
            api.post(f"/api/sessions/{session}/phase", {"to": to, "override_reason": "test"})
    page = await opened(open_page, clinic.page_of(session), viewport=PHONE)
    await hold(page.get_by_test_id("phase-to-discharged"))
    toast = page.get_by_test_id("phase-toast")
    await expect(toast).to_contain_text("Discharged at")
    await expect(page.get_by_test_id("to-review")).to_be_visible()
    review_seen, late_seen, width = await toast.evaluate(WAYS_ON)  # at once: it goes after 20 s
    await toast.get_by_test_id("toast-review").click()
    assert (review_seen, late_seen) == (1, 1)
    assert width > PHONE["width"] * 0.8, "the way on is as wide as what it stands under"
    await expect(page).to_have_url(f"{clinic.url}/sessions/{session}")


async def test_at_a_stations_screen_who_signs_is_chosen_first(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    page = await open_page(clinic.url, None)
    await sign_in(page, "nurse", ANYWHERE.password("nurse"), station="Front desk")
    await expect(page.get_by_test_id("board")).to_be_visible()
    await page.goto(f"{clinic.url}/sessions/{session}{SIGN}")
    await read(page)
    window = await signing(page)
    offered = window.get_by_test_id("signer")
    await expect(offered).to_have_count(1)  # of those with a PIN only a clinician may
    await offered.click()
    await window.locator("[name=meaning][value=reviewed]").check()
    await window.locator(PASSWORD).fill(ANYWHERE.password("nurse"))
    await window.get_by_test_id("sign-confirm").click()
    await expect(window.get_by_test_id("sign-said")).to_contain_text("nothing was signed")
    await sign(window, "reviewed")
    await expect(page.get_by_test_id("signature")).to_contain_text(NAMES["clinician"])
    (signed,) = signatures(clinic.url, session)
    assert signed["by"]["id"] == ANYWHERE.user_id("clinician")


@pytest.mark.long
async def test_a_record_that_was_changed_by_hand_says_that_its_signature_does_not_hold(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    page = await review(open_page, clinic, session, SIGN)
    await sign(await signing(page))
    change_by_hand(clinic, session)
    await page.reload()
    await read(page)
    signature = page.get_by_test_id("signature")
    await expect(signature).to_have_attribute("data-holds", "false")
    await expect(signature).to_contain_text("DOES NOT HOLD")
    await expect(page.locator(".review-signed")).to_contain_text("Changed outside")
    tampered = page.get_by_test_id("signing").get_by_test_id("tampered")
    await expect(tampered).to_contain_text("infusion-monitor verify")
    await expect(page.get_by_test_id("open-addendum")).to_have_count(0)
    await page.get_by_role("tab", name="Timeline").click()
    await expect(page.get_by_test_id("corrections")).to_contain_text("cannot be signed")


async def test_what_was_changed_by_hand_is_not_offered_to_be_signed(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = ended(clinic)
    page = await review(open_page, clinic, session, SIGN)
    window = await signing(page)
    change_by_hand(clinic, session)
    await window.locator("[name=meaning][value=reviewed]").check()
    await window.locator(PASSWORD).fill(ANYWHERE.password("clinician"))
    await window.get_by_test_id("sign-confirm").click()
    await expect(window.get_by_test_id("sign-said")).to_contain_text("outside the program")
    await window.get_by_test_id("sign-reload").click()
    tampered = page.get_by_test_id("tampered")
    await expect(tampered).to_contain_text("changed outside the program")
    first = read_events(clinic.url, session, "reading.recorded")[0]
    await expect(tampered).to_have_attribute("data-from", str(first))
    await expect(tampered).to_contain_text(f"From event {first} on")
    await expect(page.get_by_test_id("open-sign")).to_have_count(0)
