"""Whether the server does its work, told from what it remembers of its last commits and sweeps.

Nothing is asked of the database: while it hangs, this still answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.models.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.models.store import Store

SWEEP_AGE_MAX_S: Final = 10  # forty sweeps missed: it has stopped; screens say NOT LIVE then
SET_BACK_MAX_S: Final = 2  # as with a device's clock: less cannot be told from slowness
COMMIT_AGE_MAX_S: Final = 10  # the sweep commits a mark every 5 s: two of them are missing

SCRIBE_STOPPED: Final = "The thread that writes has ended. Restart the server; its log says why."
SWEEP_LATE: Final = (
    "Nobody has looked for {age:.0f} s at what is due: overdue values, silent devices, calls."
    " If that goes on, restart the server; its log says why."
)
SILENT: Final = "It has finished no transaction for {age:.0f} s."
DEVICES_WAIT: Final = (
    "Devices send faster than can be stored: they are told to send again. What people enter goes"
    " first."
)
CLOCK_SET_BACK: Final = (
    "This machine's clock is {by:.0f} s behind the times already recorded; time goes on from there,"
    " so that what comes is judged. Set the clock right; until it has caught up, times are ahead."
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not as it should be: a stable code, and what to do about it."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """`troubles` keep the server from its work; with `warnings` it does it, but not for all."""

    troubles: tuple[Trouble, ...]
    warnings: tuple[Trouble, ...]
    commit_age_s: float
    sweep_age_s: float
    waiting: tuple[int, int]
    """Submissions of people and of devices."""


def health(store: Store, now_s: float, set_back_s: float) -> Health:
    """At `now_s` on the monotonic clock, with the wall clock behind by `set_back_s`."""
    commit_age_s = now_s - store.scribe.committed_at
    sweep_age_s = store.sweep_age_s()
    troubles = [Trouble(f.reason, f.to_operator) for f in _failures(store)]
    if not store.scribe.running:
        troubles.append(Trouble("scribe_stopped", SCRIBE_STOPPED))
    elif commit_age_s > COMMIT_AGE_MAX_S and not troubles:
        silent = f"{Failure('database_gone').to_operator} {SILENT.format(age=commit_age_s)}"
        troubles.append(Trouble("database_gone", silent))
    if sweep_age_s > SWEEP_AGE_MAX_S:
        troubles.append(Trouble("sweep_late", SWEEP_LATE.format(age=sweep_age_s)))
    warnings = []
    if not store.scribe.takes("devices"):
        warnings.append(Trouble("device_lane_full", DEVICES_WAIT))
    if set_back_s > SET_BACK_MAX_S:
        warnings.append(Trouble("clock_set_back", CLOCK_SET_BACK.format(by=set_back_s)))
    return Health(tuple(troubles), tuple(warnings), commit_age_s, sweep_age_s, store.scribe_queue)


def _failures(store: Store) -> Iterable[Failure]:
    """Of writing and of reading, each reason once."""
    known = (store.scribe.last_failure, store.reader.last_failure)
    found = dict.fromkeys(failure for failure in known if failure is not None)
    if not store.commit_ok and store.scribe.last_failure is None:  # its outcome is not known
        found[Failure("database_gone")] = None
    return found
