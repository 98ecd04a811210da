"""What processes tell each other fits a NOTIFY, and who is silent is forgotten."""

from __future__ import annotations

import pytest

from app.feed.peers import FORGOTTEN_S, PAYLOAD_BYTES, Peers, here, parse, words
from app.services.ids import new_id


def test_many_spans_are_told_in_as_few_messages_as_hold_them() -> None:
    spans = {new_id(): (2**60 + n, 2**60 + n + 3) for n in range(1_000)}
    said = list(words("me", spans))
    assert 10 <= len(said) <= 13
    assert all(len(message) <= PAYLOAD_BYTES for message in said)
    heard = [parse(message.decode()) for message in said]
    assert {s.session_id: (s.first, s.last) for w in heard if w for s in w.spans} == spans
    assert list(words("me", {})) == []


@pytest.mark.parametrize("urgent", [True, False])
def test_it_is_told_whether_a_commit_may_wait(urgent: bool) -> None:
    (said,) = words("me", {"a": (1, 2)}, urgent=urgent)
    word = parse(said.decode())
    assert word is not None
    assert word.urgent is urgent


def test_what_does_not_say_that_it_may_wait_does_not() -> None:
    word = parse('{"by":"x","spans":[["a",1,2]]}')
    assert word is not None
    assert word.urgent


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "1", "{}", '{"by":"x","spans":3}', '{"by":"x","spans":[["a",1]]}',
     '{"by":"x","screens":[1]}', '{"by":"x","screens":{"live":"many"}}'],
)  # fmt: skip
def test_what_is_not_ours_is_nothing(text: str) -> None:
    assert parse(text) is None


def test_screens_of_the_others_are_counted_until_they_are_silent() -> None:
    peers = Peers()
    assert not peers.others
    for by, live, at in (("a", 2, 0.0), ("b", 3, 5.0), ("a", 4, 6.0)):
        word = parse(here(by, {"live": live, "quiet": 1}).decode())
        assert word is not None
        assert word.screens is not None
        assert peers.heard(word.by, word.screens, at) is (at < 6)
        assert peers.others
    assert peers.screens(7.0) == {"live": 7, "quiet": 2}
    assert peers.screens(5.0 + FORGOTTEN_S + 0.1) == {"live": 4, "quiet": 1}
    assert peers.screens(6.0 + FORGOTTEN_S + 0.1) == {}
    assert not peers.others
