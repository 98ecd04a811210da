"""What came of every reading that was due: each is counted once, and none is forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from app.simulator.load.histogram import Histogram

LATE_S: Final = 0.1  # a reading made so long after it was due tells of the load, not of the monitor
MOST_OPEN: Final = 60_000  # kept unanswered: a minute of a thousand rooms, some 30 MB


@dataclass(slots=True, eq=False)
class Made:
    """A reading that is due: its text, as the way out writes it."""

    due_s: float
    """By the monotonic clock."""
    room: int
    body: bytes
    sent: int = 0
    """How often it has left."""


@dataclass(slots=True)
class Tally:
    """Latency is that of readings acknowledged, from the moment each was due."""

    due: int = 0
    given_up: int = 0
    """Never sent, or sent no more: as many as may be kept were waiting already."""
    sent: int = 0
    resent: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    """Answers that mean "not now", by their code: what they were about was sent again."""
    broken: int = 0
    """Connections that ended while the load went on."""
    late: int = 0
    late_most_s: float = 0.0
    latency: Histogram = field(default_factory=Histogram)

    @property
    def open(self) -> int:
        """Due, and nothing is known of them yet."""
        return self.due - self.given_up - self.acknowledged - self.refused.total()

    @property
    def unanswered(self) -> int:
        """What will never be answered, if this is asked at the end."""
        return self.open + self.given_up

    def quantile(self, share: float) -> float | None:
        """Seconds; what got no answer at all took longer than anything."""
        return self.latency.quantile(share, never=self.unanswered)

    def is_due(self, due_s: float, now_s: float) -> bool:
        """Counts one more; False if there is no room to keep it."""
        kept = self.open < MOST_OPEN
        self.due += 1
        behind_s = now_s - due_s
        if behind_s > LATE_S:
            self.late += 1
        self.late_most_s = max(self.late_most_s, behind_s)
        if not kept:
            self.given_up += 1
        return kept

    def leaves(self, made: Made) -> None:
        if made.sent:
            self.resent += 1
        else:
            self.sent += 1
        made.sent += 1

    def taken(self, made: Made, now_s: float) -> None:
        """It was acknowledged."""
        self.acknowledged += 1
        self.latency.add(now_s - made.due_s)

    def not_now(self, code: str) -> None:
        self.busy[code] += 1

    def refuses(self, code: str) -> None:
        self.refused[code] += 1
