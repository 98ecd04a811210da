"""Watchers from hello to close, over a log in memory."""

from typing import Any

import orjson
import pytest

from app.feed import frames
from app.feed.hub import Hub
from app.feed.serve import MESSAGE_MAX, TOO_LONG
from app.feed.watcher import MAX_SESSIONS, RESTARTING
from tests.feed.conftest import Connect
from tests.feed.fakes import EPOCH, OTHER, WARD, FakeLog, board_row, settle


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
    assert browser.frames[3]["sessions"] == [board_row(WARD, 2)]


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


async def test_what_cannot_be_published_sends_everybody_away(
    hub: Hub, log: FakeLog, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = connect()
    browser.say(op="watch", board=True)
    await settle()
    monkeypatch.setattr("tests.feed.fakes.FakeCommit.board_row", lambda _commit: 1 / 0)
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.closed == RESTARTING


@pytest.mark.parametrize("kind", ["text", "bytes"])
async def test_a_message_that_is_too_long_closes(connect: Connect, kind: str) -> None:
    browser = connect()
    long = "x" * (MESSAGE_MAX + 1)
    browser.say_raw({kind: long if kind == "text" else long.encode()})
    await settle()
    assert browser.closed == TOO_LONG


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
