"""What the whole clinic should know: told once, counted, and over when it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import UnknownNotice
from app.models.notices import FORGET_MS, KEYS, WRITE_MS, Noted, NoticeBook, NoticeKey
from app.models.sql import STANDS_MS
from app.monitoring.commands import ReadingFor
from app.monitoring.errors import NoUsableValues
from app.monitoring.times import iso
from app.services import notices, readings
from app.services.ids import new_id
from app.services.notices import note_refused
from tests.models.ward import NURSE, admit, sent
from tests.support import callers

if TYPE_CHECKING:
    from app.models.store import Store
    from app.models.unit import Item
    from tests.models.clock import Clock
    from tests.models.databases import Database

MONITOR = NoticeKey("device_refused", "mon-09", "Room 9", "no_usable_values")


async def refuse(store: Store, *, times: int = 1, at: int | None = None, **what: Any) -> None:
    """As the recording of readings does, within the scribe's work."""
    usual = {"device": "mon-09", "station": None, "code": "unknown_session", **what}

    def run(item: Item) -> None:
        for _ in range(times):
            note_refused(item, at=item.now if at is None else at, **usual)

    await store.scribe.submit(run)


async def told(store: Store) -> list[str]:
    return [notice["text"] for notice in await notices.told(store)]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ({}, "mon-09 sends and is attached to no session"),
        (
            {"code": "device_detached", "station": "Room 9"},
            "mon-09 sends to a session to which it is not attached",
        ),
        ({"code": "no_usable_values"}, "mon-09 was refused once: 422 no usable values"),
        (
            {"code": "session_closed", "times": 12},
            "mon-09 was refused 12 times: 409 session closed",
        ),
        (
            {"code": "no_usable_values", "device": None, "station": "Room 9"},
            "A device without a name was refused once: 422 no usable values",
        ),
    ],
)
async def test_a_notice_is_a_plain_sentence(
    database: Database, store: Store, what: dict[str, Any], text: str
) -> None:
    await refuse(store, **what)
    (notice,) = await notices.told(store)
    assert notice["text"] == text
    assert notice["kind"] in ("device_refused", "device_unattached")
    assert notice["count"] == what.get("times", 1)
    assert notice["device"] == what.get("device", "mon-09")
    assert notice["station"] == what.get("station")
    assert notice["since"] == notice["last_at"]


async def test_a_refused_reading_of_a_device_is_told_and_the_good_one_beside_it_stands(
    database: Database, store: Store
) -> None:
    session_id = await admit(store, station="Room 9")
    items = [
        ReadingFor(sent("mon-09", hr=80.0), session_id),
        ReadingFor(sent("mon-09", hr=900.0), session_id),
        ReadingFor(sent("mon-10", hr=80.0), new_id()),
    ]
    good, bad, _ = await readings.record_readings(store, callers.device(), items)
    assert isinstance(good, tuple)
    assert isinstance(bad, NoUsableValues)
    assert set(await told(store)) == {
        "mon-09 was refused once: 422 no usable values",
        "mon-10 sends and is attached to no session",
    }


async def test_a_flood_is_counted_and_written_every_few_seconds(
    database: Database, store: Store, clock: Clock
) -> None:
    began = clock.now
    for _ in range(50):
        await refuse(store)
    assert database.ask("SELECT count FROM notice") == [(1,)]
    clock.now = began + WRITE_MS
    await refuse(store)
    assert database.ask("SELECT count FROM notice") == [(51,)]
    await asyncio.gather(*(refuse(store) for _ in range(9)))
    clock.now = began + 2 * WRITE_MS + 1_000
    await store.scribe.submit(lambda _: None)  # a flood that ended is written with what comes next
    assert database.ask("SELECT count FROM notice") == [(60,)]


async def test_devices_codes_and_stations_are_told_apart(database: Database, store: Store) -> None:
    for device in ("mon-09", "mon-10"):
        for code in ("no_usable_values", "session_closed"):
            for station in ("Room 1", "Room 2"):
                await refuse(store, device=device, code=code, station=station)
    page = await notices.notices(store, limit=5, cursor=None)
    rest = await notices.notices(store, limit=5, cursor=page["next_cursor"])
    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [5, 3, None]
    assert len({notice["id"] for notice in page["items"] + rest["items"]}) == 8


