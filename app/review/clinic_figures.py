"""Figures of a clinic over a period: pure functions, all moments are milliseconds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

from app.monitoring.times import MINUTE_MS, SECOND_MS, iso
from app.review.alarm_load import HOUR_MS, PRIORITIES, per_hour

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.review.alarm_load import Raised

DAY_MS: Final = 24 * HOUR_MS
BIN: Final = 10  # mmHg: cuffs err by half of it, so finer steps would show the cuff
OVERDUE: Final = "vitals_overdue"
PEAKS: Final = ("sbp", "dbp")
UPPER_SHARE: Final = 0.9

By = Literal["day", "week"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One session: its time by its own clock, when it infused, and its highest pressures."""

    since: int
    until: int
    infused: tuple[tuple[int, int], ...]
    peaks: Mapping[str, float]
    baseline: Mapping[str, float]


def buckets(since: int, until: int, by: By, zone: tzinfo) -> list[tuple[int, int]]:
    """Days or weeks from Monday, as clocks in the zone have them: where these are changed one is an
    hour shorter or longer. The first and the last end where the period does.
    """
    day, step = datetime.fromtimestamp(since / SECOND_MS, zone).date(), timedelta(1)
    if by == "week":
        day, step = day - timedelta(day.weekday()), timedelta(7)
    edges = [since]
    while (start := _begin(day := day + step, zone)) < until:
        if start > edges[-1]:  # a zone that changed its date leaves a day out
            edges.append(start)
    return list(pairwise([*edges, until]))


def figures(
    sessions: Sequence[Seen],
    alarms: Sequence[Raised],
    since: int,
    until: int,
    now: Mapping[str, int],
) -> Json:
    """What a period asked of people. A session counts where it began; its minutes and its alarms
    count where they were. `now` is the present of sessions whose alarms still stand.
    """
    inside = [alarm for alarm in alarms if since <= alarm.raised_at < until]
    watched = sum(_within(one.since, one.until, since, until) for one in sessions)
    infused = sum(_within(*span, since, until) for one in sessions for span in one.infused)
    overdue = [alarm for alarm in inside if alarm.condition == OVERDUE]
    count = Counter(alarm.priority for alarm in inside)
    stood = sum(alarm.stood_ms(now.get(alarm.session_id, alarm.raised_at)) for alarm in overdue)
    return {
        "from": iso(since),
        "to": iso(until),
        "sessions": sum(1 for one in sessions if since <= one.since < until),
        "minutes": _minutes(watched),
        "infused_minutes": _minutes(infused),
        "alarms": len(inside),
        "alarms_per_hour": per_hour(len(inside), watched),
        **{f"{priority}_alarms": count[priority] for priority in PRIORITIES},
        "overdue": len(overdue),
        "overdue_minutes": _minutes(stood),
    }


def distribution(values: Iterable[float]) -> Json:
    """How many sessions had a value from each ten up to the next; no bin is left out between."""
    ordered = sorted(values)
    if not ordered:
        return {"sessions": 0, "median": None, "p90": None, "highest": None, "bins": []}
    first, last = (math.floor(value / BIN) for value in (ordered[0], ordered[-1]))
    count = Counter(math.floor(value / BIN) for value in ordered)
    return {
        "sessions": len(ordered),
        "median": _rank(ordered, 0.5),
        "p90": _rank(ordered, UPPER_SHARE),
        "highest": ordered[-1],
        "bins": [
            {"from": place * BIN, "to": (place + 1) * BIN, "sessions": count[place]}
            for place in range(first, last + 1)
        ],
    }


def pressures(sessions: Iterable[Seen], since: int, until: int) -> list[Json]:
    """Of the sessions begun in the period: the highest pressure of each, and how far it was above
    its baseline where it had one.
    """
    begun = [one for one in sessions if since <= one.since < until]
    return [
        {
            "vital": vital,
            "peak": distribution(one.peaks[vital] for one in begun if vital in one.peaks),
            "rise": distribution(
                one.peaks[vital] - one.baseline[vital]
                for one in begun
                if vital in one.peaks and vital in one.baseline
            ),
        }
        for vital in PEAKS
    ]


def _rank(ordered: Sequence[float], share: float) -> float:
    """The smallest that at least this share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def _begin(day: date, zone: tzinfo) -> int:
    """The first moment of the day, also where clocks skip midnight or have it twice."""
    return round(datetime.combine(day, time(), zone).timestamp() * SECOND_MS)


def _within(began: int, ended: int, since: int, until: int) -> int:
    return max(0, min(ended, until) - max(began, since))


def _minutes(ms: int) -> float:
    return round(ms / MINUTE_MS, 1)
