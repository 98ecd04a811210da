"""The administrator's and the auditor's pages, as those who use them meet them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx2
import pytest
from playwright.async_api import expect

from tests.e2e.api import until
from tests.support.axe import ANY, stumbles
from tests.support.people import ANYWHERE, NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage
    from tests.support.server import Server

PATIENCE_S: Final = 30
MARKUP: Final = "<img src=x onerror=window.ran=1 data-x>"
PAGES: Final[Mapping[str, str]] = {
    "/admin/users": "administrator",
    "/admin/tokens": "administrator",
    "/admin/emergencies": "administrator",
    "/audit": "auditor",
}


def call(server: Server, role: str, method: str, path: str, body: Any = None) -> httpx2.Response:
    headers = ANYWHERE.headers(role)
    with httpx2.Client(base_url=server.url, headers=headers, timeout=PATIENCE_S) as client:
        return client.request(method, path, json=body)


async def sign_in(page: Page, name: str, password: str) -> None:
    form = page.get_by_test_id("sign-in-form")
    await form.locator("[name=username]").fill(name)
    await form.locator("[name=password]").fill(password)
    await form.get_by_test_id("sign-in-submit").click()


async def shown_once(page: Page) -> str:
    """What is shown once; when it is put away nothing on the page or in the browser holds it."""
    secret = await page.get_by_test_id("secret").inner_text()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("secret-dialog")).to_be_visible()
    await page.get_by_test_id("secret-done").click()
    await expect(page.get_by_test_id("secret-dialog")).to_have_count(0)
    kept = "[document.documentElement.outerHTML, location.href, JSON.stringify({...localStorage})]"
    assert secret not in "".join(await page.evaluate(kept))
    return secret


async def test_somebody_new_gets_a_password_once_and_must_change_it(
    server: Server, open_page: OpenPage
) -> None:
    page = await open_page(f"{server.url}/admin/users", role="administrator")
    await page.get_by_test_id("new-user").click()
    form = page.get_by_test_id("new-user-dialog")
    await form.locator("[name=display_name]").fill(f"Zoe {MARKUP}")
    await form.locator("[name=name]").fill("zoe")
    await form.get_by_test_id("create-user").click()
    await expect(form).to_contain_text("Required")
    await form.locator("[name=role][value=nurse]").check()
    await form.get_by_test_id("create-user").click()
    password = await shown_once(page)
    row = page.locator("[data-testid=user][data-user=zoe]")
    await expect(row).to_contain_text(f"Zoe {MARKUP}")
    await expect(page.locator("[data-x]")).to_have_count(0)

    theirs = await open_page(server.url, role=None)
    await sign_in(theirs, "zoe", password)
    await expect(theirs.get_by_test_id("board")).to_have_count(0)
    await expect(theirs.get_by_test_id("change-page")).to_be_visible()


async def test_deactivating_says_what_ends_and_ends_it(server: Server, open_page: OpenPage) -> None:
    nurse = await open_page(server.url, role="nurse")
    await expect(nurse.get_by_test_id("board")).to_be_visible()
    page = await open_page(f"{server.url}/admin/users", role="administrator")
    await page.locator("[name=filter]").fill(NAMES["nurse"])
    await page.locator("[data-testid=user][data-user=nurse] .row-open").click()
    await expect(page.get_by_test_id("sign-in")).to_have_count(1)
    await page.get_by_test_id("open-deactivate").click()
    dialog = page.get_by_test_id("deactivate-user")
    await expect(dialog).to_contain_text("sign-in of this person ends")
    await dialog.get_by_test_id("deactivate-user-do").click()
    await expect(page.locator("[data-user=nurse]")).to_have_attribute("data-state", "inactive")
    await expect(nurse.get_by_test_id("sign-in-form")).to_be_visible()
    assert call(server, "nurse", "GET", "/api/auth/me").status_code == 401


async def test_a_new_password_is_shown_once_and_the_old_one_is_gone(
    server: Server, open_page: OpenPage
) -> None:
    page = await open_page(f"{server.url}/admin/users", role="administrator")
    await page.locator("[data-testid=user][data-user=clinician] .row-open").click()
    await page.get_by_test_id("open-reset").click()
    await page.get_by_test_id("reset-password-do").click()
    password = await shown_once(page)
    theirs = await open_page(server.url, role=None)
    await sign_in(theirs, "clinician", ANYWHERE.password("clinician"))
    await expect(theirs.get_by_test_id("sign-in-said")).to_contain_text("not right")
    await sign_in(theirs, "clinician", password)
    await expect(theirs.get_by_test_id("change-page")).to_be_visible()


async def test_a_token_works_until_it_is_revoked(server: Server, open_page: OpenPage) -> None:
    page = await open_page(f"{server.url}/admin/tokens", role="administrator")
    await page.get_by_test_id("new-token").click()
    form = page.get_by_test_id("new-token-dialog")
    await form.locator("[name=kind][value=integration]").check()
    await form.locator("[name=name]").fill(MARKUP)
    await form.locator("[name=user]").select_option(ANYWHERE.user_id("auditor"))
    await form.get_by_test_id("create-token").click()
    bearer = {"Authorization": f"Bearer {await shown_once(page)}"}
    me = f"{server.url}/api/auth/me"
    answer = httpx2.get(me, headers=bearer, timeout=PATIENCE_S)
    assert answer.json()["role"] == "auditor"

    row = page.locator("[data-testid=token]", has_text=MARKUP)
    await expect(page.locator("[data-x]")).to_have_count(0)
    await row.get_by_test_id("revoke").click()
    await page.get_by_test_id("revoke-token-do").click()
    await expect(row).to_have_attribute("data-state", "revoked")
    await expect(row.get_by_test_id("revoke")).to_have_count(0)
    assert httpx2.get(me, headers=bearer, timeout=PATIENCE_S).status_code == 401


async def test_a_wall_screen_opens_by_its_link_once(server: Server, open_page: OpenPage) -> None:
    page = await open_page(f"{server.url}/admin/tokens", role="administrator")
    await page.get_by_test_id("new-token").click()
    form = page.get_by_test_id("new-token-dialog")
    await form.locator("[name=kind][value=screen]").check()
    await form.locator("[name=name]").fill("Hall")
    await form.get_by_test_id("create-token").click()
    link = await shown_once(page)
    assert link.startswith(f"{server.url}/wall#")
    wall = await open_page(link, role=None)
    await expect(wall.get_by_test_id("board")).to_be_visible()
    again = await open_page(link, role=None)
    await expect(again.get_by_test_id("board")).to_have_count(0)


async def test_an_emergency_access_waits_for_a_review(server: Server, open_page: OpenPage) -> None:
    nurse = {"Cookie": ANYWHERE.cookie_header("nurse")["Cookie"], "Origin": server.url}
    began = httpx2.post(
        f"{server.url}/api/auth/emergency",
        headers=nurse,
        json={"reason": f"Alone {MARKUP}"},
        timeout=PATIENCE_S,
    )
    assert began.status_code < 300, began.text
    page = await open_page(f"{server.url}/admin/users", role="administrator")
    await expect(page.get_by_test_id("badge-emergencies")).to_have_text("1")
    await page.get_by_test_id("badge-emergencies").click()
    waiting = page.get_by_test_id("to-review").get_by_test_id("emergency")
    await expect(waiting).to_contain_text(f"Alone {MARKUP}")
    await expect(waiting).to_contain_text(NAMES["nurse"])
    await expect(page.locator("[data-x]")).to_have_count(0)
    await waiting.get_by_test_id("review").click()
    await page.locator("[name=note]").fill("Called, agreed")
    await page.get_by_test_id("review-emergency-do").click()
    await expect(page.get_by_test_id("reviewed")).to_contain_text("Called, agreed")
    await expect(page.get_by_test_id("badge-emergencies")).to_have_count(0)


async def test_the_auditor_finds_reads_and_takes_away(server: Server, open_page: OpenPage) -> None:
    assert call(server, "nurse", "GET", "/api/users").status_code == 403
    asked = {"role": "auditor", "kind": "refused"}  # noted at once, written within a second or so
    await until(server.url, "/api/access-log", lambda log: log["items"], **asked)
    page = await open_page(f"{server.url}/audit", role="auditor")
    refused = page.locator("[data-testid=log-entry][data-kind=refused]")
    await expect(refused).to_contain_text("was refused GET /api/users")
    await refused.locator("summary").click()
    await expect(refused.get_by_test_id("log-data")).to_contain_text('"code": "not_allowed"')
    await page.locator("select[name=kind]").select_option("user.created")
    await page.get_by_test_id("ask-log").click()
    await expect(page.get_by_test_id("admin-empty")).to_be_visible()
    await page.locator("select[name=kind]").select_option("refused")
    await page.get_by_test_id("ask-log").click()
    await expect(refused).to_have_count(1)
    async with page.expect_download() as download:
        await page.get_by_test_id("export-csv").click()
    text = (await (await download.value).path()).read_text()
    assert NAMES["nurse"] in text
    assert {line.split(",")[2] for line in text.splitlines()[1:]} == {"refused"}
    await page.locator("[name=session]").fill("no id")
    await expect(page.get_by_text("An id has 36 characters")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
async def test_everybody_can_use_the_pages(clinic: Clinic, open_page: OpenPage, path: str) -> None:
    page = await open_page(f"{clinic.url}{path}", role=PAGES[path])
    await expect(page.locator(".admin-head")).to_be_visible()
    await expect(page.get_by_test_id("admin-loading")).to_have_count(0)
    opener = {"/admin/users": "new-user", "/admin/tokens": "new-token"}.get(path)
    found = await stumbles(page, path, ANY)
    if opener is not None:
        await page.get_by_test_id(opener).click()
        await expect(page.locator("dialog[open]")).to_be_visible()
        found += await stumbles(page, opener, ANY)
    assert not found, "\n".join(found)


async def test_who_may_not_is_told_so(clinic: Clinic, open_page: OpenPage) -> None:
    page = await open_page(f"{clinic.url}/account", role="nurse")
    for path in PAGES:
        await page.goto(f"{clinic.url}{path}")
        await expect(page.get_by_test_id("not-allowed")).to_be_visible()
        await expect(page.locator(".admin")).to_have_count(0)
