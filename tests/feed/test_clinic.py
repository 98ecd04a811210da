"""What every screen is told, and what screens tell: notices, sound, and alarms shown."""

import asyncio
from typing import Any

import orjson
import pytest

from app.errors import StorageUnavailable
from app.feed import confirm
from app.feed.clinic import tell_forever
from app.feed.confirm import MAX_CONFIRMED, Confirmed
from app.feed.hub import Hub
from app.feed.watcher import MAX_SHOWN, Confirmation
from app.monitoring.errors import UnknownAlarm
from tests.feed.conftest import Connect
from tests.feed.fakes import OTHER, WARD, FakeAlarms, FakeLog, settle

NOTICE = {"id": "n", "kind": "device_refused", "count": 3}
HIGH = "00000000-0000-7000-8000-0000000000a1"


def shown(alarm: str = HIGH, rev: int = 1, session: str = WARD) -> dict[str, Any]:
    return {"op": "shown", "session": session, "alarm": alarm, "rev": rev}


async def test_a_screen_is_told_after_the_greeting_how_many_can_be_heard(
    hub: Hub, connect: Connect
) -> None:
    first = connect()
    await settle()
    assert [frame["kind"] for frame in first.frames] == ["hello", "clinic"]
    assert first.frames[1]["screens"] == {"live": 1, "sound_proven": 0, "quiet": 0}
    first.say(op="status", sound="proven")
    second = connect()
    second.say(op="status", sound="quiet")
    await settle()
    hub.tell_clinic([NOTICE])
    await settle()
    for browser in (first, second):
        last = browser.clinic()[-1]
        assert last["screens"] == {"live": 2, "sound_proven": 1, "quiet": 1}
        assert last["notices"] == [NOTICE]


async def test_what_has_not_changed_is_not_told_again(hub: Hub, connect: Connect) -> None:
    browser = connect()
    await settle()
    for _ in range(3):
        hub.tell_clinic([NOTICE])
        hub.tell_clinic(None)
    await settle()
    assert [frame["notices"] for frame in browser.clinic()] == [[], [NOTICE]]
    hub.tell_clinic([{**NOTICE, "count": 4}])
    hub.tell_clinic([])
    await settle()
    assert [len(frame["notices"]) for frame in browser.clinic()] == [0, 1, 1, 0]


async def test_a_screen_that_goes_is_missed(hub: Hub, connect: Connect) -> None:
    stays, goes = connect(), connect()
    goes.say(op="status", sound="proven")
    await settle()
    hub.tell_clinic([])
    goes.go()
    await settle()
    hub.tell_clinic([])
    await settle()
    assert [frame["screens"] for frame in stays.clinic()[1:]] == [
        {"live": 2, "sound_proven": 1, "quiet": 0},
        {"live": 1, "sound_proven": 0, "quiet": 0},
    ]


async def test_screens_of_other_processes_count_and_quiet_ones_never_as_heard(
    hub: Hub, connect: Connect
) -> None:
    here = connect()
    here.say(op="status", sound="quiet")
    await settle()
    for elsewhere, sound_proven in (
        ({"live": 2, "sound_proven": 0, "quiet": 2}, 0),
        ({"live": 3, "sound_proven": 1, "quiet": 2}, 1),
        ({"live": 2, "sound_proven": 0, "quiet": 2}, 0),
    ):
        hub.screens_elsewhere(elsewhere)
        hub.tell_clinic(None)
        await settle()
        told = here.clinic()[-1]["screens"]
        assert told == {"live": elsewhere["live"] + 1, "sound_proven": sound_proven, "quiet": 3}


async def test_what_the_clinic_is_told_is_encoded_once(hub: Hub, connect: Connect) -> None:
    browsers = [connect() for _ in range(5)]
    await settle()
    hub.tell_clinic([NOTICE])
    await settle()
    late = connect()
    await settle()
    last = [next(t for t in reversed(b.texts) if '"clinic"' in t) for b in (*browsers, late)]
    assert len({id(text) for text in last}) == 1


