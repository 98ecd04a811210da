"""The limit of the file: one table, raw sqlite3, a thousand rows a transaction, nothing judged.

python -m bench.references.raw      a `Raw` as JSON on standard input
"""

from __future__ import annotations

import sqlite3
import sys
import time
from dataclasses import dataclass
from typing import Final

import msgspec
import uuid_utils

from bench.vitals import values

ROWS: Final = 1_000
SESSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Raw:
    path: str
    seconds: float


def measure(wanted: Raw) -> float:
    """Rows a second, durable; the rows are made beforehand."""
    db = sqlite3.connect(wanted.path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        db.execute(f"PRAGMA {pragma}")
    db.execute(
        "CREATE TABLE reading (key INTEGER PRIMARY KEY, session INTEGER, id TEXT, taken_at INTEGER,"
        " hr REAL, spo2 REAL, rr REAL, sbp REAL, dbp REAL)"
    )
    rows = [
        (n % SESSIONS, str(uuid_utils.uuid7()), n, *values(n % SESSIONS, n // SESSIONS).values())
        for n in range(20 * ROWS)
    ]
    batches = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
    written, began = 0, time.monotonic()
    while (took := time.monotonic() - began) < wanted.seconds:
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO reading (session, id, taken_at, hr, spo2, rr, sbp, dbp)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            batches[written // ROWS % len(batches)],
        )
        db.execute("COMMIT")
        written += ROWS
    db.close()
    return written / took


def main() -> None:
    print(measure(msgspec.json.decode(sys.stdin.readline(), type=Raw)))


if __name__ == "__main__":
    main()
