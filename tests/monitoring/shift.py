"""A shift of six rooms in one process: seeded patients with noise, courses, lost probes, outages,
and nurses who look after a while.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final

from app.monitoring.commands import SYSTEM
from app.monitoring.engine import Input, moment, step
from app.monitoring.in_force import limits_of, still_drawn
from tests.monitoring.telling import ANNA, Json, as_json
from tests.monitoring.ward import Ward

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.commands import Actor

EVERY_S: Final = 5  # how often a monitor sends
CUFF_S: Final = 300  # how often its cuff measures
READY_S: Final = 600
INFUSION_S: Final = 2400
RECOVERY_S: Final = 1800
SESSION_S: Final = READY_S + INFUSION_S + RECOVERY_S
SHIFT_S: Final = 8 * 3600
TROUBLES: Final = (
    "calm",
    "calm",
    "calm",
    "flapping",
    "desaturation",
    "probe",
    "outage",
    "pressure",
)


class Quick(Ward):
    """A ward that does not fold its log after every step."""

    def step(self, command: Input, actor: Actor = SYSTEM) -> list[Json]:
        before = self.state
        made = step(before, command, self.limits, moment(before, command, self.wall), actor)
        if not still_drawn(before, made.state):
            self.limits = limits_of(made.state)
        self.state = made.state
        said = [as_json(e, self.wall) for e in made.events if e.kind != "reading.recorded"]
        self.log += said
        return said


@dataclass
class Patient:
    """Vital signs that wander, and one trouble in the middle of the infusion."""

    rng: Random
    trouble: str
    begins: int
    noise: dict[str, float] = field(default_factory=lambda: {"hr": 0.0, "spo2": 0.0, "rr": 0.0})

    def __post_init__(self) -> None:
        rng = self.rng
        self.hr, self.spo2, self.rr = rng.gauss(76, 6), rng.gauss(97.5, 0.5), rng.gauss(15, 1)
        self.sbp, self.dbp = rng.gauss(122, 7), rng.gauss(76, 5)
        self.peak = {"pressure": 52.0}.get(self.trouble, max(0.0, rng.gauss(14, 6)))
        self.from_s = self.begins + READY_S + rng.randrange(600, 1200)

    def stream(self, second: int) -> dict[str, float]:
        for vital, spread in (("hr", 2.0), ("spo2", 0.4), ("rr", 0.8)):
            self.noise[vital] = 0.9 * self.noise[vital] + self.rng.gauss(0, spread * 0.44)
        into = second - self.from_s
        spo2 = self.spo2 + self.noise["spo2"]
        if self.trouble == "flapping" and 0 <= into < 600:
            spo2 = 92 + 1.6 * self.noise["spo2"] + (1.2 if into // 20 % 2 else -0.8)
        if self.trouble == "desaturation" and 0 <= into < 270:
            spo2 = max(85.0, self.spo2 - into / 8) if into < 180 else self.spo2 - (270 - into) / 8
        values: dict[str, float] = {
            "hr": round(self.hr + self.noise["hr"] + 7 * self.effect(second)),
            "spo2": min(100, round(spo2)),
            "rr": max(1, round(self.rr + self.noise["rr"])),
        }
        if self.trouble == "probe" and 0 <= into < 75:
            values["spo2"] = 0
        return values

    def cuff(self, second: int) -> dict[str, float]:
        rise = self.peak * self.effect(second)
        sbp = round(self.sbp + rise + self.rng.gauss(0, 4))
        return {
            "sbp": sbp,
            "dbp": round(min(self.dbp + 0.6 * rise + self.rng.gauss(0, 3), sbp - 15)),
        }

    def effect(self, second: int) -> float:
        """How far the infusion has come to bear, 0 to 1."""
        into = second - self.begins - READY_S
        if into <= 0:
            return 0.0
        if into < INFUSION_S:
            return into / INFUSION_S
        return max(0.0, 1 - (into - INFUSION_S) / 1200)

    def is_offline(self, second: int) -> bool:
        return self.trouble == "outage" and 0 <= second - self.from_s < 180


def work_a_room(number: int, seed: int) -> Iterator[tuple[int, str, list[Json]]]:
    """One session after the other; each is told with when it began, its trouble and its log."""
    rng = Random(f"{seed}-{number}")
    for begins in range(number * 120, SHIFT_S - SESSION_S, SESSION_S + 300):
        trouble = rng.choice(TROUBLES)
        yield begins, trouble, _session(Patient(rng, trouble, begins))


def _session(patient: Patient) -> list[Json]:
    ward, begins = Quick(), patient.begins
    ward.phase("checked_in", begins)
    ward.phase("baseline", begins)
    ward.attaches(begins, "mon-03", probe="left_arm", cuff="right_arm")
    kept: list[int] = []
    for second in range(begins + EVERY_S, begins + SESSION_S, EVERY_S):
        _chart(ward, patient, second)
        if patient.is_offline(second):
            kept.append(second)
        else:
            for missed in kept:
                _send(ward, patient, second, missed)
            kept = []
            _send(ward, patient, second, second)
        ward.tick(second + 2)
        _look_after(ward, patient.rng, second + 3)
    ward.phase("ready_for_discharge", begins + SESSION_S)
    for alarm in list(ward.public["alarms"].values()):
        ward.acknowledge(begins + SESSION_S + 1, alarm)
    ward.phase("discharged", begins + SESSION_S + 2)
    return ward.log


def _chart(ward: Ward, patient: Patient, second: int) -> None:
    into = second - patient.begins
    if into in (120, 420):
        ward.types(second, {**patient.cuff(second), "sedation": 5, "rr": 15, "hr": 76, "spo2": 98})
    elif into % 840 == 0:
        ward.types(second, sedation=4 if READY_S < into < READY_S + INFUSION_S else 5)
    if into == READY_S - 120:
        ward.phase("ready", second)
    elif into == READY_S:
        ward.phase("infusing", second)
    elif into == READY_S + INFUSION_S:
        ward.phase("completed", second)
    elif into == READY_S + INFUSION_S + 60:
        ward.phase("recovery", second)


def _send(ward: Ward, patient: Patient, second: int, taken: int) -> None:
    values = patient.stream(taken)
    if taken % CUFF_S == 0:
        values |= patient.cuff(taken)
    ward.sends(second, values, taken=taken, sent=second, interval_s=EVERY_S)


def _look_after(ward: Ward, rng: Random, second: int) -> None:
    """Screens sound at once what is new; a nurse sees an alarm within a minute or so."""
    for alarm in list(ward.state.alarms.values()):
        if alarm.shown_rev < alarm.rev and alarm.state == "active":
            ward.shows(second, {"id": alarm.id, "rev": alarm.rev})
        if alarm.state in ("active", "latched") and rng.random() < EVERY_S / 45:
            ward.acknowledge(second, {"id": alarm.id}, by=ANNA)
