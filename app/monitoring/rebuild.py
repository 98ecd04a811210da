"""Stepping a log again: the input that an event stands for, and the state that a log makes.

Used when a stored state is missing or of another engine version, to see what corrections or other
limits would have made of the same course, and by the re-step law of the tests: the log's inputs,
stepped again by the same engine version, give equal events but for `recorded_at` and `hash`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.annotations import noted_in
from app.monitoring.commands import (
    Acknowledge,
    Actor,
    ChangeLimits,
    ChangePhase,
    CreateSession,
    EndAlarm,
)
from app.monitoring.corrections import Correct, Correction, corrections_in, was_taken_at
from app.monitoring.cuff import cuff_values
from app.monitoring.engine import Input, Tick, create, moment, step
from app.monitoring.errors import DomainError
from app.monitoring.in_force import Limits, limits_of, protocol_of, still_drawn
from app.monitoring.inputs import actor_of, alarm_of, input_of, reading_of
from app.monitoring.protocols import VERSIONS, Protocol
from app.monitoring.readings import LostSignals, Reading
from app.monitoring.rules.condition import key_of
from app.monitoring.signing import signed_in
from app.monitoring.state import Event, Patient, State, Step
from app.monitoring.stop_prompts import prompts_in
from app.monitoring.times import parse_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.monitoring.limits import Lines

NOBODY: Final = Actor("system", "", "")
CORRECTIONS: Final = frozenset({"reading.voided", "reading.amended"})
FORCED: Final = "as it was recorded"  # a gate that the log passed is passed again


class Replay:
    """Steps a log again, event by event, in order of seq and from `session.created` on.

    As it is, it gives the log's own events. With `corrections` (by the seq of the reading) it gives
    the course as if the readings had been right from the start; with `redraw` the course under
    other lines, in which a person's changes to the lines named in `fixed` (`vital.flag`) are left
    out. In such another course an alarm that a person acknowledged or ended is the one that stands
    for the same condition, and what was refused is left out.
    """

    def __init__(
        self,
        corrections: Mapping[int, Correction] | None = None,
        *,
        redraw: Callable[[Lines], Lines] | None = None,
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        self._corrections = corrections
        self._redraw = redraw
        self._fixed = fixed
        self._elsewhere = corrections is not None or redraw is not None
        self._log: list[Mapping[str, Any]] = []
        self._state: State | None = None
        self._limits: Limits | None = None
        self._last_recorded = 0
        self.judged: dict[int, Mapping[str, Any]] = {}
        """What `reading.recorded` would say of each amended reading, by the seq of the first."""
        self.recorded: dict[int, int] = {}
        """When each reading with another time was recorded, by the session's time and its seq."""

    @property
    def state(self) -> State:
        """Raises ValueError before the first event."""
        if self._state is None:
            raise ValueError("an empty log has no state")
        return self._state

    def feed(self, logged: Mapping[str, Any]) -> tuple[Event, ...]:
        """What the engine says to the input that this event stands for, if it stands for one."""
        self._last_recorded = max(self._last_recorded, parse_iso(logged["recorded_at"]))
        if not self._elsewhere:
            self._log.append(logged)
        if self._state is None:
            return self._take(created(logged))
        command = self._command(logged, self._state)
        if command is None:
            return ()
        now = moment(self._state, command, self._last_recorded)
        if isinstance(command, Reading) and command.retimed:
            now = self.recorded[logged["seq"]]  # it told a driven clock the time that it had
        try:
            made = step(self._state, command, self.limits, now, actor_of(logged["actor"]))
        except DomainError:
            if self._elsewhere:
                return ()
            raise
        if isinstance(command, Reading) and command.kept_seq in (self._corrections or {}):
            said = next(e for e in made.events if e.kind == "reading.recorded")
            self.judged[logged["seq"]] = said.data
        return self._take(made)

    def finish(self) -> tuple[Event, ...]:
        """What was due until the last event was recorded."""
        if self.state.clock != "wall":
            return ()
        now = max(self.state.now, self._last_recorded)
        return self._take(step(self.state, Tick(), self.limits, now, NOBODY))

    @property
    def limits(self) -> Limits:
        if self._limits is None:
            self._limits = limits_of(self.state, self._protocol(self.state))
        return self._limits

    def _protocol(self, state: State) -> Protocol:
        protocol = protocol_of(state)
        if self._redraw is None:
            return protocol
        return replace(protocol, lines=self._redraw(protocol.lines))

    def _take(self, made: Step) -> tuple[Event, ...]:
        if self._state is None or not still_drawn(self._state, made.state):
            self._limits = None
        self._state = made.state
        return made.events

    def _command(self, logged: Mapping[str, Any], state: State) -> Input | None:
        kind = logged["kind"]
        if kind in CORRECTIONS:
            return None if self._elsewhere else self._correct(logged)
        kept_seq = logged["seq"] if self._elsewhere else None
        command = input_of(logged, driven=state.clock == "driven", kept_seq=kept_seq)
        if not self._elsewhere or command is None:
            return command
        match command:
            case Reading():
                return self._corrected(command, logged["seq"], state)
            case ChangePhase():
                return replace(command, override_reason=command.override_reason or FORCED)
            case Acknowledge() | EndAlarm():
                return _of_this_course(command, logged["data"]["alarm"], state)
            case ChangeLimits():
                return self._allowed(command)
            case _:
                return command

    def _corrected(self, reading: Reading, seq: int, state: State) -> Input | None:
        """The reading as it should have been; one that should not be has told a driven clock the
        time all the same.
        """
        correction = (self._corrections or {}).get(seq)
        if correction is None:
            return reading
        if correction.reading is None:
            driven = state.clock == "driven"
            return LostSignals(None, reading.taken_at, ()) if driven else None
        right = correction.reading
        retimed = reading.taken_at != right.taken_at
        if retimed:
            self.recorded[seq] = moment(state, reading, self._last_recorded)
        measured = dict(cuff_values(reading)) != dict(cuff_values(right))
        again = () if measured else reading.told_again
        return replace(right, kept_seq=seq, retimed=retimed, told_again=again)

    def _allowed(self, command: ChangeLimits) -> ChangeLimits | None:
        lines = {
            vital: {flag: x for flag, x in names.items() if f"{vital}.{flag}" not in self._fixed}
            for vital, names in command.lines.items()
        }
        lines = {vital: names for vital, names in lines.items() if names}
        if not lines and not command.baseline:
            return None
        return replace(command, lines=lines, version=None)

    def _correct(self, logged: Mapping[str, Any]) -> Correct:
        """The correction that the log records, observed anew over the log so far."""
        data = logged["data"]
        observed = Replay(corrections_in(self._log))
        for earlier in self._log:
            observed.feed(earlier)
        observed.finish()
        amended = logged["kind"] == "reading.amended"
        moved = not amended and data["moved_to"] is not None
        return Correct(
            seq=data["seq"],
            reading_id=data["id"],
            kind="amended" if amended else "moved" if moved else "voided",
            reason=data["reason"],
            observed=observed.state,
            was=data["was"] if amended else {},
            was_taken_at=was_taken_at(data) if amended else 0,
            judged=observed.judged[data["seq"]] if amended else None,
            moved_to=None if amended else data["moved_to"],
        )


