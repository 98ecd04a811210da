"""Whether the machine had time: a fixed piece of work in the same browser, again and again."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bench.figures import Spread

if TYPE_CHECKING:
    from playwright.async_api import Browser

TIMES: Final = 7
BUSY: Final = 1.3  # the middle one against the quickest: beyond it others took the time
LOOP: Final = """() => {
  const began = performance.now()
  let sum = 0
  for (let n = 1; n < 2e7; n += 1) sum = (sum + n * n) % 1000003
  return sum >= 0 ? performance.now() - began : 0
}"""


@dataclass
class Calibration:
    loops_ms: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    async def take(self, browser: Browser) -> None:
        """In a page of its own, before and after what is measured."""
        page = await browser.new_page()
        try:
            for _ in range(TIMES):
                self.loops_ms.append(await page.evaluate(LOOP))
        finally:
            await page.close()
        self.loads.append(os.getloadavg()[0])

    @property
    def busy(self) -> bool:
        spread = Spread.of(self.loops_ms)
        return spread.middle > BUSY * spread.least

    def __str__(self) -> str:
        loads = " and ".join(f"{load:.1f}" for load in self.loads)
        verdict = "others used it too: its times are too long" if self.busy else "it had time"
        return (
            f"The machine: a fixed loop took {Spread.of(self.loops_ms)} ms, load {loads} before and"
            f" after; {verdict}."
        )
