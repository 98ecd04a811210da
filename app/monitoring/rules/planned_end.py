"""The infusion runs on though its planned time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.times import MINUTE_MS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

LOW_MS: Final = 5 * MINUTE_MS  # flushing the line takes a few minutes
MEDIUM_MS: Final = 10 * MINUTE_MS
RUNNING: Final = frozenset({"infusing", "paused"})


ABOUT: Final = About(
    condition="planned_end_passed",
    kind="technical",
    when="the infused time has reached the planned one and the infusion goes on",
    priority=f"low after {seconds(LOW_MS)}, medium after {seconds(MEDIUM_MS)}",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    passed_at = seen.planned_end_passed_at
    if passed_at is None or seen.phase not in RUNNING:
        return
    late = now >= passed_at + MEDIUM_MS
    yield Condition(
        kind="technical",
        condition="planned_end_passed",
        group="plan",
        vital=None,
        side=None,
        priority="medium" if late else "low",
        since=passed_at,
        raise_at=passed_at + LOW_MS,
        next_at=None if late else passed_at + MEDIUM_MS,
        text=f"Planned end passed: {seen.order.planned_minutes} min are over",
    )
