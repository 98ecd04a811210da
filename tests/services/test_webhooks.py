"""Calls for help go out once they are stored, again until they are taken, and never unsigned."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from app.models.deliveries import due_calls
from app.monitoring.commands import CallHelp
from app.services import notices
from app.services.attention import call_help
from app.services.sweep import sweep
from app.services.watch import mark_alive
from app.services.webhooks import (
    AT_ONCE,
    FIRST_WAIT_MS,
    KEEP_TRYING_MS,
    LONGEST_WAIT_MS,
    deliver_forever,
    wait_ms,
)
from tests.models.ward import NURSE, check_log, infusing, log_of, patient, record, settled
from tests.services.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from app.models.deliveries import Call
    from app.models.store import Store
    from tests.models.clock import Clock
    from tests.models.databases import Database, OpenStore

SECRET = "a secret of some length"
NAME = "Quillfeather"


@pytest.fixture
def creeping() -> None:
    """Not here: what was refused is tried again after a time."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, a hundred times faster."""
    monkeypatch.setattr("app.services.webhooks.FIRST_WAIT_MS", FIRST_WAIT_MS // 100)
    monkeypatch.setattr("app.services.webhooks.LOOK_S", 0.01)
    monkeypatch.setattr("app.services.webhooks.RECORD_S", 0.01)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.open()
    yield receiver
    await receiver.close()


@pytest.fixture
def store(database: Database, open_store: OpenStore) -> Store:
    return open_store(database, calling=True)


@asynccontextmanager
async def delivering(store: Store, receiver: Receiver) -> AsyncIterator[None]:
    task = asyncio.create_task(deliver_forever(store, receiver.url, SECRET))
    try:
        yield
    finally:
        task.cancel()
        ended = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(ended[0], asyncio.CancelledError), ended


async def until(is_so: Callable[[], Awaitable[Any]]) -> Any:
    """Returns what it answers once that is not nothing; another task brings it about."""
    while not (found := await is_so()):  # noqa: ASYNC110  # the database has no event for it
        await asyncio.sleep(0.01)
    return found


async def until_over(database: Database, *, column: str = "delivered_at") -> None:
    """Returns when every call has come to its end."""

    async def over() -> bool:
        return not database.ask(f"SELECT 1 FROM delivery WHERE {column} IS NULL")

    await until(over)


async def help_in(store: Store, session_id: str, note: str | None = None) -> None:
    await call_help(store, NURSE, session_id, CallHelp(note))


async def noticed(store: Store, *, text: str = "", count: int = 1) -> dict[str, Any]:
    """The one notice, once it says so."""

    async def told() -> dict[str, Any] | None:
        found = await notices.told(store)
        assert len(found) <= 1
        return next((n for n in found if text in n["text"] and n["count"] == count), None)

    notice: dict[str, Any] = await until(told)
    return notice


async def test_a_call_for_help_is_posted_signed_and_without_names(
    database: Database, store: Store, receiver: Receiver, clock: Clock
) -> None:
    session_id = await infusing(
        store,
        station="Room 3",
        patient_id=await patient(store, name=NAME, initials="Q.F.", code="P-Quill"),
    )
    await help_in(store, session_id, f"{NAME} is not breathing")
    clock.now += 1_500
    async with delivering(store, receiver):
        await until_over(database)
    (post,) = receiver.posts
    assert post.is_signed(SECRET)
    assert int(post.headers["webhook-timestamp"]) == clock.now // 1_000
    assert post.headers["content-type"] == "application/json"
    assert post.path == "/hooks/token"
    called = next(e for e in await log_of(store, session_id) if e["kind"] == "help.called")
    assert post.content == {
        "id": post.headers["webhook-id"],
        "kind": "help.called",
        "at": called["at"],
        "session_id": session_id,
        "station": "Room 3",
        "simulated": False,
        "phase": "infusing",
        "alarm": None,
        "to": None,
    }
    for word in (NAME, "Q.F.", "Quill", NURSE.name):
        assert word.encode() not in post.body
    assert await notices.told(store) == []


async def test_an_alarm_that_no_screen_has_sounded_calls_out(
    database: Database, store: Store, receiver: Receiver, clock: Clock
) -> None:
    session_id = await infusing(store)
    await record(store, session_id, hr=38)
    for _ in range(2):  # small enough steps to be no gap
        clock.now += 7_000
        await mark_alive(store)
        await sweep(store)
    log = await check_log(store, database, session_id)
    (escalated,) = [e for e in log if e["kind"] == "alarm.escalated"]
    async with delivering(store, receiver):
        await until_over(database)
    (post,) = receiver.of("alarm.escalated")
    assert post.content["to"] == escalated["data"]["alarm"]["escalation"]["to"]
    alarm = post.content["alarm"]
    assert (alarm["vital"], alarm["priority"], alarm["value"]) == ("hr", "high", 38)
    assert "acknowledgements" not in alarm


async def test_simulated_patients_call_nobody(
    database: Database, store: Store, open_store: OpenStore
) -> None:
    await help_in(store, await infusing(store, simulated=True))
    without_receiver = open_store(database)
    await help_in(without_receiver, await infusing(without_receiver))
    assert database.ask("SELECT count(*) FROM delivery") == [(0,)]


async def test_a_call_that_is_refused_is_tried_again_under_the_same_id_until_it_is_taken(
    database: Database,
    store: Store,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    receiver.status = 503
    await help_in(store, await infusing(store), NAME)
    async with delivering(store, receiver):
        await receiver.has(3)
        notice = await noticed(store)
        assert notice["kind"] == "webhook_undelivered"
        assert notice["text"] == "A call for help was not delivered: answered 503; trying again"
        receiver.status = 200
        await until_over(database)
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert len({post.body for post in receiver.posts}) == 1
    assert all(post.is_signed(SECRET) for post in receiver.posts)
    ((attempts,),) = database.ask("SELECT attempts FROM delivery")
    assert attempts == len(receiver.posts)
    assert await notices.told(store) == []
    assert "answered 503" in caplog.text
    for secret in (NAME, SECRET, "token"):
        assert secret not in caplog.text


async def test_nobody_listening_and_no_answer_are_said_in_words(
    database: Database, store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.webhooks.ANSWER_S", 0.2)
    await receiver.close()
    await help_in(store, await infusing(store))
    async with delivering(store, receiver):
        await noticed(store, text="connection refused; trying again")
        receiver.status = None
        await receiver.open()
        await receiver.has(1)
        await noticed(store, text="no answer within")
        await receiver.close()
        receiver.status = 204
        await receiver.open()
        await until_over(database)
    assert await notices.told(store) == []


async def test_a_redirection_is_not_followed(
    database: Database, store: Store, receiver: Receiver
) -> None:
    receiver.status = 307
    await help_in(store, await infusing(store))
    async with delivering(store, receiver):
        await receiver.has(2)
        await noticed(store, text="answered 307")
    assert {post.path for post in receiver.posts} == {"/hooks/token"}


async def test_what_was_not_delivered_goes_out_after_a_restart(
    database: Database, store: Store, receiver: Receiver, open_store: OpenStore
) -> None:
    receiver.status = 500
    await help_in(store, await infusing(store))
    async with delivering(store, receiver):
        await receiver.has(1)
        await noticed(store)
    store.stop()
    receiver.status = 204
    again = open_store(database, calling=True)
    assert len(await notices.told(again)) == 1
    async with delivering(again, receiver):
        await until_over(database)
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert await notices.told(again) == []


async def test_a_slow_receiver_is_not_flooded_and_delays_no_nurse(
    database: Database, store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.status = None
    monkeypatch.setattr("app.services.webhooks.ANSWER_S", 60)
    rooms = [await infusing(store) for _ in range(AT_ONCE + 3)]
    for session_id in rooms:
        await help_in(store, session_id)
    async with delivering(store, receiver):
        await receiver.has(AT_ONCE)
        _, new = await record(store, rooms[0], hr=80)
        assert new
        assert len(receiver.posts) == AT_ONCE
        receiver.status = 204
        await receiver.close()
        await receiver.open()
        await until_over(database)
    assert receiver.most_at_once == AT_ONCE


async def test_a_call_that_ends_while_it_is_looked_for_is_not_made_again(
    database: Database, store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on, looked_again = threading.Event(), threading.Event(), threading.Event()
    looks = count(1)

    def slowly(*asked: Any, **more: Any) -> list[Call]:
        if go_on.is_set():
            looked_again.set()
        found = due_calls(*asked, **more)
        if found and next(looks) == 2:
            looked.set()
            go_on.wait()
        return found

    monkeypatch.setattr("app.services.webhooks.due_calls", slowly)
    receiver.status = None
    rooms = [await infusing(store) for _ in range(2)]
    await help_in(store, rooms[0])
    async with delivering(store, receiver):
        await receiver.has(1)
        await asyncio.to_thread(looked.wait)  # what it found is under way
        receiver.status = 204
        await receiver.close()
        await receiver.open()
        await until_over(database)
        await settled(store)
        go_on.set()
        await asyncio.to_thread(looked_again.wait)
        await help_in(store, rooms[1])
        await receiver.has(2)
        await until_over(database)
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == len(receiver.posts) == 2


async def test_undelivered_calls_are_counted_and_the_last_one_taken_ends_the_notice(
    database: Database, store: Store, receiver: Receiver
) -> None:
    receiver.status = 500
    for _ in range(3):
        await help_in(store, await infusing(store))
    async with delivering(store, receiver):
        await noticed(store, text="3 calls for help were not delivered: answered 500", count=3)
        receiver.status = 204
        await until_over(database)
    assert await notices.told(store) == []


async def test_a_notice_that_was_dismissed_comes_back_with_the_next_call_only(
    database: Database, store: Store, receiver: Receiver
) -> None:
    receiver.status = 500
    session_id = await infusing(store)
    await help_in(store, session_id)
    async with delivering(store, receiver):
        notice = await noticed(store)
        await notices.dismiss(store, NURSE, notice["id"])
        await receiver.has(len(receiver.posts) + 2)
        assert await notices.told(store) == []
        await help_in(store, await infusing(store))
        await noticed(store, count=1)


async def test_after_a_day_a_call_is_given_up_and_the_notice_stays(
    database: Database, store: Store, receiver: Receiver
) -> None:
    receiver.status = 500
    await help_in(store, await infusing(store))
    database.ask("UPDATE delivery SET created_at = created_at - ?", [KEEP_TRYING_MS])
    async with delivering(store, receiver):
        await until_over(database, column="gave_up_at")
        notice = await noticed(store)
    assert notice["text"] == "A call for help was not delivered: answered 500; no longer tried"
    assert len(receiver.posts) == 1


async def test_an_outcome_that_cannot_be_stored_is_no_reason_to_call_again(
    sqlite: Database, open_store: OpenStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite, calling=True)
    await help_in(store, await infusing(store))
    other = sqlite.second_hand()
    store.scribe._engine.dispose()
    async with delivering(store, receiver):
        other.execute("BEGIN IMMEDIATE")
        await receiver.has(1)
        await asyncio.sleep(0.3)
        other.execute("COMMIT")
        other.close()
        await until_over(sqlite)
    assert len(receiver.posts) == 1


def test_waits_double_to_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.webhooks.FIRST_WAIT_MS", FIRST_WAIT_MS)
    waits = [wait_ms(attempts) // 1_000 for attempts in range(1, 9)]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]
    assert wait_ms(10_000) == LONGEST_WAIT_MS
