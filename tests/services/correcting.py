"""Readings put right through the services, and what must hold of a log and its rows after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.monitoring.commands import AmendReading, MoveReading, VoidReading
from app.monitoring.fold import fold
from app.monitoring.rebuild import restep
from app.monitoring.times import iso
from app.services import sessions
from app.services.corrections import correct
from tests.models.ward import NURSE, broken_at, log_of, plain

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

START = 1_700_000_000_000
DRIVEN: dict[str, Any] = {"simulated": True, "clock": "driven", "starts_at": START}
SLIP = "typed for another patient"


async def void(store: Store, session_id: str, reading: Any, id: str | None = None) -> Any:
    return await correct(store, NURSE, session_id, VoidReading(reading["id"], SLIP, id))


async def amend(store: Store, session_id: str, reading: Any, /, **values: float | None) -> Any:
    command = AmendReading(reading["id"], values, "read from the wrong line")
    return await correct(store, NURSE, session_id, command)


async def move(store: Store, session_id: str, reading: Any, to: str) -> Any:
    return await correct(store, NURSE, session_id, MoveReading(reading["id"], to, SLIP))


async def checked(store: Store, database: Database, session_id: str) -> list[dict[str, Any]]:
    """The log, once its chain holds, it folds to the state, and stepped again says the same."""
    log = await log_of(store, session_id)
    state = plain(await sessions.session_state(store, session_id))
    log = log[: state["seq"]]
    assert broken_at(database, session_id) is None
    folded: dict[str, Any] | None = None
    for event in log:
        folded = fold(folded, event)
    assert folded == state
    again = [(e.kind, iso(e.at), plain(e.data)) for e in restep(log)[1]]
    assert again == [(e["kind"], e["at"], e["data"]) for e in log]
    assert _charted(database, session_id, state["seq"]) == _right(log)
    return log


def _right(log: list[dict[str, Any]]) -> dict[int, Any]:
    """The readings as they should have been, and when, by seq; those that should not be left
    out.
    """
    right: dict[int, Any] = {}
    for event in log:
        data = event["data"]
        if event["kind"] == "reading.recorded":
            right[event["seq"]] = (data["taken_at"], data["values"])
        elif event["kind"] == "reading.amended":
            right[data["seq"]] = (data["reading"]["taken_at"], data["reading"]["values"])
        elif event["kind"] == "reading.voided":
            del right[data["seq"]]
    return right


def _charted(database: Database, session_id: str, until: int) -> dict[int, Any]:
    rows = database.ask(
        'SELECT r.seq, r.taken_at, r."values", r.voided FROM reading r'
        " JOIN infusion_session s ON s.key = r.session_key WHERE s.id = ? AND r.seq <= ?",
        (session_id, until),
    )
    return {
        seq: (iso(taken_at), orjson.loads(values) if isinstance(values, str) else values)
        for seq, taken_at, values, voided in rows
        if not voided
    }
