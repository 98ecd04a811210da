"""Any quantile within a percent, whatever was counted, in memory that does not grow."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.load.histogram import BUCKETS, MOST_BITS, US, Histogram, bucket, middle_us

MOST_US = 1 << MOST_BITS
durations = st.lists(st.integers(0, MOST_US - 1), min_size=1, max_size=200)
shares = st.floats(0.0, 1.0)


def of(numbers: list[int]) -> Histogram:
    made = Histogram()
    for us in numbers:
        made.add(us / US)
    return made


def exactly(numbers: list[int], share: float) -> int:
    """The smallest that at least this share of all reach or stay below."""
    rank = max(1, -int(-share * len(numbers) // 1))
    return sorted(numbers)[rank - 1]


@given(durations, shares)
def test_every_quantile_is_within_one_percent(numbers: list[int], share: float) -> None:
    told = of(numbers).quantile(share)
    assert told is not None
    assert told * US == pytest.approx(exactly(numbers, share), rel=0.01, abs=1e-6)


@given(durations)
def test_the_ends_are_exact(numbers: list[int]) -> None:
    made = of(numbers)
    assert (made.least_us, made.most_us) == (min(numbers), max(numbers))
    assert made.quantile(1.0) == pytest.approx(max(numbers) / US, rel=0.004)
    assert made.mean == pytest.approx(sum(numbers) / len(numbers) / US, abs=1e-9)


@given(durations, durations, shares)
def test_two_that_are_merged_are_as_one(one: list[int], other: list[int], share: float) -> None:
    both = of(one)
    both.merge(of(other))
    assert both == of(one + other)
    assert both.quantile(share) == of(one + other).quantile(share)


@given(durations, st.integers(1, 300), shares)
def test_what_never_came_is_slower_than_all(numbers: list[int], never: int, share: float) -> None:
    made = of(numbers)
    rank = max(1, -int(-share * (len(numbers) + never) // 1))
    told = made.quantile(share, never)
    if rank > len(numbers):
        assert told is None
    else:
        wanted = sorted(numbers)[rank - 1]
        assert told is not None
        assert told * US == pytest.approx(wanted, rel=0.01, abs=1e-6)


def test_nothing_has_no_quantile() -> None:
    made = Histogram()
    made.merge(Histogram())
    assert made.quantile(0.5) is None
    assert made.mean is None


def test_ten_thousand_minutes_take_no_more_memory_than_one() -> None:
    made = Histogram()
    before = sys.getsizeof(made._counts)
    for us in range(0, 4 * MOST_US, MOST_US // 5_000):
        made.add(us / US)
    assert sys.getsizeof(made._counts) == before
    assert len(made._counts) == BUCKETS
    assert made.quantile(1.0) == pytest.approx(MOST_US / US, rel=0.01)  # held at the last bucket


@given(st.integers(0, MOST_US - 1))
def test_a_bucket_tells_what_it_holds(us: int) -> None:
    assert middle_us(bucket(us)) == pytest.approx(us, rel=0.004, abs=1e-6)
    assert 0 <= bucket(us) < BUCKETS
    assert bucket(us) <= bucket(us + 1)
