"""How long the rows of a session take to read, and its timeline to make: in turns, in one process.

python -m bench.timelines      a `Wanted` as JSON on standard input
"""

from __future__ import annotations

import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from app.models.database import connect
from app.review.timeline import timeline_json

ROWS: Final = (
    'SELECT seq, id, taken_at, source, "values", judged FROM reading'
    " WHERE session_key = ? AND NOT voided ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    folder: str
    sessions: list[str]
    repeats: int


@dataclass(slots=True)
class Took:
    """Milliseconds, one of each for every session and repeat."""

    raw: list[float] = field(default_factory=list)
    made: list[float] = field(default_factory=list)
    rows: int = 0


def measure(wanted: Wanted) -> Took:
    path = Path(wanted.folder) / "infusion.db"
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    engine = connect(f"sqlite:///{path}", read_only=True)
    took = Took()
    keys = dict(raw.execute("SELECT id, key FROM infusion_session").fetchall())
    for _ in range(wanted.repeats):
        for session in wanted.sessions:
            began = time.perf_counter()
            rows = raw.execute(ROWS, (keys[session],)).fetchall()
            took.raw.append((time.perf_counter() - began) * 1_000)
            took.rows = len(rows)
            del rows  # freed now, and not while the other one is measured
            with engine.connect() as db, db.begin():
                began = time.perf_counter()
                timeline_json(db, session, None, None, None)
                took.made.append((time.perf_counter() - began) * 1_000)
    raw.close()
    engine.dispose()
    return took


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Wanted)
    print(msgspec.json.encode(measure(wanted)).decode())


if __name__ == "__main__":
    main()
