"""How busy the page's main thread is, and what a reading makes it draw."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bench.screens.page import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bench.screens.page import Opened

PERCENT: Final = 100.0
FRAME: Final = "ProxyMain::BeginMainFrame"
CATEGORIES: Final = ("devtools.timeline", "cc", "toplevel")
TILE: Final = "class='tile"  # how a tile is named in what is traced of painting
SHARES: Final = {
    "busy": "TaskDuration",  # from the begin to the end of each task, others' time on the core too
    "cpu": "ThreadTime",  # what the thread itself has used of a core
    "script": "ScriptDuration",
    "style": "RecalcStyleDuration",
    "layout": "LayoutDuration",
}
# Returns when a text in a tile has changed so many times, and the last of it was painted: what a
# frame's first callback sees is painted after it, and before the next frame's.
CHANGED: Final = """(times) => new Promise((painted) => {
  const inTile = ({ target }) => (target.closest ? target : target.parentElement)?.closest('.tile')
  const seen = new MutationObserver((records) => {
    if (!records.some(inTile) || (times -= 1) > 0) return
    seen.disconnect()
    requestAnimationFrame(() => requestAnimationFrame(() => painted()))
  })
  seen.observe(document, { subtree: true, childList: true, characterData: true })
})"""
LONG_TASKS: Final = """() => {
  window.longTasks = []
  const seen = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration))
  new PerformanceObserver(seen).observe({ type: 'longtask' })
}"""


def shares(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Percent of the time between the two, by the browser's own clock."""
    passed = after["Timestamp"] - before["Timestamp"]
    return {
        key: PERCENT * (after[name] - before[name]) / passed for key, name in SHARES.items()
    } | {"layouts": (after["LayoutCount"] - before["LayoutCount"]) / passed}


async def watch(opened: Opened, seconds: float) -> dict[str, float]:
    """One window of time."""
    before = await opened.metrics()
    await asyncio.sleep(seconds)
    return shares(before, await opened.metrics())


@dataclass(frozen=True, slots=True)
class Painting:
    """`frames` counts tiles painted anew, a number for each frame in which one was."""

    seconds: float
    frames: list[int]

    @property
    def per_second(self) -> float:
        return sum(self.frames) / self.seconds

    def per_reading(self, readings_a_second: float) -> float:
        """Readings that come together share a frame, so that it is not counted by the frame."""
        return self.per_second / readings_a_second


async def painting(opened: Opened, seconds: float, changes: int = 1) -> Painting:
    """Traced apart from `watch`, for tracing costs time. It takes longer where tiles have not
    changed so many times by then.
    """
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()
    opened.cdp.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    opened.cdp.on("Tracing.tracingComplete", lambda _: ended.set())
    config = {"includedCategories": list(CATEGORIES)}
    options = {"transferMode": "ReportEvents", "traceConfig": config}
    await opened.cdp.send("Tracing.start", options)
    began = time.monotonic()
    changed = asyncio.create_task(opened.page.evaluate(CHANGED, changes))
    await asyncio.sleep(seconds)
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        await changed
    took = time.monotonic() - began
    await opened.cdp.send("Tracing.end")
    await ended.wait()
    return Painting(took, painted(events))


def painted(events: Iterable[Mapping[str, Any]]) -> list[int]:
    """How many tiles each frame has painted, of the frames that painted any."""
    numbered: list[tuple[int, int]] = []
    frame = 0
    for event in sorted(events, key=lambda event: event.get("ts", 0)):
        if event["name"] == FRAME:
            frame += 1
        elif event["name"] == "Paint" and TILE in _node(event):
            numbered.append((frame, event["args"]["data"]["nodeId"]))
    by_frame = groupby(numbered, key=lambda one: one[0])
    return [len({node for _, node in tiles}) for _, tiles in by_frame]


def _node(event: Mapping[str, Any]) -> str:
    return str(event.get("args", {}).get("data", {}).get("nodeName", ""))
