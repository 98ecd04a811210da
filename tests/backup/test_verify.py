"""`verify` says what holds and what does not, by name; beside a server that runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.access.anchors import anchor
from app.backup.verify import Verdict, verify
from app.clock import now_ms
from app.errors import StorageUnavailable
from app.models import anchors
from app.models.database import connect
from tests.audit.book import checked, write_some
from tests.backup.places import a_clinic, begin, chain_of
from tests.models.ward import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.backup.rows import Told
    from app.models.access_log import End
    from app.models.item import Item
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

OF_SESSION = "session_key = (SELECT key FROM infusion_session WHERE id = ?)"


def verified(
    database: Database, *, session_id: str | None = None, expected: End | None = None
) -> Verdict:
    engine = connect(database.url, read_only=True)
    try:
        wanted = () if expected is None else (expected,)
        chain = chain_of(database)
        return verify(engine, chain, begin, session_id=session_id, expected=wanted)
    finally:
        engine.dispose()


async def test_an_untouched_database_holds(database: Database, store: Store) -> None:
    sessions = await a_clinic(database, store)
    await anchor(store)
    verdict = verified(database)
    assert (verdict.sessions, verdict.broken) == (2, [])
    ((events,),) = database.ask("SELECT count(*) FROM event")
    assert (verdict.events, verdict.entries) == (events, 7)
    assert verdict.end == checked(database).end
    one = verified(database, session_id=sessions[0])
    assert (one.sessions, one.entries, one.holds) == (1, 0, True)


async def test_progress_is_told_to_the_last(database: Database, store: Store) -> None:
    await a_clinic(database, store)
    asked: dict[str, int] = {}
    done: dict[str, int] = {}

    def begin(what: str, many: int) -> Told:
        asked[what], done[what] = many, 0

        def told(more: int) -> None:
            done[what] += more

        return told

    engine = connect(database.url, read_only=True)
    verify(engine, chain_of(database), begin)
    engine.dispose()
    assert asked.keys() == {"access log", "sessions"}
    assert asked == done


async def test_each_broken_session_is_named(database: Database, store: Store) -> None:
    first, second = await a_clinic(database, store)
    database.forge(f"UPDATE event SET at = at + 1 WHERE {OF_SESSION} AND seq = 4", [first])
    database.forge(f"DELETE FROM event WHERE {OF_SESSION} AND seq = 6", [second])
    verdict = verified(database)
    assert verdict.broken == [
        f"Session {first}: event 4 is changed, missing or out of place.",
        f"Session {second}: event 6 is changed, missing or out of place.",
    ]
    assert not verified(database, session_id=first).holds


async def test_a_changed_entry_and_a_cut_end_are_told_apart(
    database: Database, store: Store
) -> None:
    await a_clinic(database, store)
    database.forge("DELETE FROM access_log WHERE seq = 5")
    assert verified(database).broken == [
        "Access log: it ends with entry 4, and should end with 5: its end was cut off or put back."
    ]
    await write_some(store, 1)
    assert verified(database).broken == [
        "Access log: before entry 5 the server found that the end was not where it was left:"
        " entries were cut off there."
    ]
    database.forge("UPDATE access_log SET at = at + 1 WHERE seq = 1")
    assert verified(database).broken == ["Access log: entry 1 is changed, missing or out of place."]


def cut(database: Database, session_id: str, last: int) -> None:
    """So well that the session's own chain holds."""
    database.forge(f"DELETE FROM reading WHERE {OF_SESSION} AND seq > ?", [session_id, last])
    database.forge(f"DELETE FROM event WHERE {OF_SESSION} AND seq > ?", [session_id, last])
    database.forge(
        "UPDATE infusion_session SET seq = ?, head ="
        " (SELECT hash FROM event WHERE session_key = infusion_session.key AND seq = ?)"
        " WHERE id = ?",
        [last, last, session_id],
    )


async def test_a_session_that_was_cut_below_its_anchor_is_found(
    database: Database, store: Store
) -> None:
    first, second = await a_clinic(database, store)
    cut(database, second, 5)
    assert verified(database).holds  # nobody has noted its end yet
    await anchor(store)
    await record(store, first, hr=80)
    cut(database, first, 5)
    assert verified(database).broken == [
        f"Session {first}: its log was cut off or put back: the access log noted another end."
    ]


async def test_one_session_alone_is_compared_with_its_anchor_too(
    database: Database, store: Store
) -> None:
    first, second = await a_clinic(database, store)
    await anchor(store)
    cut(database, first, 5)
    assert verified(database, session_id=first).broken == [
        f"Session {first}: its log was cut off or put back: the access log noted another end."
    ]
    assert verified(database, session_id=second).holds
    database.forge(
        "UPDATE access_log SET at = at + 1 WHERE kind = 'session.anchored' AND session_id = ?",
        [second],
    )
    assert verified(database, session_id=second).broken == [
        f"Access log: an entry about session {second} was changed."
    ]


