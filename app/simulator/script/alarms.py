"""The alarms that the nurse knows of, as the log tells them, and which wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSEEN: Final = frozenset(("active", "latched"))


@dataclass(slots=True)
class Alarm:
    """One alarm as it stands; `waits_since` is the second from which it waits for somebody."""

    id: str
    name: str
    """`group.side` of a limit alarm, else its condition: as a scenario names it."""
    group: str
    physiological: bool
    priority: str
    state: str
    rev: int
    missing: tuple[str, ...]
    waits_since: int
    due_s: int | None = None
    """When the nurse will have come to it; None: not thought of yet."""
    done: set[str] = field(default_factory=set)
    """Remedies that were given for it."""

    @property
    def unseen(self) -> bool:
        return self.state in UNSEEN

    @property
    def high(self) -> bool:
        return self.priority == "high"


class Alarms:
    """`hear` takes an alarm as an event of the log tells it."""

    def __init__(self) -> None:
        self._known: dict[str, Alarm] = {}

    def hear(self, said: Mapping[str, Any], at_s: int) -> None:
        if said["state"] == "cleared":
            self._known.pop(said["id"], None)
            return
        known = self._known.get(said["id"])
        if known is None:
            self._known[said["id"]] = _alarm(said, at_s)
            return
        if said["state"] == "active" and not known.unseen:
            known.waits_since, known.due_s = at_s, None
        known.state, known.priority, known.rev = said["state"], said["priority"], said["rev"]
        known.missing = tuple(said["missing"])

    @property
    def standing(self) -> tuple[Alarm, ...]:
        return tuple(self._known.values())

    @property
    def unseen(self) -> tuple[Alarm, ...]:
        """In the order in which they came up."""
        return tuple(alarm for alarm in self._known.values() if alarm.unseen)

    def stands(self, name: str) -> bool:
        """Whether what it is about goes on: a latched alarm's condition is over."""
        return any(a.name == name and a.state != "latched" for a in self._known.values())


def name_of(said: Mapping[str, Any]) -> str:
    if said["condition"] == "limit":
        return f"{said['group']}.{said['side']}"
    return str(said["condition"])


def _alarm(said: Mapping[str, Any], at_s: int) -> Alarm:
    return Alarm(
        id=str(said["id"]),
        name=name_of(said),
        group=str(said["group"]),
        physiological=said["kind"] == "physiological",
        priority=said["priority"],
        state=said["state"],
        rev=said["rev"],
        missing=tuple(said["missing"]),
        waits_since=at_s,
    )
