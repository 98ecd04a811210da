"""What the nurse's hands do: to the body at once, and said to the room in the same second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.simulator.body import REMEDIES
from app.simulator.message import Message
from app.simulator.script.actions import Acknowledges, Action, NoteKind, Notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.script.alarms import Alarm
    from app.simulator.script.course import Course

MASK_FROM: Final = 5.0  # L/min: a nasal cannula dries the nose above
SECOND_MS: Final = 1_000

_DONE: Final[Mapping[str, str]] = {
    "rouse": "Talked to, roused",
    "reposition_airway": "Airway opened",
    "reassure": "Reassured",
    "legs_up": "Laid flat, legs raised",
}


class Bedside:
    """Collects a second's actions; `take` hands them over."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._actions: list[Action] = []
        self._charted: dict[str, float] = {}
        self._noted: list[Notes] = []
        self._seen: list[tuple[str, int]] = []

    @property
    def t(self) -> int:
        return self.course.t

    def take(self) -> tuple[list[Message], list[Action]]:
        """What was charted in this second, and what else was done."""
        charted, self._charted = self._charted, {}
        actions, self._actions = self._actions, []
        if not charted:
            return [], actions
        by_hand = Message(
            key=f"charted:{self.t}",
            taken_ms=self.t * SECOND_MS,
            source="manual",
            device=None,
            interval_s=None,
            values=charted,
        )
        return [by_hand], actions

    def charts(self, values: Mapping[str, float]) -> None:
        self._charted.update(values)

    def gives(self, remedy: str, amount: float | None) -> None:
        """Into the body, and onto the timeline."""
        known = REMEDIES[remedy]
        told = known.usual if amount is None else amount
        self.course.give(remedy, amount)
        if remedy == "oxygen":
            data: dict[str, str | float] = {"flow_l_min": told}
            if told > 0.0:
                data["device"] = "mask" if told >= MASK_FROM else "nasal"
            self.notes("oxygen", None, data)
        elif known.unit:
            drug = remedy.capitalize()
            data = {"drug": drug, "dose": told, "unit": known.unit, "route": "iv"}
            self.notes("medication", None, data)
        else:
            self.notes("note", _DONE.get(remedy, remedy.replace("_", " ").capitalize()), {})

    def sets_rate(self, share: float, text: str) -> None:
        self.course.rate_share = share
        self.notes("rate_change", text, {"rate": round(100.0 * share), "unit": "%"})

    def asks(self, to: str, reason: str) -> bool:
        """Whether it could be asked: not right after a refusal."""
        if not self.course.may_ask:
            return False
        self._actions.append(self.course.ask(to, "nurse", reason))
        return True

    def acknowledges(self, alarm: Alarm, action: str) -> None:
        self._actions.append(Acknowledges(self.t, alarm.id, alarm.rev, action))
        self._seen.append((alarm.id, alarm.rev))

    def notes(self, kind: NoteKind, text: str | None, data: Mapping[str, str | float]) -> None:
        same = sum(isinstance(action, Notes) for action in self._actions)
        note = Notes(self.t, kind, text, data, f"{kind}:{self.t}:{same}")
        self._actions.append(note)
        self._noted.append(note)

    def wrote(self, annotation: Mapping[str, Any], at_ms: int) -> bool:
        """Whether an annotation of the log is hers; each is known once."""
        data = {name: said for name, said in annotation["data"].items() if said is not None}
        logged = (at_ms, annotation["kind"], annotation["text"], data)
        for note in self._noted:
            if logged == (note.at_s * SECOND_MS, note.kind, note.text, dict(note.data)):
                self._noted.remove(note)
                return True
        return False

    def saw(self, alarm_id: str, rev: int) -> bool:
        """Whether an acknowledgement of the log is hers; each is known once."""
        if (alarm_id, rev) not in self._seen:
            return False
        self._seen.remove((alarm_id, rev))
        return True
