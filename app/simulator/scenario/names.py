"""Names that a scenario may use, and what to say about one that does not exist."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Words of the log's alarms (docs/protocol.md): a limit alarm is called by its group and side.
GROUPS: Final = frozenset(vital.group for vital in VITALS.values())
LIMIT_ALARMS: Final = frozenset(f"{group}.{side}" for group in GROUPS for side in ("low", "high"))
OTHER_ALARMS: Final = frozenset(
    (
        *("no_signal", "signal_stale", "device_lost", "device_clock", "vitals_overdue"),
        *("planned_end_passed", "infusion_started", "check_cannula", "recheck", "missed_offline"),
        "help",
    )
)
ALARMS: Final = LIMIT_ALARMS | OTHER_ALARMS
SEEN: Final = frozenset({"nausea", "agitation", "sedation", "dissociation", "pain"})
ACTIONS: Final = frozenset(
    (
        *("repositioned_probe", "slowed_rate", "paused_infusion", "gave_oxygen"),
        *("gave_medication", "checked_patient", "no_action_needed", "responding"),
    )
)

MOST_LISTED: Final = 30  # names in one sentence; beyond that nobody reads them


def unknown(name: str, allowed: Iterable[str]) -> str:
    """The end of a sentence about a name that does not exist: a near match, and what does."""
    names = sorted(allowed)
    near = get_close_matches(name, names, n=1, cutoff=0.66)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; allowed are {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else ""
