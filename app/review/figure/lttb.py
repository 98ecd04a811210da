"""Fewer points for the same curve: largest triangle three buckets, after Steinarsson (2013), with
what may not be lost kept beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LEAST = 3  # below that there is no triangle


def lttb(x: Sequence[float], y: Sequence[float], points: int) -> list[int]:
    """The places of `points` points in order, first and last among them; all if there are no more.

    Of each bucket the one is kept that spans the largest triangle with the one kept before it and
    the middle of the next bucket.
    """
    count = len(x)
    if points >= count or count <= LEAST:
        return list(range(count))
    points = max(points, LEAST)
    every = (count - 2) / (points - 2)
    kept = [0]
    last = 0
    for bucket in range(points - 2):
        first, end = int(bucket * every) + 1, int((bucket + 1) * every) + 1
        following = min(int((bucket + 2) * every) + 1, count)
        size = following - end
        middle_x = sum(x[end:following]) / size
        middle_y = sum(y[end:following]) / size
        from_x, from_y = x[last], y[last]
        aside_x, aside_y = from_x - middle_x, middle_y - from_y
        best, largest = first, -1.0
        for place, (at, value) in enumerate(zip(x[first:end], y[first:end], strict=True), first):
            area = abs(aside_x * (value - from_y) - (from_x - at) * aside_y)
            if area > largest:
                best, largest = place, area
        kept.append(best)
        last = best
    kept.append(count - 1)
    return kept


def thinned(
    x: Sequence[float], y: Sequence[float], points: int, notable: Collection[int]
) -> list[int]:
    """The places of at most `points` points, the lowest and the highest of all, and the `notable`
    ones beside them.
    """
    if len(x) <= points:
        return list(range(len(x)))
    kept = {y.index(min(y)), y.index(max(y)), *notable}
    return sorted(kept.union(lttb(x, y, points)))
