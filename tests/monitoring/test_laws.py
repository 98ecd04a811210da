"""Laws that hold for any order of readings, ticks, people, corrections, phases and restarts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.monitoring.commands import (
    SYSTEM,
    Acknowledge,
    AnswerStopPrompt,
    AttachDevice,
    BeginStandby,
    CallHelp,
    ChangeLimits,
    ConfirmShown,
    CorrectPhase,
    DetachDevice,
    EndAlarm,
    EndHelp,
    EndStandby,
    MoveClock,
    PauseAudio,
    Person,
    RecordReading,
    Resume,
    ResumeAudio,
    SetResponsible,
    SwitchOff,
    SwitchOn,
    TakeBackPhase,
)
from app.monitoring.engine import Tick
from app.monitoring.phases import CLOSED, PHASES
from app.monitoring.stop_prompts import STOPPABLE
from app.monitoring.times import parse_iso
from tests.monitoring.ground import VALUES, WAYS
from tests.monitoring.records import Records, late, sometimes
from tests.monitoring.ward import ANNA, BEN, CLINICIAN, NURSE

DEVICES: dict[str | None, float | None] = {None: None, "mon-01": 1, "mon-02": None, "slow": 60}
NAMES = [name for name in DEVICES if name]
AGES_S = [0, 0, 0, 0, 1, 4, 12, 40, 400, 2000, -1, -30]
MOVES: list[dict[str, dict[str, float]]] = [
    {"spo2": {"low": 90.5}},
    {"spo2": {"low": 94}},
    {"spo2": {"low_critical": 85}},
    {"sbp": {"high": 150}},
    {"sbp": {"high": 170, "high_critical": 190}},
    {"sbp": {"high": 160}},
    {"hr": {"low": 45, "high": 130}},
    {"sbp": {"high": 300}},
    {},
]
SITES: list[Any] = [None, "left_arm", "left_arm", "right_arm"]
WHATS: list[Any] = ["audio", "alarms", "alarms"]
SCOPES = ["spo2", "spo2", "bp", "session"]

values = st.fixed_dictionaries({}, optional={v: st.sampled_from(VALUES[v]) for v in VALUES})
streamed = st.fixed_dictionaries(
    {"spo2": st.sampled_from([84, 87, 90.5, 91, 93, 96, 98])},
    optional={"hr": st.sampled_from(VALUES["hr"])},
)
beside = st.fixed_dictionaries(
    {},
    optional={v: st.sampled_from(VALUES[v]) for v in ("rr", "etco2", "hr", "temp", "sbp", "spo2")},
)
people = st.sampled_from([ANNA, CLINICIAN, CLINICIAN])


class AnyOrder(Records):
    """What may happen to a session, in any order."""

    @rule(
        told=values,
        device=st.sampled_from(list(DEVICES)),
        age=st.sampled_from(AGES_S),
        skewed=st.sampled_from([None, None, None, 0, 1, 90, -300]),
        confirmed=st.booleans(),
        weak=sometimes,
        inflating=sometimes,
    )
    def reading(
        self,
        told: Any,
        device: str | None,
        age: int,
        skewed: int | None,
        confirmed: bool,
        weak: bool,
        inflating: bool,
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
                weak=("spo2",) if weak and device else (),
                cuff_inflating=inflating and device is not None,
            )
        )

    @rule(told=streamed, seconds=st.integers(1, 30), weak=sometimes)
    def stream(self, told: Any, seconds: int, weak: bool) -> None:
        """A second-by-second stream of the same values, the sweep coming by in between."""
        for _ in range(seconds):
            self.from_monitor(told, self.a_second_later(), weak=weak)

    @rule(told=beside, device=st.sampled_from(["mon-01", "mon-02"]), seconds=st.integers(1, 8))
    def other_signals(self, told: Any, device: str, seconds: int) -> None:
        """What else a monitor may give; it may be all that it gives, and the last that it gave."""
        for _ in range(seconds):
            self.from_monitor(told, self.a_second_later(), device=device)

    def a_second_later(self) -> int:
        self.wall += 1000
        return self.now + 1000 if self.life.state.clock == "driven" else self.wall

    @rule(
        before=streamed,
        after=streamed,
        seconds=st.integers(20, 90),
        every=st.sampled_from([3, 5, 10]),
        back=st.booleans(),
    )
    def outage(self, before: Any, after: Any, seconds: int, every: int, back: bool) -> None:
        """A device is offline, and then sends what it kept, oldest first."""
        since = self.now if self.life.state.clock == "driven" else self.wall
        self.wall += seconds * 1000
        for second in range(0, seconds, every):
            told = before if second < seconds / 2 else after
            self.from_monitor(told, since + second * 1000)
        if back:
            self.from_monitor(after, since + seconds * 1000)

    @rule(seconds=st.integers(5, 60), calm=st.booleans())
    def cuff_inflates(self, seconds: int, calm: bool) -> None:
        """On the arm of the probe, and the pulse goes with it."""
        self.give(AttachDevice("mon-01", "left_arm", "left_arm"), ANNA)
        for second in range(seconds):
            weak = second < seconds / 2 or not calm
            told = {"spo2": 84 if weak else 97, "hr": 78}
            self.from_monitor(told, self.a_second_later(), weak=weak)

    def from_monitor(
        self, told: Any, taken_at: int, *, device: str = "mon-01", weak: bool = False
    ) -> None:
        weakened = ("spo2",) if weak else ()
        self.send(
            RecordReading(
                told,
                taken_at=taken_at,
                device=device,
                interval_s=1,
                weak=weakened,
                cuff_inflating=weak,
            )
        )

    @rule(told=late, age=st.sampled_from([800, 1000, 2000]))
    def typed_late(self, told: Any, age: int) -> None:
        now = self.now if self.life.state.clock == "driven" else self.wall
        self.send(RecordReading(told, taken_at=now - age * 1000))

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

    @rule(seconds=st.sampled_from([5, 20, 70, 200, 900]))
    def server_was_away(self, seconds: int) -> None:
        """It swept until it went, and does not hear what was due meanwhile."""
        self.give(Tick(), SYSTEM)
        since = max(self.wall, self.recorded)
        self.wall = since + seconds * 1000
        self.give(Resume(since), SYSTEM)

    @precondition(lambda self: self.lifelines.alarms)
    @rule(
        pick=st.integers(0, 20),
        older=st.sampled_from([None, None, 0, 1, 5]),
        by=st.sampled_from([ANNA, BEN]),
    )
    def acknowledge(self, pick: int, older: int | None, by: Any) -> None:
        """Mostly what stands; now and then what has just cleared."""
        known = self.lifelines.standing or list(self.lifelines.alarms.values())
        alarm = known[pick % len(known)]
        rev = None if older is None else alarm["rev"] - older
        self.give(Acknowledge(alarm["id"], rev=rev), by)

    @precondition(lambda self: self.lifelines.standing)
    @rule(pick=st.integers(0, 20), rev=st.integers(0, 4))
    def screen_shows(self, pick: int, rev: int) -> None:
        alarm = self.lifelines.standing[pick % len(self.lifelines.standing)]
        self.give(ConfirmShown(alarm["id"], rev or alarm["rev"]), SYSTEM)

    @rule(
        vitals=st.sets(st.sampled_from(["hr", "spo2", "sbp", "dbp", "sedation", "temp"])),
        reason=st.sampled_from(["asleep", "refused", "not_possible"]),
        age=st.sampled_from([0, 0, 0, 20, 700, -1]),
        told=late,
    )
    def not_taken(self, vitals: set[str], reason: Any, age: int, told: Any) -> None:
        now = self.now if self.life.state.clock == "driven" else self.wall
        values = {vital: value for vital, value in told.items() if vital not in vitals}
        tried = tuple((vital, reason) for vital in sorted(vitals))
        self.send(RecordReading(values, taken_at=now - age * 1000, not_taken=tried))

    @precondition(lambda self: self.life.state.devices)
    @rule(told=late, vital=st.sampled_from(["hr", "spo2"]))
    def chart_now(self, told: Any, vital: str) -> None:
        """A person takes over what a device has measured."""
        state = self.life.state
        samples = [state.samples[seq] for seq in state.newest.get(vital, {}).values()]
        of_devices = [sample for sample in samples if sample.device]
        values = {of: value for of, value in told.items() if of != vital}
        if of_devices:
            self.send_charted(RecordReading(values, taken_at=self.now), vital, of_devices[0])

    @rule(vital=st.sampled_from(STOPPABLE), pick=st.integers(0, 9), reason=st.just("story"))
    def let_it_go_on(self, vital: str, pick: int, reason: str) -> None:
        """Mostly what is asked; now and then what is not."""
        standing = list(self.life.state.stop_prompts)
        asked = standing[pick % len(standing)] if standing and pick else vital
        self.give(AnswerStopPrompt(asked, reason), ANNA)

    @precondition(lambda self: self.lifelines.standing)
    @rule(pick=st.integers(0, 20), reason=st.sampled_from(["", "story", "story"]))
    def end_alarm(self, pick: int, reason: str) -> None:
        alarm = self.lifelines.standing[pick % len(self.lifelines.standing)]
        self.give(EndAlarm(alarm["id"], reason), ANNA)

    @rule(lines=st.sampled_from(MOVES), sbp=st.sampled_from([None, None, 142]), by=people)
    def change_limits(self, lines: dict[str, dict[str, float]], sbp: Any, by: Any) -> None:
        self.give(ChangeLimits("story", lines, {} if sbp is None else {"sbp": sbp}), by)

    @rule(seconds=st.sampled_from([1, 60, 120, 121]), on=sometimes)
    def audio_pause(self, seconds: int, on: bool) -> None:
        self.give(ResumeAudio() if on else PauseAudio(seconds), ANNA)

    @rule(what=st.sampled_from(WHATS), scope=st.sampled_from(SCOPES), on=sometimes, by=people)
    def switch(self, what: Any, scope: str, on: bool, by: Any) -> None:
        self.give(SwitchOn(what, scope) if on else SwitchOff(what, scope, "story"), by)

    @rule(minutes=st.sampled_from([1, 10, 11]), end=sometimes)
    def standby(self, minutes: int, end: bool) -> None:
        self.give(EndStandby() if end else BeginStandby(minutes, "story"), ANNA)

    @rule(device=st.sampled_from(NAMES), probe=st.sampled_from(SITES), cuff=st.sampled_from(SITES))
    def attach(self, device: str, probe: Any, cuff: Any) -> None:
        self.give(AttachDevice(device, probe, cuff), ANNA)

    @rule(device=st.sampled_from(NAMES), reason=st.sampled_from([None, "story"]), gone=sometimes)
    def detach(self, device: str, reason: str | None, gone: bool) -> None:
        self.give(DetachDevice(device, reason), ANNA)
        if not gone:  # or the rest of the story would be without it
            self.give(AttachDevice(device), ANNA)

    @rule(person=st.sampled_from([None, ANNA, BEN]))
    def responsible(self, person: Any) -> None:
        self.give(SetResponsible(person and Person(person.id, person.name)), ANNA)

    @rule(end=st.booleans())
    def help(self, end: bool) -> None:
        self.give(EndHelp() if end else CallHelp("story"), ANNA)

    @rule(
        to=st.sampled_from([*(phase for phase in PHASES if phase not in CLOSED), *WAYS]),
        reason=st.sampled_from([None, "story", "story"]),
        told_s=st.sampled_from([None, None, 0, -20, 30, 90]),
    )
    def phase(self, to: str, reason: str | None, told_s: int | None) -> None:
        self.send_phase(to, None if told_s is None else self.now + told_s * 1000, reason)

    @precondition(lambda self: len(self.shown["phases"]) > 1)
    @rule(
        entry=st.integers(0, 5),
        seconds=st.sampled_from([-900, -60, -1, 0, 1, 30, 90]),
        tap=sometimes,
    )
    def phase_told_late(self, entry: int, seconds: int, tap: bool) -> None:
        """Given another time, most often the one that it had, give or take; or an older tap's."""
        spans = self.shown["phases"]
        entry = len(spans) - 1 - entry % len(spans)
        since = self.now if tap else parse_iso(spans[entry]["at"])
        command = CorrectPhase(spans[entry]["phase"], entry, since + seconds * 1000, "story")
        self.give(command, ANNA)

    @precondition(lambda self: len(self.shown["phases"]) > 1)
    @rule(mistaken=st.sampled_from([None, *PHASES]))
    def phase_taken_back(self, mistaken: str | None) -> None:
        self.give(TakeBackPhase(mistaken or self.shown["phase"], "story"), ANNA)

    @precondition(lambda self: self.life.state.seq > 60)
    @rule(to=st.sampled_from(sorted(CLOSED)))
    def close(self, to: str) -> None:
        self.send_phase(to, None, "story")

    @precondition(lambda self: self.life.state.clock == "driven")
    @rule(seconds=st.sampled_from([-5, 0, 1, 15, 60, 900]))
    def feed_moves_the_clock(self, seconds: int) -> None:
        self.give(MoveClock(at=self.now + seconds * 1000), NURSE)

    @precondition(lambda self: self.life.state.clock == "driven" and self.life.state.seq > 20)
    @rule()
    def session_goes_live(self) -> None:
        self.give(MoveClock(live=True), NURSE)


COMMON = settings(
    stateful_step_count=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining is slow
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(COMMON, max_examples=30)


class OtherOrder(AnyOrder):
    """Lives that nobody has tried before, others every time."""


TestOtherOrder = pytest.mark.long(OtherOrder.TestCase)
TestOtherOrder.settings = settings(COMMON, max_examples=2_000)
