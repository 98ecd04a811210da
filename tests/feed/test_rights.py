"""Who sees what: views of the board, sessions that are not one's own, credentials that end."""

from typing import Any

import pytest

from app.errors import NotAllowed, NotBound, SimulatedMismatch
from app.feed.hub import Hub
from app.feed.rights import EVERYTHING, Audience
from app.feed.watcher import RESTARTING
from tests.feed.conftest import Connect
from tests.feed.fakes import OTHER, WARD, Browser, FakeAlarms, FakeCaller, FakeLog, settle

WALL = Audience(wall=True)
SIMULATED = Audience(simulated=True)
NOTICE = {"id": "n", "kind": "device_refused", "count": 3}


def rows(browser: Browser) -> list[list[str]]:
    """Ids in each frame of the board."""
    return [
        [row["id"] for row in frame["sessions"]]
        for frame in browser.frames
        if frame["kind"] in ("board", "board_delta")
    ]


async def watch_board(connect: Connect, *callers: FakeCaller) -> list[Browser]:
    browsers = [connect(caller) for caller in callers]
    for browser in browsers:
        browser.say(op="watch", board=True)
    await settle()
    return browsers


async def test_each_audience_sees_its_own_board(hub: Hub, log: FakeLog, connect: Connect) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    everything, wall, simulated, room = await watch_board(
        connect,
        FakeCaller(),
        FakeCaller(WALL),
        FakeCaller(SIMULATED),
        FakeCaller(Audience(station="Room 1")),
    )
    hub.publish([log.commit(WARD), log.commit(OTHER)])
    await settle()
    assert rows(everything) == rows(wall) == [[WARD, OTHER], [WARD, OTHER]]
    assert rows(simulated) == [[OTHER], [OTHER]]
    assert rows(room) == [[WARD], [WARD]]
    hub.publish([log.commit(WARD)])
    await settle()
    assert len(rows(simulated)) == 2, "a frame without rows was sent"


async def test_a_wall_is_told_nobodys_name(hub: Hub, log: FakeLog, connect: Connect) -> None:
    log.commit(WARD)
    everything, wall = await watch_board(connect, FakeCaller(), FakeCaller(WALL))
    hub.publish([log.commit(WARD)])
    await settle()
    assert all("A.B." in text and "Anna" in text for text in everything.texts[2:])
    assert not any("A.B." in text or "Anna" in text for text in wall.texts)
    for frame in wall.frames[2:]:
        assert frame["sessions"][0]["patient"] is None


