"""Watchers that do not take what they are sent, or go meanwhile."""

import asyncio
from contextlib import suppress

import pytest

from app.feed.channel import CHUNK
from app.feed.hub import Hub
from app.feed.protocol import MAX_TAIL
from app.feed.watcher import MAX_MISSED, TOO_SLOW, Watcher
from tests.feed.conftest import Connect
from tests.feed.fakes import EPOCH, OTHER, WARD, FakeCaller, FakeLog, settle


async def test_who_takes_nothing_for_twenty_seconds_is_cut_off_and_the_others_are_not(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    stalled, slow, quick = connect(), connect(), connect()
    for browser in (stalled, slow, quick):
        browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    stalled.reading.clear()
    for _ in range(MAX_MISSED + 1):
        slow.reading.clear()
        hub.publish([log.commit(WARD)])
        hub.beat(commit_ok=True, sweep_age_s=0)
        await settle()
        slow.reading.set()
        await settle()
    stalled.reading.set()
    await settle()
    assert (stalled.closed, slow.closed, quick.closed) == (TOO_SLOW, None, None)
    assert slow.seqs() == quick.seqs() == list(range(2, MAX_MISSED + 3))
    assert hub.watchers == 2


async def test_a_socket_that_takes_not_even_its_close_is_given_up(
    hub: Hub, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feed.serve.CLOSE_S", 0)
    browser = connect()
    await settle()
    browser.reading.clear()
    for _ in range(MAX_MISSED + 1):
        hub.beat(commit_ok=True, sweep_age_s=0)
    await settle()
    assert hub.watchers == 0
    assert browser.closed is None


async def test_what_was_committed_while_a_watcher_did_not_read_comes_joined(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    browser = connect()
    browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    browser.say(op="watch", board=True)
    await settle()
    before = len(browser.frames)
    browser.reading.clear()
    for _ in range(20):
        hub.publish([log.commit(WARD), log.commit(OTHER)])
        await settle()
    browser.reading.set()
    await settle()
    under_way, *rest = browser.frames[before:]
    assert [event["seq"] for event in under_way["events"]] == [2]
    events, rows = rest
    assert [event["seq"] for event in events["events"]] == list(range(3, 22))
    assert {row["id"]: row["seq"] for row in rows["sessions"]} == {WARD: 21, OTHER: 21}


async def test_of_heartbeats_that_were_not_taken_the_newest_is_sent(
    hub: Hub, connect: Connect
) -> None:
    browser = connect()
    await settle()
    browser.reading.clear()
    for age in range(MAX_MISSED):
        hub.beat(commit_ok=True, sweep_age_s=age)
        hub.tell_clinic([{"id": str(age)}])
    browser.reading.set()
    await settle()
    beats = [frame["sweep_age_s"] for frame in browser.frames if frame["kind"] == "heartbeat"]
    assert beats == [0.0, MAX_MISSED - 1]
    assert [frame["notices"] for frame in browser.clinic()] == [[], [{"id": str(MAX_MISSED - 1)}]]


async def test_who_fell_too_far_behind_is_sent_the_rest_from_the_log(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    browser.reading.clear()
    for _ in range(4):
        hub.publish([log.commit(WARD, MAX_TAIL)])
        await settle()
    browser.reading.set()
    await settle()
    assert browser.seqs() == list(range(2, 4 * MAX_TAIL + 2))


@pytest.mark.parametrize("error", [ConnectionResetError, RuntimeError])
async def test_a_browser_that_goes_while_it_is_sent_to_disturbs_nobody(
    hub: Hub, log: FakeLog, connect: Connect, error: type[Exception]
) -> None:
    log.commit(WARD)
    goes, stays = connect(), connect()
    for browser in (goes, stays):
        browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    goes.fails_with = error
    hub.publish([log.commit(WARD)])
    await settle()
    assert stays.seqs() == [2]
    assert (goes.closed, hub.watchers) == (None, 1)


async def test_a_watcher_whose_tasks_are_ending_disturbs_nobody(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    """One of its tasks failed; what is published before it has left is not for it."""
    log.commit(WARD)
    stays = connect()
    stays.say(op="watch", session=WARD, after=1, epoch=EPOCH)

    async def never(_message: object) -> None:
        await asyncio.Event().wait()

    async def joins(_watcher: Watcher, _place: object) -> None:
        raise ZeroDivisionError

    async def confirms(_confirmation: object) -> None:
        raise AssertionError

    async def life() -> None:
        async with asyncio.TaskGroup() as tasks:
            goes = Watcher(never, tasks, lambda: None, joins, confirms, FakeCaller().rights())
            hub.watch_session(goes, WARD, after=1, epoch=EPOCH)
            with suppress(asyncio.CancelledError):
                await settle()
            goes.sessions[WARD].live = True
            hub.publish([log.commit(WARD)])
            assert goes.ended
            hub.leave(goes)

    with pytest.raises(ExceptionGroup):
        await life()
    await settle()
    assert stays.seqs() == [2]


async def test_history_waits_for_a_watcher_that_reads_slowly(
    log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD, 6 * CHUNK)
    browser = connect()
    await settle()
    browser.reading.clear()
    browser.say(op="watch", session=WARD, after=0, epoch=EPOCH)
    await settle()
    assert log.reads <= 4
    browser.reading.set()
    await settle()
    assert browser.seqs() == list(range(1, 6 * CHUNK + 1))
    assert browser.closed is None
