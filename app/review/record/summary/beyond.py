"""For how long a vital was beyond each of its lines, by the lines in force at the time."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.limits import Band, Line, prepare
from app.monitoring.times import SECOND_MS, parse_iso
from app.review.record.model import Beyond

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.review.record.model import Limits
    from app.review.record.summary.held import Held

ORDER: Final = (
    ("critical", "low"),
    ("warning", "low"),
    ("relative", "low"),
    ("relative", "high"),
    ("warning", "high"),
    ("critical", "high"),
)
Step = tuple[int, int, Band]
"""From when until when which lines hold."""
FOREVER: Final = 1 << 52


def lines_over_time(limits: Sequence[Limits]) -> dict[str, list[Step]]:
    """By vital; the first lines also hold for what was taken before the session was made."""
    steps: dict[str, list[Step]] = {}
    moments = [0, *(parse_iso(changed.at) for changed in limits[1:]), FOREVER]
    for place, changed in enumerate(limits):
        since, until = moments[place], moments[place + 1]
        for vital, band in prepare(_lines(changed.limits)).items():
            if until > since:
                steps.setdefault(vital, []).append((since, until, band))
    return steps


def _lines(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, tuple[Line, ...]]:
    return {
        vital: tuple(line for said in lines if (line := Line(**said)).is_limit)
        for vital, lines in told.items()
    }


def beyond(held: Held, steps: Sequence[Step]) -> list[Beyond]:
    """For each tier and side that had a line: any of its lines counts, and none twice."""
    low = max((band.low for _, _, band in steps), default=0.0)
    high = min((band.high for _, _, band in steps), default=0.0)
    drawn = {(line.tier, line.side) for _, _, band in steps for line in band.lines}
    spent: dict[tuple[str, str], int] = dict.fromkeys(drawn, 0)
    begins = [since for since, _, _ in steps]
    for at, until, value in zip(held.at, held.until, held.value, strict=True):
        if low < value < high:
            continue  # inside all lines that ever were
        place = max(0, bisect_right(begins, at) - 1)
        while place < len(steps) and at < until:
            _, end, band = steps[place]
            stays = min(until, end)
            if not band.low < value < band.high:
                for reached in {(e.tier, e.side) for e in band.lines if e.reached(value)}:
                    spent[reached] += stays - at
            at, place = stays, place + 1
    return [
        Beyond(tier, side, spent[tier, side] / SECOND_MS)
        for tier, side in ORDER
        if (tier, side) in spent
    ]
