"""The database locks, fills up or goes away: nothing acknowledged is lost, nobody is lied to, and
all recovers by itself.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import make_url

from app.errors import StorageUnavailable
from app.models.chain import Chain, load_key
from app.models.database import connect, epoch, migrate
from app.models.reader import Reader
from app.models.store import KEY_FILE, Store
from app.services import sessions
from app.services.ids import new_id
from app.services.sweep import sweep_forever
from tests.models.proxy import CommitEater
from tests.models.ward import admit, check_log, held_up, infusing, patient, queued, record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from app.models.unit import Item
    from tests.models.databases import Database, OpenStore

TOGETHER = 10  # readings sent at once where connections break


async def recovered(store: Store) -> None:
    """Returns when the sweeper's own probe has found that commits work again."""
    sweeper = asyncio.create_task(sweep_forever(store))
    while not store.commit_ok:  # noqa: ASYNC110  # set in the scribe's thread, without an event
        await asyncio.sleep(0.01)
    sweeper.cancel()


async def readings_of(store: Store, database: Database, session_id: str) -> list[str]:
    log = await check_log(store, database, session_id)
    return [e["data"]["id"] for e in log if e["kind"] == "reading.recorded"]


async def test_another_writer_of_a_second_is_waited_for(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    session_id = await admit(store)
    other = sqlite.second_hand()
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(20)]
    finished, _ = await asyncio.wait(waiting, timeout=1)
    assert finished == set()
    other.execute("COMMIT")
    other.close()
    answers = await asyncio.gather(*waiting)
    assert await readings_of(store, sqlite, session_id) == [a["id"] for a, _ in answers]


async def test_a_writer_that_never_ends_is_said_and_recovered_from(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    session_id = await admit(store)
    other = sqlite.second_hand()
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(50)]
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(answer) for answer in answers} == {StorageUnavailable}
    assert not store.commit_ok
    state = await sessions.session_state(store, session_id)
    assert state["seq"] == 1  # reading goes on meanwhile
    other.execute("COMMIT")
    other.close()
    await recovered(store)
    answer, _ = await record(store, session_id, hr=70)
    assert await readings_of(store, sqlite, session_id) == [answer["id"]]


class SmallDisk:
    """A store whose file may have so many pages and no more."""

    def __init__(self, database: Database) -> None:
        migrate(database.url)
        self.pages = 2**30
        engine = connect(database.url, pool_size=1)
        sa_event.listen(engine, "connect", self._limit)
        chain = Chain(load_key(database.data_dir / KEY_FILE, None))
        reader = Reader(connect(database.url, read_only=True))
        self.store = Store(engine, reader, chain, epoch(engine), lambda _: None)
        self.store.start()

    def _limit(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages}")

    async def fill(self) -> None:
        """Grants not one page beyond what is used."""

        def limit(item: Item) -> None:
            (self.pages,) = item.cursor.execute("PRAGMA page_count").fetchone()
            item.cursor.execute(f"PRAGMA max_page_count={self.pages}")

        await self.store.scribe.submit(limit)

    def clear(self) -> None:
        """Takes effect when the scribe opens its file anew."""
        self.pages = 2**30


@pytest.fixture
def small_disk(sqlite: Database) -> Iterator[SmallDisk]:
    disk = SmallDisk(sqlite)
    yield disk
    disk.store.stop()


async def test_a_full_disk_loses_nothing_that_was_acknowledged(
    sqlite: Database, small_disk: SmallDisk
) -> None:
    store = small_disk.store
    session_id = await infusing(store)
    await small_disk.fill()
    stored, refused = await readings_of(store, sqlite, session_id), 0
    while not refused:
        answers = await asyncio.gather(
            *(record(store, session_id, hr=60 + n) for n in range(25)), return_exceptions=True
        )
        stored += [a[0]["id"] for a in answers if isinstance(a, tuple)]
        refused = sum(isinstance(a, StorageUnavailable) for a in answers)
        assert all(isinstance(a, tuple | StorageUnavailable) for a in answers)
    assert not store.commit_ok
    assert await readings_of(store, sqlite, session_id) == stored
    small_disk.clear()
    await recovered(store)
    answer, _ = await record(store, session_id, hr=70)
    assert await readings_of(store, sqlite, session_id) == [*stored, answer["id"]]


def end_connections(postgres: Database) -> int:
    """What a restart of PostgreSQL does to those who are connected."""
    found = postgres.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return len(found)


