"""Each state of a log is seen again, on both databases, wherever the log is left off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from app.models.logged import AT_A_TIME, logged
from app.models.queries import session_key
from app.monitoring.commands import ReadingFor
from app.monitoring.fold import fold
from app.review.seen.as_seen import as_seen_json
from app.services import readings
from tests.models.ward import infusing, sent
from tests.support.callers import simulator

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.store import Store

START = 1_700_000_000_000
READINGS = AT_A_TIME + 50  # more than is fetched at once


def same(db: Connection, session_id: str) -> int:
    """Holds what is seen against the log, at events spread over all of it; answers how many."""
    looked, state = 0, None
    events = [event for _, event in logged(db, session_key(db, session_id), session_id)]
    for event in events:
        state = fold(state, event)
        if event["seq"] % 97 == 1 or event["seq"] == len(events):
            seen: dict[str, Any] = orjson.loads(
                as_seen_json(db, session_id, event["seq"], None, True)
            )
            assert (seen["state"], seen["last_seq"]) == (state, len(events))
            looked += 1
    return looked


async def test_each_state_is_seen_again(store: Store) -> None:
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=START)
    many = [
        ReadingFor(
            replace(sent(), values={"hr": 80.0 + n % 7}, taken_at=START + n * 1_000), session_id
        )
        for n in range(1, READINGS)
    ]
    for first in range(0, len(many), 200):
        await readings.record_readings(store, simulator(), many[first : first + 200])
    assert await store.reader.read(partial(same, session_id=session_id)) > 10
