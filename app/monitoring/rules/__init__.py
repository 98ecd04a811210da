"""Rules say what is true now; the engine alone raises, changes, latches and clears.

A rule is a module with `find(seen, now) -> Iterator[Condition]`; it is pure and keeps nothing. A
new rule is one file here and one line in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from app.monitoring.rules import (
    beyond_limit,
    device_clock,
    recheck,
    signal_stale,
    vitals_overdue,
)
from app.monitoring.rules.condition import Condition
from app.monitoring.state import Situation

Rule = Callable[[Situation, int], Iterator[Condition]]

RULES: Final[tuple[Rule, ...]] = (
    beyond_limit.find,
    signal_stale.find,
    vitals_overdue.find,
    recheck.find,
    device_clock.find,
)

__all__ = ["RULES", "Condition", "Rule"]