async def test_notices_are_read_while_nobody_watches_and_kept_while_they_cannot_be_read(
    hub: Hub, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feed.clinic.CLINIC_S", 0)
    answers: list[Any] = [[NOTICE]]

    async def read() -> list[dict[str, Any]]:
        if answers:
            return list(answers[0])
        raise StorageUnavailable

    telling = asyncio.create_task(tell_forever(hub, read))
    await settle()
    answers.clear()
    await settle()
    browser = connect()
    await settle()
    assert all(frame["notices"] == [NOTICE] for frame in browser.clinic())
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


async def test_only_a_screen_that_can_be_heard_confirms_an_alarm(
    alarms: FakeAlarms, connect: Connect
) -> None:
    browser = connect()
    browser.say(**shown())
    browser.say(op="status", sound="quiet")
    browser.say(**shown())
    await settle()
    assert alarms.confirmed == []
    browser.say(op="status", sound="proven")
    browser.say(**shown(session=WARD.upper(), alarm=HIGH.upper()))
    await settle()
    assert alarms.confirmed == [(WARD, HIGH, 1)]


async def test_one_screen_that_was_heard_is_enough(alarms: FakeAlarms, connect: Connect) -> None:
    browsers = [connect() for _ in range(4)]
    for browser in browsers:
        browser.say(op="status", sound="proven")
        browser.say(**shown())
    await settle()
    for browser in browsers:
        browser.say(**shown())
        browser.say(**shown(rev=2))
        await settle()
    assert set(alarms.confirmed) == {(WARD, HIGH, 1), (WARD, HIGH, 2)}
    assert alarms.confirmed.count((WARD, HIGH, 2)) == 1


async def test_confirming_waits_for_the_database_and_nothing_else_does(
    hub: Hub, log: FakeLog, alarms: FakeAlarms, connect: Connect
) -> None:
    log.commit(WARD)
    browser = connect()
    browser.say(op="status", sound="proven")
    browser.say(op="watch", session=WARD)
    alarms.gate.clear()
    for rev in range(1, 2 * MAX_SHOWN):
        browser.say(**shown(rev=rev))
    await settle()
    await settle()
    hub.publish([log.commit(WARD)])
    await settle()
    assert browser.seqs() == [-1, 2]
    assert browser.closed is None
    alarms.gate.set()
    for _ in range(10):
        await settle()
    assert MAX_SHOWN <= len(alarms.confirmed) <= MAX_SHOWN + 1  # and one that was under way


async def test_an_alarm_that_is_over_is_asked_about_once_and_the_next_is_confirmed(
    alarms: FakeAlarms, connect: Connect
) -> None:
    browser = connect()
    browser.say(op="status", sound="proven")
    alarms.refusal = UnknownAlarm()
    browser.say(**shown(OTHER))
    await settle()
    alarms.refusal = None
    browser.say(**shown())
    await settle()
    assert alarms.confirmed == [(WARD, OTHER, 1), (WARD, HIGH, 1)]
    assert browser.kinds() == ["hello"]


async def test_what_was_heard_while_the_database_was_gone_is_confirmed_when_it_is_back(
    alarms: FakeAlarms, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirm, "AGAIN_S", 0)
    browser = connect()
    browser.say(op="status", sound="proven")
    alarms.refusal = StorageUnavailable()
    browser.say(**shown())
    await settle()
    assert len(alarms.confirmed) > 1
    alarms.refusal = None
    await settle()
    tried = len(alarms.confirmed)
    await settle()
    assert len(alarms.confirmed) == tried


async def test_what_is_remembered_is_bounded(alarms: FakeAlarms) -> None:
    confirmed = Confirmed()
    for rev in range(1, MAX_CONFIRMED + 3):
        await confirmed.pass_on(alarms.confirm, Confirmation(WARD, HIGH, rev))
    asked = len(alarms.confirmed)
    await confirmed.pass_on(alarms.confirm, Confirmation(WARD, HIGH, MAX_CONFIRMED))
    assert len(alarms.confirmed) == asked
    await confirmed.pass_on(alarms.confirm, Confirmation(WARD, HIGH, 1))
    assert len(alarms.confirmed) == asked + 1


async def test_fifty_screens_that_show_it_at_once_confirm_it_once(
    alarms: FakeAlarms, connect: Connect
) -> None:
    browsers = [connect() for _ in range(50)]
    alarms.gate.clear()
    for browser in browsers:
        browser.say(op="status", sound="proven")
        browser.say(**shown())
    await settle()
    alarms.gate.set()
    await settle()
    assert alarms.confirmed == [(WARD, HIGH, 1)]


async def test_a_confirmation_that_is_none_is_refused(connect: Connect) -> None:
    browser = connect()
    browser.say(op="status", sound="proven")
    browser.say_text(orjson.dumps({**shown(), "rev": "1"}).decode())
    await settle()
    assert browser.frames[-1]["code"] == "invalid_request"
