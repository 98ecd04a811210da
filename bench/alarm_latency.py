"""How long from POST to the alarm on a screen: `make bench-alarms` prints p50, p95 and max.

A real server, a real browser with the board open, eight rooms of which seven stream at 1 Hz. In the
eighth a critical saturation is typed again and again; its moment of sending and the moment at which
the browser has drawn the alarm are read from the same machine's clock.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any, Final

import httpx2
from playwright.async_api import async_playwright

from tests.support.as_clinic import AsClinic
from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium
from tests.support.people import ANYWHERE
from tests.support.server import Server

if TYPE_CHECKING:
    from playwright.async_api import Page

ROUNDS: Final = 200  # enough for a 95th percentile that holds
ROOMS: Final = 8
PACE_S: Final = 0.1  # between rounds: a board that is drawing one alarm is not asked for the next
PHASES: Final = ("checked_in", "baseline", "ready", "infusing")
WATCH: Final = """() => {
  window.drawn = new Map()
  const look = () => {
    for (const alarm of document.querySelectorAll('[data-testid=alarm]')) {
      const text = alarm.textContent
      if (window.drawn.has(text)) continue
      window.drawn.set(text, 0) // seen in the page; drawn with the next frame
      requestAnimationFrame(() => window.drawn.set(text, Date.now()))
    }
  }
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, characterData: true,
  })
}"""
DRAWN: Final = """(text) => {
  for (const [seen, at] of window.drawn) if (seen.includes(text)) return at
  return 0
}"""


async def begin(api: httpx2.AsyncClient, room: int) -> str:
    patient = await api.post("/api/patients", json={"code": f"SIM-{room}", "initials": "S.P."})
    body = {
        "patient_id": patient.json()["id"],
        "station": f"Room {room}",
        "protocol": "ketamine_adult",
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
        "simulated": True,
    }
    session: str = (await api.post("/api/sessions", json=body)).json()["id"]
    for phase in PHASES:
        said = {"to": phase, "override_reason": "measuring"}
        (await api.post(f"/api/sessions/{session}/phase", json=said)).raise_for_status()
    return session


async def stream(api: httpx2.AsyncClient, sessions: list[str]) -> None:
    """One list of readings a second, as a gateway of monitors sends it."""
    while True:
        readings: list[dict[str, Any]] = [
            {
                "session_id": session,
                "device": f"mon-{number}",
                "interval_s": 1,
                "values": {"hr": 78, "spo2": 98, "rr": 15},
            }
            for number, session in enumerate(sessions)
        ]
        await api.post("/api/readings", json={"readings": readings})
        await asyncio.sleep(1)


async def measure(api: httpx2.AsyncClient, page: Page, session: str, number: int) -> float:
    """Milliseconds from sending a critical value to its alarm on the screen."""
    value = 70 + number % 15
    await page.evaluate("window.drawn.clear()")
    place = f"/api/sessions/{session}"
    sent = time.time() * 1_000
    answer = await api.post(f"{place}/readings", json={"values": {"spo2": value}})
    answer.raise_for_status()
    at = 0.0
    while not at:
        at = await page.evaluate(DRAWN, f" {value} ")
    await api.post(f"{place}/readings", json={"values": {"spo2": 98}})
    standing = (await api.get(f"{place}/alarms", params={"standing": "true"})).json()["items"]
    for alarm in standing:
        await api.post(f"{place}/alarms/{alarm['id']}/acknowledge", json={})
    return at - sent


async def run(url: str) -> list[float]:
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    async with (
        httpx2.AsyncClient(auth=AsClinic(), base_url=url) as api,
        async_playwright() as playwright,
    ):
        sessions = [await begin(api, room) for room in range(1, ROOMS + 1)]
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        await page.context.add_cookies([ANYWHERE.browser_cookie("clinician", url)])
        await page.goto(url)
        await page.get_by_test_id("accept-disclaimer").click()
        await page.get_by_test_id("tile").nth(ROOMS - 1).wait_for()
        await page.evaluate(WATCH)
        others = asyncio.create_task(stream(api, sessions[1:]))
        took = []
        for number in range(ROUNDS):
            took.append(await measure(api, page, sessions[0], number))
            await asyncio.sleep(PACE_S)
        others.cancel()
        with suppress(asyncio.CancelledError):
            await others
        await browser.close()
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", env={"INFUSION_TRAINING": "true"})
        server.start()
        try:
            took = asyncio.run(run(server.url))
        finally:
            server.stop()
    cuts = quantiles(took, n=100)
    print(f"POST to alarm on a screen, {ROUNDS} alarms, {ROOMS} rooms:")
    print(f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, max {max(took):.0f} ms")


if __name__ == "__main__":
    main()
