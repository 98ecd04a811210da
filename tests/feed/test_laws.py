"""In any order of commits, joins, stalls and returns, every screen ends with what the log has."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.feed.history import History
from app.feed.hub import Hub
from app.feed.serve import serve
from tests.feed.fakes import (
    EPOCH,
    OTHER,
    WARD,
    Browser,
    FakeAlarms,
    FakeCaller,
    FakeCommit,
    FakeLog,
    StillLoop,
    settle,
)

SESSIONS = (WARD, OTHER, "00000000-0000-7000-8000-000000000003")
SCREENS = 4
STEPS = 120


@dataclass
class Screen:
    """A browser as the protocol wants it: it holds what it has seen, and comes back with it."""

    hub: Hub
    history: History
    held: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    watched: tuple[str, ...] = ()
    resumed: set[str] = field(default_factory=set)
    browser: Browser | None = None
    serving: list[asyncio.Task[None]] = field(default_factory=list)
    _read: int = 0

    def come(self, chance: random.Random, sessions: tuple[str, ...]) -> None:
        browser = self.browser = Browser()
        self.watched = sessions
        self._read, self.rows, self.resumed = 0, {}, set()
        serving = serve(
            browser.receive,
            browser.send,
            self.hub,
            self.history,
            FakeAlarms().confirm,
            FakeCaller().rights(),
        )
        self.serving.append(asyncio.create_task(serving))
        browser.say(op="watch", board=True)
        for session in sessions:
            resumes = session in self.held and chance.random() < 0.9
            if resumes:
                self.resumed.add(session)
            else:
                self.held.pop(session, None)
            place = {"after": self.held[session], "epoch": EPOCH} if resumes else {}
            browser.say(op="watch", session=session, **place)

    def go(self) -> None:
        if self.browser is not None:
            self.take()
            self.browser.go()
            self.browser = None

    def take(self) -> None:
        """Applies what has come; anything out of order fails."""
        assert self.browser is not None
        frames = self.browser.frames[self._read :]
        self._read += len(frames)
        for frame in frames:
            self._apply(frame)

    def _apply(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "snapshot":
                assert frame["session"] not in self.resumed, "it had all that is needed to go on"
                self.held[frame["session"]] = frame["seq"]
            case "events":
                for event in frame["events"]:
                    assert event["seq"] == self.held[frame["session"]] + 1
                    self.held[frame["session"]] = event["seq"]
            case "board":
                self.rows = {row["id"]: row["seq"] for row in frame["sessions"]}
            case "board_delta":
                for row in frame["sessions"]:
                    self.rows[row["id"]] = max(row["seq"], self.rows.get(row["id"], 0))

    @property
    def sent_away(self) -> bool:
        return self.browser is not None and self.browser.closed is not None


async def live(chance: random.Random) -> None:
    """A life of a hub; `chance` decides what happens next."""
    log, loop = FakeLog(), StillLoop()
    hub = Hub(EPOCH, loop=loop, time=loop.time)
    screens = [Screen(hub, log.history()) for _ in range(SCREENS)]
    for session in SESSIONS:
        log.commit(session, chance.randint(1, 8))
    published: list[FakeCommit] = []
    for _ in range(STEPS):
        screen = chance.choice(screens)
        match chance.randrange(12):
            case 0 | 1 | 2:
                batch = [
                    log.commit(session, chance.randint(1, 3), urgent=chance.random() < 0.3)
                    for session in chance.sample(SESSIONS, chance.randint(1, 3))
                ]
                published += batch
                hub.publish(batch)
            case 3:
                log.commit(chance.choice(SESSIONS))  # what was published of it was lost
            case 4 if published:
                hub.publish([chance.choice(published)])  # heard of a second time
            case 5:
                loop.turn(chance.choice((0.0, 0.001, 0.02)))
            case 6:
                loop.wait(chance.choice((0.001, 0.05, 2.0)))
            case 7:
                log.gate.clear() if chance.random() < 0.5 else log.gate.set()
            case 8 if screen.browser is not None:
                reading = screen.browser.reading
                reading.clear() if chance.random() < 0.5 else reading.set()
            case 9:
                screen.go()
                screen.come(chance, tuple(chance.sample(SESSIONS, chance.randint(0, 3))))
            case 10:
                hub.beat(commit_ok=True, sweep_age_s=0)
            case _:
                for _ in range(chance.randint(1, 5)):
                    await asyncio.sleep(0)
        if screen.sent_away:
            screen.go()
    await _end(chance, log, loop, hub, screens)


async def _end(
    chance: random.Random, log: FakeLog, loop: StillLoop, hub: Hub, screens: list[Screen]
) -> None:
    log.gate.set()
    for screen in screens:
        if screen.browser is not None:
            screen.browser.reading.set()
    await settle()
    for screen in screens:
        if screen.browser is None or screen.sent_away:
            screen.go()
            screen.come(chance, SESSIONS)
    await settle()
    hub.publish([log.commit(session) for session in SESSIONS])
    for _ in range(3):
        loop.turn()
        loop.wait(0.05)
        await settle()
    heads = {session: len(log.events[session]) for session in SESSIONS}
    for screen in screens:
        assert screen.browser is not None
        screen.take()
        seen = {session: screen.held.get(session) for session in screen.watched}
        assert seen == {session: heads[session] for session in screen.watched}
        assert screen.rows == heads
        screen.go()
    await settle()
    await asyncio.gather(*(t for s in screens for t in s.serving))
    assert hub.watchers == 0
    assert not hub.watched


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
async def test_every_screen_ends_with_what_the_log_has(seed: int) -> None:
    await live(random.Random(seed))
