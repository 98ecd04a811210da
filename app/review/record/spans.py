"""Stretches of time as pairs of milliseconds, in order and apart from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.monitoring.times import SECOND_MS, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.review.record.model import Gap

Span = tuple[int, int]


def spans_of(gaps: Iterable[Gap]) -> list[Span]:
    return united((parse_iso(gap.since), parse_iso(gap.until)) for gap in gaps)


def united(spans: Iterable[Span]) -> list[Span]:
    """The same time, without overlaps and empty stretches."""
    found: list[Span] = []
    for since, until in sorted(spans):
        if until <= since:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def without(spans: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What of `spans` is not in `other`."""
    found: list[Span] = []
    first = 0
    for span in spans:
        since, until = span
        while first < len(other) and other[first][1] <= since:
            first += 1
        for taken in range(first, len(other)):
            begin, end = other[taken]
            if begin >= until:
                break
            if begin > since:
                found.append((since, begin))
            since = max(since, end)
        if since < until:
            found.append((since, until))
    return found


def within(spans: Sequence[Span], since: int, until: int) -> list[Span]:
    cut = ((max(a, since), min(b, until)) for a, b in spans)
    return [(a, b) for a, b in cut if b > a]


def seconds(spans: Iterable[Span]) -> float:
    return sum(until - since for since, until in spans) / SECOND_MS
