"""A session's log as the engine steps it again: event by event, so that none but a few are held."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, select, text

from app.models.tables import event
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Collection, Generator

Log: Final = event.c
READING: Final = "reading.recorded"
NO_READING: Final = text(f"kind <> '{READING}'")  # as the index has it, not as a value
AT_A_TIME: Final = 1_000  # events fetched at once; a session may have a hundred thousand


def logged(
    db: Connection, key: int, session_id: str, kinds: Collection[str] = ()
) -> Generator[tuple[int, dict[str, Any]]]:
    """The events in order, each with its moment, or those of some kinds only.

    Made from the columns, which is quicker than from the event's text.
    """
    query = select(Log.seq, Log.kind, Log.at, Log.recorded_at, Log.actor, Log.data)
    query = query.where(Log.session_key == key)
    if kinds:
        query = query.where(Log.kind.in_(kinds))
        if READING not in kinds:  # what is no reading has an index of its own
            query = query.where(NO_READING)
    query = query.order_by(Log.seq).execution_options(yield_per=AT_A_TIME)
    with db.execute(query) as rows:  # who leaves off closes it: a server's cursor stays open else
        for seq, kind, at, recorded_at, actor, data in rows:
            yield (
                at,
                {
                    "session_id": session_id,
                    "seq": seq,
                    "kind": kind,
                    "at": iso(at),
                    "recorded_at": iso(recorded_at),
                    "actor": _actor(actor),
                    "data": orjson.loads(data),
                },
            )


@lru_cache(maxsize=1_024)  # the people and devices of a clinic
def _actor(text: str) -> dict[str, Any]:
    actor: dict[str, Any] = orjson.loads(text)
    return actor
