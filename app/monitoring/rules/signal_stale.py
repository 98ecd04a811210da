"""A device's signal of one vital is gone: grey at once on screens, an alarm that climbs while
nobody mends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.cuff import waits
from app.monitoring.phases import WATCHED
from app.monitoring.rules.condition import About, Condition
from app.monitoring.rules.silence import (
    HIGH_MS,
    HIGH_VITALS,
    LOW_MS,
    MEDIUM_MS,
    climbed,
    streamed_signals,
)
from app.monitoring.times import seconds
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation


ABOUT: Final = About(
    condition="signal_stale",
    kind="technical",
    when="a streamed vital is older than it is fresh, or its device says that it has no signal",
    priority=(
        f"low at {seconds(LOW_MS)}, medium at {seconds(MEDIUM_MS)},"
        f" high at {seconds(HIGH_MS)} for SpO2 while infusing"
    ),
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if seen.phase not in WATCHED or seen.standby is not None:
        return
    for vital, lost in streamed_signals(seen):
        unwatched = vital in HIGH_VITALS and seen.phase == "infusing"
        priority, next_at = climbed(lost.at, now, deprived=True, unwatched=unwatched)
        yield Condition(
            kind="technical",
            condition="signal_stale",
            group=vital,
            vital=vital,
            side=None,
            priority=priority,
            since=lost.at,
            raise_at=waits(seen, lost.device, vital, lost.at, lost.at + LOW_MS),
            next_at=next_at,
            text=f"{VITALS[vital].short}: no signal",
            devices=lost.devices,
            stands=lost.at <= now,
        )
