"""What a room counts: what was sent, what came of it, and how long the answers took."""

from __future__ import annotations

from array import array
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Json = dict[str, Any]

ERRORS_KEPT = 5  # the last few are shown; the count tells the rest
STORED = frozenset((200, 201))  # new, or known already


class Latency:
    """Milliseconds from a delivery's leaving to its answer."""

    def __init__(self) -> None:
        self._ms = array("d")

    def took(self, seconds: float) -> None:
        self._ms.append(seconds * 1_000.0)

    def add(self, other: Latency) -> None:
        self._ms.extend(other._ms)

    def share(self, share: float) -> float | None:
        """As many of the answers took no longer; None before the first."""
        if not self._ms:
            return None
        ordered = sorted(self._ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __str__(self) -> str:
        p50, p95 = self.share(0.50), self.share(0.95)
        return "-" if p50 is None or p95 is None else f"{p50:.0f}/{p95:.0f} ms"


@dataclass(slots=True)
class Tally:
    """Each reading once, however often it had to be sent; `acknowledged` is stored or known."""

    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    refusals: Counter[str] = field(default_factory=Counter)  # readings and requests, by code
    rejected: Counter[str] = field(default_factory=Counter)  # values, by code
    alarms: set[str] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    errors: deque[str] = field(default_factory=lambda: deque(maxlen=ERRORS_KEPT))
    error_count: int = 0
    latency: Latency = field(default_factory=Latency)

    def failed(self, what: str) -> None:
        self.error_count += 1
        self.errors.append(what)

    def answered(self, item: Json) -> bool:
        """Count one answer of a batch; True if the reading is stored."""
        stored = item.get("status") in STORED
        if stored:
            self.acknowledged += 1
            alarms = (item.get("reading") or {}).get("alarms") or ()
            self.alarms.update(str(alarm["id"]) for alarm in alarms)
        else:
            self.refused += 1
            problem = item.get("problem") or {}
            self.refusals[str(problem.get("code"))] += 1
            self.not_taken(problem)
        return stored

    def not_taken(self, said: Json) -> None:
        """Count the values that the server did not take of one reading, which it names once: in the
        log where the reading is stored, else in its refusal.
        """
        self.rejected.update(str(r.get("code")) for r in said.get("rejected") or ())

    def heard(self, events: Iterable[Json]) -> None:
        """What the log tells of alarms and of values that were not taken."""
        for event in events:
            data = event["data"]
            if event["kind"] == "reading.recorded":
                self.not_taken(data)
            elif "alarm" in data and str(event["kind"]).startswith("alarm."):
                alarm = str(data["alarm"]["id"])
                self.alarms.add(alarm)
                if data["alarm"]["state"] == "cleared":
                    self.standing.discard(alarm)
                else:
                    self.standing.add(alarm)


def total(tallies: Sequence[Tally]) -> Tally:
    """All rooms together."""
    whole = Tally()
    for tally in tallies:
        whole.sent += tally.sent
        whole.acknowledged += tally.acknowledged
        whole.refused += tally.refused
        whole.error_count += tally.error_count
        whole.alarms |= tally.alarms
        whole.standing |= tally.standing
        whole.refusals.update(tally.refusals)
        whole.rejected.update(tally.rejected)
        whole.errors.extend(tally.errors)
        whole.latency.add(tally.latency)
    return whole
