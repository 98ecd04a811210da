"""A device's clock is off; its times are corrected and the board says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.times import MINUTE_MS, SECOND_MS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

SKEW_ALARM_MS: Final = 60 * SECOND_MS  # within a minute the order of events by hand still holds


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
        minutes = max(1, round(abs(known.skew_ms) / MINUTE_MS))
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
            text=f"{device} clock {minutes} min {way}, corrected",
        )