async def test_what_is_not_told_again_is_over(
    database: Database, store: Store, clock: Clock
) -> None:
    began = clock.now
    await refuse(store, times=3)
    clock.now = began + STANDS_MS - 1_000
    assert len(await told(store)) == 1
    clock.now = began + STANDS_MS + 1_000
    assert await told(store) == []
    await refuse(store)
    (notice,) = await notices.told(store)
    assert (notice["count"], notice["since"]) == (1, notice["last_at"])


async def test_what_was_over_for_a_day_is_forgotten(
    database: Database, store: Store, clock: Clock
) -> None:
    began = clock.now
    await refuse(store)
    clock.now = began + FORGET_MS + 1_000
    await refuse(store, device="mon-10")
    assert database.ask("SELECT device FROM notice") == [("mon-10",)]


async def test_a_notice_that_was_dismissed_stands_again_when_it_is_told_again(
    database: Database, store: Store, clock: Clock
) -> None:
    began = clock.now
    await refuse(store, times=3)
    (notice,) = await notices.told(store)
    assert await notices.dismiss(store, NURSE, notice["id"]) == notice
    assert await told(store) == []
    assert await notices.dismiss(store, NURSE, notice["id"]) == notice  # twice is no harm
    ((by,),) = database.ask("SELECT dismissed_by FROM notice")
    assert NURSE.name in by
    clock.now = began + WRITE_MS
    await refuse(store)
    assert await told(store) == [], "what a device goes on sending is not told again at once"
    clock.now = began + STANDS_MS + WRITE_MS
    await refuse(store)
    (again,) = await notices.told(store)
    assert again["count"] == 1
    assert again["since"] > notice["since"]


async def test_what_was_told_before_a_notice_was_dismissed_does_not_bring_it_back(
    database: Database, store: Store, clock: Clock
) -> None:
    began = clock.now
    await refuse(store)
    await refuse(store)  # counted, and not yet written
    (notice,) = await notices.told(store)
    await notices.dismiss(store, NURSE, notice["id"])
    clock.now = began + WRITE_MS + 1_000
    await store.scribe.submit(lambda _: None)
    assert await told(store) == []


async def test_a_notice_that_there_is_not_cannot_be_dismissed(store: Store) -> None:
    with pytest.raises(UnknownNotice):
        await notices.dismiss(store, NURSE, new_id())


async def test_what_a_transaction_that_failed_has_counted_is_not_counted(
    database: Database, store: Store
) -> None:
    tried = 0

    def broken(item: Item) -> None:
        nonlocal tried
        tried += 1
        note_refused(item, device="mon-09", station=None, code="no_usable_values", at=item.now)
        raise LookupError("a fault of ours")

    with pytest.raises(LookupError):
        await store.scribe.submit(broken)
    assert tried > 1  # alone, after the batch
    assert await told(store) == []
    await refuse(store, code="no_usable_values", times=2)
    assert await told(store) == ["mon-09 was refused 2 times: 422 no usable values"]


def told_at(book: NoticeBook, now: int, *keys: NoticeKey) -> dict[NoticeKey, Noted]:
    """One transaction; what it wrote."""
    staged = {key: Noted("refused", now, now) for key in keys if book.takes(key, now)}
    written = book.due(staged, now)
    book.settle(staged, written, now)
    return written


def test_the_book_is_bounded() -> None:
    book, now = NoticeBook(), 1_000_000
    many = [MONITOR._replace(device=f"mon-{n}") for n in range(2 * KEYS)]
    assert len(told_at(book, now, *many[:KEYS])) == KEYS
    assert told_at(book, now + WRITE_MS, *many[KEYS:]) == {}
    assert len(told_at(book, now + WRITE_MS, *many[:KEYS])) == KEYS
    assert len(told_at(book, now + WRITE_MS + STANDS_MS, *many[KEYS:])) == KEYS


def test_the_book_keeps_from_when_to_when() -> None:
    book, start = NoticeBook(), 1_000_000
    assert told_at(book, start, MONITOR)[MONITOR].count == 1
    for second in range(1, 5):
        assert told_at(book, start + second * 1_000, MONITOR) == {}
    written = told_at(book, start + WRITE_MS, MONITOR)[MONITOR]
    assert (written.count, written.since, written.last_at) == (
        5, start + 1_000, start + WRITE_MS
    )  # fmt: skip
    assert iso(written.last_at) > iso(written.since)
