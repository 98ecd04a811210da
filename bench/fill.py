"""A database as years of a clinic leave it: a few sessions of one hour at one reading a second,
made by the engine, among so many copies of their readings that the table has the rows asked for.

The copies are closed sessions with readings and nothing else: their logs and states are left out,
so that ten million rows take minutes and a few gigabytes.

    python -m bench.fill FOLDER [--rows 10000000] [--read 10]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.models.store import Store
from app.monitoring.commands import (
    Actor,
    ChangePhase,
    CreatePatient,
    CreateSession,
    ReadingFor,
    RecordReading,
)
from app.services import patients, readings, sessions
from tests.support.callers import person, simulator

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE: Final = "infusion.db"
START_MS: Final = 1_700_000_000_000
SECONDS: Final = 3_600  # an hour at 1 Hz
TOGETHER: Final = 50  # sessions under way at once, whose rows lie among each other
AT_ONCE: Final = 500  # readings a call, as many as one transaction of the scribe takes
FALLEN: Final = 9  # per cent of saturation that are missing once in a while
NURSE: Final = Actor("person", "local", "Local user")
RESTED: Final = {"hr": 76.0, "spo2": 98.0, "sbp": 124.0, "dbp": 78.0, "rr": 15.0, "sedation": 5.0}


async def fill(folder: Path, *, rows: int, read: int) -> list[str]:
    """The ids of the sessions made by the engine, in an SQLite file in `folder`."""
    url = f"sqlite:///{folder / FILE}"
    store = Store.open(url, data_dir=folder)
    store.start()
    try:
        ids = [await _infusing(store, number) for number in range(1, read + 1)]
        await _stream(store, ids)
    finally:
        store.stop()
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("PRAGMA synchronous=OFF")  # what is lost is made again
        db.execute("PRAGMA cache_size=-500000")  # kB: the upper part of each index
        _copy(db, rows, read)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ids


async def hours(folder: Path, lasting: Sequence[int]) -> list[str]:
    """One session for each, of so many hours at one reading a second, and nothing else."""
    store = Store.open(f"sqlite:///{folder / FILE}", data_dir=folder)
    store.start()
    try:
        ids = []
        for number, long in enumerate(lasting, start=1):
            ids.append(await _infusing(store, number))
            await _stream(store, ids[-1:], long * SECONDS)
    finally:
        store.stop()
    return ids


async def _infusing(store: Store, number: int) -> str:
    patient, _ = await patients.create_patient(store, NURSE, CreatePatient(f"P-{number}", "B.P."))
    command = CreateSession(
        patient_id=patient["id"],
        station=f"Room {number}",
        protocol="ketamine_adult",
        weight_kg=70,
        dose_mg_per_kg=0.5,
        planned_minutes=40,
        simulated=True,
        clock="driven",
        starts_at=START_MS,
    )
    state, _ = await sessions.create_session(store, NURSE, command)
    id = str(state["id"])
    for to in ("checked_in", "baseline"):
        await sessions.change_phase(store, NURSE, id, ChangePhase(to=to))
    rested = RecordReading(values=RESTED, taken_at=START_MS)
    await readings.record_reading(store, person(NURSE), id, rested)
    for to in ("ready", "infusing"):
        await sessions.change_phase(store, NURSE, id, ChangePhase(to=to))
    return id


async def _stream(store: Store, ids: list[str], seconds: int = SECONDS) -> None:
    """Every second a reading of every session: eight vitals with the mean pressure derived."""
    chance = random.Random(1)
    per_call = max(1, AT_ONCE // len(ids))
    for first in range(1, seconds, per_call):
        some = [
            ReadingFor(_reading(n, second, chance), id)
            for second in range(first, min(first + per_call, seconds))
            for n, id in enumerate(ids)
        ]
        await readings.record_readings(store, simulator(), some)


def _reading(number: int, second: int, chance: random.Random) -> RecordReading:
    fallen = FALLEN if number % 10 == 0 and second % 900 > 840 else 0
    values: dict[str, float] = {
        "hr": 78.0 + chance.randint(-4, 4),
        "spo2": 97.0 + chance.randint(-2, 2) - fallen,
        "sbp": 126.0 + chance.randint(-6, 6),
        "dbp": 78.0 + chance.randint(-4, 4),
        "rr": 14.0 + chance.randint(-2, 2),
        "etco2": 38.0 + chance.randint(-2, 2),
        "temp": 36.6 + chance.randint(-2, 2) / 10,
    }
    at = START_MS + second * 1_000
    return RecordReading(values=values, taken_at=at, device=f"mon-{number}", interval_s=1)


def _copy(db: sqlite3.Connection, rows: int, read: int) -> None:
    """Sessions in groups of those under way together, their rows in order of time."""
    per_session = db.execute("SELECT count(*) FROM reading WHERE session_key = 1").fetchone()[0]
    held = db.execute("SELECT count(*) FROM reading").fetchone()[0]
    missing = max(0, -(-(rows - held) // per_session))
    for done in range(0, missing, TOGETHER):
        many = min(TOGETHER, missing - done)
        first = read + done + 1
        with db:
            for key in range(first, first + many):
                _closed_session(db, key)
            db.execute(
                "INSERT INTO reading"
                ' (session_key, seq, id, taken_at, source, "values", judged, digest)'
                " SELECT s.key, r.seq, r.id, r.taken_at + s.key * 1000, r.source,"
                ' r."values", r.judged, r.digest'
                " FROM reading r CROSS JOIN infusion_session s"
                " WHERE r.session_key = 1 AND s.key >= ? ORDER BY r.seq, s.key",
                (first,),
            )


def _closed_session(db: sqlite3.Connection, key: int) -> None:
    id = f"01900000-0000-7000-8000-{key:012x}"
    db.execute(
        "INSERT INTO patient (key, id, code, initials, created_at, actor, digest)"
        " SELECT ?, ?, ?, initials, created_at, actor, digest FROM patient WHERE key = 1",
        (key, id, f"P-{key}"),
    )
    db.execute(
        "INSERT INTO infusion_session (key, id, patient_key, station, protocol, simulated, clock,"
        " phase, phase_since, active, seq, recorded_at, head, created_at, closed_at, digest)"
        " SELECT ?, ?, ?, station, protocol, simulated, clock, 'discharged', phase_since, false,"
        " seq, recorded_at, head, created_at, recorded_at, digest"
        " FROM infusion_session WHERE key = 1",
        (key, id, key),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="A database with many rows, to read from.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--read", type=int, default=10, help="sessions made by the engine")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    began = time.perf_counter()
    ids = asyncio.run(fill(asked.folder, rows=asked.rows, read=asked.read))
    size = (asked.folder / FILE).stat().st_size / 1e9
    print(f"{asked.rows} rows, {size:.1f} GB, {time.perf_counter() - began:.0f} s")
    print("\n".join(ids))


if __name__ == "__main__":
    main()
