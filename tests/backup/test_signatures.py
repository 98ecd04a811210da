"""Whatever somebody does by hand to a signed session's log is found, named, and ends the signatures
that it lies under; on both databases.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import orjson
import pytest

from app.backup.heads import Head
from app.models import anchors
from app.models.access_log import Entry, append
from tests.audit.book import write_some
from tests.backup.places import a_clinic, archive_of, restored, run
from tests.backup.signed import (
    KEY,
    broken,
    closed,
    column,
    cut_from,
    holding,
    put_back,
    remove_session,
    rewrite_end,
    rows_of,
    set_at,
    signed,
)
from tests.models.ward import infusing, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.models.item import Item
    from app.models.store import Store
    from tests.backup.signed import Signed
    from tests.models.databases import Database, OpenStore

NO_LONGER = "no longer holds"


def change_data(database: Database, one: Signed, seq: int) -> None:
    said = orjson.loads(column(database, one, seq, "data"))
    set_at(database, one, seq, "data", orjson.dumps({**said, "id": "another"}).decode())


def change_actor(database: Database, one: Signed, seq: int) -> None:
    who = orjson.loads(column(database, one, seq, "actor"))
    set_at(database, one, seq, "actor", orjson.dumps({**who, "name": "Somebody"}).decode())


def change_at(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "at", column(database, one, seq, "at") - 60_000)


def change_recorded_at(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "recorded_at", column(database, one, seq, "recorded_at") + 1)


def change_kind(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "kind", "device.attached")


def change_hash(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "hash", bytes(32))


def no_moment(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "at", 2**62)


def no_json(database: Database, one: Signed, seq: int) -> None:
    set_at(database, one, seq, "data", "{")


def remove(database: Database, one: Signed, seq: int) -> None:
    database.forge(
        f"DELETE FROM event WHERE session_key = {KEY} AND seq = ?", [one.session_id, seq]
    )


def swap(database: Database, one: Signed, seq: int) -> None:
    for was, now in ((seq, 10_000), (seq + 1, seq), (10_000, seq + 1)):
        set_at(database, one, was, "seq", now)


def insert(database: Database, one: Signed, seq: int) -> None:
    """An event of somebody's own in between; what follows is one further."""
    for later in range(one.last, seq - 1, -1):
        set_at(database, one, later, "seq", later + 1)
    database.forge(
        "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash)"
        " SELECT session_key, ?, kind, at, recorded_at, actor, data, hash FROM event"
        f" WHERE session_key = {KEY} AND seq = ?",
        [seq, one.session_id, seq - 1],
    )


CHANGES: dict[str, Callable[[Database, Signed, int], None]] = {
    "data": change_data,
    "actor": change_actor,
    "at": change_at,
    "recorded_at": change_recorded_at,
    "kind": change_kind,
    "hash": change_hash,
    "no moment": no_moment,
    "no json": no_json,
    "removed": remove,
    "swapped": swap,
    "inserted": insert,
}


def named(one: Signed, seq: int) -> str:
    return f"Session {one.session_id}: event {seq} is changed, missing or out of place."


def no_longer(one: Signed, *signatures: str, why: str = NO_LONGER) -> list[str]:
    return [f"Session {one.session_id}: {signature} {why}." for signature in signatures]


async def test_what_nobody_touched_holds(database: Database, store: Store) -> None:
    one = await signed(store)
    assert broken(database) == broken(database, of=one.session_id) == []
    assert holding(database, one.session_id) == [True, True]


async def test_a_change_below_the_signatures_ends_both(database: Database, store: Store) -> None:
    one = await signed(store)
    rows = rows_of(database, one)
    for name, hand in CHANGES.items():
        hand(database, one, 4)
        found = broken(database)
        assert found[0] == named(one, 4), name
        assert found == broken(database, of=one.session_id), name
        assert holding(database, one.session_id) == [False, False], name
        if hand is not insert:  # which moves the signatures themselves
            assert found[1:] == no_longer(one, one.signature, one.addendum), name
        put_back(database, one, rows)
        assert broken(database) == [], name


async def test_a_change_of_the_signature_itself_ends_it_and_what_follows(
    database: Database, store: Store
) -> None:
    one = await signed(store)
    rows = rows_of(database, one)
    for name in CHANGES.keys() - {"swapped", "inserted"}:
        CHANGES[name](database, one, one.seq)
        found = broken(database)
        assert found[0] == named(one, one.seq), name
        assert f"(event {one.seq})" in found[1], name
        assert found[2:] == no_longer(one, one.addendum), name
        assert holding(database, one.session_id) == [False, False], name
        put_back(database, one, rows)


async def test_a_change_between_signature_and_addendum_ends_the_addendum_alone(
    database: Database, store: Store
) -> None:
    one = await signed(store)
    change_data(database, one, one.last)
    assert broken(database) == [named(one, one.last), *no_longer(one, one.addendum)]
    assert holding(database, one.session_id) == [True, False]


