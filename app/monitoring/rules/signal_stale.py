"""A device's signal of one vital is gone: grey at once on screens, an alarm that climbs while
nobody mends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.phases import WATCHED
from app.monitoring.rules.condition import Condition
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.limits import Priority
    from app.monitoring.state import Situation

LOW_MS: Final = 30 * SECOND_MS  # a probe that is being moved is back within half a minute
MEDIUM_MS: Final = 60 * SECOND_MS
HIGH_MS: Final = (
    180 * SECOND_MS
)  # without oxygen saturation during the infusion the patient is unwatched
HIGH_VITALS: Final = frozenset({"spo2"})


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if seen.phase not in WATCHED:
        return
    for vital in {**seen.newest, **seen.lost} if seen.lost else seen.newest:
        if VITALS[vital].kind != "streamed":
            continue
        lost_at = _lost_at(seen, vital)
        if lost_at is None:
            continue
        priority: Priority = "low"
        next_at: int | None = lost_at + LOW_MS
        if lost_at + LOW_MS <= now:
            priority, next_at = _climbed(lost_at, now, vital, seen.phase)
        yield Condition(
            kind="technical",
            condition="signal_stale",
            group=vital,
            vital=vital,
            side=None,
            priority=priority,
            since=lost_at,
            raise_at=lost_at + LOW_MS,
            next_at=next_at,
            text=f"{VITALS[vital].short}: no signal",
            stands=lost_at <= now,
        )


def _climbed(lost_at: int, now: int, vital: str, phase: str) -> tuple[Priority, int | None]:
    """The priority that a silence has reached, and when it climbs on."""
    if now < lost_at + MEDIUM_MS:
        return "low", lost_at + MEDIUM_MS
    if vital not in HIGH_VITALS or phase != "infusing":
        return "medium", None
    if now < lost_at + HIGH_MS:
        return "medium", lost_at + HIGH_MS
    return "high", None


def _lost_at(seen: Situation, vital: str) -> int | None:
    """The latest moment at which any device still gave this vital; None if no device ever did.

    It lies ahead while the signal is fresh, so that its condition is due by itself if nothing more
    comes.
    """
    latest: int | None = None
    lost = seen.lost.get(vital, {})
    for origin, seq in seen.newest.get(vital, {}).items():
        if origin == "manual" or origin in lost:
            continue
        sample = seen.samples[seq]
        until = sample.taken_at + round(sample.fresh_s[vital] * SECOND_MS)
        if latest is None or until > latest:
            latest = until
    for since in lost.values():
        if latest is None or since > latest:
            latest = since
    return latest
