"""The alarm load of a clinic, from its database."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from app.api.schemas.review import AlarmLoadOut
from app.clock import now_ms
from app.errors import UnknownSession
from app.monitoring.errors import InvalidRequest
from app.monitoring.times import iso
from app.review.alarm_load import HOUR_MS, Raised
from app.review.alarms_raised import SESSIONS, alarm_load
from app.services.ids import new_id
from tests.review.rows import alarm_row, put, session_row

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

START = 1_700_000_000_000
MANY = 100_000
QUICK_S = 5  # on a busy machine; about one on an idle one


def raised(row: dict[str, Any], number: int, at: int, stood: int | None = 60_000) -> Raised:
    return Raised(
        id=str(UUID(int=(row["key"] << 64) | number)),
        session_id=row["id"],
        kind="physiological",
        condition="limit",
        group="spo2",
        vital="spo2",
        side="low",
        priority="medium",
        text="SpO2 90 %, limit 92",
        raised_at=at,
        cleared_at=None if stood is None else at + stood,
        seen_at=at + 5_000,
    )


def told(answer: bytes) -> dict[str, Any]:
    """The content, once it is what the OpenAPI document says."""
    sent: dict[str, Any] = orjson.loads(answer)
    AlarmLoadOut.model_validate(sent)
    return sent


async def test_a_period_of_the_clinic(database: Database, store: Store) -> None:
    one = session_row(START, START + 2 * HOUR_MS)
    two = session_row(START + HOUR_MS, None)
    before = session_row(START - 9 * HOUR_MS, START - 8 * HOUR_MS)
    simulated = session_row(START, None, simulated=True)
    alarms = [
        raised(one, 1, START - 1),  # before the period
        raised(one, 2, START + HOUR_MS),
        raised(two, 1, START + HOUR_MS, None),
        raised(two, 2, START + 2 * HOUR_MS),
        raised(two, 3, START + 3 * HOUR_MS),  # at its end, which belongs to the next
        raised(before, 1, START - 8 * HOUR_MS),
        raised(simulated, 1, START + HOUR_MS),
    ]
    rows = {row["id"]: row for row in (one, two, before, simulated)}
    put(database, rows.values(), [alarm_row(rows[a.session_id]["key"], a) for a in alarms])
    period: dict[str, Any] = {"since": START, "until": START + 3 * HOUR_MS}

    said = told(await alarm_load(store, **period))
    assert (said["from"], said["to"]) == (iso(START), iso(START + 3 * HOUR_MS))
    assert (said["clinic"]["alarms"], said["clinic"]["watched_hours"]) == (3, 4)
    assert [(s["session_id"], s["alarms"], s["watched_hours"]) for s in said["sessions"]] == [
        (two["id"], 2, 2),
        (one["id"], 1, 2),
    ]
    stands = said["worst"]["longest"][0]
    assert (stands["session_id"], stands["stands"]) == (two["id"], True)
    assert stands["stood_s"] > (now_ms() - START - 2 * HOUR_MS) / 1_000

    made_up = told(await alarm_load(store, **period, simulated=True))
    assert (made_up["simulated"], made_up["clinic"]["alarms"]) == (True, 1)
    alone = told(await alarm_load(store, session=one["id"], **period))
    assert (alone["clinic"]["alarms"], len(alone["sessions"])) == (1, 1)
    whole = told(await alarm_load(store, session=one["id"]))
    assert (whole["from"], whole["clinic"]["alarms"]) == (iso(START), 1)
    assert whole["clinic"]["watched_hours"] == 2
    assert told(await alarm_load(store))["clinic"]["alarms"] == 0  # the last 24 h


async def test_a_simulated_session_is_counted_when_it_is_named(
    sqlite: Database, open_store: Any
) -> None:
    store = open_store(sqlite)
    row = session_row(START, START + HOUR_MS, simulated=True)
    put(sqlite, [row], [alarm_row(row["key"], raised(row, 1, START))])
    said = told(await alarm_load(store, session=row["id"]))
    assert (said["simulated"], said["clinic"]["alarms"]) == (True, 1)


async def test_what_cannot_be_asked(store: Store) -> None:
    with pytest.raises(UnknownSession):
        await alarm_load(store, session=new_id())
    with pytest.raises(InvalidRequest) as refusal:
        await alarm_load(store, since=START, until=START)
    assert refusal.value.errors[0].code == "bad_period"


@pytest.mark.long
async def test_a_year_of_alarms_is_told_quickly(database: Database, store: Store) -> None:
    sessions = [session_row(START + n * HOUR_MS, START + (n + 1) * HOUR_MS) for n in range(300)]
    alarms = [
        raised(row, number, row["created_at"] + number * 10_000)
        for row in sessions
        for number in range(MANY // len(sessions) + 1)
    ]
    rows = {row["id"]: row["key"] for row in sessions}
    put(database, sessions, [alarm_row(rows[a.session_id], a) for a in alarms])
    began = time.process_time()
    said = told(await alarm_load(store, since=START, until=START + 400 * HOUR_MS))
    assert time.process_time() - began < QUICK_S
    assert said["clinic"]["alarms"] == len(alarms) >= MANY
    assert (len(said["sessions"]), said["sessions_not_listed"]) == (SESSIONS, 100)
