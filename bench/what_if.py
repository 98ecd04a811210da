"""How many recorded session-hours a minute one core steps again under other limits.

Writes sessions as a monitor at one reading a second leaves them, through the engine and straight
into an SQLite file that is thrown away, then asks what other limits would have done, reading of the
database and of its JSON included.

    python -m bench.what_if [--sessions 4] [--minutes 60] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from app.models.codec import actor_text, canonical
from app.models.database import connect, migrate
from app.models.tables import event, infusion_session, patient
from app.monitoring.commands import Actor, ChangePhase, CreateSession, RecordReading
from app.monitoring.engine import create, moment, step
from app.monitoring.in_force import limits_of, still_drawn
from app.monitoring.protocols import KETAMINE_ADULT
from app.monitoring.readings import check
from app.monitoring.state import Patient
from app.review.proposal import read_proposal
from app.review.what_if import Which, recorded, what_if

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.monitoring.engine import Input
    from app.monitoring.state import Event, State

START_MS: Final = 1_700_000_000_000
HOUR_MS: Final = 3_600_000
GOAL: Final = 200  # session-hours a minute: a month of a clinic while a coffee is made
NURSE: Final = Actor("person", "local", "Local user")
MONITOR: Final = Actor("device", "mon-01", "mon-01")
RESTED: Final = {"hr": 76, "spo2": 98, "sbp": 124, "dbp": 78, "rr": 15, "sedation": 5}
CUFF_S: Final = 300
TYPED_S: Final = 600  # the nurse looks at the patient as the schedule asks
PROPOSAL: Final = """
[limits.spo2]
low = 90
[delays.spo2]
low = 30
"""


class Visit:
    """A session and its log, made by the engine as the scribe would."""

    def __init__(self, number: int) -> None:
        self.id = f"01930000-0000-7000-8000-{number:012d}"
        command = CreateSession(
            patient_id=self.id,
            station=f"Room {number}",
            protocol=KETAMINE_ADULT.code,
            weight_kg=70,
            dose_mg_per_kg=0.5,
            planned_minutes=40,
        )
        person = Patient(self.id, f"P-{number}", "B.P.")
        made = create(command, person, KETAMINE_ADULT, id=self.id, now=START_MS, actor=NURSE)
        self.state: State = made.state
        self.limits = limits_of(made.state)
        self.log: list[tuple[Event, int]] = [(said, START_MS) for said in made.events]

    def does(self, command: Input, now: int, actor: Actor) -> None:
        made = step(self.state, command, self.limits, moment(self.state, command, now), actor)
        if not still_drawn(self.state, made.state):
            self.limits = limits_of(made.state)
        self.state = made.state
        self.log += [(said, now) for said in made.events]

    def reads(self, now: int, values: dict[str, float], *, by: Actor) -> None:
        if by is MONITOR:
            command = RecordReading(values=values, taken_at=now, device=by.id, interval_s=1)
        else:
            command = RecordReading(values=values, taken_at=now)
        reading = check(command, id=f"{by.id}-{now}", newest=lambda _: None, now=now, driven=False)
        self.does(reading, now, by)


def course(seconds: int, seed: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Five vitals a second, the cuff's the same until it measures again; now and then a fall of
    saturation, a racing heart and noise at a line.
    """
    chance = random.Random(seed)
    pressures = {"sbp": 128, "dbp": 80}
    for second in range(1, seconds + 1):
        if second % CUFF_S == 1:
            pressures = {"sbp": chance.randint(115, 165), "dbp": chance.randint(68, 96)}
        fallen = 9 if second % 1_200 > 1_140 else 0
        yield (
            second,
            {
                "hr": 78 + chance.randint(-4, 4) + (36 if second % 1_700 > 1_660 else 0),
                "spo2": 97 + chance.randint(-2, 2) - fallen,
                "rr": 14 + chance.randint(-2, 2),
                **pressures,
            },
        )


def visit(number: int, minutes: int) -> Visit:
    made = Visit(number)
    for to in ("checked_in", "baseline"):
        made.does(ChangePhase(to), START_MS, NURSE)
    made.reads(START_MS, dict(RESTED), by=NURSE)
    for to in ("ready", "infusing"):
        made.does(ChangePhase(to), START_MS, NURSE)
    for second, values in course(minutes * 60, number):
        now = START_MS + second * 1_000
        made.reads(now, values, by=MONITOR)
        if second % TYPED_S == 0:
            made.reads(now, {"sedation": 4}, by=NURSE)
    return made


def store(engine: Engine, number: int, made: Visit) -> None:
    """As the scribe leaves it, the hash chain aside."""
    state = made.state
    with engine.begin() as db:
        person = {"key": number, "id": made.id, "code": f"P-{number}", "initials": "B.P."}
        db.execute(insert(patient).values(**person, created_at=START_MS, actor="{}", digest=b""))
        db.execute(
            insert(infusion_session).values(
                key=number, id=made.id, patient_key=number, station=f"Room {number}",
                protocol=KETAMINE_ADULT.code, simulated=False, clock="wall", phase=state.phase,
                phase_since=state.phase_since, active=True, seq=state.seq, recorded_at=state.now,
                head=b"", created_at=START_MS, digest=b"",
            )
        )  # fmt: skip
        db.execute(
            insert(event),
            [
                {
                    "session_key": number,
                    "seq": said.seq,
                    "kind": said.kind,
                    "at": said.at,
                    "recorded_at": recorded_at,
                    "actor": actor_text(said.actor),
                    "data": canonical(said.data).decode(),
                    "hash": b"",
                }
                for said, recorded_at in made.log
            ],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=4)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--profile", action="store_true", help="what costs most, after it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        writer = connect(url)
        for number in range(1, options.sessions + 1):
            store(writer, number, visit(number, options.minutes))
        writer.dispose()
        reader = connect(url, read_only=True)
        measure(reader, profile=options.profile)
        reader.dispose()


def measure(reader: Engine, *, profile: bool) -> None:
    with reader.connect() as db, db.begin():
        sessions = recorded(db, Which(since=START_MS, until=START_MS + HOUR_MS))
    proposal = read_proposal(PROPOSAL)
    profiler = cProfile.Profile()
    began = time.process_time()
    if profile:
        told = profiler.runcall(what_if, reader, sessions, proposal)
    else:
        told = what_if(reader, sessions, proposal)
    took = time.process_time() - began
    total = told["total"]
    print(f"{total['sessions']} sessions, {total['hours']:.1f} h, {took:.2f} s")
    print(f"alarms before {total['before']}, after {total['after']}")
    print(f"{total['hours'] * 60 / took:.0f} session-hours a minute (goal: {GOAL})")
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
