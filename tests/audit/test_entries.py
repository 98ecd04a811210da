"""The access log: written with what it tells of, once a minute for the same, and not lost while the
database is gone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.access import log as access_log
from app.access.log import AccessLog, entry_of
from app.errors import StorageUnavailable, UnknownSession
from app.models.access_log import Entry, append
from tests.audit.book import (
    CLINICIAN,
    NURSE,
    PATIENT,
    SESSION,
    appended,
    checked,
    kinds,
    nurse,
    viewed,
    write_some,
    written,
)
from tests.models.proxy import CommitEater
from tests.models.ward import held_up, infusing, queued

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.access_log import Kind
    from app.models.item import Item
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

REFUSED: dict[str, Any] = {"operation": "POST /api/users", "status": 403, "code": "not_allowed"}


class Minutes:
    """A clock to be turned by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(access_log, "monotonic_s", lambda: self.now)

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> Minutes:
    return Minutes(monkeypatch)


async def test_what_was_done_and_its_entry_are_one_transaction(
    database: Database, store: Store
) -> None:
    def works(item: Item) -> None:
        item.cursor.execute("INSERT INTO meta (name, value) VALUES ('made', 'yes')")
        append(item, Entry("user.created", CLINICIAN, "sign_in:1", data={"user_id": NURSE.id}))

    def fails(item: Item) -> None:
        append(item, Entry("user.created", CLINICIAN))
        raise UnknownSession("no")

    await store.scribe.submit(works)
    with pytest.raises(UnknownSession):
        await store.scribe.submit(fails)
    assert database.ask("SELECT value FROM meta WHERE name = 'made'") == [("yes",)]
    assert written(database) == [(1, "user.created", CLINICIAN.id, {"user_id": NURSE.id})]
    assert checked(database).holds


async def test_entries_of_one_batch_follow_on_each_other(database: Database, store: Store) -> None:
    log = AccessLog(store)
    async with held_up(store):
        tasks = [
            asyncio.create_task(log.write(Entry("pin.changed", NURSE, data={"n": n})))
            for n in range(20)
        ]
        await queued(store, 20)
    await asyncio.gather(*tasks)
    assert [data["n"] for _, _, _, data in written(database)] == list(range(20))
    assert checked(database).holds


async def test_what_is_noted_is_written_soon(database: Database, store: Store) -> None:
    log = AccessLog(store)
    log.note(viewed(nurse()))
    log.seen(nurse(), "patient.viewed", patient_id=PATIENT)
    assert kinds(database) == []
    writing = asyncio.create_task(log.write_forever())
    while log.held:  # noqa: ASYNC110  # written by the task, which tells nobody
        await asyncio.sleep(0.01)
    await log.flush()  # waits for the one under way
    writing.cancel()
    assert kinds(database) == ["session.viewed", "patient.viewed"]


async def test_the_same_seen_again_within_a_minute_is_one_entry(
    database: Database, store: Store, minutes: Minutes
) -> None:
    log = AccessLog(store)
    for _ in range(5):
        log.note(viewed(nurse()))
        minutes.pass_s(10)
    log.note(viewed(nurse("sign_in:2")))  # somebody else
    log.note(viewed(nurse(), "018f0000-0000-7000-8000-00000000000c"))  # another session
    await log.flush()
    assert kinds(database) == ["session.viewed"] * 3
    minutes.pass_s(60)
    log.note(viewed(nurse()))
    await log.stop()
    assert kinds(database) == ["session.viewed"] * 4


async def test_refusals_are_counted_by_the_minute(
    database: Database, store: Store, minutes: Minutes
) -> None:
    log = AccessLog(store)
    for _ in range(1_000):
        log.note(entry_of(nurse(), "refused", **REFUSED))
    log.note(entry_of(nurse(), "refused", **{**REFUSED, "status": 401}))
    await log.flush()
    assert [data for _, _, _, data in written(database)] == [REFUSED, {**REFUSED, "status": 401}]
    minutes.pass_s(61)
    log.note(entry_of(nurse(), "refused", **REFUSED))
    await log.flush()
    assert [data for _, _, _, data in written(database)][2:] == [{**REFUSED, "count": 999}, REFUSED]


async def test_what_was_counted_is_told_when_the_server_stops(
    database: Database, store: Store, minutes: Minutes
) -> None:
    log = AccessLog(store)
    for found in (3, 4, 5):
        log.note(entry_of(nurse(), "patients.searched", found=found))
    await log.stop()
    assert [data for _, _, _, data in written(database)] == [{"found": 3}, {"found": 5, "count": 2}]