def answers_nobody(postgres: Database, yes: bool) -> None:
    name = make_url(postgres.url).database
    server = type(postgres)(
        make_url(postgres.url).set(database="postgres").render_as_string(hide_password=False),
        postgres.data_dir,
    )
    server.ask(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {'false' if yes else 'true'}")
    if yes:
        server.ask(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )


async def test_connections_that_were_idle_at_a_restart_are_made_anew(
    postgres: Database, open_store: OpenStore
) -> None:
    store = open_store(postgres)
    session_id = await admit(store)
    await asyncio.gather(*(sessions.session_state(store, session_id) for _ in range(8)))
    for _ in range(3):
        assert end_connections(postgres) >= 2
        await record(store, session_id, hr=70)
        await asyncio.gather(*(sessions.session_state(store, session_id) for _ in range(8)))
    assert store.commit_ok
    assert len(await readings_of(store, postgres, session_id)) == 3


async def test_a_connection_that_breaks_inside_a_transaction_costs_nobody_anything(
    postgres: Database, open_store: OpenStore
) -> None:
    store = open_store(postgres)
    session_id = await infusing(store)
    cuts: list[int] = []

    def cut(item: Item) -> None:
        if not cuts:
            cuts.append(end_connections(postgres))
        item.cursor.execute("SELECT 1")

    async with held_up(store):
        before = [asyncio.create_task(record(store, session_id, hr=60 + n)) for n in range(5)]
        await queued(store, 5)
        cutting = asyncio.create_task(store.scribe.submit(cut))
        await queued(store, 6)
        after = [asyncio.create_task(record(store, session_id, hr=70 + n)) for n in range(5)]
        await queued(store, 11)
    answers = await asyncio.gather(*before, *after)
    await cutting
    assert (await readings_of(store, postgres, session_id))[1:] == [a["id"] for a, _ in answers]


async def test_connections_that_keep_breaking_never_cost_an_acknowledged_reading(
    postgres: Database, open_store: OpenStore
) -> None:
    store = open_store(postgres)
    session_id = await admit(store)
    ids = [new_id() for _ in range(400)]
    acknowledged: list[str] = []
    cuts: list[int] = []
    breaking = threading.Event()
    attempts = 0

    async def send(id: str, hr: int) -> None:
        nonlocal attempts
        while True:
            attempts += 1
            try:
                answer, _ = await record(store, session_id, id=id, hr=hr)
            except StorageUnavailable:
                continue
            acknowledged.append(answer["id"])
            return

    def cut_often() -> None:
        at_last = 0
        while not breaking.wait(0.02):
            if attempts - at_last >= 2 * TOGETHER:  # what was cut is let through once
                at_last = attempts
                end_connections(postgres)
                cuts.append(at_last)

    cutting = asyncio.create_task(asyncio.to_thread(cut_often))
    for start in range(0, len(ids), TOGETHER):
        group = ids[start : start + TOGETHER]
        await asyncio.gather(*(send(id, 60 + n) for n, id in enumerate(group)))
    breaking.set()
    await cutting
    assert cuts
    assert sorted(acknowledged) == ids
    assert sorted(await readings_of(store, postgres, session_id)) == ids


async def test_a_postgresql_that_is_down_is_said_and_recovered_from(
    postgres: Database, open_store: OpenStore
) -> None:
    store = open_store(postgres)
    session_id = await infusing(store)
    answers_nobody(postgres, True)
    answers = await asyncio.gather(
        *(record(store, session_id, hr=60 + n) for n in range(20)),
        sessions.session_state(store, session_id),
        return_exceptions=True,
    )
    assert {type(answer) for answer in answers} == {StorageUnavailable}
    assert not store.commit_ok
    answers_nobody(postgres, False)
    await recovered(store)
    answer, _ = await record(store, session_id, hr=70)
    assert (await readings_of(store, postgres, session_id))[1:] == [answer["id"]]


async def test_a_commit_whose_answer_was_lost_is_not_made_twice(
    postgres: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    """Readings without a client's id: only the log can tell that they were stored."""
    with CommitEater(postgres.url) as eater:
        store = open_store(type(postgres)(eater.url, tmp_path))
        session_id = await infusing(store)
        eater.eat_next()
        answers = await asyncio.gather(*(record(store, session_id, hr=60 + n) for n in range(5)))
        assert eater.eaten == 1
        assert store.commit_ok
        stored = await readings_of(store, postgres, session_id)
        assert stored[1:] == [a["id"] for a, _ in answers]


async def test_a_commit_that_cannot_be_asked_about_is_not_called_lost(
    postgres: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    with CommitEater(postgres.url) as eater:
        store = open_store(type(postgres)(eater.url, tmp_path))
        session_id = await infusing(store)
        eater.eat_next(and_refuse=True)
        with pytest.raises(StorageUnavailable, match="not known"):
            await record(store, session_id, id=(id := new_id()), hr=60)
        assert not store.commit_ok
        eater.accept()
        await recovered(store)
        _, new = await record(store, session_id, id=id, hr=60)
        assert not new
        assert (await readings_of(store, postgres, session_id))[1:] == [id]


async def test_a_patient_is_not_made_twice_either(
    postgres: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    with CommitEater(postgres.url) as eater:
        store = open_store(type(postgres)(eater.url, tmp_path))
        eater.eat_next()
        assert await patient(store, id=(id := new_id()), code="P-once") == id
        assert eater.eaten == 1
        assert postgres.ask("SELECT id FROM patient") == [(id,)]


def test_nothing_is_promised_to_callers_whose_loop_is_gone(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    go_on, written = threading.Event(), threading.Event()

    def late(item: Item) -> None:
        go_on.wait()

    async def ask_and_leave() -> None:
        asking: Any = asyncio.ensure_future(store.scribe.submit(late))
        await asyncio.sleep(0)
        asking.cancel()

    asyncio.run(ask_and_leave())
    go_on.set()

    async def ask() -> None:
        await store.scribe.submit(lambda _: written.set())

    asyncio.run(ask())
    assert written.is_set()