async def test_an_end_that_was_cut_off_is_found_by_the_row(
    database: Database, store: Store
) -> None:
    one = await signed(store)
    cut_from(database, one, one.last)
    gone = no_longer(one, one.addendum, why="is gone")
    assert broken(database) == [named(one, one.last), *gone]
    assert holding(database, one.session_id) == [True, False]


@pytest.mark.parametrize("below", [True, False], ids=["the signature", "the addendum"])
async def test_an_end_that_was_cut_off_so_well_that_the_chain_holds_is_found_by_the_access_log(
    database: Database, store: Store, below: bool
) -> None:
    one = await signed(store)
    first = one.seq if below else one.last
    cut_from(database, one, first)
    rewrite_end(database, one, first - 1)
    lost = (one.signature, one.addendum) if below else (one.addendum,)
    assert broken(database) == broken(database, of=one.session_id)
    assert broken(database) == [
        f"Session {one.session_id}: its log was cut off or put back: the access log noted another"
        " end.",
        *no_longer(one, *lost, why="is gone"),
    ]
    assert holding(database, one.session_id) == ([False, False] if below else [True, False])


async def test_a_row_that_says_another_end_is_found(database: Database, store: Store) -> None:
    one = await signed(store)
    database.ask("UPDATE infusion_session SET head = ? WHERE id = ?", [bytes(32), one.session_id])
    assert broken(database)[0] == named(one, one.last)


async def test_a_session_that_was_taken_out_is_named_with_its_signatures(
    database: Database, store: Store
) -> None:
    one = await signed(store)
    remove_session(database, one)
    said = [
        f"Session {one.session_id} is gone: the access log noted {one.last} events of it.",
        *(f"Session {one.session_id}: {s} is gone with it." for s in without_names(one)),
    ]
    assert broken(database) == broken(database, of=one.session_id) == said


def without_names(one: Signed) -> list[str]:
    """As of a session that is gone: who it was is in the access log."""
    said = []
    for signature in (one.signature, one.addendum):
        kind, _, rest = signature.partition(" of ")
        said.append(f"{kind} of {rest.partition(' of ')[2]}")
    return said


async def test_a_note_of_a_signature_that_was_taken_out_is_found(
    database: Database, store: Store
) -> None:
    one = await signed(store)
    ((first,),) = database.ask("SELECT min(seq) FROM access_log WHERE kind = 'record.signed'")
    database.forge("DELETE FROM access_log WHERE seq = ?", [first])
    assert broken(database)[0] == f"Access log: entry {first} is changed, missing or out of place."
    assert holding(database, one.session_id)[0] is False, "nothing vouches for it any more"


async def test_an_access_log_that_was_changed_elsewhere_ends_no_signature(
    database: Database, store: Store
) -> None:
    await write_some(store, 2)
    one = await signed(store)
    database.forge("UPDATE access_log SET at = at + 1 WHERE seq = 1")
    assert broken(database) == ["Access log: entry 1 is changed, missing or out of place."]
    assert holding(database, one.session_id) == [True, True]


