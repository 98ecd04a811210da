"""Watchers from hello to close, over a log in memory."""

import asyncio
import random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.feed import frames
from app.feed.hub import Hub
from app.feed.serve import CHUNK, serve
from app.feed.watcher import MAX_FRAMES, MAX_SESSIONS, RESTARTING, TOO_SLOW
from tests.feed.conftest import Connect
from tests.feed.fakes import EPOCH, OTHER, WARD, Browser, FakeAlarms, FakeLog, Gone, settle


async def test_a_watcher_is_greeted_with_the_epoch(connect: Connect) -> None:
    browser = connect()
    await settle()
    hello, _ = browser.frames
    assert hello["kind"] == "hello"
    assert (hello["protocol"], hello["epoch"], hello["heartbeat_s"]) == (1, EPOCH, 5)


async def test_a_new_watcher_gets_a_snapshot_and_then_the_events_after_it(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD, 3)
    browser = connect()
    browser.say(op="watch", session=WARD)
    await settle()
    hub.publish([log.commit(WARD, 2)])
    await settle()
    assert browser.seqs() == [-3, 4, 5]


async def test_a_watcher_that_comes_back_gets_what_it_missed(
    log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD, 5)
    browser = connect()
    browser.say(op="watch", session=WARD, after=2, epoch=EPOCH)
    await settle()
    assert browser.seqs() == [3, 4, 5]


@pytest.mark.parametrize("epoch", ["another", None])
async def test_a_watcher_of_another_epoch_starts_anew(
    log: FakeLog, connect: Connect, epoch: str | None
) -> None:
    log.commit(WARD, 5)
    browser = connect()
    browser.say(op="watch", session=WARD, after=2, epoch=epoch)
    await settle()
    assert browser.seqs() == [-5]


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


async def test_an_unknown_session_is_refused(connect: Connect) -> None:
    browser = connect()
    browser.say(op="watch", session=OTHER)
    await settle()
    refused = browser.frames[-1]
    assert (refused["kind"], refused["code"], refused["session"]) == (
        "refused",
        "unknown_session",
        OTHER,
    )


@pytest.mark.parametrize("watch", [{"board": True}, {"session": WARD}])
async def test_a_watcher_whose_history_cannot_be_read_is_sent_away_to_come_back(
    log: FakeLog, connect: Connect, watch: dict[str, Any]
) -> None:
    log.commit(WARD)
    log.available = False
    browser = connect()
    browser.say(op="watch", **watch)
    await settle()
    assert (browser.kinds(), browser.closed) == (["hello"], RESTARTING)


async def test_nonsense_is_refused_and_the_connection_stays(log: FakeLog, connect: Connect) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say_text("nonsense")
    browser.say(op="watch", session=WARD)
    await settle()
    assert browser.kinds() == ["hello", "refused", "snapshot"]


async def test_an_unwatched_session_is_not_sent(hub: Hub, log: FakeLog, connect: Connect) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="watch", session=WARD)
    browser.say(op="watch", board=True)
    await settle()
    browser.say(op="unwatch", session=WARD)
    browser.say(op="unwatch", board=True)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.kinds() == ["hello", "snapshot", "board"]


async def test_a_watcher_can_follow_a_clinic_and_no_more(log: FakeLog, connect: Connect) -> None:
    browser = connect()
    for n in range(MAX_SESSIONS + 1):
        session_id = f"00000000-0000-7000-8000-{n:012d}"
        log.commit(session_id)
        browser.say(op="watch", session=session_id)
    for _ in range(20):
        await settle()
    assert browser.kinds().count("snapshot") == MAX_SESSIONS
    assert browser.kinds().count("refused") == 1


async def test_the_board_is_sent_whole_and_then_as_changes(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    browser = connect()
    browser.say(op="watch", board=True)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.kinds() == ["hello", "board", "board_delta"]
    assert [row["id"] for row in browser.frames[2]["sessions"]] == [WARD, OTHER]
    assert browser.frames[3]["sessions"] == [{"id": WARD, "seq": 2}]


async def test_rows_are_not_made_when_nobody_watches_the_board(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="watch", session=WARD)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert log.rows_made == []


async def test_a_frame_is_encoded_once_for_all_watchers(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    browsers = [connect() for _ in range(5)]
    for browser in browsers:
        browser.say(op="watch", session=WARD)
        browser.say(op="watch", board=True)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert log.rows_made == [WARD]
    last_two = [tuple(id(text) for text in browser.texts[-2:]) for browser in browsers]
    assert len(set(last_two)) == 1, "watchers were sent different objects"


async def test_stored_texts_go_out_as_they_are() -> None:
    text = b'{"seq":1,"data":{"value":97.0}}'
    frame = frames.events(WARD, [text, text])
    assert text.decode() in frame
    assert orjson.loads(frame)["session"] == WARD


async def test_a_watcher_that_does_not_read_is_cut_off_and_the_others_are_not(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    slow, quick = connect(), connect()
    for browser in (slow, quick):
        browser.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    slow.reading.clear()
    for _ in range(MAX_FRAMES + 2):
        hub.publish([log.commit(WARD)])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await settle()
    assert slow.closed == TOO_SLOW
    assert quick.closed is None
    assert quick.seqs() == list(range(2, MAX_FRAMES + 4))
    assert hub.watchers == 1


async def test_a_few_huge_frames_are_too_much_as_well(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    slow = connect()
    slow.say(op="watch", session=WARD, after=1, epoch=EPOCH)
    await settle()
    slow.reading.clear()
    for _ in range(4):
        hub.publish([log.commit(WARD, 30_000)])
    await settle()
    assert slow.closed == TOO_SLOW


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


async def test_a_heartbeat_says_whether_the_server_still_does_its_work(
    hub: Hub, connect: Connect
) -> None:
    browser = connect()
    await settle()
    hub.beat(commit_ok=False, sweep_age_s=12.34)
    await settle()
    beat = browser.frames[-1]
    assert (beat["kind"], beat["commit_ok"], beat["sweep_age_s"]) == ("heartbeat", False, 12.3)


async def test_everybody_is_sent_away_when_the_server_restarts(hub: Hub, connect: Connect) -> None:
    browser = connect()
    await settle()
    hub.close()
    await settle()
    assert browser.closed == RESTARTING


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), after=st.integers(0, 6))
async def test_between_history_and_live_there_is_no_gap(seed: int, after: int) -> None:
    """Commits, reads and the watcher's own steps in a random order: seen is after + 1, after + 2,
    ...
    """
    chance = random.Random(seed)
    log, hub, browser = FakeLog(), Hub(EPOCH), Browser()
    log.commit(WARD, 6)
    served = asyncio.create_task(serve(browser, hub, log.history(), FakeAlarms().confirm, Gone))
    browser.say(op="watch", session=WARD, after=after, epoch=EPOCH)
    for _ in range(60):
        match chance.randrange(5):
            case 0:
                hub.publish([log.commit(WARD, chance.randint(1, 3))])
            case 1:
                log.gate.clear() if chance.random() < 0.5 else log.gate.set()
            case 2:
                browser.reading.clear() if chance.random() < 0.5 else browser.reading.set()
            case 3:
                log.commit(WARD)  # committed, but its publication was lost
            case _:
                await asyncio.sleep(0)
    log.gate.set()
    browser.reading.set()
    hub.publish([log.commit(WARD)])
    await settle()
    browser.go()
    await asyncio.wait_for(served, 5)
    assert browser.seqs() == list(range(after + 1, len(log.events[WARD]) + 1))
