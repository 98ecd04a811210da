"""Moments: whole milliseconds inside, text with `Z` at the edge."""

from __future__ import annotations

import pytest

from app.monitoring.times import iso, parse_iso, seconds

MOMENTS = {
    0: "1970-01-01T00:00:00.000Z",
    1: "1970-01-01T00:00:00.001Z",
    59_999: "1970-01-01T00:00:59.999Z",
    946_684_800_000: "2000-01-01T00:00:00.000Z",
    1_709_164_800_120: "2024-02-29T00:00:00.120Z",
    1_795_342_500_007: "2026-11-22T10:15:00.007Z",
    4_102_444_799_999: "2099-12-31T23:59:59.999Z",
    -1: "1969-12-31T23:59:59.999Z",
}


@pytest.mark.parametrize(("ms", "text"), MOMENTS.items())
def test_moment_has_one_spelling(ms: int, text: str) -> None:
    assert iso(ms) == text
    assert parse_iso(text) == ms


def test_texts_sort_as_their_moments_do() -> None:
    assert [iso(ms) for ms in sorted(MOMENTS)] == sorted(MOMENTS.values())


def test_every_millisecond_of_a_second_comes_back() -> None:
    """Seconds are held as binary fractions on the way: none may be rounded to its neighbour."""
    start = parse_iso("2026-11-22T10:15:00.000Z")
    assert [parse_iso(iso(start + ms)) - start for ms in range(1000)] == list(range(1000))


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 s"),
        (500, "0.5 s"),
        (30_000, "30 s"),
        (60_000, "1 min"),
        (90_000, "90 s"),
        (600_000, "10 min"),
    ],
)
def test_span_is_told_in_whole_minutes_where_it_is_one(ms: int, words: str) -> None:
    assert seconds(ms) == words
