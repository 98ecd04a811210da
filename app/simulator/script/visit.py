"""One patient's visit as a script: second by second, what is sent, charted, noted and asked for.

Pure: it says what is to be done and knows nothing of how. It is told what came of it, and what
others did, from the server's log. The same scenario, seed and log give the same actions.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.simulator.body import Patient
from app.simulator.faults import Line
from app.simulator.script.actions import (
    Action,
    Asks,
    AttachesDevice,
    Charts,
    Sends,
)
from app.simulator.script.bedside import Bedside
from app.simulator.script.course import MONITORED, Course
from app.simulator.script.monitor import Monitor
from app.simulator.script.nurse import LOOK_S, Nurse
from app.simulator.script.orders import Gives, SetsRate, order_of
from app.simulator.script.plan import draw_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.simulator.message import Delivery, Message
    from app.simulator.scenario import Scenario

Json = dict[str, Any]

SECOND_MS = 1_000
LOOK_MS = LOOK_S * SECOND_MS
OTHERS = frozenset(("person", "station"))
PUT_RIGHT = frozenset(("phase.corrected", "phase.taken_back"))

__all__ = ["LOOK_S", "Json", "Visit"]


class Visit:
    """`advance` moves on by a second and says what is done in it; `hear` takes events of the log.

    `start_ms` is second 0, by the server's clock: the room sets it before it first says anything.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: str,
        *,
        device: str,
        nurse: bool = False,
        sample_s: int | None = None,
    ) -> None:
        self.scenario = scenario
        self.plan = draw_plan(scenario, seed)
        self.start_ms = 0
        body = Patient(seed, draws=scenario.draws(), happenings=scenario.happenings_of_body())
        self._course = Course(self.plan, body)
        self._monitor = Monitor(
            device,
            sample_s=scenario.plan.sample_s if sample_s is None else sample_s,
            cuff_off_from_min=scenario.plan.cuff_off_from_min,
        )
        self._line = Line(scenario.faults, seed)
        self._nurse = Nurse(scenario.nurse, seed, plays=nurse or scenario.nurse.play)
        self._bedside = Bedside(self._course)
        self._attached = False
        self._waiting: list[tuple[int, Json]] = []  # of a log that was caught up with

    @property
    def t(self) -> int:
        """The second that is done; -1 before the check-in."""
        return self._course.t

    @property
    def phase(self) -> str:
        return self._course.phase

    @property
    def over(self) -> bool:
        return self._course.over

    @property
    def since_s(self) -> int:
        """Seconds in this phase."""
        return self._course.since_s

    @property
    def length_s(self) -> int:
        """If all goes as planned."""
        return self.plan.length_s

    @property
    def patient(self) -> Patient:
        return self._course.patient

    @property
    def plays_nurse(self) -> bool:
        return self._nurse.plays

    @property
    def sample_s(self) -> int:
        return self._monitor.sample_s

    @sample_s.setter
    def sample_s(self, seconds: int) -> None:
        self._monitor.sample_s = seconds

    def advance(self) -> list[Action]:
        """The next second, in the order it happens: the phase, what is measured, what is done."""
        course = self._course
        course.move()
        asked = self._phase()
        if course.over:  # what is still on its way arrives before the patient has gone
            return [*self._passed_on(()), *self._sent(self._line.flush(self.t)), *asked]
        measured = self._monitor.measures(course) if course.phase in MONITORED else []
        self._nurse.acts(self._bedside)
        charted, done = self._bedside.take()
        return [*asked, *self._passed_on([*measured, *charted]), *done]

    def refused(self, asks: Asks) -> None:
        """The server did not take this phase: the visit is where it was, and asks again later."""
        self._course.refused(asks)

    def hear(self, events: Sequence[Json]) -> None:
        """What the log says since it was last heard; called whenever `t % LOOK_S == 0`."""
        while self._waiting and self._waiting[0][0] <= self.t:
            self._hear(self._waiting.pop(0)[1])
        for event in events:
            self._hear(event)

    def catch_up(self, events: Sequence[Json], until_s: int) -> None:
        """After a restart: relive what was up to and including `until_s`, sending nothing.

        `events` is the whole log so far. Each is heard when the room then heard it; what comes
        after `until_s` is heard when it is its turn.
        """
        self._waiting = list(self._when_heard(events))
        entered = {
            (event["data"]["to"], self._ms(event["at"]))
            for event in events
            if event["kind"] == "phase.changed"
        }
        while self.t < until_s and not self.over:
            asked = [action for action in self.advance() if isinstance(action, Asks)]
            for asks in reversed(asked):
                if (asks.to, asks.at_s * SECOND_MS) not in entered:
                    self.refused(asks)
            if self.t % LOOK_S == 0:
                self.hear(())

    def _phase(self) -> list[Action]:
        """The phase that is due, and the monitor connected when its first one begins."""
        course = self._course
        due = course.due() if course.may_ask else None
        if due is None or not self._nurse.allows(due[0], course):
            asked: list[Action] = []
        else:
            asked = [course.ask(due[0], "plan", due[1])]
        if not self._attached and course.phase in MONITORED:
            self._attached = True
            asked.append(AttachesDevice(self.t, self._monitor.device))
        return asked

    def _passed_on(self, messages: Sequence[Message]) -> list[Action]:
        return self._sent(self._line.pass_on(self.t, self.patient.story_min, messages))

    def _sent(self, deliveries: Iterable[Delivery]) -> list[Action]:
        actions: list[Action] = []
        for delivery in deliveries:
            if delivery.messages[0].source == "device":
                actions.append(Sends(self.t, delivery))
            else:
                actions.extend(Charts(self.t, message) for message in delivery.messages)
        return actions

    def _hear(self, event: Json) -> None:
        kind: str = event["kind"]
        data: Json = event["data"]
        if kind.startswith("alarm."):
            at_s = self._second(event["at"])
            gives = self._nurse.hear(self._bedside, kind, data["alarm"], at_s)
            if gives is not None:
                self._course.give(gives.remedy, gives.amount)
        elif kind == "phase.changed":
            self._course.follow(data["to"], self._second(event["at"]))
        elif kind in PUT_RIGHT:
            last = data["phases"][-1]
            self._course.follow(last["phase"], self._second(last["at"]))
        elif kind == "annotation.recorded":
            self._read(data)

    def _read(self, annotation: Json) -> None:
        """What somebody else wrote acts on the body; what the nurse wrote has already."""
        if self._bedside.wrote(annotation, self._ms(annotation["at"])):
            return
        match order_of(annotation, self.plan, self.patient.traits.weight_kg):
            case Gives(remedy, amount):
                self._course.give(remedy, amount)
            case SetsRate(share):
                self._course.rate_share = share

    def _when_heard(self, events: Sequence[Json]) -> Iterable[tuple[int, Json]]:
        """Each event with the look at which it was heard: the first after it had been recorded.

        On a driven clock time stands from one look to what is sent next: what people do meanwhile
        has the time of the look that is over.
        """
        heard_s = 0
        for event in events:
            at_ms = self._ms(event["at"])
            by_others = event["actor"]["kind"] in OTHERS
            due_ms = at_ms + SECOND_MS if by_others and at_ms % LOOK_MS == 0 else at_ms
            heard_s = max(heard_s, -(-due_ms // LOOK_MS) * LOOK_S)
            yield heard_s, event

    def _ms(self, text: str) -> int:
        """Milliseconds of the visit of a time in the log."""
        return round(datetime.fromisoformat(text).timestamp() * SECOND_MS) - self.start_ms

    def _second(self, text: str) -> int:
        return self._ms(text) // SECOND_MS
