"""Vitals stream and the phase still is `ready`: was the infusion started and nobody said so?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.rules.silence import streamed_signals
from app.monitoring.times import MINUTE_MS, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

ASK_MS: Final = 10 * MINUTE_MS  # the last checks before an infusion take less


ABOUT: Final = About(
    condition="infusion_started",
    kind="technical",
    when=f"the phase is ready for {seconds(ASK_MS)} and a device streams",
    priority="low",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if seen.phase != "ready":
        return
    fresh_until = max((lost.at for _, lost in streamed_signals(seen)), default=now)
    ask_at = seen.phase_since + ASK_MS
    yield Condition(
        kind="technical",
        condition="infusion_started",
        group="phase",
        vital=None,
        side=None,
        priority="low",
        since=ask_at,
        raise_at=ask_at,
        next_at=fresh_until,
        text="Infusion started? The phase still is ready",
        stands=fresh_until > now,
    )
