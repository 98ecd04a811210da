"""A device's clock is off; its times are corrected and the board says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.times import MINUTE_MS, SECOND_MS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

SKEW_ALARM_MS: Final = 60 * SECOND_MS  # within a minute the order of events by hand still holds
HOUR_MIN: Final = 60
DAY_H: Final = 24
IN_HOURS_MIN: Final = 180  # above that nobody reckons in minutes: a clock set to another time zone
IN_DAYS_H: Final = 72  # nor in hours: a clock that was never set, or a count that began again

ABOUT: Final = About(
    condition="device_clock",
    kind="technical",
    when=f"a device's clock is off by more than {seconds(SKEW_ALARM_MS)}; its times are corrected",
    priority="low",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    for device, known in seen.devices.items():
        if abs(known.skew_ms) <= SKEW_ALARM_MS or known.last_at is None or known.attached is False:
            continue
        way = "slow" if known.skew_ms > 0 else "fast"
        yield Condition(
            kind="technical",
            condition="device_clock",
            group=device,
            vital=None,
            side=None,
            priority="low",
            since=known.last_at,
            raise_at=min(now, known.last_at),
            devices=(device,),
            text=f"{device} clock {_by(abs(known.skew_ms))} {way}, corrected",
        )


def _by(off_ms: int) -> str:
    minutes = max(1, round(off_ms / MINUTE_MS))
    if minutes < IN_HOURS_MIN:
        return f"{minutes} min"
    hours = round(minutes / HOUR_MIN)
    return f"{hours} h" if hours < IN_DAYS_H else f"{round(hours / DAY_H)} days"
