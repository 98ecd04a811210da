"""What is recorded at one process is on the screens of the other, at once and in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg

from app.models.notify import CHANNEL, plain
from app.services.ids import new_id
from tests.e2e.api import asking
from tests.scale.screen import watching
from tests.support.as_clinic import AsClinic

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.scale.conftest import Pair

AGAIN_S = 0.05  # between questions to the database: there is no event for who has connected
READINGS = 50
EACH = 100


def open_session(url: str) -> str:
    with asking(url) as api:
        return api.infusing("Room 1")


async def say(client: httpx2.AsyncClient, session_id: str, **values: float) -> dict[str, Any]:
    reading = {"id": new_id(), "values": values}
    answer = await client.post(f"/api/sessions/{session_id}/readings", json=reading)
    assert answer.status_code == 201, answer.text
    recorded: dict[str, Any] = answer.json()
    return recorded


async def both_hear(db: psycopg.AsyncConnection, cut: Collection[int] = ()) -> set[int]:
    """The two connections that hear what others tell, once there are two that were not cut."""
    while True:
        found = await db.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'"
            " AND datname = current_database()"
        )
        pids = {pid for (pid,) in await found.fetchall()}.difference(cut)
        if len(pids) == 2:
            return pids
        await asyncio.sleep(AGAIN_S)


async def test_a_reading_comes_to_the_other_process_screens_by_its_word(
    told_pair: Pair, clinic_database: str
) -> None:
    here, there = told_pair
    session_id = await asyncio.to_thread(open_session, here.url)
    async with (
        await psycopg.AsyncConnection.connect(plain(clinic_database), autocommit=True) as db,
        httpx2.AsyncClient(auth=AsClinic(), base_url=here.url, timeout=60) as client,
        watching(session_id, here.live_url) as beside,
        watching(session_id, there.live_url) as screen,
    ):
        await both_hear(db)
        await beside.sees(lambda: beside.screens["live"] == 2)  # it knows whom to tell
        for n in range(READINGS):
            await screen.until((await say(client, session_id, hr=60 + n % 20))["seq"])
        await screen.sees(lambda: screen.board[session_id]["seq"] == screen.seq)
    assert screen.snapshots == 1


async def test_both_processes_write_one_session_at_once(pair: Pair) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    async with (
        httpx2.AsyncClient(auth=AsClinic(), base_url=here.url, timeout=30) as one,
        httpx2.AsyncClient(auth=AsClinic(), base_url=there.url, timeout=30) as other,
        watching(session_id, here.live_url) as left,
        watching(session_id, there.live_url) as right,
    ):
        begun = left.seq

        async def record(client: httpx2.AsyncClient) -> list[int]:
            return [(await say(client, session_id, hr=70))["seq"] for _ in range(EACH)]

        seqs = [seq for by in await asyncio.gather(record(one), record(other)) for seq in by]
        last = max(seqs)
        await asyncio.gather(left.until(last), right.until(last))
        assert len(set(seqs)) == 2 * EACH
        log = (await one.get(f"/api/sessions/{session_id}/events?limit=1000")).json()["items"]
        state = (await other.get(f"/api/sessions/{session_id}")).json()
    told = [
        event["id"] for event in (e["data"] for e in log) if "id" in event and "values" in event
    ]
    assert [event["seq"] for event in log] == list(range(1, log[-1]["seq"] + 1))
    assert len(set(told)) == 2 * EACH
    assert log[-1]["recorded_at"] == max(event["recorded_at"] for event in log)
    for screen in (left, right):
        assert screen.seqs == list(range(begun + 1, last + 1))
        assert screen.state == state
        assert screen.board[session_id]["seq"] == last


async def test_one_id_sent_to_both_at_once_is_stored_once(pair: Pair) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    path = f"/api/sessions/{session_id}/readings"
    async with (
        httpx2.AsyncClient(auth=AsClinic(), base_url=here.url, timeout=30) as one,
        httpx2.AsyncClient(auth=AsClinic(), base_url=there.url, timeout=30) as other,
    ):
        for _ in range(20):
            reading = {"id": new_id(), "values": {"hr": 70}}
            answers = await asyncio.gather(*(c.post(path, json=reading) for c in (one, other)))
            assert sorted(answer.status_code for answer in answers) == [200, 201]
            assert answers[0].json()["seq"] == answers[1].json()["seq"]


async def test_a_session_that_begins_and_ends_elsewhere_comes_and_leaves_the_board(
    pair: Pair,
) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    async with watching(session_id, there.live_url) as screen:
        with asking(here.url) as api:
            other = await asyncio.to_thread(api.infusing, "Room 2")
            await screen.sees(lambda: screen.board.get(other, {}).get("phase") == "infusing")
            for to in ("completed", "recovery", "ready_for_discharge", "discharged"):
                body = {"to": to, "override_reason": "test"}
                await asyncio.to_thread(api.post, f"/api/sessions/{other}/phase", body)
            await screen.sees(lambda: screen.board[other]["active"] is False)


async def test_a_connection_that_hears_is_cut_and_nothing_is_lost(
    pair: Pair, clinic_database: str
) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    async with (
        await psycopg.AsyncConnection.connect(plain(clinic_database), autocommit=True) as db,
        httpx2.AsyncClient(auth=AsClinic(), base_url=here.url, timeout=60) as client,
        watching(session_id, there.live_url) as screen,
    ):
        cut: set[int] = set()
        for _ in range(3):
            hearing = await both_hear(db, cut)
            await db.execute(
                "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", ([*hearing],)
            )
            cut |= hearing
            for _ in range(5):
                seq = (await say(client, session_id, hr=70))["seq"]
            await screen.until(seq)
        await both_hear(db, cut)
    assert screen.connections == 1


async def test_what_others_notify_on_our_channel_harms_nothing(
    pair: Pair, clinic_database: str
) -> None:
    _, there = pair
    session_id = await asyncio.to_thread(open_session, there.url)
    async with (
        await psycopg.AsyncConnection.connect(plain(clinic_database), autocommit=True) as db,
        httpx2.AsyncClient(auth=AsClinic(), base_url=there.url, timeout=60) as client,
        watching(session_id, there.live_url) as screen,
    ):
        for text in ("", "{", "[]", '{"by":1,"spans":[["x",1,2]]}', '{"by":"x","screens":[]}',
                     f'{{"by":"x","spans":[["{session_id}",1,9000]]}}'):  # fmt: skip
            await db.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))
        await screen.until((await say(client, session_id, hr=70))["seq"])
        assert (await client.get("/readyz")).status_code == 200


async def test_screens_of_all_processes_are_counted(pair: Pair) -> None:
    here, there = pair
    session_id = await asyncio.to_thread(open_session, here.url)
    async with (
        watching(session_id, here.live_url) as left,
        watching(session_id, there.live_url) as right,
    ):
        for screen in (left, right):
            await screen.sees(lambda screen=screen: screen.screens["live"] == 2)
