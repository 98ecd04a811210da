"""Laws that hold for any order of readings, ticks, acknowledgements, phases and clocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from app.models.codec import decode_state, encode_state
from app.monitoring.commands import (
    SYSTEM,
    Acknowledge,
    Actor,
    ChangePhase,
    MoveClock,
    RecordReading,
)
from app.monitoring.engine import Input, Tick, moment, step
from app.monitoring.errors import DomainError
from app.monitoring.fold import fold
from app.monitoring.phases import CLOSED, PHASES
from app.monitoring.rebuild import restep
from app.monitoring.view import public
from tests.monitoring.lifelines import Lifelines
from tests.monitoring.ward import NURSE, TEN, Json, as_json, begin, checked, limits_of, unheard

if TYPE_CHECKING:
    from app.monitoring.state import Event, State

VALUES: dict[str, list[float]] = {
    "spo2": [0, 30, 84, 85, 87, 88, 89, 90.5, 91, 92, 93, 96, 98, -999],
    "hr": [0, 38, 41, 45, 52, 54, 78, 105, 112, 125, 141, 160, 400],
    "sbp": [75, 82, 88, 94, 124, 150, 158, 165, 182, 195],
    "dbp": [38, 45, 53, 78, 96, 104, 112, 125],
    "map": [50, 58, 63, 71, 95, -1],
    "rr": [0, 5, 7, 8, 9, 11, 15, 31],
    "sedation": [1, 2, 3, 4, 5],
    "dissociation": [1, 3, 4],
    "temp": [35.5, 36.5, 38.4],
}
FOCUS = [tuple(VALUES), tuple(VALUES), ("spo2",), ("sbp", "dbp"), ("rr", "hr")]
DEVICES: dict[str | None, float | None] = {None: None, "mon-01": 1, "mon-02": None, "slow": 60}
AGES_S = [0, 0, 0, 0, 1, 4, 12, 40, 400, 2000, -1, -30]
WAYS = ("checked_in", "baseline", "ready", "infusing")
CRITICAL = {  # of a single value, from the clinic's sheet
    "spo2": lambda v: v <= 88,
    "hr": lambda v: v <= 40 or v >= 140,
    "sbp": lambda v: v <= 80 or v >= 180,
    "dbp": lambda v: v <= 40 or v >= 110,
    "rr": lambda v: v <= 7,
    "sedation": lambda v: v <= 2,
}
GROUPS = {"sbp": "bp", "dbp": "bp"}

values = st.fixed_dictionaries({}, optional={v: st.sampled_from(VALUES[v]) for v in VALUES})
streamed = st.fixed_dictionaries(
    {"spo2": st.sampled_from([84, 87, 90.5, 91, 93, 96, 98])},
    optional={"hr": st.sampled_from(VALUES["hr"])},
)


class Life:
    """One way of running the same session; `events` is all that it said."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.limits = limits_of(state)
        self.events: list[Event] = []

    def step(
        self, command: Input, actor: Actor, wall: int, *, keep: bool = True
    ) -> tuple[Event, ...]:
        before = self.state
        now = moment(before, command, wall)
        made = step(before, command, self.limits, now, actor)
        due = made.state.next_due_at
        assert due is None or due > made.state.now, "due already, and not done"
        if isinstance(command, Tick) and (before.next_due_at is None or before.next_due_at > now):
            assert made.state is before
        if keep or made.events:
            self.state = made.state
            if made.state.baseline is not before.baseline:
                self.limits = limits_of(made.state)
        self.events += made.events
        return made.events


