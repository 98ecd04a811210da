"""How much the alarms ask of people: how many, of what, how long they stood, how soon they were
seen, and when there were too many at once.

Pure functions over alarms and over the time that sessions were watched; all moments are
milliseconds.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import MINUTE_MS, SECOND_MS, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOUR_MS: Final = 60 * MINUTE_MS
SHORT_MS: Final = 15 * SECOND_MS  # over before anybody can have reached the room
FLOOD_MS: Final = 10 * MINUTE_MS  # the window in which alarm management counts
FLOOD_ABOVE: Final = 10  # more than one a minute cannot be looked at one by one
WORST: Final = 10  # what a meeting can go through
SLOWEST_SHARE: Final = 0.95
PRIORITIES: Final = ("high", "medium", "low")
KINDS: Final = ("physiological", "technical")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Raised:
    """One alarm: `seen_at` is when it was first acknowledged, `cleared_at` None while it stands."""

    id: str
    session_id: str
    kind: str
    condition: str
    group: str
    vital: str | None
    side: str | None
    priority: str
    text: str
    raised_at: int
    cleared_at: int | None
    seen_at: int | None

    def stood_ms(self, now: int) -> int:
        """How long it has stood, or stood until it was cleared."""
        return max(0, (now if self.cleared_at is None else self.cleared_at) - self.raised_at)


def load(alarms: Sequence[Raised], watched_ms: int) -> Json:
    """The load that alarms, in order of raising, were over so much watched time."""
    priorities = Counter(alarm.priority for alarm in alarms)
    kinds = Counter(alarm.kind for alarm in alarms)
    short = sum(1 for a in alarms if a.cleared_at is not None and a.stood_ms(0) < SHORT_MS)
    return {
        "watched_hours": round(watched_ms / HOUR_MS, 4),
        "alarms": len(alarms),
        "per_hour": per_hour(len(alarms), watched_ms),
        "by_priority": [{"priority": p, **counted(priorities[p], watched_ms)} for p in PRIORITIES],
        "by_kind": [{"kind": k, **counted(kinds[k], watched_ms)} for k in KINDS],
        "by_condition": by_condition(alarms, watched_ms),
        "short": short,
        "short_share": round(short / len(alarms), 4) if alarms else None,
        "acknowledged": acknowledged(alarms),
        "floods": floods([alarm.raised_at for alarm in alarms]),
    }


def per_hour(count: int, watched_ms: int) -> float | None:
    """None where nothing was watched."""
    return round(count * HOUR_MS / watched_ms, 4) if watched_ms > 0 else None


def counted(count: int, watched_ms: int) -> Json:
    return {"alarms": count, "per_hour": per_hour(count, watched_ms)}


def by_condition(alarms: Iterable[Raised], watched_ms: int) -> list[Json]:
    """Counts by condition, group, side and vital, the most frequent first."""
    counts = Counter((a.kind, a.condition, a.group, a.side, a.vital) for a in alarms)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], tuple(map(str, item[0]))))
    names = ("kind", "condition", "group", "side", "vital")
    return [
        {**dict(zip(names, key, strict=True)), **counted(count, watched_ms)}
        for key, count in ranked
    ]


def acknowledged(alarms: Iterable[Raised]) -> Json:
    """How soon alarms were seen; `never` are those that ended unseen, `waiting` those that stand
    unseen.
    """
    taken: list[int] = []
    never = waiting = 0
    for alarm in alarms:
        if alarm.seen_at is not None:
            taken.append(max(0, alarm.seen_at - alarm.raised_at))
        elif alarm.cleared_at is None:
            waiting += 1
        else:
            never += 1
    taken.sort()
    return {
        "count": len(taken),
        "median_s": _seconds(median(taken)) if taken else None,
        "p95_s": _seconds(_rank(taken, SLOWEST_SHARE)) if taken else None,
        "never": never,
        "waiting": waiting,
    }


def _rank(ordered: Sequence[int], share: float) -> int:
    """The smallest that at least this share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _seconds(ms: float) -> float:
    return ms / SECOND_MS


def floods(raised_at: Sequence[int]) -> list[Json]:
    """Times of more than ten alarms within ten minutes, from moments in order; windows that share
    an alarm are one flood.
    """
    spans: list[list[int]] = []
    for last in range(FLOOD_ABOVE, len(raised_at)):
        first = last - FLOOD_ABOVE
        if raised_at[last] - raised_at[first] >= FLOOD_MS:
            continue
        if spans and first <= spans[-1][1]:
            spans[-1][1] = last
        else:
            spans.append([first, last])
    return [
        {
            "from": iso(raised_at[first]),
            "to": iso(raised_at[last]),
            "alarms": last - first + 1,
        }
        for first, last in spans
    ]


def most_frequent(alarms: Iterable[Raised]) -> list[Json]:
    """The ten that one session raised most often: session, condition, group and side."""
    counts = Counter((a.session_id, a.condition, a.group, a.side) for a in alarms)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], tuple(map(str, item[0]))))
    names = ("session_id", "condition", "group", "side")
    return [
        {**dict(zip(names, key, strict=True)), "alarms": count} for key, count in ranked[:WORST]
    ]


def longest(alarms: Iterable[Raised], now: dict[str, int]) -> list[Json]:
    """The ten that stood longest; `now` is the present of each session, for those that still
    stand.
    """
    stood = [(alarm.stood_ms(now.get(alarm.session_id, 0)), alarm) for alarm in alarms]
    stood.sort(key=lambda item: (-item[0], item[1].raised_at, item[1].id))
    return [
        {
            "id": alarm.id,
            "session_id": alarm.session_id,
            "condition": alarm.condition,
            "group": alarm.group,
            "side": alarm.side,
            "priority": alarm.priority,
            "text": alarm.text,
            "raised_at": iso(alarm.raised_at),
            "stood_s": _seconds(ms),
            "stands": alarm.cleared_at is None,
        }
        for ms, alarm in stood[:WORST]
    ]
