"""End-tidal CO2 too low to be the patient's: the cannula has slipped or is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.beyond_limit import INSIDE_MS, raise_at
from app.monitoring.rules.condition import About, Condition
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation


ABOUT: Final = About(
    condition="check_cannula",
    kind="technical",
    when="end-tidal CO2 is beyond its technical line for the delay",
    priority="low",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    for key, excursions in seen.out.items():
        vital = key.split("|", 1)[0]
        for excursion in excursions:
            if excursion.line.tier != "technical":
                continue
            inside_since = excursion.inside_since
            value = excursion.worst.values[vital]
            yield Condition(
                kind="technical",
                condition="check_cannula",
                group=VITALS[vital].group,
                vital=vital,
                side=None,
                priority=excursion.priority,
                since=excursion.since,
                raise_at=raise_at(seen, vital, excursion),
                over_at=None if inside_since is None else inside_since + INSIDE_MS,
                value=value,
                limit=excursion.line.value,
                unit=VITALS[vital].unit,
                text=f"{VITALS[vital].short} {value:g} {VITALS[vital].unit}: check cannula",
            )