class AnyOrder(RuleBasedStateMachine):
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
        self.lifelines = Lifelines()
        self.lifelines.hear(self.log)
        self.folded = public_json(made.state)
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
        assert self.stored.step(command, actor, wall, keep=False) == events
        self.coded.state = decode_state(encode_state(self.coded.state))
        assert self.coded.step(command, actor, wall) == events
        if not isinstance(command, Tick):
            self.calm.step(command, actor, wall)
            assert self.calm.events == self.life.events
            self.calm.events, self.life.events = [], []
        if said:
            self.snapshots.append((self.life.state.seq, public_json(self.life.state)))
        return said

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

    def must_be_seen(self, data: Json) -> None:
        """A fresh single value beyond a critical line has its alarm, whatever came before."""
        slow = data["source"] == "manual" or (data["interval_s"] or 0) > 10
        unheard = {*data["superseded"], *data["late"], *data["derived"]}
        for vital, value in data["values"].items():
            cuff = vital in ("sbp", "dbp")
            if vital in unheard or not (slow or cuff or vital == "sedation"):
                continue
            if vital in CRITICAL and CRITICAL[vital](value):
                standing = [
                    alarm
                    for alarm in self.lifelines.standing
                    if alarm["group"] == GROUPS.get(vital, vital)
                    and (alarm["condition"], alarm["priority"]) == ("limit", "high")
                    and alarm["state"] in ("active", "acknowledged")
                ]
                assert standing, f"{vital} {value} went without an alarm"

    def send_phase(self, to: str, at: int | None, reason: str | None) -> None:
        self.give(ChangePhase(to, at=at, reason=reason, override_reason=reason), NURSE)

    @rule(
        told=values,
        device=st.sampled_from(list(DEVICES)),
        age=st.sampled_from(AGES_S),
        skewed=st.sampled_from([None, None, None, 0, 1, 90, -300]),
        confirmed=st.booleans(),
    )
    def reading(
        self, told: Any, device: str | None, age: int, skewed: int | None, confirmed: bool
    ) -> None:
        told = {vital: value for vital, value in told.items() if vital in self.focus} or told
        now = self.now if self.life.state.clock == "driven" else self.wall
        off = 0 if skewed is None or device is None else skewed * 1000
        self.send(
            RecordReading(
                told,
                taken_at=now - age * 1000 + off,
                device=device,
                interval_s=DEVICES[device],
                sent_at=None if skewed is None or device is None else now + off,
                confirmed=confirmed,
            )
        )

    @rule(told=streamed, seconds=st.integers(1, 40))
    def stream(self, told: Any, seconds: int) -> None:
        """A second-by-second stream of the same values, the sweep coming by in between."""
        for _ in range(seconds):
            self.wall += 1000
            driven = self.life.state.clock == "driven"
            taken = self.now + 1000 if driven else self.wall
            self.send(RecordReading(told, taken_at=taken, device="mon-01", interval_s=1))

    @rule(milliseconds=st.sampled_from([1, 999, 1000, 4000, 9999, 10_000, 16_000, 31_000, 61_000]))
    def time_passes(self, milliseconds: int) -> None:
        self.wall += milliseconds

    @rule(seconds=st.sampled_from([120, 400, 1000]))
    def much_time_passes(self, seconds: int) -> None:
        self.wall += seconds * 1000

    @rule(seconds=st.sampled_from([1, 30, 600]))
    def wall_clock_is_put_back(self, seconds: int) -> None:
        self.wall -= seconds * 1000

    @rule(seconds=st.sampled_from([0, 0.001, 1, 5, 10, 30]))
    def sweep(self, seconds: float) -> None:
        self.wall += round(seconds * 1000)
        self.give(Tick(), SYSTEM)

    @precondition(lambda self: self.lifelines.standing)
    @rule(pick=st.integers(0, 20), older=st.sampled_from([None, None, 0, 1, 5]))
    def acknowledge(self, pick: int, older: int | None) -> None:
        standing = self.lifelines.standing
        alarm = standing[pick % len(standing)]
        rev = None if older is None else alarm["rev"] - older
        self.give(Acknowledge(alarm["id"], rev=rev), NURSE)

    @rule(
        to=st.sampled_from([*(phase for phase in PHASES if phase not in CLOSED), *WAYS]),
        reason=st.sampled_from([None, "story", "story"]),
        told_s=st.sampled_from([None, None, 0, -20, 30, 90]),
    )
    def phase(self, to: str, reason: str | None, told_s: int | None) -> None:
        self.send_phase(to, None if told_s is None else self.now + told_s * 1000, reason)

    @precondition(lambda self: self.life.state.seq > 60)
    @rule(to=st.sampled_from(sorted(CLOSED)))
    def close(self, to: str) -> None:
        self.send_phase(to, None, "story")

    @rule(seconds=st.sampled_from([-5, 0, 1, 15, 60, 900]))
    def feed_moves_the_clock(self, seconds: int) -> None:
        self.give(MoveClock(at=self.now + seconds * 1000), NURSE)

    @precondition(lambda self: self.life.state.seq > 20)
    @rule()
    def session_goes_live(self) -> None:
        self.give(MoveClock(live=True), NURSE)

    @invariant()
    def public_state_is_the_folded_log(self) -> None:
        for event in self.log[self.folded["seq"] :]:
            self.folded = fold(self.folded, event)
        assert self.folded == public_json(self.life.state)

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


def public_json(state: State) -> Json:
    said: Json = json.loads(json.dumps(public(state)))
    return said


def unrecorded(events: list[Json]) -> list[Json]:
    return [{k: v for k, v in event.items() if k != "recorded_at"} for event in events]


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining is slow
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
