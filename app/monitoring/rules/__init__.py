"""Rules say what is true now; the engine alone raises, changes, latches and clears.

A rule is a module with `find(seen, now) -> Iterator[Condition]`, pure and keeping nothing, and
`ABOUT`, which says in words what it finds. A new rule is one file here and one line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from app.monitoring.rules import (
    beyond_limit,
    check_cannula,
    device_clock,
    device_lost,
    help,
    infusion_started,
    missed_offline,
    no_signal,
    planned_end,
    recheck,
    signal_stale,
    vitals_overdue,
)
from app.monitoring.rules.condition import About, Condition
from app.monitoring.situation import Situation

Rule = Callable[[Situation, int], Iterator[Condition]]

_MODULES: Final = (
    help,
    beyond_limit,
    missed_offline,
    recheck,
    no_signal,
    device_lost,
    signal_stale,
    check_cannula,
    vitals_overdue,
    infusion_started,
    planned_end,
    device_clock,
)
RULES: Final[tuple[Rule, ...]] = tuple(module.find for module in _MODULES)
ABOUT: Final[tuple[About, ...]] = tuple(module.ABOUT for module in _MODULES)

__all__ = ["ABOUT", "RULES", "About", "Condition", "Rule"]
