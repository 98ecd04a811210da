"""A visit played against the monitor's own engine, without server or database: the true log.

What the script says becomes inputs as the services make them, at the session's driven time; what
the engine records is what the script hears, at every look and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import orjson
from pydantic import TypeAdapter

from app.api.schemas.alarms import AcknowledgeIn
from app.api.schemas.annotations import AnnotationIn
from app.monitoring.commands import Actor, AttachDevice, ChangePhase, MoveClock, RecordReading
from app.monitoring.engine import Input, moment, step
from app.monitoring.errors import DomainError, GateFailed, UnknownAlarm
from app.monitoring.in_force import limits_of, still_drawn
from app.monitoring.times import iso, parse_iso
from app.simulator.scenario import Scenario, find
from app.simulator.script import (
    LOOK_S,
    Acknowledges,
    Action,
    Asks,
    AttachesDevice,
    Charts,
    Notes,
    Sends,
    Visit,
)
from tests.monitoring.telling import TEN, as_json, begin, checked, unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.simulator.message import Message

Json = dict[str, Any]
SCRIPT: Final = Actor("program", "script", "Simulator", "simulator")
TRAINEE: Final = Actor("person", "tina", "Tina", "nurse")
ANNOTATION: Final[TypeAdapter[Any]] = TypeAdapter(AnnotationIn)
LONGEST_S: Final = 5 * 3_600


def told(scenario: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario in the words of its file."""
    said = {"name": "told", "about": "for a test", **(scenario or {})}
    return Scenario.model_validate_json(orjson.dumps(said))


def built_in(name: str) -> Scenario:
    found = find(name)
    assert isinstance(found, Scenario)
    return found


def visit_of(
    scenario: Scenario | None = None, seed: str = "1", *, nurse: bool = False, sample_s: int = 5
) -> Visit:
    visit = Visit(scenario or told(), seed, device="mon-01", nurse=nurse, sample_s=sample_s)
    visit.start_ms = TEN
    return visit


def open_loop(visit: Visit, until_s: int = LONGEST_S) -> list[Action]:
    """All that is said when nobody answers."""
    said: list[Action] = []
    while not visit.over and visit.t < until_s:
        said += visit.advance()
    return said


