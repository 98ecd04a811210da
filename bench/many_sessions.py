"""Sessions as years of a clinic leave them, to be found again: rows of the list and the signatures
that it looks for, without the rest of their logs and without states, so that a hundred thousand
of them take seconds.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import insert, text

from app.models.access_check import SIGNED
from app.models.tables import event, infusion_session, patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

AT_A_TIME: Final = 5_000  # rows of one statement
EVERY_MS: Final = 1_200_000  # a session begins every twenty minutes, day and night
LASTED_MS: Final = (3_000_000, 9_000_000)  # from fifty minutes to two hours and a half
STATIONS: Final = 40
PROTOCOLS: Final = ("ketamine_adult", "saline", "esketamine")
FIRST: Final = ("Ada", "Bo", "Cy", "Di", "Eva", "Jan", "Ulla", "Øre")
LAST: Final = ("Example", "Sample", "Muster", "Fictional", "Nobody", "Beispiel")
ACTOR: Final = '{"id":"local","kind":"person","name":"Local user","role":"nurse"}'
HASH: Final = bytes(32)  # of every event here: nobody goes through these chains
KEYS: Final = 1_000_000  # above those that a server gives in a bench


def add_sessions(db: Connection, sessions: int, *, patients: int, until: int) -> None:
    """Closed ones, a tenth of them simulated, the last of which was over at `until`; one in twelve
    had high alarms, one in five hundred was not signed. Nobody in them is real.
    """
    chance = random.Random(1)
    for rows in _some(_patient(number, chance) for number in range(patients)):
        db.execute(insert(patient), rows)
    codes = [code_of(number) for number in range(patients)]
    begin = until - sessions * EVERY_MS
    made = (_session(number, codes, begin, chance) for number in range(sessions))
    for rows in _some(made):
        db.execute(insert(infusion_session), rows)
        db.execute(insert(event), [one for row in rows for one in _signature(row)])
    if db.dialect.name == "postgresql":
        db.execute(text("ANALYZE patient, infusion_session, event"))


def code_of(number: int) -> str:
    """Not in the order in which they came."""
    return f"KP-{number * 7_919 % 1_000_003:06d}"


def _some(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == AT_A_TIME:
            yield held
            held = []
    if held:
        yield held


def _patient(number: int, chance: random.Random) -> dict[str, Any]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    return {
        "key": KEYS + number,
        "id": f"01900000-0000-7000-8001-{number:012x}",
        "code": code_of(number),
        "initials": f"{first[0]}.{last[0]}.",
        "name": f"{first} {last} {number}",
        "birth_date": f"{1950 + number % 50}-01-02",
        "created_at": number,
        "actor": ACTOR,
        "digest": b"",
        "simulated": number % 10 == 0,
    }


def _session(number: int, codes: list[str], begin: int, chance: random.Random) -> dict[str, Any]:
    who = chance.randrange(len(codes))
    began = begin + number * EVERY_MS
    ended = began + chance.randrange(*LASTED_MS)
    seq = chance.randrange(200, 9_000)
    return {
        "key": KEYS + number,
        "id": f"01900000-0000-7000-8000-{number:012x}",
        "patient_key": KEYS + who,
        "patient_code": codes[who],
        "station": f"Room {chance.randrange(STATIONS) + 101}",
        "protocol": chance.choice(PROTOCOLS),
        "simulated": who % 10 == 0,
        "clock": "wall",
        "phase": "discharged",
        "phase_since": ended,
        "active": False,
        "seq": seq,
        "recorded_at": ended,
        "next_due_at": None,
        "head": HASH,
        "created_at": began,
        "closed_at": ended,
        "digest": b"",
        "high_alarms": number % 5 + 1 if number % 12 == 0 else 0,
        "signed_seq": None if number % 500 == 0 else seq,
    }


def _signature(session: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The last two events of one that is signed: what is covered, and the signature."""
    seq = session["signed_seq"]
    if seq is None:
        return
    said = orjson.dumps({"covers": seq - 1, "hash": HASH.hex()}).decode()
    for at, kind, data in ((seq - 1, "phase.changed", "{}"), (seq, SIGNED, said)):
        yield {
            "session_key": session["key"],
            "seq": at,
            "kind": kind,
            "at": session["closed_at"],
            "recorded_at": session["closed_at"],
            "actor": ACTOR,
            "data": data,
            "hash": HASH,
        }
