"""How long things took, in bounded memory: buckets that grow with what they hold.

Whole microseconds below 256 have a bucket each; from there every doubling has 128 of equal width,
and a bucket is told by its middle. Any quantile is thus within 0.4 % of the true one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

US: Final = 1_000_000  # microseconds in a second
STEPS: Final = 128  # buckets of a doubling: each 0.8 % wide at most, so its middle is 0.4 % away
STEP_BITS: Final = 8  # numbers of so many bits or fewer are below 2 * STEPS, and told exactly
MOST_BITS: Final = 33  # two hours: the longest run and what waited through it; more is held there
BUCKETS: Final = (MOST_BITS - STEP_BITS + 2) * STEPS


def bucket(us: int) -> int:
    """Which bucket holds this many microseconds."""
    shift = max(0, us.bit_length() - STEP_BITS)
    return min(shift * STEPS + (us >> shift), BUCKETS - 1)


def middle_us(number: int) -> float:
    """What a bucket stands for."""
    if number < 2 * STEPS:
        return float(number)
    shift = number // STEPS - 1
    first = (number - shift * STEPS) << shift
    return first + ((1 << shift) - 1) / 2


@dataclass(slots=True)
class Histogram:
    """Counts of durations; the least and the most are kept exactly."""

    count: int = 0
    least_us: int = 0
    most_us: int = 0
    total_us: int = 0
    _counts: list[int] = field(default_factory=lambda: [0] * BUCKETS)

    def add(self, seconds: float) -> None:
        """A duration below nothing is none: clocks of two processes may differ by a little."""
        us = max(0, round(seconds * US))
        self._counts[bucket(us)] += 1
        self.least_us = min(self.least_us, us) if self.count else us
        self.most_us = max(self.most_us, us)
        self.total_us += us
        self.count += 1

    def merge(self, other: Histogram) -> None:
        """As if everything of the other had been added here."""
        if not other.count:
            return
        self.least_us = min(self.least_us, other.least_us) if self.count else other.least_us
        self.most_us = max(self.most_us, other.most_us)
        self.total_us += other.total_us
        self.count += other.count
        self._counts = [one + more for one, more in zip(self._counts, other._counts, strict=True)]

    def quantile(self, share: float, never: int = 0) -> float | None:
        """Seconds that this share of all stayed below or reached. `never` are so many more that
        took longer than anyone waited; None where the quantile is one of those, or of nothing.
        """
        rank = max(1, -int(-share * (self.count + never) // 1))
        if rank > self.count:
            return None
        passed = accumulate(self._counts)
        number = next(number for number, upto in enumerate(passed) if upto >= rank)
        held = min(max(middle_us(number), self.least_us), self.most_us)
        return held / US

    @property
    def mean(self) -> float | None:
        """Seconds."""
        return self.total_us / self.count / US if self.count else None
