"""A small ward to test storage with: patients, sessions and readings through the services, and a
log that is looked at hard.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from app.access.caller import Caller
from app.access.roles import permissions
from app.models.chain import Chain, first_broken, load_key
from app.models.database import connect
from app.models.store import KEY_FILE
from app.monitoring.commands import Actor, ChangePhase, CreatePatient, CreateSession, RecordReading
from app.monitoring.fold import fold
from app.services import history, patients, readings, sessions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from app.models.store import Store
    from app.models.unit import Item
    from tests.models.databases import Database

NURSE = Actor("person", "local", "Local user")
MONITORS = Actor("program", "monitors", "Monitors", role="device")
SENDING = Caller("program", MONITORS, "device", "token:ward", permissions("device"))
CHARTING = Caller("person", NURSE, "nurse", "sign_in:ward", permissions("nurse"))
BASELINE = {"hr": 74.0, "spo2": 98.0, "sbp": 124.0, "dbp": 76.0, "rr": 14.0, "sedation": 5.0}

_numbers = count(1)


def plain(answer: Any) -> Any:
    """As it goes over the wire."""
    return orjson.loads(orjson.dumps(answer))


async def patient(store: Store, **fields: Any) -> str:
    command = CreatePatient(**{"code": f"P-{next(_numbers)}", "initials": "T.P.", **fields})
    made, _ = await patients.create_patient(store, NURSE, command)
    return str(made["id"])


def order(patient_id: str, **fields: Any) -> CreateSession:
    usual: dict[str, Any] = {
        "patient_id": patient_id,
        "station": f"Room {next(_numbers)}",
        "protocol": "ketamine_adult",
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
    }
    return CreateSession(**{**usual, **fields})


async def admit(store: Store, **fields: Any) -> str:
    """A patient, new if none is given, in a new session; its id."""
    patient_id = fields.pop("patient_id", None) or await patient(store)
    state, _ = await sessions.create_session(store, NURSE, order(patient_id, **fields))
    return str(state["id"])


async def move_to(store: Store, session_id: str, *phases: str, **fields: Any) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for to in phases:
        command = ChangePhase(to=to, **fields)
        state = await sessions.change_phase(store, NURSE, session_id, command)
    return state


async def infusing(store: Store, **fields: Any) -> str:
    """A session that was walked to the infusion."""
    session_id = await admit(store, **fields)
    await move_to(store, session_id, "checked_in", "baseline")
    await record(store, session_id, None, **BASELINE)
    await move_to(store, session_id, "ready", "infusing")
    return session_id


def typed(id: str | None = None, **values: float) -> RecordReading:
    return RecordReading(values=values, id=id)


def sent(device: str = "mon-01", id: str | None = None, **values: float) -> RecordReading:
    return RecordReading(values=values, id=id, device=device, interval_s=1)


async def record(
    store: Store, session_id: str, id: str | None = None, **values: float
) -> tuple[dict[str, Any], bool]:
    recorded, new = await readings.record_reading(store, CHARTING, session_id, typed(id, **values))
    return plain(recorded), new


@asynccontextmanager
async def held_up(store: Store) -> AsyncIterator[None]:
    """The scribe is kept busy inside: all that is submitted waits and comes as one batch."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(_: Item) -> None:
        busy.set()
        go_on.wait()

    holding = asyncio.create_task(store.scribe.submit(hold))
    await asyncio.to_thread(busy.wait)
    try:
        yield
    finally:
        go_on.set()
    await holding


async def queued(store: Store, many: int) -> None:
    """Returns when so many submissions wait."""
    while sum(store.scribe_queue) < many:  # noqa: ASYNC110  # the scribe has no event for it
        await asyncio.sleep(0)


async def settled(store: Store) -> None:
    """Returns when all that was answered so far has been published too."""

    def nothing(_: Item) -> None: ...

    await store.scribe.submit(nothing)


async def log_of(store: Store, session_id: str) -> list[dict[str, Any]]:
    texts = await history.session_events(store, session_id, after=0, limit=1_000_000)
    return [orjson.loads(text) for text in texts]


def broken_at(database: Database, session_id: str) -> int | None:
    engine = connect(database.url, read_only=True)
    try:
        with engine.connect() as db, db.begin():
            chain = Chain(load_key(database.data_dir / KEY_FILE, None))
            return first_broken(db, chain, session_id)
    finally:
        engine.dispose()


async def check_log(store: Store, database: Database, session_id: str) -> list[dict[str, Any]]:
    """The log has no gap, its chain holds, and state, readings and alarms are what it says; returns
    it.
    """
    state = await sessions.session_state(store, session_id)
    log = (await log_of(store, session_id))[: state["seq"]]
    assert [event["seq"] for event in log] == list(range(1, state["seq"] + 1))
    assert broken_at(database, session_id) is None
    folded: dict[str, Any] | None = None
    for event in log:
        folded = fold(folded, event)
    assert folded is not None
    # `recorded_at` and hash aside, the log alone makes what the server says
    assert folded == plain(state)
    assert await _readings(store, session_id, state["seq"]) == _readings_in(log)
    said = {e["data"]["alarm"]["id"]: e["data"]["alarm"] for e in log if "alarm" in e["data"]}
    assert await _alarms(store, session_id, state["seq"]) == said
    return log


def _readings_in(log: list[dict[str, Any]]) -> dict[int, Any]:
    """Id, values and whether it was voided, of each reading by its seq."""
    readings = {}
    for event in log:
        data = event["data"]
        match event["kind"]:
            case "reading.recorded":
                readings[event["seq"]] = (data["id"], data["values"], False)
            case "reading.amended":
                readings[data["seq"]] = (data["id"], data["reading"]["values"], False)
            case "reading.voided":
                readings[data["seq"]] = (*readings[data["seq"]][:2], True)
    return readings


async def _readings(store: Store, session_id: str, until: int) -> dict[int, Any]:
    statement = text(
        'SELECT r.seq, r.id, r."values", r.voided FROM reading r'
        " JOIN infusion_session s ON s.key = r.session_key"
        " WHERE s.id = :id AND r.seq <= :until"
    )
    rows = await store.reader.read(
        lambda db: db.execute(statement, {"id": session_id, "until": until}).all()
    )
    return {
        seq: (id, orjson.loads(v) if isinstance(v, str) else v, bool(voided))
        for seq, id, v, voided in rows
    }


async def _alarms(store: Store, session_id: str, until: int) -> dict[str, Any]:
    statement = text(
        "SELECT a.id, a.data FROM alarm a JOIN infusion_session s ON s.key = a.session_key"
        " WHERE s.id = :id AND a.seq <= :until"
    )
    rows = await store.reader.read(
        lambda db: db.execute(statement, {"id": session_id, "until": until}).all()
    )
    return {id: orjson.loads(data) for id, data in rows}
