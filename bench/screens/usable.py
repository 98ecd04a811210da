"""How long from opening the board to working with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bench.screens.page import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

# Looked at in every frame from the first on: numbers in the tiles, and a button that would be hit.
LOOK: Final = """(rooms) => {
  let done
  window.usable = new Promise((resolve) => { done = resolve })
  const told = { first: 0, all: 0, usable: 0, scripts: [] }
  const hit = (button) => {
    const box = button.getBoundingClientRect()
    if (box.width === 0) return false
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return !button.disabled && there !== null && button.contains(there)
  }
  const look = () => {
    const tiles = [...document.querySelectorAll('[data-testid=tile]')]
    const numbered = tiles.filter((tile) => {
      const values = [...tile.querySelectorAll('[data-testid=value]')]
      return values.some((value) => /[0-9]/.test(value.textContent))
    })
    const buttons = [...document.querySelectorAll('[data-testid=acknowledge]')]
    const now = performance.now()
    if (!told.first && numbered.length > 0) told.first = now
    if (!told.all && numbered.length >= rooms) told.all = now
    if (told.all && buttons.some(hit)) {
      const fetched = performance.getEntriesByType('resource').map((entry) => entry.name)
      told.scripts = fetched.filter((name) => new URL(name).pathname.endsWith('.js'))
      told.usable = now
      done(told)
      return
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""


@dataclass(frozen=True, slots=True)
class Load:
    """Milliseconds since the address was opened, and the scripts fetched until it was usable."""

    first_ms: float
    usable_ms: float
    scripts: tuple[str, ...]


async def cold(context: BrowserContext, url: str, rooms: int) -> Load:
    """A page that has nothing in its cache; usable is when every tile has numbers and an alarm can
    be acknowledged.
    """
    page = await context.new_page()
    try:
        cdp = await context.new_cdp_session(page)
        await cdp.send("Network.enable")
        await cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
        await page.add_init_script(f"({LOOK})({rooms})")
        await page.goto(url)
        async with asyncio.timeout(PATIENCE_MS / 1_000):
            told = await page.evaluate("window.usable")
    finally:
        await page.close()
    names = sorted({urlsplit(name).path.rpartition("/")[2] for name in told["scripts"]})
    return Load(told["first"], told["usable"], tuple(names))
