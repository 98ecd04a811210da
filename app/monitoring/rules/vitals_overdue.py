"""Vitals that the schedule asks for have not come, from any source; one alarm per session names
what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.newest import newest_sample
from app.monitoring.rules.condition import About, Condition
from app.monitoring.rules.silence import GRACE_MS
from app.monitoring.times import SECOND_MS, seconds
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation

LATEST_MS: Final = 300 * SECOND_MS  # at most 5 min late, however long the interval
PATIENT_UNDER_DRUG: Final = frozenset({"infusing", "paused"})


ABOUT: Final = About(
    condition="vitals_overdue",
    kind="technical",
    when=(
        f"a scheduled vital is late by its whole interval, at most {seconds(LATEST_MS)};"
        " one alarm names all that is missing"
    ),
    priority="medium while infusing or paused, else low",
)


def due_at(seen: Situation, vital: str) -> int:
    """When the next value of a scheduled vital is due, put off if it was tried and not taken."""
    asked = asked_at(seen, vital)
    tried = seen.not_taken.get(vital)
    return asked if tried is None or tried.until is None else max(asked, tried.until)


def asked_at(seen: Situation, vital: str) -> int:
    """When the schedule alone asks for it, from the last value actually taken."""
    every = round(seen.schedule[vital] * SECOND_MS)
    sample = newest_sample(seen, vital)
    if sample is None:
        return seen.schedule_since + every
    return max(seen.schedule_since, sample.taken_at + every)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if not seen.schedule or seen.standby is not None:
        return
    moments = {
        vital: due_at(seen, vital) + min(round(every * SECOND_MS), LATEST_MS)
        for vital, every in seen.schedule.items()
    }
    first = min(moments.values())
    missing = tuple(vital for vital, at in moments.items() if at <= now)
    later = min((at for at in moments.values() if at > now), default=None)
    yield _condition(seen, missing, first, later)


def _condition(
    seen: Situation, missing: tuple[str, ...], first: int, next_at: int | None
) -> Condition:
    names = list(dict.fromkeys(_name(vital) for vital in missing))
    return Condition(
        kind="technical",
        condition="vitals_overdue",
        group="overdue",
        vital=None,
        side=None,
        priority="medium" if seen.phase in PATIENT_UNDER_DRUG else "low",
        since=first,
        raise_at=max(first, seen.watch_since + GRACE_MS),
        next_at=next_at,
        text=f"Overdue: {', '.join(names)}",
        missing=missing,
        stands=bool(missing),
    )


def _name(vital: str) -> str:
    return "BP" if VITALS[vital].group == "bp" else VITALS[vital].short
