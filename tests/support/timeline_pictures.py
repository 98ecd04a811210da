"""The pictures of a session's timeline, and of a moment as it was seen: of a simulated patient who
desaturates, one of whose readings was put right. Part of `make pictures`.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright, expect

from tests.e2e.api import asking
from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.people import ANYWHERE
from tests.support.pictures import (
    OPENING_MS,
    PHONE,
    STATION,
    THEMES,
    name_of,
    running,
    take,
)
from tests.support.server import REPO, SERVE, Server

PATIENT: Final = ("simulate", "desaturation", "--nurse", "--seed", "3", "--speed", "max")


def visited(server: Server) -> str:
    """The session of a whole visit, played at once; the id."""
    env = {**os.environ, "INFUSION_TOKEN": ANYWHERE.token("simulator")}
    command = (sys.executable, "-m", "app.cli", *PATIENT, "--url", server.url)
    subprocess.run(command, cwd=REPO, env=env, stdout=subprocess.DEVNULL, check=True)
    with asking(server.url) as api:
        (session,) = api.everything("/api/sessions?simulated=true")
        readings = [
            reading
            for reading in api.get(f"/api/sessions/{session['id']}/record?readings=told")[
                "readings"
            ]
            if reading["source"] == "manual" and "sbp" in reading["values"]
        ]
        wrong = readings[len(readings) // 2]
        put_right = {"values": {"sbp": wrong["values"]["sbp"] + 9}, "reason": "Read again"}
        api.post(f"/api/sessions/{session['id']}/readings/{wrong['id']}/amend", put_right)
    return str(session["id"])


async def main() -> None:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), command=SERVE, env={"INFUSION_TRAINING": "true"})
        with running(server):
            session = visited(server)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
                shots = [(STATION, theme, name_of("timeline", theme)) for theme in THEMES]
                for size, theme, name in (*shots, (PHONE, "dark", "timeline-phone.webp")):
                    context = await browser.new_context(
                        viewport=size, timezone_id="UTC", locale="en-GB", reduced_motion="reduce"
                    )
                    await context.add_cookies([ANYWHERE.browser_cookie("clinician", server.url)])
                    page = await context.new_page()
                    page.set_default_timeout(OPENING_MS)
                    await page.goto(f"{server.url}/sessions/{session}")
                    await page.get_by_test_id("accept-disclaimer").click()
                    if theme == "light":
                        await page.get_by_test_id("theme").click()
                    await expect(page.locator(".scatterlayer").first).to_be_visible()
                    await page.wait_for_timeout(1_000)  # the last layer is drawn; nothing tells it
                    await take(page, name)
                    if name == "timeline.webp":
                        await page.goto(f"{server.url}/sessions/{session}#seen")
                        await page.reload()
                        slider = page.locator("input[type=range]").first
                        await expect(slider).to_be_visible()
                        await slider.press("Home")
                        for _ in range(32):
                            await slider.press("PageUp")
                        await page.wait_for_timeout(1_500)
                        await take(page, "as-seen.webp")
                    await context.close()
                await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
