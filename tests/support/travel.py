"""A clock for one page and its ticker that only a test sets forward, and what the page has played.

The clocks stand still between, so that a machine that is held up for seconds makes nothing older;
timers run as ever. So two minutes in the background are what a browser makes of them: hardly any
timer of the page runs, while its ticker goes on every second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

    from tests.support.feed import Feed

TICKER: Final = "**/ticker.worker-*.js"
HEARTBEAT_S: Final = 5  # as the server sends them: docs/protocol.md

# Whole milliseconds: ten seconds later is ten seconds later, to the last digit.
_CLOCKS: Final = """
let ahead = 0
const [mono, wall] = [Math.ceil(performance.now()) + 1, Date.now()]
performance.now = () => mono + ahead
globalThis.Date = class extends Date {
  constructor(...given) { if (given.length) super(...given); else super(Date.now()) }
}
Date.now = () => wall + ahead
"""
# The ticker is told by its own port, which keeps what comes before its script has run, and answers
# by the same: its ticks are heard before the answer. A loudspeaker's clock goes on by itself, and
# would count as stalled if many seconds passed for the page before it has moved once.
_PAGE: Final = f"""(() => {{
{_CLOCKS}
let ticked
const ticker = new Promise((then) => {{
  globalThis.Worker = class extends Worker {{
    constructor(...given) {{
      super(...given)
      this.addEventListener('message', (said) => {{
        if (said.data !== 'ticked') return
        said.stopImmediatePropagation()
        ticked()
      }})
      then(this)
    }}
  }}
}})
const outputs = []
globalThis.AudioContext = class extends AudioContext {{
  constructor(...given) {{
    super(...given)
    outputs.push(this)
  }}
}}
const pause = (ms) => new Promise((then) => setTimeout(then, ms))
const played = async (output) => {{
  const before = output.currentTime
  while (output.state === 'running' && output.currentTime === before) await pause(1)
}}
globalThis.travel = async (ms) => {{
  const worker = await ticker
  const answer = new Promise((then) => {{ ticked = then }})
  ahead += ms
  worker.postMessage(ms)
  await answer
  await pause(0)
  await Promise.all(outputs.map(played))
}}
let hidden = false
Object.defineProperty(document, 'hidden', {{ get: () => hidden }})
const shown = () => hidden ? 'hidden' : 'visible'
Object.defineProperty(document, 'visibilityState', {{ get: shown }})
globalThis.background = (is) => {{
  hidden = is
  document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))
}}
}})()"""
_WORKER: Final = f"""{{
{_CLOCKS}
const ticks = []
const every = setInterval
globalThis.setInterval = (tick, ms) => {{ ticks.push(tick); return every(tick, ms) }}
addEventListener('message', ({{ data }}) => {{
  ahead += data
  for (const tick of ticks) tick()
  postMessage('ticked')
}})
}}
"""


class Travel:
    """Give `prepare` to `open_page`; then `by` lets time pass for that page, second by second."""

    def __init__(self, feed: Feed | None = None) -> None:
        self._feed = feed
        self._page: Page | None = None
        self._passed_s = 0.0

    async def prepare(self, page: Page) -> None:
        await page.add_init_script(_PAGE)
        await page.route(TICKER, _with_our_clock)
        self._page = page

    async def by(self, seconds: float, step_s: float = 1.0) -> Self:
        """As much time passes, in steps; the feed is as much ahead and says that it lives as often
        as the server does, unless it is held.
        """
        page, left = self._opened, seconds
        while left > 0:
            step = min(step_s, left)
            left -= step
            await self._step(page, step)
        return self

    async def asleep(self, seconds: float) -> Self:
        """The computer slept: so much time is gone at once, and nothing ran meanwhile."""
        await self._step(self._opened, seconds)
        return self

    async def background(self, hidden: bool) -> None:
        """Another tab is in front, or this one again."""
        await self._opened.evaluate("(hidden) => background(hidden)", hidden)

    @property
    def _opened(self) -> Page:
        assert self._page is not None, "its page was not opened"
        return self._page

    async def _step(self, page: Page, seconds: float) -> None:
        if self._feed:
            before = self._feed.ahead_s // HEARTBEAT_S
            self._feed.ahead_s += seconds
            if self._feed.beating and self._feed.ahead_s // HEARTBEAT_S > before:
                self._feed.beat()
        await page.evaluate("(ms) => travel(ms)", seconds * 1_000)


async def _with_our_clock(route: Route) -> None:
    answer = await route.fetch()
    await route.fulfill(response=answer, body=_WORKER + await answer.text())


_TONES: Final = """(() => {
globalThis.tones = []
const start = AudioScheduledSourceNode.prototype.start
AudioScheduledSourceNode.prototype.start = function (...when) {
  tones.push(Math.round(this.frequency?.value ?? 0))
  return start.apply(this, when)
}
})()"""


async def listening(page: Page) -> None:
    """For `open_page`: writes down every tone that the page plays."""
    await page.add_init_script(_TONES)


async def tones(page: Page) -> list[int]:
    """The tones that were begun since it was last asked, in Hz."""
    heard: Any = await page.evaluate("tones.splice(0)")
    return [int(hz) for hz in heard]