def restep(log: Iterable[Mapping[str, Any]]) -> tuple[State, list[Event]]:
    """The state and the events that the inputs of a whole log give; `log` is in order of seq and
    begins with `session.created`.
    """
    replay = Replay()
    events: list[Event] = []
    for logged in log:
        events += replay.feed(logged)
    events += replay.finish()
    return replay.state, events


def state_of(log: Iterable[Mapping[str, Any]]) -> State:
    """The state that a whole log makes, whichever version of the engine wrote it.

    Where this version would have said other things, what was said stands: readings and commands are
    stepped again, the alarms are those of the log, and the next moment judges them.
    """
    events = list(log)
    try:
        state, made = restep(events)
    except DomainError:
        return _adopted(events)
    same = [event.kind for event in made] == [logged["kind"] for logged in events]
    return state if same else _adopted(events)


def gone_on(state: State, readings: Iterable[Mapping[str, Any]]) -> State | None:
    """The state after the readings with which its log goes on; None if one of these events is more
    than a reading that said nothing but itself.

    What was due between them is done again at its own moments, so that nothing is missing.
    """
    limits = limits_of(state)
    for logged in readings:
        if logged["kind"] != "reading.recorded":
            return None
        reading = reading_of(logged["data"])
        now = moment(state, reading, parse_iso(logged["recorded_at"]))
        try:
            made = step(state, reading, limits, now, actor_of(logged["actor"]))
        except DomainError:
            return None
        if made.state.seq != logged["seq"]:
            return None
        limits = limits if still_drawn(state, made.state) else limits_of(made.state)
        state = made.state
    return state


def _adopted(log: list[Mapping[str, Any]]) -> State:
    replay = Replay(corrections_in(log))
    said: dict[str, Mapping[str, Any]] = {}
    for logged in log:
        replay.feed(logged)
        if logged["kind"].startswith("alarm."):
            said[logged["data"]["alarm"]["id"]] = logged["data"]["alarm"]
    replay.finish()
    standing = [alarm_of(alarm) for alarm in said.values() if alarm["state"] != "cleared"]
    return replace(
        replay.state,
        seq=log[-1]["seq"],
        alarms={alarm.key: alarm for alarm in standing},
        recent={},
        annotations=noted_in(log),
        signed=signed_in(log),
        stop_prompts=prompts_in(log),
        next_due_at=replay.state.now if replay.state.closed_at is None else None,
    )


def _of_this_course(
    command: Acknowledge | EndAlarm, said: Mapping[str, Any], state: State
) -> Acknowledge | EndAlarm | None:
    alarm = state.alarms.get(key_of(said["condition"], said["group"], said["side"]))
    if alarm is None:
        return None
    if isinstance(command, Acknowledge):
        quieted = command.rev == said["rev"]
        return replace(command, alarm_id=alarm.id, rev=None if quieted else alarm.rev - 1)
    return replace(command, alarm_id=alarm.id)


def created(logged: Mapping[str, Any]) -> Step:
    """The first step of the session that `session.created` tells of."""
    said = logged["data"]["state"]
    who = said["patient"]  # older logs do not tell the year
    patient = Patient(who["id"], who["code"], who["initials"], who.get("birth_year"))
    command = CreateSession(
        patient_id=patient.id,
        station=said["station"],
        protocol=said["protocol"],
        weight_kg=said["weight_kg"],
        dose_mg_per_kg=said["dose_mg_per_kg"],
        planned_minutes=said["planned_minutes"],
        simulated=said["simulated"],
        clock=said["clock"],
        starts_at=None if said["starts_at"] is None else parse_iso(said["starts_at"]),
    )
    return create(
        command,
        patient,
        VERSIONS[said["protocol"], said["protocol_version"]],
        id=said["id"],
        now=parse_iso(said["created_at"]),
        actor=actor_of(logged["actor"]),
        calls_people=logged["data"].get("calls_people", True),
    )
