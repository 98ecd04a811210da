"""A critical excursion began and ended while its device was offline: somebody must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.times import iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation


ABOUT: Final = About(
    condition="missed_offline",
    kind="physiological",
    when="a critical excursion began and ended while its device was offline; until acknowledged",
    priority="medium",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    for missed in seen.missed.values():
        vital = VITALS[missed.vital]
        span = f"{_clock(missed.since)} to {_clock(missed.until)} UTC"
        yield Condition(
            kind="physiological",
            condition="missed_offline",
            group=vital.group,
            vital=missed.vital,
            side=missed.side,
            priority="medium",
            since=missed.since,
            raise_at=min(now, missed.until),
            value=missed.worst,
            worst=missed.worst,
            limit=missed.limit,
            unit=vital.unit,
            text=f"Missed while offline: {vital.short} {missed.worst:g} {vital.unit}, {span}",
        )


def _clock(at: int) -> str:
    return iso(at)[11:19]
