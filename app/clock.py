"""The one place that reads the clock."""

from __future__ import annotations

import time
from typing import Final

MOST_AHEAD_MS: Final = 24 * 3_600_000
"""A record further ahead than any session lasts is a mistake that nothing should follow."""

_ahead_ns = time.time_ns() - time.monotonic_ns()


def now_ms() -> int:
    """Wall time in whole milliseconds since 1970-01-01T00:00:00Z, never less than before.

    Where the wall clock is set back, time goes on at the pace of the monotonic clock: what is old
    must not look new again, nor what is new be taken for old.
    """
    global _ahead_ns
    wall = time.time_ns()  # read first, so that a pause between the two does not count as ahead
    running = time.monotonic_ns()
    _ahead_ns = max(_ahead_ns, wall - running)
    return (running + _ahead_ns) // 1_000_000


def go_on_from(recorded_ms: int) -> bool:
    """Time goes on from what was recorded before a restart: it is never told as earlier again, as
    if the process had run on. False, and nothing changed, if that is too far ahead to be true.
    """
    global _ahead_ns
    ahead_ns = recorded_ms * 1_000_000 - time.monotonic_ns()
    if ahead_ns - (time.time_ns() - time.monotonic_ns()) > MOST_AHEAD_MS * 1_000_000:
        return False
    _ahead_ns = max(_ahead_ns, ahead_ns)
    return True


def set_back_s() -> float:
    """By how many seconds the wall clock is behind the time that goes on here."""
    return max(0.0, (now_ms() - time.time_ns() // 1_000_000) / 1_000)


def monotonic_s() -> float:
    """Seconds that no clock step touches, for intervals inside this process."""
    return time.monotonic()
