"""Loaded into pytest by `make mutants`: of the tests that concern a mutant the quickest go first,
and no more of them than time allows. What many quick tests do not see, a slow one seldom does.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

TIMES: Final = Path("mutmut-stats.json")  # written by mutmut when it first runs the tests
ENOUGH: Final = 0.25  # of the time of all tests; the busiest functions concern almost all of them


@cache
def _times() -> dict[str, float]:
    told: dict[str, float] = json.loads(TIMES.read_text("utf-8"))["duration_by_test"]
    return told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not TIMES.exists():
        return
    times = _times()  # also before any mutant: each is tried by a copy of this process
    if "__mutmut_" not in os.environ.get("MUTANT_UNDER_TEST", ""):
        return
    items.sort(key=lambda item: times.get(item.nodeid, 0.0))
    left = ENOUGH * sum(times.values())
    for number, item in enumerate(items):
        left -= times.get(item.nodeid, 0.0)
        if left < 0 < number:
            del items[number:]
            return
