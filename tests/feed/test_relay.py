"""What a process's watchers lack is found, read once, and published in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.feed.relay import FromLog, Head, Missing, Relay

ROOM = "room"


@dataclass
class Watchers:
    watched: set[str] = field(default_factory=lambda: {ROOM})
    board_watched: bool = False


def commit(seq: int, *, of: int = 1, session_id: str = ROOM) -> FromLog:
    events = tuple(str(n).encode() for n in range(seq - of + 1, seq + 1))
    return FromLog(session_id, seq, events, dict)


def shown(commits: list[Any]) -> list[tuple[str, int, int]]:
    return [(c.session_id, c.seq, len(c.events)) for c in commits]


def test_our_own_commits_go_out_at_once_and_once() -> None:
    relay = Relay(Watchers())
    assert shown(relay.committed([commit(3, of=2)])) == [(ROOM, 3, 2)]
    assert shown(relay.committed([commit(4)])) == [(ROOM, 4, 1)]
    relay.told(ROOM, 4, 4)
    relay.looked([Head(ROOM, 4, True)])
    assert not relay.wants


def test_anothers_are_read_after_what_was_published_and_only_once() -> None:
    relay = Relay(Watchers())
    relay.committed([commit(4)])
    relay.told(ROOM, 5, 5)
    relay.told(ROOM, 6, 7)
    assert relay.missing() == [Missing(ROOM, 4, True)]
    assert not relay.wants
    assert shown(relay.read([commit(7, of=3)])) == [(ROOM, 7, 3)]
    relay.told(ROOM, 7, 7)
    assert not relay.wants


def test_ours_after_a_hole_waits_and_is_read_with_it() -> None:
    relay = Relay(Watchers())
    relay.committed([commit(4)])
    assert relay.committed([commit(6)]) == []
    assert relay.missing() == [Missing(ROOM, 4, True)]
    assert relay.committed([commit(7)]) == []
    assert shown(relay.read([commit(6, of=2)])) == [(ROOM, 6, 2)]
    assert relay.missing() == [Missing(ROOM, 6, True)]
    assert shown(relay.read([commit(7)])) == [(ROOM, 7, 1)]


def test_what_was_published_while_it_was_read_is_not_published_again() -> None:
    relay = Relay(Watchers())
    relay.committed([commit(4)])
    relay.looked([Head(ROOM, 5, True)])  # ours, looked up before it was handed over
    relay.missing()
    assert shown(relay.committed([commit(5)])) == [(ROOM, 5, 1)]
    assert shown(relay.read([commit(5)])) == []
    relay.told(ROOM, 6, 6)
    relay.missing()
    assert shown(relay.read([commit(6, of=2)])) == [(ROOM, 6, 1)]


def test_nothing_is_read_for_nobody() -> None:
    relay = Relay(Watchers(watched=set()))
    relay.told(ROOM, 5, 5)
    assert relay.committed([commit(7)]) == []
    assert not relay.wants
    relay = Relay(watchers := Watchers())
    relay.told(ROOM, 5, 5)
    watchers.watched = set()
    assert relay.missing() == []


def test_of_a_board_only_the_row_is_read_and_events_once_somebody_follows() -> None:
    watchers = Watchers(watched=set(), board_watched=True)
    relay = Relay(watchers)
    relay.told(ROOM, 5, 6)
    assert relay.missing() == [Missing(ROOM, 4, False)]
    watchers.watched = {ROOM}
    assert relay.read([FromLog(ROOM, 6, (), dict)]) == []
    assert relay.missing() == [Missing(ROOM, 4, True)]
    assert shown(relay.read([commit(6, of=2)])) == [(ROOM, 6, 2)]


def test_a_hole_in_our_own_commits_matters_to_no_board() -> None:
    relay = Relay(Watchers(watched=set(), board_watched=True))
    relay.committed([commit(3)])
    assert shown(relay.committed([commit(5)])) == [(ROOM, 5, 1)]
    assert not relay.wants


def test_what_could_not_be_read_is_wanted_still() -> None:
    relay = Relay(Watchers())
    relay.told(ROOM, 5, 5)
    missing = relay.missing()
    relay.unread(missing)
    assert relay.missing() == missing


def test_what_the_log_lacks_is_not_asked_for_again_and_again() -> None:
    relay = Relay(Watchers())
    relay.told(ROOM, 5, 9_000)
    relay.missing()
    relay.read([])
    assert not relay.wants


def test_closed_sessions_are_forgotten_when_nobody_follows_them() -> None:
    relay = Relay(watchers := Watchers(watched=set(), board_watched=True))
    relay.committed([commit(3)])
    relay.looked([Head(ROOM, 4, False)])
    assert relay.missing() == [Missing(ROOM, 3, False)]
    relay.read([FromLog(ROOM, 4, (), dict)])
    assert relay.known == [ROOM]
    watchers.board_watched = False
    relay.looked([Head(ROOM, 4, False)])
    assert relay.known == []


@dataclass
class Screen:
    """Joins before it reads, holds what comes meanwhile, and reads again over a hole."""

    seq: int | None = None
    held: list[FromLog] = field(default_factory=list)
    got: list[int] = field(default_factory=list)

    def take(self, commit: FromLog) -> None:
        if self.seq is None:
            self.held.append(commit)
        elif commit.seq > self.seq:
            if commit.seq - len(commit.events) > self.seq:
                self.seq, self.held = None, [commit]  # a hole
            else:
                self.got += range(self.seq + 1, commit.seq + 1)
                self.seq = commit.seq

    def read(self, head: int) -> None:
        if self.seq is None:
            self.seq, held, self.held = head, self.held, []
            for commit in held:
                self.take(commit)


HERE = ("ours", "hand over", "look", "ask", "answer", "fail")
ELSEWHERE = ("theirs", "told", "lost")
PEOPLE = ("join", "history", "leave", "board")
STEPS = st.lists(st.sampled_from((*HERE, *ELSEWHERE, *PEOPLE)), max_size=60)


@settings(max_examples=400)
@given(STEPS)
def test_whatever_happens_each_screen_has_all_of_it_after_a_look(steps: list[str]) -> None:
    head = 1
    watchers = Watchers(watched=set())
    relay = Relay(watchers)
    screens: list[Screen] = []
    committed: list[FromLog] = []  # ours, on their way to the loop
    words: list[tuple[int, int]] = []  # theirs, on their way here
    asked: list[Missing] = []
    found: list[FromLog] = []

    def publish(commits: list[Any]) -> None:
        for one in commits:
            for screen in screens:
                screen.take(one)

    def ask() -> None:
        nonlocal asked, found
        asked = relay.missing()
        found = [
            commit(head, of=min(head - after, 3) if followed else 0)
            for _, after, followed in asked
            if head > after
        ]

    def answer() -> None:
        nonlocal asked, found
        publish(relay.read(found))
        asked, found = [], []

    for step in steps:
        match step:
            case "ours":
                head += 1
                committed.append(commit(head))
            case "hand over" if committed:
                publish(relay.committed([committed.pop(0)]))
            case "theirs":
                head += 1
                words.append((head, head))
            case "told" if words:
                relay.told(ROOM, *words.pop(0))
            case "lost" if words:
                words.pop(0)
            case "look":
                relay.looked([Head(ROOM, head, True)])
            case "ask" if not asked:
                ask()
            case "answer" if asked:
                answer()
            case "fail" if asked:
                relay.unread(asked)
                asked, found = [], []
            case "join":
                screens.append(Screen())
                watchers.watched = {ROOM}
            case "history":
                for screen in screens:
                    screen.read(head)
            case "leave" if screens:
                screens.pop(0)
                watchers.watched = {ROOM} if screens else set()
            case "board":
                watchers.board_watched = not watchers.board_watched
    answer()
    while committed:
        publish(relay.committed([committed.pop(0)]))
    relay.looked([Head(ROOM, head, True)])
    while relay.wants:
        ask()
        answer()
    for screen in screens:
        screen.read(head)
        assert screen.seq == head
        assert screen.got == sorted(set(screen.got))
