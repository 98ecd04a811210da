"""How much the alarms asked of people, told by tables and held against the slow, obvious way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.monitoring.times import iso, parse_iso
from app.review.alarm_load import (
    FLOOD_MS,
    HOUR_MS,
    Raised,
    acknowledged,
    floods,
    load,
    longest,
    most_frequent,
)

TEN = parse_iso("2026-11-22T10:00:00.000Z")
SECOND, MINUTE = 1_000, 60_000


def alarm(
    raised: float = 0,
    cleared: float | None = 60,
    seen: float | None = None,
    **fields: Any,
) -> Raised:
    """An alarm by seconds after ten."""
    usual: dict[str, Any] = {
        "id": f"alarm-{raised:09g}",
        "session_id": "one",
        "kind": "physiological",
        "condition": "limit",
        "group": "spo2",
        "vital": "spo2",
        "side": "low",
        "priority": "high",
        "text": "SpO2 84 %, limit 88",
    }

    def moment(seconds: float | None) -> int | None:
        return None if seconds is None else TEN + round(seconds * SECOND)

    usual |= {"cleared_at": moment(cleared), "seen_at": moment(seen)}
    return Raised(**{**usual, **fields}, raised_at=TEN + round(raised * SECOND))


def test_a_quiet_session_has_no_shares_and_a_rate_of_nought() -> None:
    said = load([], 2 * HOUR_MS)
    assert (said["alarms"], said["per_hour"], said["short_share"]) == (0, 0, None)
    assert said["acknowledged"] == {
        "count": 0, "median_s": None, "p95_s": None, "never": 0, "waiting": 0
    }  # fmt: skip
    assert load([], 0)["per_hour"] is None


def test_counts_are_by_priority_kind_and_condition() -> None:
    alarms = [
        alarm(0),
        alarm(1, priority="medium", vital="dbp", group="bp", side="high"),
        alarm(2, kind="technical", condition="signal_stale", side=None, priority="low"),
        alarm(3),
    ]
    said = load(alarms, 2 * HOUR_MS)
    assert (said["watched_hours"], said["alarms"], said["per_hour"]) == (2, 4, 2)
    assert said["by_priority"] == [
        {"priority": "high", "alarms": 2, "per_hour": 1},
        {"priority": "medium", "alarms": 1, "per_hour": 0.5},
        {"priority": "low", "alarms": 1, "per_hour": 0.5},
    ]
    assert [(k["kind"], k["alarms"]) for k in said["by_kind"]] == [
        ("physiological", 3),
        ("technical", 1),
    ]
    assert [
        (c["condition"], c["group"], c["vital"], c["alarms"]) for c in said["by_condition"]
    ] == [
        ("limit", "spo2", "spo2", 2),
        ("limit", "bp", "dbp", 1),
        ("signal_stale", "spo2", "spo2", 1),
    ]


@pytest.mark.parametrize(
    ("stood", "short"), [(0, True), (14.999, True), (15, False), (None, False)]
)
def test_short_is_over_within_fifteen_seconds(stood: float | None, short: bool) -> None:
    said = load([alarm(0, stood)], HOUR_MS)
    assert (said["short"], said["short_share"]) == (int(short), float(short))


@pytest.mark.parametrize(
    ("seconds", "median_s", "p95_s"),
    [([4], 4, 4), ([4, 8], 6, 8), (range(1, 21), 10.5, 19), (range(1, 101), 50.5, 95)],
)
def test_time_to_acknowledge(seconds: list[float], median_s: float, p95_s: float) -> None:
    alarms = [alarm(100 * n, 100 * n + 99, 100 * n + s) for n, s in enumerate(seconds)]
    said = acknowledged([*alarms, alarm(0, 20), alarm(0, None)])
    assert (said["median_s"], said["p95_s"]) == (median_s, p95_s)
    assert (said["count"], said["never"], said["waiting"]) == (len(alarms), 1, 1)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ([60 * n for n in range(100)], []),  # one a minute is no flood
        ([0] * 10, []),
        ([0] * 11, [(0, 0, 11)]),
        ([*range(10), 600], []),  # ten minutes later is another window
        ([*range(10), 599.999], [(0, 599.999, 11)]),
        ([*range(11), *range(500, 505)], [(0, 504, 16)]),
        ([*range(11), *range(2000, 2011)], [(0, 10, 11), (2000, 2010, 11)]),
    ],
)
def test_floods(seconds: list[float], found: list[tuple[float, float, int]]) -> None:
    moments = [TEN + round(s * SECOND) for s in seconds]
    assert floods(moments) == [
        {"from": iso(TEN + round(a * SECOND)), "to": iso(TEN + round(b * SECOND)), "alarms": count}
        for a, b, count in found
    ]


def slow_floods(moments: list[int]) -> list[tuple[int, int, int]]:
    """Every window that begins with an alarm; those that share an alarm are put together again and
    again until none do.
    """
    found = []
    for start in moments:
        window = {n for n, at in enumerate(moments) if start <= at < start + FLOOD_MS}
        if len(window) > 10:
            found.append(window)
    joined = True
    while joined:
        joined = False
        for one in found:
            other = next((o for o in found if o is not one and o & one), None)
            if other is not None:
                found.remove(other)
                one |= other
                joined = True
                break
    return sorted((moments[min(w)], moments[max(w)], len(w)) for w in found)


@given(st.lists(st.integers(0, 90), max_size=80))
def test_floods_are_those_of_every_window_looked_at(minutes: list[int]) -> None:
    moments = sorted(TEN + m * MINUTE for m in minutes)
    told = [(parse_iso(f["from"]), parse_iso(f["to"]), f["alarms"]) for f in floods(moments)]
    assert told == slow_floods(moments)


@st.composite
def some_alarms(draw: st.DrawFn) -> list[Raised]:
    made = []
    for number in range(draw(st.integers(0, 30))):
        raised = draw(st.integers(0, 3_000))
        lasted = draw(st.none() | st.integers(0, 100))
        made.append(
            alarm(
                raised,
                None if lasted is None else raised + lasted,
                draw(st.none() | st.integers(raised, raised + 200)),
                id=f"a{number:02}",
                session_id=draw(st.sampled_from(["one", "two"])),
                group=draw(st.sampled_from(["spo2", "hr"])),
                priority=draw(st.sampled_from(["high", "medium", "low"])),
                kind=draw(st.sampled_from(["physiological", "technical"])),
            )
        )
    return sorted(made, key=lambda a: (a.raised_at, a.id))


@given(some_alarms(), st.integers(1, 100))
def test_a_load_counts_every_alarm_once_in_each_of_its_tables(
    alarms: list[Raised], hours: int
) -> None:
    said = load(alarms, hours * HOUR_MS)
    for table in ("by_priority", "by_kind", "by_condition"):
        assert sum(row["alarms"] for row in said[table]) == len(alarms)
    for row in said["by_priority"]:
        mine = [a for a in alarms if a.priority == row["priority"]]
        assert row["alarms"] == len(mine)
        assert row["per_hour"] == pytest.approx(len(mine) / hours, abs=1e-4)
    seen = said["acknowledged"]
    assert seen["count"] + seen["never"] + seen["waiting"] == len(alarms)
    assert seen["never"] == sum(a.seen_at is None and a.cleared_at is not None for a in alarms)
    ended = [a for a in alarms if a.cleared_at is not None]
    assert said["short"] == sum((a.cleared_at or 0) - a.raised_at < 15_000 for a in ended)


@given(some_alarms())
def test_the_worst_are_the_worst(alarms: list[Raised]) -> None:
    now = {"one": TEN + 3_600_000, "two": TEN + 3_700_000}
    told = longest(alarms, now)
    stood = {a.id: ((a.cleared_at or now[a.session_id]) - a.raised_at) / 1_000 for a in alarms}
    assert [row["stood_s"] for row in told] == sorted(stood.values(), reverse=True)[:10]
    assert all(stood[row["id"]] == row["stood_s"] for row in told)
    frequent = most_frequent(alarms)
    assert sum(row["alarms"] for row in frequent) == len(alarms)  # four kinds at most here
    for row in frequent:
        same = (row["session_id"], row["group"])
        assert row["alarms"] == sum((a.session_id, a.group) == same for a in alarms)
