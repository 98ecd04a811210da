"""What is due is told once, whichever process tells it, and by another when one is killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg
from sqlalchemy import make_url

from app.models.chain import Chain, first_broken
from app.models.database import connect
from app.models.notify import plain
from app.models.watch import GAP_MS
from app.services.ids import new_id
from app.services.webhooks import LOOK_S
from tests.e2e.api import Api, asking
from tests.scale.conftest import KEY, until_nobody_is_at_work
from tests.services.receiver import Receiver
from tests.support.as_clinic import AsClinic

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.scale.conftest import Pair
    from tests.support.server import Server

ROOMS = 12
WATCHED_S = 40  # a limit alarm is due after 10 s of it, a lost signal after 15 s and more


def infusing_rooms(url: str) -> list[str]:
    with asking(url) as api:
        ids = [api.infusing(f"Room {n}") for n in range(ROOMS)]
        for n, id in enumerate(ids):  # one value beyond its limit, and then silence
            reading = {"device": f"mon-{n}", "interval_s": 1, "values": {"spo2": 84, "hr": 70}}
            api.post(f"/api/sessions/{id}/readings", {"id": new_id(), **reading})
        return ids


def raised(log: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    alarms = [event["data"]["alarm"] for event in log if event["kind"] == "alarm.raised"]
    return [(alarm["condition"], alarm["group"], alarm["side"] or "") for alarm in alarms]


async def test_alarms_that_are_due_are_raised_once_while_processes_are_killed(
    pair: Pair, clinic_database: str
) -> None:
    ids = await asyncio.to_thread(infusing_rooms, pair[0].url)
    chance = random.Random(7)

    async def until_told() -> None:
        """Of the values beyond their limit and of the signals that are lost, in every room."""
        async with await psycopg.AsyncConnection.connect(
            plain(clinic_database), autocommit=True
        ) as db:
            while True:
                told = await db.execute(
                    "SELECT count(DISTINCT session_key) FROM alarm WHERE condition = 'limit'"
                    " UNION ALL SELECT count(DISTINCT session_key) FROM alarm"
                    " WHERE condition <> 'limit'"
                )
                if await told.fetchall() == [(ROOMS,), (ROOMS,)]:
                    return
                await asyncio.sleep(0.1)

    told = asyncio.Event()

    async def kill_and_start() -> None:
        while not told.is_set():
            await asyncio.to_thread(chance.choice(pair).restart, kill=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(chance.uniform(0.2, 1)):
                    await told.wait()

    killing = asyncio.create_task(kill_and_start())
    try:
        async with asyncio.timeout(2 * WATCHED_S):
            await until_told()
    finally:
        told.set()
        await killing
    await asyncio.to_thread(_check, pair[1].url, ids, clinic_database)


def _check(url: str, ids: list[str], database: str) -> None:
    engine = connect(make_url(database).render_as_string(hide_password=False), read_only=True)
    with asking(url) as api, engine.connect() as db:
        for id in ids:
            log = api.events(id)
            gaps = [event["data"]["gap_s"] for event in log if event["kind"] == "watch.resumed"]
            assert all(gap > GAP_MS / 1_000 for gap in gaps), "another process watched then"
            assert max(Counter(raised(log)).values()) == 1, raised(log)
            assert ("limit", "spo2", "low") in raised(log)
            assert first_broken(db, Chain(bytes.fromhex(KEY)), id) is None
    engine.dispose()


async def test_where_nobody_is_left_the_sessions_are_told_of_the_gap(
    pair: Pair, clinic_database: str
) -> None:
    def story() -> None:
        with asking(pair[0].url) as api:
            id = api.infusing("Room 1")
        for server in pair:
            server.kill()
        until_nobody_is_at_work(clinic_database)
        for server in pair:
            server.start()
        with asking(pair[1].url) as api:
            api.post(f"/api/sessions/{id}/readings", {"id": new_id(), "values": {"hr": 70}})
            kinds = [event["kind"] for event in api.events(id)]
            assert kinds.count("watch.resumed") == 1

    await asyncio.to_thread(story)


async def test_each_call_for_help_goes_out_once(
    clinic_database: str, start_server: StartServer
) -> None:
    receiver = Receiver()
    await receiver.open()
    env = {
        "INFUSION_LOG_KEY": KEY,
        "INFUSION_WEBHOOK_URL": receiver.url,
        "INFUSION_WEBHOOK_SECRET": "a secret of some length",
    }

    def start() -> tuple[Server, Server]:
        one = start_server(database_url=clinic_database, env=env)
        return one, start_server(database_url=clinic_database, env=env)

    def call_help(api: Api) -> None:
        for n in range(ROOMS):
            id = api.infusing(f"Room {n}")
            api.post(f"/api/sessions/{id}/help", {"id": new_id()})

    try:
        one, _ = await asyncio.to_thread(start)
        with asking(one.url) as api:
            await asyncio.to_thread(call_help, api)
        await receiver.has(ROOMS)
        async with httpx2.AsyncClient(auth=AsClinic(), base_url=one.url, timeout=60) as client:
            await asyncio.sleep(3 * LOOK_S)  # nothing tells that nothing will come
            assert (await client.get("/api/notices")).json()["items"] == []
        assert Counter(post.headers["webhook-id"] for post in receiver.posts).most_common(1) == [
            (receiver.posts[0].headers["webhook-id"], 1)
        ]
    finally:
        await receiver.close()
