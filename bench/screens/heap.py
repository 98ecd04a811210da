"""Whether the page keeps what it no longer shows."""

from __future__ import annotations

from statistics import linear_regression
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.screens.page import Opened

MB: Final = 1_000_000
OVER_S: Final = 600.0  # what is told is the growth over ten minutes


async def in_use(opened: Opened) -> float:
    """Bytes that are still reachable, after all the rest was collected."""
    for _ in range(2):  # what the first has finalised, the second frees
        await opened.cdp.send("HeapProfiler.collectGarbage")
    return (await opened.metrics())["JSHeapUsedSize"]


def growth_mb(samples: Sequence[tuple[float, float]]) -> float:
    """MB in ten minutes, by the line nearest to all (seconds, bytes); NaN of too few."""
    if len(samples) < 3:
        return float("nan")
    line = linear_regression([at for at, _ in samples], [held for _, held in samples])
    return line.slope * OVER_S / MB
