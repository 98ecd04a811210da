"""Fewer points: the shape stays, and so does what may not be lost."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from app.review.figure.lttb import lttb, thinned


def plainly(x: list[float], y: list[float], points: int) -> list[int]:
    """The same by the book: buckets, the mean of the next one, the area of each triangle."""
    count = len(x)
    every = (count - 2) / (points - 2)
    bounds = [int(n * every) + 1 for n in range(points - 1)]
    buckets = [[0], *(list(range(a, b)) for a, b in pairwise(bounds)), [count - 1]]
    kept = [0]
    for n in range(1, points - 1):
        following = buckets[n + 1]
        middle = (
            sum(x[place] for place in following) / len(following),
            sum(y[place] for place in following) / len(following),
        )
        before = kept[-1]

        def area(place: int, before: int = before, middle: tuple[float, float] = middle) -> float:
            one = (x[place] - x[before]) * (middle[1] - y[before])
            other = (middle[0] - x[before]) * (y[place] - y[before])
            return abs(one - other)

        kept.append(max(buckets[n], key=area))
    return [*kept, count - 1]


@pytest.mark.parametrize("seed", range(30))
def test_it_is_the_algorithm_of_the_book(seed: int) -> None:
    chance = Random(seed)
    count = chance.randint(20, 400)
    x = [float(at) for at in sorted(chance.sample(range(10_000), count))]
    y = [float(chance.randint(40, 160)) for _ in x]
    points = chance.randint(4, count - 1)
    assert lttb(x, y, points) == plainly(x, y, points)


def test_few_points_stay_as_they_are() -> None:
    assert lttb([1, 2, 3], [5, 5, 5], 10) == [0, 1, 2]
    assert lttb([], [], 10) == []
    assert thinned([1, 2], [5, 9], 2, ()) == [0, 1]


def test_so_many_points_are_kept_the_first_and_the_last_among_them() -> None:
    x, y = list(range(10_000)), [at % 97 for at in range(10_000)]
    kept = lttb(x, y, 600)
    assert (len(kept), kept[0], kept[-1]) == (600, 0, 9_999)
    assert kept == sorted(set(kept))


@pytest.mark.parametrize("seed", range(10))
def test_the_true_extremes_and_what_is_notable_are_never_lost(seed: int) -> None:
    chance = Random(seed)
    x = list(range(5_000))
    y = [80 + chance.randint(-3, 3) for _ in x]
    lowest, highest = chance.sample(range(1, 4_999), 2)
    y[lowest], y[highest] = 60, 61 + 60
    notable = chance.sample(x, 20)
    kept = thinned(x, y, 50, notable)
    assert {lowest, highest, *notable} <= set(kept)
    assert len(kept) <= 50 + 2 + 20
