"""Moments: whole milliseconds since 1970 (UTC) inside, ISO-8601 text with `Z` at the edge.

Integers compare and add in nanoseconds and have one spelling in every database; text is made once,
from a cached second.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000


@lru_cache(maxsize=4_096)  # an hour at 1 Hz, so that live traffic formats each second once
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=1_024)  # an event names a moment several times, and a commit many events
def iso(ms: int) -> str:
    """`2026-11-22T10:15:00.000Z`; such texts sort as their moments do."""
    seconds, rest = divmod(ms, SECOND_MS)
    return f"{_second(seconds)}.{rest:03d}Z"


def seconds(ms: int) -> str:
    """A span in words: `45 s`, `3 min`."""
    minutes, rest = divmod(ms, MINUTE_MS)
    return f"{minutes} min" if minutes and not rest else f"{ms / SECOND_MS:g} s"


@lru_cache(maxsize=256)  # an event names the same moment several times
def parse_iso(text: str) -> int:
    """Milliseconds of a text that `iso` made."""
    return round(datetime.fromisoformat(text).timestamp() * SECOND_MS)
