"""The alarms of a session: each as it now stands, with all that became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.limits import RANK
from app.review.record.model import AlarmTold

if TYPE_CHECKING:
    from app.review.record.log import Logged

CORRECTIONS: Final = frozenset({"reading.voided", "reading.amended"})
VOIDED: Final = "value_voided"


class Alarms:
    """By id, in the order in which they were first raised."""

    def __init__(self) -> None:
        self._events: dict[str, list[Logged]] = {}
        self._rejudged: set[str] = set()
        self._corrected_at: str | None = None

    def hear(self, event: Logged) -> None:
        """What a correction does to alarms follows it at once, recorded in the same moment, and is
        said by the engine itself; what people do may share the moment.
        """
        if not event.kind.startswith("alarm."):
            corrects = event.kind in CORRECTIONS
            self._corrected_at = event.recorded_at if corrects else None
            return
        alarm = event.data["alarm"]
        self._events.setdefault(alarm["id"], []).append(event)
        judged = event.by["kind"] == "system" and event.recorded_at == self._corrected_at
        if judged or alarm["ended_by"] == VOIDED:
            self._rejudged.add(alarm["id"])

    def told(self) -> list[AlarmTold]:
        told = [_told(events, id in self._rejudged) for id, events in self._events.items()]
        return sorted(told, key=lambda one: (one.raised_at, one.history[0]["seq"]))


def _told(events: list[Logged], rejudged: bool) -> AlarmTold:
    alarm = events[-1].data["alarm"]
    priorities = (event.data["alarm"]["priority"] for event in events)
    return AlarmTold(
        alarm=alarm,
        raised_at=alarm["raised_at"],
        cleared_at=alarm["cleared_at"],
        seen_at=_seen_at(alarm),
        priority=max(priorities, key=lambda priority: RANK[priority]),
        history=[_entry(event) for event in events],
        rejudged=rejudged,
    )


def _seen_at(alarm: dict[str, Any]) -> str | None:
    people = (seen for seen in alarm["acknowledgements"] if seen["by"]["kind"] == "person")
    first = next(people, None)
    return None if first is None else first["at"]


def _entry(event: Logged) -> dict[str, Any]:
    alarm = event.data["alarm"]
    said = {name: alarm[name] for name in ("priority", "state", "value", "text")}
    return {"seq": event.seq, "kind": event.kind, "at": event.at, **said, "by": event.by}
