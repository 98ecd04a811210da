"""Watchers that come, or come back, while commits go on."""

import pytest

from app.feed.channel import CHUNK
from app.feed.hub import Hub
from tests.feed.conftest import Connect
from tests.feed.fakes import EPOCH, OTHER, WARD, FakeLog, board_row, settle


async def test_a_long_absence_is_made_up_in_pieces(log: FakeLog, connect: Connect) -> None:
    log.commit(WARD, 2 * CHUNK + 1)
    browser = connect()
    browser.say(op="watch", session=WARD, after=0, epoch=EPOCH)
    await settle()
    assert browser.kinds() == ["hello", "events", "events", "events"]
    assert browser.seqs() == list(range(1, 2 * CHUNK + 2))


async def test_what_is_committed_while_history_is_read_is_neither_lost_nor_sent_twice(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD, 3)
    log.gate.clear()
    browser = connect()
    browser.say(op="watch", session=WARD, after=0, epoch=EPOCH)
    await settle()
    hub.publish([log.commit(WARD)])
    hub.publish([log.commit(WARD)])
    log.gate.set()
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.seqs() == [1, 2, 3, 4, 5, 6]


async def test_an_event_that_was_not_published_is_read_from_the_log(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    log.commit(WARD)
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.seqs() == [2, 3]


async def test_a_thousand_who_come_back_at_once_share_what_is_read(
    log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD, 5)
    log.gate.clear()
    browsers = [connect() for _ in range(40)]
    for browser in browsers:
        browser.say(op="watch", board=True)
        browser.say(op="watch", session=WARD, after=2, epoch=EPOCH)
    await settle()
    log.gate.set()
    await settle()
    assert log.reads <= 4
    assert all(browser.seqs() == [3, 4, 5] for browser in browsers)
    assert len({id(browser.texts[-2]) for browser in browsers}) == 1


async def test_who_has_seen_more_than_the_log_had_when_it_was_asked_is_not_set_back(
    hub: Hub, log: FakeLog, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process told it of the last event while somebody here asked for the head."""
    log.commit(WARD, 5)
    heads = iter((3, 5))

    async def head(_session_id: str) -> int:
        return next(heads)

    monkeypatch.setattr(log, "head", head)
    browser = connect()
    browser.say(op="watch", session=WARD, after=5, epoch=EPOCH)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.seqs() == [6]


async def test_a_hole_is_read_once_for_all_who_watch(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browsers = [connect() for _ in range(40)]
    for browser in browsers:
        browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    before = log.reads
    log.commit(WARD, 3)
    hub.publish([log.commit(WARD)])
    await settle()
    assert log.reads == before + 1
    assert all(browser.seqs() == [2, 3, 4, 5] for browser in browsers)


async def test_a_board_that_was_just_read_is_brought_up_to_date_and_not_read_again(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    first, second = connect(), connect()
    first.say(op="watch", board=True)
    await settle()
    hub.publish([log.commit(WARD)])
    hub.publish([log.commit(OTHER)])
    second.say(op="watch", board=True)
    await settle()
    assert log.reads == 1
    assert {row["id"]: row["seq"] for row in second.frames[2]["sessions"]} == {WARD: 2, OTHER: 1}


async def test_a_board_that_nobody_watched_is_read_again(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="watch", board=True)
    await settle()
    browser.say(op="unwatch", board=True)
    await settle()
    hub.publish([log.commit(WARD)])
    browser.say(op="watch", board=True)
    await settle()
    assert browser.frames[-1]["sessions"] == [board_row(WARD, 2)]
