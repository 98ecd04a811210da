"""The one place that reads the clock."""

from __future__ import annotations

import time


def now_ms() -> int:
    """Wall time in whole milliseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Seconds that no clock step touches, for intervals inside this process."""
    return time.monotonic()
