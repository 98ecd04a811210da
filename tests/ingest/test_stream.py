"""What a sender may throw away: only what is stored or was refused, however late things settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ingest.stream import REFUSED_MAX, WINDOW, Stream

if TYPE_CHECKING:
    from app.ingest.stream import Acknowledgement, Taken


def all_told(stream: Stream) -> list[Acknowledgement]:
    said = []
    while (acknowledgement := stream.acknowledge()) is not None:
        stream.told(acknowledgement)
        said.append(acknowledgement)
    return said


def refusals(n: int, many: int) -> list[dict[str, Any]]:
    return [{"n": n, "index": index} for index in range(many)]


def test_an_acknowledgement_waits_for_what_came_before() -> None:
    stream = Stream()
    first, second, third = (stream.take(n, 10) for n in (1, 2, 3))
    stream.settle(second)
    assert stream.acknowledge() is None
    stream.settle(first)
    assert [said.n for said in all_told(stream)] == [2]
    assert not stream.at_rest
    stream.settle(third)
    assert [said.n for said in all_told(stream)] == [3]
    assert stream.at_rest


def test_what_settles_at_once_is_told_at_once() -> None:
    stream = Stream()
    for taken in [stream.take(n, 1) for n in range(100)]:
        stream.settle(taken)
    assert [said.n for said in all_told(stream)] == [99]


def test_an_n_that_is_sent_again_is_answered_again() -> None:
    stream = Stream()
    for n in (4, 5, 4):
        stream.settle(stream.take(n, 1))
        assert [said.n for said in all_told(stream)] == [n]


def test_a_refusal_is_told_once_with_the_first_that_covers_it() -> None:
    stream = Stream()
    first, second = stream.take(7, 3), stream.take(8, 3)
    stream.settle(second, refusals(8, 1))
    stream.settle(first, refusals(7, 2))
    (said,) = all_told(stream)
    assert said.frame() == {"ack": 8, "refused": [*refusals(7, 2), *refusals(8, 1)]}
    assert stream.acknowledge() is None


def test_many_refusals_are_told_in_parts() -> None:
    stream = Stream()
    for taken in [stream.take(n, 400) for n in (1, 2, 3, 4)]:
        stream.settle(taken, refusals(taken.n, 400))
    assert [(said.n, len(said.refused)) for said in all_told(stream)] == [(2, 800), (4, 800)]
    stream.settle(stream.take(5, REFUSED_MAX), refusals(5, REFUSED_MAX))
    stream.settle(stream.take(6, 1))
    assert [(said.n, len(said.refused)) for said in all_told(stream)] == [(6, REFUSED_MAX)]


def test_a_sender_that_never_listens_is_read_no_further() -> None:
    stream = Stream()
    while stream.has_room:
        stream.settle(stream.take(1, 1_000))
    said = stream.acknowledge()
    assert said is not None
    assert not stream.has_room  # made, but not yet out
    stream.told(said)
    assert stream.has_room


def test_messages_without_readings_are_bounded_too() -> None:
    stream, taken = Stream(), 0
    while stream.has_room:
        stream.take(taken, 0)
        taken += 1
    assert taken == WINDOW


def test_a_message_settles_once() -> None:
    stream = Stream()
    taken = stream.take(1, 1)
    stream.settle(taken)
    with pytest.raises(AssertionError):
        stream.settle(taken)


@settings(max_examples=200)
@given(st.data())
def test_in_any_order_everything_is_told_once_and_nothing_too_early(data: st.DataObject) -> None:
    """A model beside it: the numbers taken, settled and told, in lists."""
    stream = Stream()
    under_way: list[tuple[int, Taken]] = []
    settled: list[bool] = []
    refused: list[dict[str, Any]] = []
    told = 0
    for n in range(data.draw(st.integers(1, 30))):
        settled.append(False)
        refused.append({"n": n, "index": 0})
        under_way.append((n, stream.take(n, data.draw(st.integers(0, 500)))))
        while data.draw(st.booleans()) and under_way:
            which = data.draw(st.integers(0, len(under_way) - 1))
            number, taken = under_way.pop(which)
            stream.settle(taken, [refused[number]])
            settled[number] = True
        for said in all_told(stream):
            assert all(settled[: said.n + 1])
            assert said.refused == refused[told : said.n + 1]
            told = said.n + 1
        assert settled[told : told + 1] != [True]  # what can be told is not held back
    for number, taken in under_way:
        stream.settle(taken, [refused[number]])
    for said in all_told(stream):
        assert said.refused == refused[told : said.n + 1]
        told = said.n + 1
    assert told == len(settled)
    assert stream.at_rest
    assert stream.has_room