class Bed:
    """One session of the engine and the visit that feeds it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        made = begin(clock="driven", weight_kg=visit.patient.traits.weight_kg, starts_at=TEN)
        self.state = made.state
        self.limits = limits_of(made.state)
        self.log: list[Json] = [as_json(event, TEN) for event in made.events]
        self.heard = 0
        self.known_at: dict[int, int] = {}
        self.said: list[Action] = []
        self.refused: list[tuple[Asks, str]] = []
        self.unknown: list[Acknowledges] = []
        self._stored: set[str] = set()

    def play(
        self, until_s: int = LONGEST_S, *, between: Callable[[Bed], None] | None = None
    ) -> Bed:
        """Until the patient has gone, or that second is done; `between` is called before each."""
        while not self.visit.over and self.visit.t < until_s:
            if between is not None:
                between(self)
            for action in self.visit.advance():
                self.said.append(action)
                self._does(action)
            if self.visit.t % LOOK_S == 0:
                self.look()
            self.known_at[self.visit.t] = len(self.log)
        return self

    def known(self, second: int) -> list[Json]:
        """The log as it was when that second was done."""
        return self.log[: self.known_at[second]]

    def look(self) -> None:
        """As the room does: the clock is moved, then what is new is heard."""
        if not self.visit.over:
            self.step(MoveClock(at=self.at(self.visit.t)))
        news, self.heard = self.log[self.heard :], len(self.log)
        self.visit.hear(news)

    def step(self, command: Input, actor: Actor = SCRIPT) -> None:
        before = self.state
        made = step(before, command, self.limits, moment(before, command, TEN), actor)
        if not still_drawn(before, made.state):
            self.limits = limits_of(made.state)
        self.state = made.state
        self.log += [as_json(event, TEN) for event in made.events]

    def at(self, second: int) -> int:
        return TEN + second * 1_000

    def person(self, command: Input) -> None:
        """Somebody does this on a screen, now."""
        self.step(command, TRAINEE)

    def writes(self, kind: str, data: Mapping[str, Any], text: str | None = None) -> None:
        """Somebody writes this on the timeline, now."""
        self._annotates({"kind": kind, "data": dict(data), "text": text}, TRAINEE)

    def kinds(self, prefix: str = "") -> list[str]:
        return [event["kind"] for event in self.log if event["kind"].startswith(prefix)]

    def phases(self) -> list[tuple[str, int]]:
        """Phase and second, as the log has them."""
        changed = [event for event in self.log if event["kind"] == "phase.changed"]
        return [(event["data"]["to"], self.second(event)) for event in changed]

    def second(self, event: Json) -> int:
        """Of the visit."""
        return (parse_iso(event["at"]) - TEN) // 1_000

    def alarms(self, kind: str = "alarm.raised") -> list[Json]:
        return [event["data"]["alarm"] for event in self.log if event["kind"] == kind]

    def of(self, *kinds: type[Any]) -> list[Any]:
        return [action for action in self.said if isinstance(action, kinds)]

    def _does(self, action: Action) -> None:
        match action:
            case Sends(_, delivery):
                assert delivery.to_room is None
                for message in delivery.messages:
                    self._records(message)
            case Charts(_, message):
                self._moves(action.at_s)
                self._records(message)
            case Asks(at_s, to, reason):
                asked = ChangePhase(to, at=self.at(at_s), reason=reason)
                try:
                    self.step(asked)
                except GateFailed:
                    if self.visit.plays_nurse:
                        self._is_refused(action, "gate_failed")
                    else:
                        self.step(replace(asked, override_reason="nobody answers here"))
                except DomainError as error:
                    self._is_refused(action, error.code)
            case Notes(at_s, kind, text, data):
                self._moves(at_s)
                said = {"kind": kind, "data": dict(data), "text": text}
                self._annotates({**said, "at": iso(self.at(at_s))}, SCRIPT)
            case Acknowledges(at_s, alarm_id, rev, code):
                self._moves(at_s)
                body = AcknowledgeIn(rev=rev, action=code)
                try:
                    self.step(body.to_command(alarm_id))
                except UnknownAlarm:
                    self.unknown.append(action)
            case AttachesDevice(at_s, device):
                self._moves(at_s)
                self.step(AttachDevice(device))

    def _is_refused(self, asks: Asks, code: str) -> None:
        self.refused.append((asks, code))
        self.visit.refused(asks)

    def _moves(self, second: int) -> None:
        self.step(MoveClock(at=self.at(second)))

    def _annotates(self, body: Json, actor: Actor) -> None:
        written = {**body, "id": f"00000000-0000-4000-8000-{len(self.log):012d}"}
        command = ANNOTATION.validate_python(written).to_command()
        self.step(command, actor)

    def _records(self, message: Message) -> None:
        if message.key in self._stored:
            return
        self._stored.add(message.key)
        command = RecordReading(
            values=message.values,
            id=message.key,
            taken_at=TEN + message.taken_ms,
            source=message.source,
            device=message.device,
            interval_s=message.interval_s,
        )
        try:
            self.step(checked(self.state, command, TEN))
        except DomainError:
            assert message.source == "device", "a nurse never charts what is impossible"
            lost = unheard(self.state, command, TEN)
            if lost is not None:
                self.step(lost)


def in_json(actions: Sequence[Action]) -> list[Json]:
    """The same words for the same actions."""
    found: list[Json] = []
    for action in actions:
        body = orjson.loads(orjson.dumps(action, option=orjson.OPT_SORT_KEYS))
        found.append({"kind": type(action).__name__, **body})
    return found
