"""Phases of a session: which may follow which, what each needs, what is watched in it, and what a
row of them comes to.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.monitoring.limits import Number
    from app.monitoring.state import PhaseSpan

SCHEDULED: Final = "scheduled"

FORWARD: Final[Mapping[str, tuple[str, ...]]] = {
    "scheduled": ("checked_in", "cancelled"),
    "checked_in": ("baseline", "cancelled"),
    "baseline": ("ready", "cancelled"),
    "ready": ("infusing", "cancelled"),
    "infusing": ("paused", "completed", "stopped", "transferred"),
    "paused": ("infusing", "completed", "stopped", "transferred"),
    "completed": ("recovery", "transferred"),
    "stopped": ("recovery", "transferred"),
    "recovery": ("ready_for_discharge", "transferred"),
    "ready_for_discharge": ("discharged", "transferred"),
    "discharged": (),
    "cancelled": (),
    "transferred": (),
}
BACK: Final[Mapping[str, str]] = {
    "completed": "infusing",
    "stopped": "infusing",
    "ready_for_discharge": "recovery",
}
PHASES: Final = tuple(FORWARD)
CLOSED: Final = frozenset({"discharged", "cancelled", "transferred"})

NEEDS_REASON: Final = frozenset({"stopped"})
TAKE_BACK_S: Final = 600  # a slip is seen within 10 min; later care has followed from it
BACK_TO_INFUSING_S: Final = (
    600  # a mistaken "completed" is noticed within 10 min; later it is a new infusion
)

WATCHED: Final = frozenset(
    {"baseline", "ready", "infusing", "paused", "completed", "stopped", "recovery"}
)
"""Phases in which a device's silence is an alarm: the patient is connected."""


def allowed(phase: str) -> tuple[str, ...]:
    """The phases that may follow, the way back last."""
    back = BACK.get(phase)
    return FORWARD[phase] + ((back,) if back else ())


def is_back(phase: str, to: str) -> bool:
    """True for a way back, which needs a reason."""
    return BACK.get(phase) == to


def infused(spans: Sequence[PhaseSpan]) -> tuple[int, int | None]:
    """Milliseconds infused in the phases that are over, and since when the last one infuses."""
    over = sum(max(0, b.at - a.at) for a, b in pairwise(spans) if a.phase == "infusing")
    return over, spans[-1].at if spans[-1].phase == "infusing" else None


def infused_for(spans: Sequence[PhaseSpan], wanted: int, now: int) -> int | None:
    """When so many milliseconds had been infused; None if that is not yet so."""
    over = 0
    for at, span in enumerate(spans):
        if span.phase != "infusing":
            continue
        end = spans[at + 1].at if at + 1 < len(spans) else now
        lasted = max(0, end - span.at)
        if over + lasted >= wanted:
            return span.at + wanted - over
        over += lasted
    return None


def scheduled(
    spans: Sequence[PhaseSpan], schedule: Mapping[str, Mapping[str, Number]]
) -> tuple[Mapping[str, Number], int]:
    """How often values are due in the last phase, and since when: a phase with the same schedule
    as the one before it goes on with it.
    """
    wanted: Mapping[str, Number] = {}
    since = spans[0].at
    for span in spans:
        of_phase = schedule.get(span.phase, {})
        if of_phase != wanted:
            wanted, since = of_phase, span.at
    return wanted, since
