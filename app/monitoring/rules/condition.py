"""What a rule finds present."""

from __future__ import annotations

from dataclasses import dataclass

from app.monitoring.limits import Priority, Side
from app.monitoring.state import AlarmKind


@dataclass(frozen=True, slots=True)
class About:
    """A rule in words, for `docs/alarms.md`: when its condition is found, and with which
    priority.
    """

    condition: str
    kind: AlarmKind
    when: str
    priority: str


@dataclass(slots=True)  # not frozen: it lives within one step, and is made four times as fast
class Condition:
    """A condition and its moments, in milliseconds, if nothing else happens.

    It becomes an alarm at `raise_at`; something else about it changes at `next_at`; `over_at` is
    set when the values are back inside and says when the condition ends. `stands` says whether an
    alarm that was raised for it goes on. `value` is what to tell of it, `worst` the furthest so
    far; `worse_by` is how much further from the limit sounds again. While nobody has seen it, a
    high one sounds again by itself if it `resounds`, else at every worse value. What it `replaces`
    are keys of conditions that tell less of the same.
    """

    kind: AlarmKind
    condition: str
    group: str
    vital: str | None
    side: Side | None
    priority: Priority
    since: int
    raise_at: int
    text: str
    next_at: int | None = None
    over_at: int | None = None
    value: float | None = None
    worst: float | None = None
    limit: float | None = None
    unit: str | None = None
    missing: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    worse_by: float | None = None
    resounds: bool = True
    replaces: tuple[str, ...] = ()
    stands: bool = True

    @property
    def key(self) -> str:
        """One alarm stands per key."""
        return key_of(self.condition, self.group, self.side)


def key_of(condition: str, group: str, side: str | None) -> str:
    return f"{condition}|{group}|{side or ''}"
