"""What follows on a watcher's place, without any connection."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feed.protocol import MAX_ROWS, MAX_TAIL, BoardPlace, Row, Rows, SessionPlace, Tail
from tests.feed.fakes import OTHER, WARD, FakeCommit, event


def texts(first: int, last: int) -> list[bytes]:
    return [event(WARD, seq) for seq in range(first, last + 1)]


def tail(first: int, last: int) -> Tail:
    made = Tail(WARD)
    made.add(last, texts(first, last))
    return made


def live(tail: Tail, seq: int) -> SessionPlace:
    place = SessionPlace(tail, seq)
    place.live = True
    return place


def seqs(frame: str | None) -> list[int]:
    return [event["seq"] for event in orjson.loads(frame)["events"]] if frame else []


def test_a_place_is_sent_what_follows_on_it_and_once() -> None:
    place = live(tail(1, 6), 4)
    assert seqs(place.next()) == [5, 6]
    assert place.next() is None
    assert place.live


def test_a_place_that_is_joining_is_sent_nothing() -> None:
    assert SessionPlace(tail(1, 6), 4).next() is None


def test_over_a_hole_nothing_is_sent_and_the_place_is_live_no_longer() -> None:
    published = tail(1, 3)
    place = live(published, 3)
    published.add(5, texts(5, 5))
    assert place.next() is None
    assert not place.live
    assert place.seq == 3


def test_what_is_known_is_not_added_again() -> None:
    published = tail(1, 5)
    assert not published.add(5, texts(4, 5))
    assert published.add(7, texts(4, 7))
    assert seqs(live(published, 0).next()) == [1, 2, 3, 4, 5, 6, 7]


def test_a_commit_without_events_says_nothing_of_the_log() -> None:
    published = Tail(WARD)
    assert not published.add(7, ())
    assert published.last == 0


def test_a_tail_forgets_the_oldest() -> None:
    published = tail(1, 2 * MAX_TAIL)
    assert published.holds_after(0)
    published.trim()
    assert not published.holds_after(MAX_TAIL - 1)
    assert published.holds_after(MAX_TAIL)
    assert len(seqs(live(published, MAX_TAIL).next())) == MAX_TAIL


def test_nothing_goes_on_from_an_empty_tail_or_a_seq_it_has_not_reached() -> None:
    assert not Tail(WARD).holds_after(0)
    assert not tail(1, 3).holds_after(4)
    assert tail(1, 3).holds_after(3)


def test_a_frame_is_made_once_for_all_who_stand_at_the_same_place() -> None:
    published = tail(1, 4)
    one, other, behind = live(published, 3), live(published, 3), live(published, 1)
    assert one.next() is other.next()
    assert seqs(behind.next()) == [2, 3, 4]


@given(
    commits=st.lists(st.tuples(st.integers(1, 4), st.integers(-2, 2)), max_size=20),
    after=st.integers(0, 10),
)
def test_whatever_is_published_a_live_place_is_sent_every_event_once_and_in_order(
    commits: list[tuple[int, int]], after: int
) -> None:
    """Commits repeat what is known or leave a hole; a place no longer live reads the log."""
    published, head = Tail(WARD), after
    place, sent = live(published, after), list[int]()
    for size, shift in commits:
        first = max(1, head + 1 + shift)
        head = max(head, first + size - 1)
        published.add(first + size - 1, texts(first, first + size - 1))
        sent += seqs(place.next())
        if not place.live:
            assert place.seq is not None
            sent += range(place.seq + 1, head + 1)
            place.seq, place.live = head, True
        published.trim()
    assert sent == list(range(after + 1, head + 1))


def commit(session_id: str, seq: int) -> FakeCommit:
    return FakeCommit(session_id, seq, (), [])


def board(rows: Rows, version: int) -> BoardPlace:
    place = BoardPlace(rows)
    place.version, place.live = version, True
    return place


def told(frame: str | None) -> dict[str, int]:
    rows = orjson.loads(frame)["sessions"] if frame else []
    return {row["id"]: row["seq"] for row in rows}


def publish(rows: Rows, *commits: FakeCommit) -> None:
    for one in commits:
        rows.add(one, one.board_row)
    rows.close()


def test_who_is_behind_is_sent_the_newest_row_of_each_session_that_changed() -> None:
    rows = Rows()
    behind = board(rows, 0)
    publish(rows, commit(WARD, 1))
    publish(rows, commit(OTHER, 7))
    at = board(rows, 2)
    publish(rows, commit(WARD, 2))
    assert told(behind.next()) == {OTHER: 7, WARD: 2}
    assert told(at.next()) == {WARD: 2}
    assert behind.next() is None


def test_a_row_is_made_when_it_is_sent_and_once() -> None:
    rows, made = Rows(), list[str]()
    publish(rows, FakeCommit(WARD, 1, (), made))
    publish(rows, FakeCommit(WARD, 2, (), made))
    assert made == []
    assert told(board(rows, 0).next()) == told(board(rows, 1).next()) == {WARD: 2}
    assert made == [WARD]


def test_an_older_row_does_not_replace_a_newer_one() -> None:
    rows = Rows()
    publish(rows, commit(WARD, 5))
    publish(rows, commit(WARD, 4))
    assert told(board(rows, 0).next()) == {WARD: 5}
    assert board(rows, 1).next() is None


def test_what_was_added_goes_out_with_the_next_version() -> None:
    rows = Rows()
    publish(rows, commit(WARD, 1))
    for new in (commit(WARD, 2), commit(OTHER, 1)):
        rows.add(new, new.board_row)
    behind = board(rows, 0)
    assert behind.next() is None
    rows.close()
    assert told(behind.next()) == {WARD: 2, OTHER: 1}


def test_who_is_behind_what_was_forgotten_reads_the_board_again() -> None:
    rows = Rows()
    behind = board(rows, 0)
    publish(rows, commit("first", 1))
    publish(rows, *(commit(str(n), 1) for n in range(MAX_ROWS)))
    assert behind.next() is None
    assert not behind.live
    assert len(told(board(rows, 1).next())) == MAX_ROWS


@pytest.mark.parametrize("active", [True, False])
def test_a_board_that_was_read_is_brought_up_to_date(active: bool) -> None:
    rows = Rows()
    new = commit(WARD, 3)
    rows.add(new, new.board_row)
    read = {
        id: Row(seq, 0, None, orjson.dumps({"id": id, "seq": seq}), here)
        for id, seq, here in ((WARD, 2, True), (OTHER, 9, active))
    }
    publish(rows, commit(OTHER, 8))
    seen = [orjson.loads(text) for text in rows.over(read)]
    assert {row["id"]: row["seq"] for row in seen} == ({WARD: 3, OTHER: 9} if active else {WARD: 3})