async def test_rows_are_made_once_and_only_for_who_watches(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    await watch_board(connect, FakeCaller(), FakeCaller(), FakeCaller(WALL), FakeCaller(WALL))
    hub.publish([log.commit(WARD), log.commit(OTHER)])
    await settle()
    assert sorted(log.rows_made) == [WARD, OTHER]
    assert set(hub.boards) == {EVERYTHING, WALL}


async def test_frames_are_encoded_once_for_an_audience(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    walls = [FakeCaller(WALL) for _ in range(4)]
    browsers = await watch_board(connect, FakeCaller(), *walls)
    hub.publish([log.commit(WARD)])
    await settle()
    assert len({id(browser.texts[-1]) for browser in browsers[1:]}) == 1
    assert browsers[0].texts[-1] != browsers[1].texts[-1]


async def test_a_board_is_let_go_with_the_last_of_its_audience(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    everything, wall = await watch_board(connect, FakeCaller(), FakeCaller(WALL))
    wall.say(op="unwatch", board=True)
    await settle()
    assert set(hub.boards) == {EVERYTHING}
    everything.go()
    await settle()
    assert not hub.board_watched
    hub.publish([log.commit(WARD)])
    assert log.rows_made == []


@pytest.mark.parametrize(
    "message",
    [
        {"op": "watch", "board": True},
        {"op": "watch", "session": WARD.upper()},
        {"op": "unwatch", "board": True},
        {"op": "status", "sound": "proven"},
        {"op": "shown", "session": WARD, "alarm": OTHER, "rev": 1},
    ],
)
async def test_what_may_not_be_said_is_refused_and_does_nothing(
    hub: Hub, log: FakeLog, alarms: FakeAlarms, connect: Connect, message: dict[str, Any]
) -> None:
    log.commit(WARD)
    browser = connect(FakeCaller(says_no=NotAllowed("No.")))
    browser.say(**message)
    await settle()
    session = message["session"].lower() if "session" in message else None
    refused = {"op": message["op"], "session": session, "code": "not_allowed", "detail": "No."}
    assert browser.frames[-1] == {"kind": "refused", **refused}
    assert not hub.watched
    assert not hub.board_watched
    assert hub.screens()["sound_proven"] == 0


@pytest.mark.parametrize("refusal", [NotBound("Not yours."), SimulatedMismatch("Not simulated.")])
async def test_a_session_that_is_not_ones_own_is_refused_and_never_read(
    hub: Hub, log: FakeLog, connect: Connect, refusal: NotBound | SimulatedMismatch
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    caller = FakeCaller(not_mine={WARD: refusal})
    browser = connect(caller)
    browser.say(op="watch", session=WARD)
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.frames[-1]["code"] == refusal.code
    assert browser.frames[-1]["session"] == WARD
    assert browser.seqs() == []
    assert (log.reads, list(hub.watched), caller.watched[:-1]) == (0, [], [])
    browser.say(op="watch", session=OTHER)
    await settle()
    assert browser.seqs(OTHER) == [-1]


async def test_what_was_shown_of_another_session_is_not_passed_on(
    alarms: FakeAlarms, connect: Connect
) -> None:
    browser = connect(FakeCaller(not_mine={WARD: NotBound()}))
    browser.say(op="status", sound="proven")
    for session in (WARD, OTHER):
        browser.say(op="shown", session=session, alarm=WARD, rev=1)
    await settle()
    assert alarms.confirmed == [(OTHER, WARD, 1)]


async def test_a_screen_whose_credential_has_ended_is_closed(hub: Hub, connect: Connect) -> None:
    revoked, stays = FakeCaller(), FakeCaller()
    browser, other = connect(revoked), connect(stays)
    await settle()
    for end in revoked.ends:
        end(4401)
    await settle()
    assert browser.closed == 4401
    assert other.closed is None
    assert revoked.ends == []
    assert hub.watchers == 1


async def test_who_may_see_more_or_less_comes_back_with_the_next_heartbeat(
    hub: Hub, connect: Connect
) -> None:
    lent, stays = FakeCaller(WALL), FakeCaller()
    browser, other = await watch_board(connect, lent, stays)
    hub.beat(commit_ok=True, sweep_age_s=0)
    await settle()
    assert browser.closed is None
    lent.changed = True
    hub.beat(commit_ok=True, sweep_age_s=0)
    await settle()
    assert browser.closed == RESTARTING
    assert other.closed is None


async def test_notices_are_told_to_who_may_read_them(hub: Hub, connect: Connect) -> None:
    nurse, wall = connect(FakeCaller()), connect(FakeCaller(WALL, notices=False))
    await settle()
    hub.tell_clinic([NOTICE])
    await settle()
    assert nurse.clinic()[-1]["notices"] == [NOTICE]
    assert wall.clinic()[-1] == {**nurse.clinic()[-1], "notices": []}
    late = connect(FakeCaller(WALL, notices=False))
    await settle()
    assert late.clinic()[0]["notices"] == []


async def test_what_was_watched_is_told_once_when_it_begins_and_ends(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    caller = FakeCaller()
    browser = connect(caller)
    browser.say(op="watch", board=True)
    browser.say(op="watch", session=WARD)
    await settle()
    assert set(caller.watched) == {(EVERYTHING, True), (WARD, True)}
    browser.say(op="unwatch", session=WARD)
    await settle()
    assert caller.watched[-1] == (WARD, False)
    browser.go()
    await settle()
    assert (EVERYTHING, False) in caller.watched


async def test_what_a_screen_says_of_its_sound_is_told_when_it_changes(connect: Connect) -> None:
    caller = FakeCaller()
    browser = connect(caller)
    for sound in ("unproven", "proven", "proven", "quiet"):
        browser.say(op="status", sound=sound)
    await settle()
    browser.go()
    await settle()
    assert caller.sounds == ["live", "proven", "quiet", "gone"]
