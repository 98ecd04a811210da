"""A watcher's place in a log, without any connection."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.feed.protocol import MAX_BEHIND, MAX_HELD, BoardChannel, Published, SessionChannel
from tests.feed.fakes import WARD, event


def published(first: int, last: int) -> Published:
    return Published(WARD, last, tuple(event(WARD, seq) for seq in range(first, last + 1)))


def channel(after: int | None, *, same_epoch: bool = True) -> SessionChannel:
    return SessionChannel(WARD, after=after, same_epoch=same_epoch)


def live(after: int) -> SessionChannel:
    joined = channel(after)
    assert joined.settle() == []
    return joined


def seqs(frames: list[str]) -> list[int]:
    return [event["seq"] for frame in frames for event in orjson.loads(frame)["events"]]


def test_a_watcher_that_holds_nothing_needs_a_snapshot() -> None:
    assert channel(None).needs_snapshot(head=7)


def test_a_watcher_of_another_epoch_needs_a_snapshot() -> None:
    assert channel(7, same_epoch=False).needs_snapshot(head=7)


def test_a_seq_that_the_log_has_not_reached_needs_a_snapshot() -> None:
    assert channel(8).needs_snapshot(head=7)


def test_events_are_sent_up_to_the_bound_and_a_snapshot_beyond_it() -> None:
    assert not channel(0).needs_snapshot(head=MAX_BEHIND)
    assert channel(0).needs_snapshot(head=MAX_BEHIND + 1)


def test_what_is_published_while_joining_is_held_until_history_was_sent() -> None:
    joining = channel(0)
    assert joining.publish(published(3, 4)) is None
    assert joining.settle() == []
    assert not joining.live
    assert joining.missing_until == 2
    joining.sent(2)
    assert seqs(joining.settle()) == [3, 4]
    assert joining.live


def test_history_that_overlaps_what_was_held_is_not_sent_twice() -> None:
    joining = channel(0)
    joining.publish(published(1, 2))
    joining.publish(published(3, 6))
    joining.sent(4)
    assert seqs(joining.settle()) == [5, 6]


def test_over_a_hole_nothing_is_sent_until_it_is_filled() -> None:
    watching = live(2)
    assert watching.publish(published(4, 4)) is None
    assert not watching.live
    watching.sent(3)
    assert seqs(watching.settle()) == [4]


def test_what_is_known_is_not_sent_again() -> None:
    assert live(5).publish(published(4, 5)) is None


def test_more_than_can_be_held_is_read_from_the_log_instead() -> None:
    joining = channel(0)
    for seq in range(1, MAX_HELD + 51):
        joining.publish(published(seq, seq))
    assert joining.settle() == []
    assert joining.missing_until == 50
    joining.sent(50)
    assert seqs(joining.settle()) == list(range(51, MAX_HELD + 51))


def test_a_log_that_lost_events_is_answered_with_a_snapshot() -> None:
    joining = channel(3)
    joining.lost()
    assert joining.settle() == []
    assert not joining.live
    assert joining.needs_snapshot(head=9)


def test_a_frame_is_encoded_once() -> None:
    commit = published(1, 2)
    assert commit.frame is commit.frame
    assert commit.frame_after(0) is commit.frame


@given(
    sizes=st.lists(st.integers(1, 4), max_size=12),
    after=st.integers(0, 10),
    reads=st.lists(st.integers(0, 40), max_size=6),
    joined_at=st.integers(0, 12),
)
def test_in_any_interleaving_every_event_comes_once_and_in_order(
    sizes: list[int], after: int, reads: list[int], joined_at: int
) -> None:
    """Commits come while history is read in pieces of any size; a screen must see after + 1, after
    + 2, ...
    """
    commits, head = [], 0
    for size in sizes:
        commits.append(published(head + 1, head + size))
        head += size
    committed = commits[joined_at - 1].last if 0 < joined_at <= len(commits) else 0
    joining, sent = channel(min(after, committed)), list[int]()
    start = joining.seq or 0
    for n, commit in enumerate(commits[joined_at:]):
        frame = joining.publish(commit)
        sent += seqs([frame] if frame else [])
        committed = commit.last
        if n < len(reads) and joining.seq is not None and not joining.live:
            upto = min(committed, joining.seq + reads[n])
            sent += range(joining.seq + 1, upto + 1)
            joining.sent(max(upto, joining.seq))
            sent += seqs(joining.settle())
    while not joining.live and joining.seq is not None:
        upto = max(joining.missing_until, joining.seq)
        sent += range(joining.seq + 1, upto + 1)
        joining.sent(upto)
        sent += seqs(joining.settle())
    assert sent == list(range(start + 1, start + 1 + len(sent)))
    if commits[joined_at:]:
        assert start + len(sent) == head


def test_changes_that_come_while_the_board_is_read_follow_it() -> None:
    board = BoardChannel()
    assert board.publish("one") is None
    assert board.settle() == ["one"]
    assert board.publish("two") == "two"


def test_a_board_that_changed_too_often_while_it_was_read_is_read_again() -> None:
    board = BoardChannel()
    for _ in range(MAX_HELD + 1):
        board.publish("change")
    board.settle()
    assert not board.live
    assert board.settle() == []
    assert board.live