async def test_a_head_that_a_report_prints_is_asked_for(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await infusing(store)
    ((seq, head),) = database.ask("SELECT seq, head FROM infusion_session WHERE id = ?", [one])
    printed = Head(one, seq, bytes(head))
    assert broken(database, heads=[printed]) == []
    assert _cut_silently(database, one, seq - 1) == [], "nobody had noted its end"
    expected = [
        f"Session {one}: event {seq} is not the one that was expected: the log was changed, cut off"
        " or put back since."
    ]
    assert broken(database, heads=[printed]) == expected
    said = f"{one}:{seq}:{bytes(head).hex()}"
    for more in ((), ("--session", one)):
        told = run(monkeypatch, database, "verify", "--expect-session", said, *more)
        assert told.exit_code == 1
        assert expected[0] in told.stderr
    for wrong in (one, f"{one}:{seq}:00", f"{one}:x:{bytes(head).hex()}", f"none:1:{'00' * 32}"):
        assert run(monkeypatch, database, "verify", "--expect-session", wrong).exit_code == 2
    elsewhere = Head("0193a000-0000-7000-8000-0000000000ff", 3, bytes(32))
    assert broken(database, heads=[elsewhere]) == [
        f"Session {elsewhere.session_id} is gone, or never was here: its end was expected."
    ]


def _cut_silently(database: Database, session_id: str, last: int) -> list[str]:
    database.forge(f"DELETE FROM event WHERE session_key = {KEY} AND seq > ?", [session_id, last])
    ((hash,),) = database.ask(
        f"SELECT hash FROM event WHERE session_key = {KEY} AND seq = ?", [session_id, last]
    )
    database.ask(
        "UPDATE infusion_session SET seq = ?, head = ? WHERE id = ?", [last, hash, session_id]
    )
    return broken(database)


async def test_a_report_that_was_taken_away_notes_the_end_that_it_prints(
    database: Database, store: Store
) -> None:
    one = await infusing(store)
    ((seq, head),) = database.ask("SELECT seq, head FROM infusion_session WHERE id = ?", [one])

    def export(item: Item) -> None:
        data = {"seq": seq, "hash": bytes(head).hex(), "format": "pdf"}
        append(item, Entry("session.exported", None, session_id=one, data=data))
        append(item, Entry("session.exported", None, session_id=one, data={"format": "csv"}))

    await store.scribe.submit(export)
    assert broken(database) == []
    assert _cut_silently(database, one, seq - 1) == [
        f"Session {one}: its log was cut off or put back: the access log noted another end."
    ]


async def test_what_is_cut_off_a_closed_session_is_found_at_once_whatever_is_noted_after(
    database: Database, store: Store
) -> None:
    one = await closed(store)
    ((seq,),) = database.ask("SELECT seq FROM infusion_session WHERE id = ?", [one])
    assert broken(database) == []
    found = [f"Session {one}: its log was cut off or put back: the access log noted another end."]
    assert _cut_silently(database, one, seq - 1) == found
    ((head,),) = database.ask("SELECT head FROM infusion_session WHERE id = ?", [one])
    data = {"seq": seq - 1, "hash": bytes(head).hex()}
    entry = Entry("session.exported", None, session_id=one, data=data)
    await store.scribe.submit(partial(append, entry=entry))
    assert broken(database) == broken(database, of=one) == found


async def test_what_is_cut_off_is_found_also_once_the_log_has_grown_past_it(
    sqlite: Database, open_store: OpenStore
) -> None:
    before = open_store(sqlite)
    one = await infusing(before)
    seq = await _noted(sqlite, before, one)
    before.stop()
    found = [f"Session {one}: its log was cut off or put back: the access log noted another end."]
    sqlite.forge(f"DELETE FROM session_state WHERE session_key = {KEY}", [one])
    assert _cut_silently(sqlite, one, seq - 1) == found
    after = open_store(sqlite)
    for hr in (71, 72):
        await record(after, one, hr=hr)
    assert await _noted(sqlite, after, one) > seq
    assert broken(sqlite) == broken(sqlite, of=one) == found


async def _noted(database: Database, store: Store, session_id: str) -> int:
    """Where the access log is told that this session's log ends now."""
    row = "SELECT seq, head FROM infusion_session WHERE id = ?"
    ((seq, head),) = database.ask(row, [session_id])
    data = {"seq": seq, "hash": bytes(head).hex()}
    entry = Entry("session.anchored", None, session_id=session_id, data=data)
    await store.scribe.submit(partial(append, entry=entry))
    return int(seq)


async def test_the_hourly_notes_leave_out_what_a_signature_has_noted(
    database: Database, store: Store
) -> None:
    one, other = await signed(store), await infusing(store)
    an_hour_ago = anchors.Last(at=0, until=0, unfinished=False)
    _, grown = await store.reader.read(partial(anchors.grown, last=an_hour_ago))
    assert [log.session_id for log in grown] == [other]
    assert one.session_id != other
    assert await store.reader.read(anchors.last_noted) is None, "a signature is no hourly round"


async def test_the_row_says_what_the_list_shows(database: Database, store: Store) -> None:
    one = await signed(store)
    row = "SELECT high_alarms, signed_seq, seq FROM infusion_session WHERE id = ?"
    ((high, signed_seq, seq),) = database.ask(row, [one.session_id])
    assert signed_seq == seq == one.last
    ((ever,),) = database.ask(
        f"SELECT count(*) FROM alarm WHERE session_key = {KEY} AND high", [one.session_id]
    )
    assert high == ever == 0
    other = await closed(store)
    await _desaturate(store)
    rows = database.ask("SELECT high_alarms, signed_seq FROM infusion_session ORDER BY key")
    assert rows == [(0, one.last), (0, None), (1, None)]
    assert other


async def _desaturate(store: Store) -> None:
    session_id = await infusing(store)
    await record(store, session_id, spo2=82)
    await record(store, session_id, spo2=97)


async def test_a_backup_keeps_signatures_and_a_restore_holds(
    database: Database, store: Store, target: Database, tmp_path: Path
) -> None:
    await a_clinic(database, store)
    one = await signed(store)
    archive_of(database, tmp_path / "archive")
    restored(tmp_path / "archive", target, database)
    assert broken(target) == []
    cut_from(target, one, one.last)
    assert broken(target)[0] == named(one, one.last)
    row = "SELECT signed_seq, high_alarms FROM infusion_session WHERE id = ?"
    assert target.ask(row, [one.session_id]) == database.ask(row, [one.session_id])
