"""Whether the page keeps what it no longer shows."""

from __future__ import annotations

from itertools import combinations
from statistics import median
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
    """MB in ten minutes, by the middle of the slopes between any two (seconds, bytes); NaN of too
    few. What is held for one sample only, as a tree that was drawn before, does not tip it; what
    is kept does.
    """
    if len(samples) < 3:
        return float("nan")
    pairs = combinations(samples, 2)
    slopes = [(held - before) / (at - since) for (since, before), (at, held) in pairs]
    return median(slopes) * OVER_S / MB
