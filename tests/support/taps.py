"""How often a person had to press, beyond the digits of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.async_api import Page

# A press is what the browser took for one, not what a script made; a digit is one by key or by pad.
_COUNT: Final = """(() => {
globalThis.pressed = 0
const digit = /^pad-(\\d|dot)$/
addEventListener('pointerdown', ({ isTrusted, target }) => {
  const key = target.closest?.('[data-testid]')?.dataset.testid ?? ''
  if (isTrusted && !digit.test(key)) pressed += 1
}, true)
addEventListener('keydown', ({ isTrusted, key, repeat }) => {
  if (isTrusted && !repeat && !/^[\\d.,]$/.test(key)) pressed += 1
}, true)
})()"""


async def counting(page: Page) -> None:
    """For `open_page`: counts from the beginning."""
    await page.add_init_script(_COUNT)


async def taps(page: Page) -> int:
    """Presses since it was last asked."""
    count: int = await page.evaluate("(() => { const all = pressed; pressed = 0; return all })()")
    return count
