"""The ground on which any order of inputs is played: the lives that they go through, and the laws
that are looked after.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from app.models.codec import decode_state, encode_state
from app.monitoring import alarms
from app.monitoring.commands import Actor, ChangePhase, RecordReading
from app.monitoring.engine import Input, Tick
from app.monitoring.errors import DomainError
from app.monitoring.fold import fold
from app.monitoring.readings import Charted
from app.monitoring.rebuild import restep
from app.monitoring.view import public
from app.monitoring.work import Work
from tests.monitoring.lifelines import Lifelines
from tests.monitoring.lives import Life, OneLine, public_json, unrecorded
from tests.monitoring.prompts import Prompts, PutOff, stop_lines_are_kept
from tests.monitoring.ward import NURSE, TEN, Json, as_json, begin, checked, unheard

if TYPE_CHECKING:
    from app.monitoring.state import Sample

VALUES: dict[str, list[float]] = {
    "spo2": [0, 30, 84, 85, 87, 88, 89, 90.5, 91, 92, 93, 96, 98, -999],
    "hr": [0, 38, 41, 45, 52, 54, 78, 105, 112, 125, 141, 160, 400],
    "sbp": [75, 82, 88, 94, 124, 150, 158, 165, 182, 195, 202, 215],
    "dbp": [38, 45, 53, 78, 96, 104, 112, 125],
    "map": [50, 58, 63, 71, 95, -1],
    "rr": [0, 5, 7, 8, 9, 11, 15, 31],
    "etco2": [0, 15, 20, 21, 28, 37, 52, 61],
    "sedation": [1, 2, 3, 4, 5],
    "dissociation": [1, 3, 4],
    "temp": [35.5, 36.5, 38.4],
}
FOCUS = [tuple(VALUES), tuple(VALUES), ("spo2",), ("sbp", "dbp"), ("rr", "hr")]
WAYS = ("checked_in", "baseline", "ready", "infusing")
GROUPS = {"sbp": "bp", "dbp": "bp", "map": "bp"}


class Ground(RuleBasedStateMachine):
    """The same inputs go through four lives; they must say the same.

    `life` gets all; `calm` gets no extra ticks; `stored` forgets what changed without an event, as
    the database does; `coded` is written and read back before each step.
    """

    @initialize(
        clock=st.sampled_from(["wall", "wall", "driven"]),
        weight=st.sampled_from([70, None]),
        started=st.booleans(),
        rested=st.booleans(),
        timed=st.booleans(),
        focus=st.sampled_from(FOCUS),
    )
    def open(
        self,
        clock: Any,
        weight: float | None,
        started: bool,
        rested: bool,
        timed: bool,
        focus: tuple[str, ...],
    ) -> None:
        """Many stories begin with the infusion and are about one vital, so that they go deep.

        A driven session knows its time from the start only if it is `timed`.
        """
        self.focus = focus
        starts_at = TEN if clock == "driven" and timed else None
        made = begin(clock=clock, weight_kg=weight, starts_at=starts_at)
        self.life, self.calm = Life(made.state), Life(made.state)
        self.stored, self.coded = Life(made.state), Life(made.state)
        self.wall = self.recorded = TEN
        self.log = [as_json(event, TEN) for event in made.events]
        self.lifelines, self.one_line = Lifelines(), OneLine()
        self.prompts, self.put_off = Prompts(), PutOff()
        self.lifelines.hear(self.log)
        self.folded = self.shown = public_json(made.state)
        self.snapshots: list[tuple[int, Json]] = [(1, self.folded)]
        for to in WAYS if started else ():
            if to == "ready" and rested:
                rest = {"hr": 78, "spo2": 98, "sbp": 124, "dbp": 78, "rr": 15, "sedation": 5}
                self.send(RecordReading(rest))
            self.send_phase(to, None, "story")

    def give(self, command: Input, actor: Actor) -> list[Json]:
        """One input into every life."""
        self.recorded = max(self.recorded, self.wall)
        wall = self.recorded
        try:
            events = self.life.step(command, actor, wall)
        except DomainError as refused:
            for other in (self.calm, self.stored, self.coded):
                with pytest.raises(type(refused)):
                    other.step(command, actor, wall)
            return []
        said = [as_json(event, wall) for event in events]
        self.log += said
        self.lifelines.hear(said)
        self.prompts.hear(said)
        self.put_off.hear(said)
        assert self.stored.step(command, actor, wall, keep=False) == events
        self.coded.state = decode_state(encode_state(self.coded.state))
        assert self.coded.step(command, actor, wall) == events
        if not isinstance(command, Tick):
            self.calm.step(command, actor, wall)
            assert self.calm.events == self.life.events
            self.calm.events, self.life.events = [], []
        if said:
            self.shown = public_json(self.life.state)
            self.snapshots.append((self.life.state.seq, self.shown))
        self.nothing_goes_unraised(said)
        return said

    def nothing_goes_unraised(self, said: list[Json]) -> None:
        now = self.life.state.now
        self.one_line.hear(said, self.shown, now)
        if self.one_line.must_stand(now, self.shown):
            assert self.raised("spo2", "high"), "a saturation beyond its line went without an alarm"
        if self.one_line.must_be_told(now, self.shown):
            told = {alarm["condition"] for alarm in self.lifelines.standing if told_of(alarm)}
            assert told, "a saturation beyond its line was received and never told"

    def raised(self, group: str, priority: str) -> bool:
        return any(
            (alarm["condition"], alarm["group"], alarm["priority"]) == ("limit", group, priority)
            and alarm["state"] in ("active", "acknowledged")
            for alarm in self.lifelines.standing
        )

    @property
    def now(self) -> int:
        """The session's time; ten o'clock while nothing has told it."""
        return self.life.state.now or TEN

    def send(self, command: RecordReading) -> None:
        device = Actor("device", "d", "d")
        wall = max(self.wall, self.recorded)
        try:
            reading = checked(self.life.state, command, wall)
        except DomainError:
            lost = unheard(self.life.state, command, wall)
            if lost is not None:
                self.give(lost, device)
            return
        actor = NURSE if reading.source == "manual" else device
        said = self.give(reading, actor)
        for event in said:
            if event["kind"] == "reading.recorded":
                self.must_be_seen(event["data"])

    def send_charted(self, command: RecordReading, vital: str, sample: Sample) -> None:
        """A reading of a person with a device's value beside what was typed."""
        seq, device, taken_at = sample.seq, sample.device or "", sample.taken_at
        charted = Charted(vital, seq, device, taken_at, sample.values[vital])
        command = replace(command, charted=((vital, seq),))
        try:
            reading = checked(self.life.state, command, max(self.wall, self.recorded))
        except DomainError:
            return
        self.give(replace(reading, charted=(charted,)), NURSE)

    def must_be_seen(self, data: Json) -> None:
        """A fresh single value beyond a critical line has its alarm, whatever came before."""
        slow = data["source"] == "manual" or (data["interval_s"] or 0) > 15
        passed = {*data["superseded"], *data["late"], *data["derived"], *data["repeated"]}
        state = self.shown
        for vital, value in data["values"].items():
            group = GROUPS.get(vital, vital)
            cuff = vital in GROUPS
            off = group in state["alarm_off"] or vital in state["held"]
            if vital in passed or off or not (slow or cuff or vital == "sedation"):
                continue
            critical = [
                line
                for line in state["limits"].get(vital, ())
                if line["tier"] == "critical" and line["priority"] == "high"
            ]
            if any(beyond(value, line) for line in critical):
                assert self.raised(group, "high"), f"{vital} {value} went without an alarm"

    def send_phase(self, to: str, at: int | None, reason: str | None) -> None:
        self.give(ChangePhase(to, at=at, reason=reason, override_reason=reason), NURSE)

    @invariant()
    def public_state_is_the_folded_log(self) -> None:
        for event in self.log[self.folded["seq"] :]:
            self.folded = fold(self.folded, event)
        assert self.folded == public_json(self.life.state)

    @invariant()
    def nothing_is_due_before_its_time(self) -> None:
        """Judged at any moment before the next that is due, the engine has nothing to say."""
        state = self.life.state
        if state.closed_at is not None or (state.clock == "driven" and state.now == 0):
            return
        due = state.next_due_at or state.now + 3_600_000
        for moment in {state.now + (due - state.now) // 2, due - 1}:
            work = Work(state, self.life.limits)
            work.now = moment
            work.touched = True
            alarms.judge(work, moment)
            said = [event.kind for event in work.events]
            assert said == [], f"said {moment - state.now} ms on, due after {due - state.now}"

    @invariant()
    def infusion_is_stopped_by_what_is_beyond_its_line(self) -> None:
        stop_lines_are_kept(self.life.state, self.life.limits)

    @invariant()
    def nothing_is_put_off_for_long(self) -> None:
        self.put_off.look(public_json(self.life.state), self.life.state)

    @invariant()
    def what_stands_is_public(self) -> None:
        standing = {alarm["id"]: alarm for alarm in self.lifelines.standing}
        assert public(self.life.state)["alarms"] == standing
        if self.life.state.closed_at is not None:
            assert standing == {}

    def teardown(self) -> None:
        if not hasattr(self, "log"):
            return
        now = public_json(self.life.state)
        for seq, snapshot in self.snapshots[:: 1 + len(self.snapshots) // 10]:
            folded = snapshot
            for event in self.log[seq:]:
                folded = fold(folded, event)
            assert folded == now
        state, events = restep(self.log)
        assert public_json(state) == now
        again = [as_json(event, TEN) for event in events]
        assert unrecorded(again) == unrecorded(self.log)


def told_of(alarm: Json) -> bool:
    """True for what tells of a saturation beyond its line, however late."""
    told = alarm["condition"] in ("limit", "recheck", "missed_offline")
    return told and alarm["group"] == "spo2"


def beyond(value: float, line: Json) -> bool:
    limit: float = line["value"]
    return value <= limit if line["comparator"] == "<=" else value >= limit
