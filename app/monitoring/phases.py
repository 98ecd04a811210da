"""Phases of a session: which may follow which, what each needs, and what is watched in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

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
