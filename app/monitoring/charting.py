"""A person takes over what a monitor has measured: the device's own values, with their own times.

They stay the device's: nothing is judged twice, and the schedule was met when they were measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.monitoring.device_times import SKEW_TOLERANCE_MS
from app.monitoring.errors import FieldError, NotChartable
from app.monitoring.readings import Charted
from app.monitoring.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NO_VALUE: Final = "This is no value of a device in this session, or it was voided."


@dataclass(frozen=True, slots=True)
class Measured:
    """A device's reading as it now stands: its values as corrected, none if it was voided."""

    device: str
    taken_at: int
    values: Mapping[str, float]
    fresh_s: Mapping[str, float]
    repeated: tuple[str, ...]


def chart(
    asked: Iterable[tuple[str, int]], find: Callable[[int], Measured | None], taken_at: int
) -> tuple[Charted, ...]:
    """What the person took over at `taken_at`; raises NotChartable, one error for each value that
    is none of a device, was voided, or was not fresh then.
    """
    taken, errors = [], []
    for vital, seq in asked:
        measured = find(seq)
        why = _why_not(measured, vital, taken_at)
        if measured is None or why is not None:
            errors.append(FieldError(("charted", vital), "not_chartable", why or NO_VALUE))
        else:
            value = measured.values[vital]
            taken.append(Charted(vital, seq, measured.device, measured.taken_at, value))
    if errors:
        raise NotChartable(
            "Nothing was stored. Take the monitor's newest values and save again.", errors=errors
        )
    return tuple(taken)


def _why_not(measured: Measured | None, vital: str, taken_at: int) -> str | None:
    if measured is None or vital not in measured.values:
        return NO_VALUE
    if vital in measured.repeated:
        return "The device sent an older value again: it is no measurement of its own."
    age = taken_at - measured.taken_at
    if not -SKEW_TOLERANCE_MS <= age <= measured.fresh_s.get(vital, 0) * SECOND_MS:
        return "This value was not fresh at the time of the reading."
    return None
