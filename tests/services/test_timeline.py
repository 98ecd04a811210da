"""The timeline shows what was recorded, all of it or its extremes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.errors import UnknownSession
from app.monitoring.commands import ChangeLimits, ReadingFor
from app.monitoring.times import parse_iso
from app.review.columns import MIN_POINTS, thinned
from app.review.timeline import timeline
from app.services import limits, readings, sessions
from app.services.ids import new_id
from tests.models.ward import NURSE, check_log, infusing, plain, record, sent
from tests.support.callers import simulator

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database

START = 1_700_000_000_000
LENGTH = 300


async def streamed(store: Store) -> str:
    """An hour at a value every 12 s, with an excursion, handed over out of order."""
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=START)
    chance = random.Random(7)
    course = [97 + chance.randint(-2, 2) - (14 if 100 <= n < 110 else 0) for n in range(LENGTH)]
    commands = [
        replace(sent(spo2=float(v), hr=80.0), taken_at=START + n * 12_000)
        for n, v in enumerate(course)
    ]
    for start in range(0, LENGTH, 10):
        some = commands[start : start + 10]
        chance.shuffle(some)
        await readings.record_readings(
            store, simulator(), [ReadingFor(c, session_id) for c in some]
        )
    await record(store, session_id, pain=3)
    return session_id


async def shown_of(store: Store, session_id: str, **asked: int) -> dict[str, Any]:
    shown: dict[str, Any] = orjson.loads(await timeline(store, session_id, **asked))
    return shown


def points(shown: dict[str, Any], vital: str) -> list[tuple[Any, ...]]:
    columns = shown["series"][vital]
    assert len({len(column) for column in columns.values()}) == 1
    t0 = parse_iso(shown["t0"])
    at = [t0 + round(t * 1000) for t in columns["t"]]
    return list(
        zip(at, columns["v"], columns["flag"], columns["seq"], columns["source"], strict=True)
    )


async def test_it_equals_the_readings(database: Database, store: Store) -> None:
    session_id = await streamed(store)
    log = await check_log(store, database, session_id)
    shown = await shown_of(store, session_id)
    state = plain(await sessions.session_state(store, session_id))
    recorded = [e for e in log if e["kind"] == "reading.recorded"]
    for vital in ("spo2", "hr", "pain", "sbp", "map"):
        said = [
            (
                parse_iso(d["taken_at"]),
                d["values"][vital],
                d["flags"].get(vital),
                e["seq"],
                d["source"],
            )
            for e in recorded
            if vital in (d := e["data"])["values"]
        ]
        assert points(shown, vital) == sorted(said, key=lambda point: (point[0], point[3]))
    assert set(shown["series"]) == {vital for e in recorded for vital in e["data"]["values"]}
    assert (shown["seq"], shown["phases"]) == (state["seq"], state["phases"])
    said_alarms = {
        e["data"]["alarm"]["id"]: e["data"]["alarm"] for e in log if "alarm" in e["data"]
    }
    assert {alarm["id"]: alarm for alarm in shown["alarms"]} == said_alarms
    assert [step["limits"] for step in shown["limits"]] == [
        e["data"]["limits"] if e["kind"] == "baseline.set" else e["data"]["state"]["limits"]
        for e in log
        if e["kind"] in ("session.created", "baseline.set")
    ]


async def test_cuff_values_that_were_sent_again_are_one_measurement(store: Store) -> None:
    session_id = await infusing(store, simulated=True, clock="driven", starts_at=START)
    commands = [
        replace(sent(hr=80.0, sbp=sbp, dbp=80.0), taken_at=START + n * 10_000)
        for n, sbp in enumerate([128.0, 128.0, 128.0, 131.0, 131.0], start=1)
    ]
    items = [ReadingFor(command, session_id) for command in commands]
    await readings.record_readings(store, simulator(), items)
    shown = await shown_of(store, session_id)
    since = START // 1_000
    told = [(at // 1_000 - since, value) for at, value, *_ in points(shown, "sbp")]
    assert told[1:] == [(10, 128), (40, 131)]  # after the baseline's
    assert len(points(shown, "hr")) == 1 + len(commands)
    assert len(points(shown, "map")) == 3


async def test_limits_that_a_person_moved_are_a_step(store: Store) -> None:
    session_id = await infusing(store)
    command = ChangeLimits("knows her", {"hr": {"high": 120.0}})
    clinician = replace(NURSE, role="clinician")
    state = plain(await limits.change_limits(store, clinician, session_id, command))
    steps = (await shown_of(store, session_id))["limits"]
    assert steps[-1]["limits"] == state["limits"] != steps[-2]["limits"]
    assert steps[-1]["at"] >= steps[-2]["at"]


async def test_a_part_of_it(store: Store) -> None:
    session_id = await streamed(store)
    since, until = START + 600_000, START + 1_200_000
    whole = points(await shown_of(store, session_id), "spo2")
    part = points(await shown_of(store, session_id, since=since, until=until), "spo2")
    assert part == [point for point in whole if since <= point[0] < until]


async def test_few_points_keep_the_true_extremes(store: Store) -> None:
    session_id = await streamed(store)
    whole = points(await shown_of(store, session_id), "spo2")
    few = points(await shown_of(store, session_id, points=40), "spo2")
    assert 20 <= len(few) <= 40
    assert set(few) <= set(whole)
    assert few == sorted(few)
    values = [point[1] for point in whole]
    assert {min(values), max(values)} <= {point[1] for point in few}


@pytest.mark.parametrize("count", [0, 1, 5, 7, 100, 1_001])
@pytest.mark.parametrize("most", [1, 4, 5, 33, 100])
def test_thinning_keeps_both_extremes_wherever_they_are(count: int, most: int) -> None:
    chance = random.Random(count * 1_000 + most)
    values = [chance.random() for _ in range(count)]
    for highest in range(0, count, max(1, count // 7)):
        values[highest] += 2
        shown = b"\1" * count
        places = [place for place, kept in enumerate(thinned(values, shown, most)) if kept]
        kept = [values[place] for place in places]
        assert len(kept) <= max(most, MIN_POINTS)
        assert (min(kept), max(kept)) == (min(values), max(values))
        values[highest] -= 2


async def test_there_is_none_of_an_unknown_session(store: Store) -> None:
    with pytest.raises(UnknownSession):
        await shown_of(store, new_id())
