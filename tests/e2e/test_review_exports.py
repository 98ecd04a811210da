"""Each export is saved by a press; many sessions at once are followed, cancelled and saved."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from tests.e2e.review import Hour, ended, review
from tests.support.pages import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.async_api import Download, Locator, Page, Route

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

SIGN: Final = "#sign"
MADE_MS: Final = 60_000  # a process is started for it, on a busy machine
BEGINS: Final[Mapping[str, bytes]] = {
    "report.pdf": b"%pdf-",
    "report.html": b"<!doctype html>",
    "readings.csv": b"",
    "events.csv": b"",
}
"""What each file begins with, in small letters."""


async def content(download: Download) -> bytes:
    return _read(await download.path())


def _read(path: Path) -> bytes:
    return path.read_bytes()


async def test_each_export_of_a_session(clinic: Clinic, open_page: OpenPage) -> None:
    session = ended(clinic, hr=83)
    patient = clinic.state(session)["patient"]
    page = await review(open_page, clinic, session, SIGN, role="auditor")
    for format, begins in BEGINS.items():
        async with page.expect_download(timeout=MADE_MS) as started:
            await page.get_by_test_id(f"export-{format}").click()
        download = await started.value
        name = download.suggested_filename
        assert name.endswith(format)
        assert session in name
        assert patient["code"] not in name
        assert patient["initials"] not in name
        made = await content(download)
        assert made.lower().startswith(begins)
        assert b"83" in made or format == "report.pdf"
        said = page.get_by_test_id(f"export-said-{format}")
        await expect(said).to_have_text(f"Saved as {name}")
    await page.context.set_offline(True)
    await page.get_by_test_id("export-readings.csv").click()
    said = page.get_by_test_id("export-said-readings.csv")
    await expect(said).to_have_attribute("data-state", "failed")
    await expect(said).to_contain_text("Nothing was saved")


async def window_of(page: Page) -> Locator:
    await page.get_by_test_id("open-range-export").click()
    window = page.get_by_test_id("range-export")
    await window.locator("[name=simulated]").check()
    return window


async def unfinished(page: Page) -> None:
    """What is made is told to be under way, however fast it was: the server cancels both."""

    async def tells(route: Route) -> None:
        if route.request.method != "GET":
            await route.fallback()
            return
        answer = await route.fetch()
        told = await answer.json()
        for job in told["items"]:
            job["state"] = "running" if job["state"] == "done" else job["state"]
        await route.fulfill(response=answer, json=told)

    await page.route("**/api/exports", tells)


async def test_a_range_of_days_is_exported_saved_and_cancelled(
    clinic: Clinic, open_page: OpenPage
) -> None:
    hours = [Hour(clinic).session for _ in range(3)]
    page = await opened(open_page, f"{clinic.url}/sessions")
    window = await window_of(page)
    first, begin = window.locator("[name=from]"), window.get_by_test_id("begin-export")
    day = await first.input_value()
    await first.fill("2026-11-20")
    await window.locator("[name=to]").fill("2026-11-19")
    await expect(window.get_by_test_id("command-said")).to_contain_text("before the first")
    await expect(begin).to_be_disabled()
    await window.locator("[name=to]").fill(datetime.now(UTC).date().isoformat())
    await first.fill(day)

    await unfinished(page)
    await begin.click()
    job = window.get_by_test_id("export-job").first
    await job.get_by_test_id("cancel-export").click()
    await expect(job).to_have_attribute("data-state", "cancelled")
    await page.unroute_all(behavior="wait")

    await window.locator("[name=simulated]").check()
    await window.locator("[name='report.pdf']").uncheck()
    for name in ("readings.csv", "events.csv"):
        await window.locator(f"[name='{name}']").check()
    await begin.click()
    await expect(job).to_have_attribute("data-state", "done", timeout=MADE_MS)
    async with page.expect_download() as started:
        await job.get_by_test_id("download-export").click()
    download = await started.value
    assert re.fullmatch(r"[\w.-]+\.zip", download.suggested_filename)
    with zipfile.ZipFile(io.BytesIO(await content(download))) as packed:
        names = packed.namelist()
    for session in hours:
        assert sum(session in name for name in names) == 2, names
    await job.get_by_test_id("remove-export").click()
    await expect(job.get_by_test_id("download-export")).to_have_count(0)