async def test_a_session_that_was_taken_out_whole_is_found(
    database: Database, store: Store
) -> None:
    first, _ = await a_clinic(database, store)
    await anchor(store)
    for table in ("reading", "event", "alarm", "command", "session_state", "attachment"):
        database.forge(f"DELETE FROM {table} WHERE {OF_SESSION}", [first])
    database.forge("DELETE FROM infusion_session WHERE id = ?", [first])
    for session_id in (None, first):
        (sentence,) = verified(database, session_id=session_id).broken
        assert sentence.startswith(f"Session {first} is gone")


async def test_a_log_that_was_emptied_with_its_end_is_found(
    database: Database, store: Store
) -> None:
    await a_clinic(database, store)
    database.forge("DELETE FROM access_log")
    database.forge("DELETE FROM meta WHERE name = 'access_log'")
    (sentence,) = verified(database).broken
    assert sentence.endswith("it was emptied.")


async def test_a_database_put_back_is_found_by_an_end_kept_elsewhere(
    database: Database, store: Store
) -> None:
    await a_clinic(database, store)
    ((kept,),) = database.ask("SELECT value FROM meta WHERE name = 'access_log'")
    await write_some(store, 4)
    end = verified(database).end
    assert verified(database, expected=end).holds
    database.forge("DELETE FROM access_log WHERE seq > 5")
    database.forge("UPDATE meta SET value = ? WHERE name = 'access_log'", [kept])
    assert verified(database).holds  # by itself it is whole
    (sentence,) = verified(database, expected=end).broken
    assert sentence.startswith(f"Access log: entry {end.seq} is not the one that was expected")


async def anchored_by(store: Store, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    later = now_ms() + hours * 3_600_001
    with monkeypatch.context() as context:
        context.setattr("app.access.anchors.now_ms", lambda: later)
        await anchor(store)


def notes(database: Database) -> list[Any]:
    rows = database.ask(
        "SELECT session_id, data FROM access_log WHERE kind = 'session.anchored' ORDER BY seq"
    )
    return [(id, orjson.loads(data)) for id, data in rows]


async def test_many_ends_are_noted_in_parts_and_after_a_failure_the_rest(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.anchors.AT_ONCE", 1)
    first, second = await a_clinic(database, store)
    submit, parts = store.scribe.submit, 0

    async def fails_in_the_middle(run: Callable[[Item], Any]) -> Any:
        nonlocal parts
        parts += 1
        if parts == 2:
            raise StorageUnavailable("The database is gone.")
        return await submit(run)

    with monkeypatch.context() as context:
        context.setattr(store.scribe, "submit", fails_in_the_middle)
        with pytest.raises(StorageUnavailable):
            await anchor(store)
    assert [id for id, _ in notes(database)] == [first]
    await anchor(store)  # at once, and only what is missing
    assert [(id, data.get("unfinished")) for id, data in notes(database)] == [
        (first, True),
        (second, None),
    ]
    assert verified(database).holds


async def test_what_was_committed_late_is_noted_and_nothing_twice(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process's transaction bears a moment from before the last notes."""
    first, _ = await a_clinic(database, store)
    await anchor(store)
    await record(store, first, hr=90)
    database.ask(
        "UPDATE infusion_session SET recorded_at = recorded_at - 30000 WHERE id = ?", [first]
    )
    await anchored_by(store, monkeypatch, 1)
    await anchored_by(store, monkeypatch, 2)
    assert [id for id, _ in notes(database)[2:]] == [first]


async def test_of_two_processes_one_notes(postgres: Database, open_store: OpenStore) -> None:
    stores = [open_store(postgres), open_store(postgres)]
    sessions = await a_clinic(postgres, stores[0])
    before, grown = await stores[1].reader.read(partial(anchors.grown, last=None))
    await anchor(stores[0])
    late = partial(anchors.note, logs=grown, before=before, moment=1, unfinished=False)
    assert not await stores[1].scribe.submit(late)
    assert sorted(id for id, _ in notes(postgres)) == sorted(sessions)


async def test_the_ends_are_noted_once_an_hour(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = await a_clinic(database, store)

    def anchored() -> list[str]:
        rows = database.ask(
            "SELECT session_id FROM access_log WHERE kind = 'session.anchored' ORDER BY seq"
        )
        return [id for (id,) in rows]

    await anchor(store)
    await anchor(store)
    assert sorted(anchored()) == sorted(sessions)
    later = now_ms() + 3_600_001
    monkeypatch.setattr("app.access.anchors.now_ms", lambda: later)
    await record(store, sessions[0], hr=90)
    await anchor(store)
    assert anchored().count(sessions[0]) == 2
    assert anchored()[2:].count(sessions[1]) <= 1  # only if it changed in the very millisecond
    assert verified(database).holds
