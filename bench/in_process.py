"""Readings straight into the store, no HTTP: decoded readings in, judged, logged and committed.

python -m bench.in_process      an `InProcess` as JSON on standard input
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import uuid_utils

from app.models.store import Store
from app.monitoring.commands import (
    Actor,
    ChangePhase,
    CreatePatient,
    CreateSession,
    ReadingFor,
    RecordReading,
)
from app.monitoring.errors import DomainError
from app.services import patients, readings, sessions
from bench.clinic import BASELINE
from bench.vitals import values
from tests.support.callers import device, person

if TYPE_CHECKING:
    from collections.abc import Iterator

NURSE: Final = Actor("person", "local", "Local user")
AHEAD: Final = 2  # lists submitted before the first is answered: the scribe never waits for one


@dataclass(frozen=True, slots=True)
class InProcess:
    folder: str
    seconds: float
    batch: int
    sessions: int


async def _admit(store: Store, number: int) -> str:
    newcomer = CreatePatient(code=f"B-{number}", initials="B.P.")
    patient, _ = await patients.create_patient(store, NURSE, newcomer)
    order = CreateSession(
        patient_id=patient["id"],
        station=f"Bench {number}",
        protocol="ketamine_adult",
        weight_kg=70,
        dose_mg_per_kg=0.5,
        planned_minutes=40,
    )
    state, _ = await sessions.create_session(store, NURSE, order)
    id = str(state["id"])
    for to in ("checked_in", "baseline", "ready", "infusing"):
        if to == "ready":
            typed = RecordReading(values=dict(BASELINE))
            await readings.record_reading(store, person(NURSE), id, typed)
        await sessions.change_phase(store, NURSE, id, ChangePhase(to=to))
    return id


def _lists(wanted: InProcess, ids: list[str]) -> Iterator[list[ReadingFor]]:
    number, last_ms = 0, 0
    while True:
        # No device is asked twice at once: a list made ahead begins where the one before ended.
        now_ms = max(time.time_ns() // 1_000_000, last_ms + 1)
        last_ms = now_ms + (wanted.batch - 1) // len(ids)
        made = []
        for n in range(wanted.batch):
            session, own = (number + n) % len(ids), (number + n) // len(ids)
            reading = RecordReading(
                values=values(session, own),
                id=str(uuid_utils.uuid7()),
                taken_at=now_ms + n // len(ids),
                device=f"mon-{session}",
                interval_s=1,
            )
            made.append(ReadingFor(reading, session_id=ids[session]))
        number += wanted.batch
        yield made


async def measure(wanted: InProcess) -> float:
    """Readings a second; the making of the lists is not counted."""
    folder = Path(wanted.folder)
    store = Store.open(f"sqlite:///{folder / 'infusion.db'}", data_dir=folder)
    store.start()
    try:
        ids = [await _admit(store, number) for number in range(wanted.sessions)]
        lists, monitors = _lists(wanted, ids), device()
        stored, took = 0, 0.0
        while took < wanted.seconds:
            few = [next(lists) for _ in range(AHEAD)]
            began = time.monotonic()
            for outcomes in await asyncio.gather(
                *(readings.record_readings(store, monitors, one) for one in few)
            ):
                stored += sum(not isinstance(outcome, DomainError) for outcome in outcomes)
            took += time.monotonic() - began
        return stored / took
    finally:
        await asyncio.to_thread(store.stop)


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=InProcess)
    print(asyncio.run(measure(wanted)))


if __name__ == "__main__":
    main()