async def test_while_the_database_is_locked_entries_are_kept(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    log = AccessLog(store)
    other = sqlite.second_hand()
    other.execute("BEGIN IMMEDIATE")
    log.note(viewed(nurse()))
    with pytest.raises(StorageUnavailable):
        await log.flush()
    with pytest.raises(StorageUnavailable):
        await log.write(Entry("pin.changed", NURSE))
    log.note(Entry("locked", NURSE, "sign_in:1"))
    other.execute("COMMIT")
    other.close()
    await log.flush()
    assert kinds(sqlite) == ["session.viewed", "locked"]
    assert checked(sqlite).holds


async def test_beyond_the_bound_the_oldest_go_and_the_log_says_how_many(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "HELD", 5)
    log = AccessLog(store)
    for n in range(8):
        log.note(Entry("signed_out", NURSE, f"sign_in:{n}", data={"n": n}, at=1_000 + n))
    await log.flush()
    (_, kind, who, data), *kept = written(database)
    assert (kind, who, data) == (
        "entries.dropped",
        "",
        {"count": 3, "from": "1970-01-01T00:00:01.000Z"},
    )
    assert [data["n"] for _, _, _, data in kept] == [3, 4, 5, 6, 7]
    await log.flush()
    assert len(written(database)) == 6


async def test_what_anybody_can_cause_is_dropped_first(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "HELD", 5)
    log = AccessLog(store)
    for n in range(3):
        log.note(Entry("signed_out", NURSE, f"sign_in:{n}", at=1_000 + n))
    for n in range(10):
        log.note(Entry("refused", None, f"token:{n}", data=REFUSED, at=2_000 + n))
    for n in range(3, 5):
        log.note(Entry("signed_out", NURSE, f"sign_in:{n}", at=3_000 + n))
    log.note(Entry("refused", None, "token:last", data=REFUSED, at=4_000))
    await log.flush()
    assert kinds(database) == ["entries.dropped"] + ["signed_out"] * 5
    assert written(database)[0][3] == {"count": 11, "from": "1970-01-01T00:00:02.000Z"}


@pytest.mark.parametrize("kind", ["refused", "device.refused"])
async def test_one_credential_cannot_fill_the_log_with_ids_that_it_makes_up(
    database: Database, store: Store, minutes: Minutes, kind: Kind
) -> None:
    log = AccessLog(store)

    def refuse(n: int, credential: str = "token:1") -> None:
        session_id = f"018f0000-0000-7000-8000-{n:012}"
        log.note(Entry(kind, None, credential, session_id, data={**REFUSED, "station": str(n)}))

    for n in range(1_000):
        refuse(n)
    refuse(5)  # one that is known is counted where it belongs
    refuse(2_000, "token:2")  # somebody else
    assert log.held == access_log.DIFFERENT + 2
    minutes.pass_s(61)
    refuse(3_000)  # a new minute, told with its place
    await log.flush()
    rows = database.ask("SELECT credential, session_id, data FROM access_log ORDER BY seq")
    counts = [orjson.loads(data).get("count") for _, _, data in rows]
    assert [row for row in rows if row[1] is None] == [
        ("token:1", None, '{"code":"many_different"}'),
        ("token:1", None, '{"code":"many_different","count":899}'),
    ]
    assert [count for count in counts if count] == [1, 899]
    assert rows[-1][1].endswith("3000")
    await log.stop()
    assert not log._different


async def test_nothing_that_somebody_sends_keeps_an_entry_out(
    database: Database, store: Store
) -> None:
    odd = "x\0" * 100
    await appended(
        store,
        Entry("refused", None, odd, odd, "not an id \N{PILE OF POO}", {"text": "\0<script>"}),
        Entry("refused", None, data={"text": "y" * 10_000}),
        Entry("refused", None, data={"text": object()}),
    )
    rows = database.ask("SELECT who, actor, credential, session_id, patient_id FROM access_log")
    assert rows[0] == ("", "null", "x" * 64, None, None)
    assert [data for _, _, _, data in written(database)][1:] == [
        {"left_out": "10011 bytes"},
        {"left_out": "no JSON"},
    ]
    assert checked(database).holds


async def test_two_processes_write_one_chain(postgres: Database, open_store: OpenStore) -> None:
    stores = [open_store(postgres), open_store(postgres)]
    rooms = [await infusing(store) for store in stores]
    await asyncio.gather(*(write_some(store, 40) for store in stores for _ in range(2)))
    assert [seq for seq, _, _, _ in written(postgres)] == list(range(1, 163))  # two patients
    assert checked(postgres).holds
    assert len(rooms) == 2


async def test_an_entry_whose_commit_was_not_answered_is_written_once(
    postgres: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    with CommitEater(postgres.url) as eater:
        log = AccessLog(open_store(type(postgres)(eater.url, tmp_path)))
        eater.eat_next()
        log.note(viewed(nurse()))
        await log.flush()
        assert eater.eaten == 1
        await log.write(Entry("pin.changed", NURSE))
    assert kinds(postgres) == ["session.viewed", "pin.changed"]
    assert checked(postgres).holds


async def test_the_log_goes_on_after_a_restart(database: Database, open_store: OpenStore) -> None:
    await write_some(first := open_store(database), 3)
    first.stop()
    await write_some(open_store(database), 3)
    assert checked(database).end.seq == 6
    assert checked(database).holds


async def test_an_entry_stands_for_its_session_and_patient(
    database: Database, store: Store
) -> None:
    await AccessLog(store).write(Entry("pin.changed", NURSE, "sign_in:1", SESSION, PATIENT))
    assert database.ask("SELECT credential, session_id, patient_id FROM access_log") == [
        ("sign_in:1", SESSION, PATIENT)
    ]
