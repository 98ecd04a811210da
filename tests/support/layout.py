"""What a page looks like, in numbers: what is cut off, what can be pressed and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.async_api import Page

_SEEN: Final = """
const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
  && element.closest('.sr-only') === null && element.getClientRects().length > 0
"""
# A text is cut off where its own box, or one around it that hides what is too much, is smaller.
_CUT: Final = f"""(within) => {{
{_SEEN}
const cut = []
for (const root of document.querySelectorAll(within)) {{
  const outer = root.getBoundingClientRect()
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {{
    const holder = text.parentElement
    if (text.data.trim() === '' || !seen(holder)) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    let [edge, scrolls] = [outer, false]
    for (let around = holder; around !== root; around = around.parentElement) {{
      const {{ overflowX, overflowY }} = getComputedStyle(around)
      scrolls ||= overflowY === 'auto' || overflowY === 'scroll'
      if (overflowX === 'visible') continue
      const inner = around.getBoundingClientRect()
      edge = {{ left: Math.max(edge.left, inner.left), right: Math.min(edge.right, inner.right),
        top: edge.top, bottom: edge.bottom }}
    }}
    // A line is taller than its letters: a third of it may stand out.
    const slack = box.height / 3
    if (box.left < edge.left - 1 || box.right > edge.right + 1
      || !scrolls && (box.top < edge.top - slack || box.bottom > edge.bottom + slack)) {{
      const where = root.dataset.station ?? root.dataset.testid ?? root.className
      cut.push(`${{where}}: "${{text.data.trim()}}" in .${{holder.className}}`)
    }}
  }}
}}
return cut
}}"""
# A bar stays where it is while the page is scrolled under it. What shows above the control there
# is the bar: the control's own place ends at its edge.
_BARS: Final = """
const bars = [...document.querySelectorAll('*')].filter((one) =>
  ['fixed', 'sticky'].includes(getComputedStyle(one).position) && seen(one))
const above = (bar, control) => {
  const [a, b] = [bar.getBoundingClientRect(), control.getBoundingClientRect()]
  const [left, right] = [Math.max(a.left, b.left, 0), Math.min(a.right, b.right, innerWidth)]
  const [top, bottom] = [Math.max(a.top, b.top, 0), Math.min(a.bottom, b.bottom, innerHeight)]
  if (bar.contains(control) || right - left < 1 || bottom - top < 1) return null
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  return bar.contains(hit) ? a : null
}
const clipped = (edges, control) => {
  for (const bar of bars) {
    const over = above(bar, control)
    if (over === null) continue
    if (over.top <= edges.top) edges.top = Math.max(edges.top, over.bottom)
    else edges.bottom = Math.min(edges.bottom, over.top)
  }
  return edges
}
"""
_CONTROLS: Final = f"""(within) => {{
{_SEEN}
{_BARS}
const all = []
const pressed = 'button, a[href], select, input:not([type=hidden]), summary'
const inside = within.split(',').map((one) => `${{one}} :is(${{pressed}})`).join()
for (const control of document.querySelectorAll(inside)) {{
  if (!seen(control) || control.closest('dialog:not([open])')) continue
  const label = control.matches('[type=checkbox], [type=radio]') ? control.closest('label') : null
  const box = (label ?? control).getBoundingClientRect()
  let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom]
  for (let around = control.parentElement; around; around = around.parentElement) {{
    if (getComputedStyle(around).overflowY === 'visible') continue
    const edge = around.getBoundingClientRect()
    left = Math.max(left, edge.left); right = Math.min(right, edge.right)
    top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom)
  }}
  ;({{ top, bottom }} = clipped({{ top, bottom }}, control))
  // Scrolled away, by its list or under a bar: not there to be pressed; buried() looks after it.
  if (bottom <= top || right <= left) continue
  all.push({{
    name: control.dataset.testid || control.getAttribute('aria-label') || control.name
      || control.textContent.trim().slice(0, 40),
    kind: control.className,
    left, top, right, bottom, width: box.width, height: box.height,
    holds: pressed.split(', ').some((kind) => control.querySelector(kind) !== null),
  }})
}}
return all
}}"""

_BURIED: Final = f"""(within) => {{
{_SEEN}
{_BARS}
const buried = []
const inside = within.split(',').map((one) => `${{one}} :is(button, a[href], select, input)`).join()
for (const control of document.querySelectorAll(inside)) {{
  if (!seen(control) || !bars.some((bar) => above(bar, control) !== null)) continue
  control.scrollIntoView({{ block: 'center', inline: 'nearest' }})
  const {{ left, right, top, bottom }} = control.getBoundingClientRect()
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  const free = [[x, y], [x, top + 2], [x, bottom - 2], [left + 2, y], [right - 2, y]]
    .every(([over, down]) => control.contains(document.elementFromPoint(over, down)))
  if (!free) buried.push(control.dataset.testid ?? control.textContent.trim())
}}
return buried
}}"""


@dataclass(frozen=True, slots=True)
class Control:
    """Something to press, in CSS pixels of the page as it is scrolled."""

    name: str
    kind: str
    left: float
    top: float
    right: float
    bottom: float
    """The edges of what is in sight, for a list may be scrolled, a page lie under a bar;"""
    width: float
    height: float
    """and the whole size."""
    holds: bool
    """Others lie inside it: a tile is a link as a whole."""

    @property
    def least(self) -> float:
        return min(self.width, self.height)

    def gap(self, other: Control) -> float:
        """Between the two; negative where they overlap."""
        across = max(other.left - self.right, self.left - other.right)
        down = max(other.top - self.bottom, self.top - other.bottom)
        return max(across, down)


async def cut_off(page: Page, within: str) -> list[str]:
    """Texts that are not wholly inside every element that `within` finds."""
    found: list[str] = await page.evaluate(_CUT, within)
    return found


async def controls(page: Page, within: str = "body") -> list[Control]:
    """Everything that can be pressed now; what a bar covers must also be free of buried()."""
    found: list[dict[str, Any]] = await page.evaluate(_CONTROLS, within)
    fields = Control.__dataclass_fields__
    return [Control(**{name: one[name] for name in fields}) for one in found]


async def buried(page: Page, within: str = "body") -> list[str]:
    """What lies under a bar and cannot be scrolled free of it."""
    found: list[str] = await page.evaluate(_BURIED, within)
    return found


def overlapping(found: list[Control]) -> list[str]:
    """Pairs of which a tap may reach the wrong one."""
    plain = [control for control in found if not control.holds]
    return [
        f"{one.name} and {other.name}"
        for number, one in enumerate(plain)
        for other in plain[number + 1 :]
        if one.gap(other) < -1
    ]


async def scrolls(page: Page, element: str) -> tuple[float, float]:
    """By how much what is in it is wider and taller than it is."""
    measured: list[float] = await page.locator(element).first.evaluate(
        "(box) => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]"
    )
    return measured[0], measured[1]


async def moving(page: Page) -> list[str]:
    """What is being animated."""
    found: list[str] = await page.evaluate(
        """() => document.getAnimations().filter((one) => one.playState === 'running')
          .map((one) => `${one.effect.target?.className} ${one.animationName ?? ''}`)"""
    )
    return found
