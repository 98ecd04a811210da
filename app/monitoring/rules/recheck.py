"""A value beyond a limit arrived too late to be judged as now: somebody should look again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.monitoring.situation import Situation
    from app.monitoring.state import Recheck


ABOUT: Final = About(
    condition="recheck",
    kind="physiological",
    when="a value beyond a limit came later than it is fresh; until any newer value",
    priority="medium if critical, else low",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    groups: dict[str, tuple[str, Recheck]] = {}
    for vital, recheck in seen.rechecks.items():
        group = VITALS[vital].group
        held = groups.get(group)
        if held is None or (recheck.critical and not held[1].critical):
            groups[group] = (vital, recheck)
    for group, (vital, recheck) in groups.items():
        sample = seen.samples.get(recheck.seq)
        yield Condition(
            kind="physiological",
            condition="recheck",
            group=group,
            vital=vital,
            side=None,
            priority="medium" if recheck.critical else "low",
            since=recheck.taken_at,
            raise_at=recheck.ask_at,
            value=recheck.value,
            worst=recheck.value,
            unit=VITALS[vital].unit,
            text=_text(vital, recheck, sample.values if sample else {}),
        )


def _text(vital: str, recheck: Recheck, values: Mapping[str, float]) -> str:
    name = f"{VITALS[vital].short} {recheck.value:g}"
    if VITALS[vital].group == "bp" and {"sbp", "dbp"} <= values.keys():
        name = f"BP {values['sbp']:g}/{values['dbp']:g}"
    return f"Check now: last known {name}, entered late"
