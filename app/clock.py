"""The one place that reads the clock."""

from __future__ import annotations

import time

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


def monotonic_s() -> float:
    """Seconds that no clock step touches, for intervals inside this process."""
    return time.monotonic()
