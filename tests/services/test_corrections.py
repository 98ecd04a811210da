"""Readings that were wrong: voided, amended or moved, through the scribe and on both databases."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.errors import IdConflict, UnknownSession
from app.monitoring.commands import (
    Acknowledge,
    AmendReading,
    ReadingFor,
    RecordReading,
    VoidReading,
)
from app.monitoring.errors import (
    AlreadyCorrected,
    DomainError,
    InvalidRequest,
    NoUsableValues,
    UnknownReading,
)
from app.monitoring.times import parse_iso
from app.review.timeline import timeline
from app.services import alarms, readings, sessions
from app.services.corrections import correct
from app.services.ids import new_id
from tests.models.ward import (
    BASELINE,
    NURSE,
    admit,
    held_up,
    infusing,
    log_of,
    move_to,
    plain,
    queued,
    record,
    sent,
)
from tests.services.correcting import DRIVEN, SLIP, START, amend, checked, move, void
from tests.support.callers import sender, simulator
from tests.support.few import few_of

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore


def kinds(log: list[dict[str, Any]], after: int) -> list[str]:
    """What was said after this event, but for stop prompts, which stand beside alarms."""
    told = [event["kind"] for event in log if event["seq"] > after]
    return [kind for kind in told if not kind.startswith("stop_prompt.")]


async def shown(store: Store, session_id: str, vital: str) -> list[float]:
    told = orjson.loads(await timeline(store, session_id))
    return list(told["series"].get(vital, {"v": []})["v"])


async def test_a_voided_value_is_gone_and_so_is_its_alarm(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    wrong, _ = await record(store, session_id, sbp=204, dbp=118)
    assert [a["priority"] for a in wrong["alarms"]] == ["high"]
    state = await void(store, session_id, wrong)
    assert state["alarms"] == {}
    assert state["values"]["sbp"]["value"] == BASELINE["sbp"]
    log = await checked(store, database, session_id)
    assert kinds(log, wrong["seq"] + 1) == ["reading.voided", "alarm.cleared"]
    *_, voided, cleared, ended = log
    assert cleared["data"]["alarm"]["ended_by"] == "value_voided"
    assert (ended["kind"], ended["data"]["ended_by"]) == ("stop_prompt.ended", "corrected")
    assert voided["actor"]["id"] == NURSE.id
    assert await shown(store, session_id, "sbp") == [BASELINE["sbp"]]
    assert log[wrong["seq"] - 1]["data"]["values"]["sbp"] == 204  # the original stays


async def test_what_a_voided_value_had_cleared_is_raised_again(
    database: Database, store: Store
) -> None:
    session_id = await infusing(store)
    await record(store, session_id, sbp=166, dbp=80)
    calm, _ = await record(store, session_id, sbp=128, dbp=80)
    assert (await sessions.session_state(store, session_id))["alarms"] == {}
    state = await void(store, session_id, calm)
    (alarm,) = state["alarms"].values()
    assert (alarm["group"], alarm["value"]) == ("bp", 166)
    await checked(store, database, session_id)


async def test_an_amended_value_is_judged_as_it_should_have_been(
    database: Database, store: Store
) -> None:
    session_id = await infusing(store)
    wrong, _ = await record(store, session_id, sbp=204, dbp=118)
    state = await amend(store, session_id, wrong, sbp=124.0, dbp=81)
    assert state["alarms"] == {}
    assert (state["values"]["sbp"]["value"], state["values"]["map"]["value"]) == (124, 95.3)
    worse = await amend(store, session_id, wrong, sbp=190)
    assert worse["values"]["dbp"]["value"] == 81
    assert [a["value"] for a in worse["alarms"].values()] == [190]
    log = await checked(store, database, session_id)
    first, second = (e["data"] for e in log if e["kind"] == "reading.amended")
    assert (first["was"]["sbp"], first["reading"]["values"]["sbp"]) == (204, 124)
    assert (second["was"]["sbp"], second["reading"]["values"]["sbp"]) == (124, 190)
    assert await shown(store, session_id, "sbp") == [BASELINE["sbp"], 190]
    told = orjson.loads(await timeline(store, session_id))
    assert told["series"]["sbp"]["flag"][-1] == "high_critical"
    gone = await void(store, session_id, wrong)
    assert gone["values"]["sbp"]["value"] == BASELINE["sbp"]
    await checked(store, database, session_id)


async def test_a_baseline_made_of_it_is_made_anew(database: Database, store: Store) -> None:
    session_id = await admit(store)
    await move_to(store, session_id, "checked_in", "baseline")
    rested, _ = await record(store, session_id, None, **BASELINE)
    await move_to(store, session_id, "ready", "infusing")
    state = await amend(store, session_id, rested, sbp=104)
    assert state["baseline"]["sbp"] == 104
    log = await checked(store, database, session_id)
    steps = orjson.loads(await timeline(store, session_id))["limits"]
    assert steps[-1]["limits"] == plain(state["limits"])
    assert len(steps) == len({orjson.dumps(step["limits"]) for step in steps}) == 3
    assert log[-1]["data"]["limits"] == plain(state["limits"])


async def test_a_moved_reading_is_judged_where_it_belongs(database: Database, store: Store) -> None:
    here, there = await infusing(store), await infusing(store)
    wrong, _ = await record(store, here, sbp=204, dbp=118)
    state = await move(store, here, wrong, there)
    assert state["alarms"] == {}
    (alarm,) = (await sessions.session_state(store, there))["alarms"].values()
    assert (alarm["priority"], alarm["value"]) == ("high", 204)
    left = await checked(store, database, here)
    came = await checked(store, database, there)
    (gone,) = [event for event in left if event["kind"] == "reading.voided"]
    assert gone["data"]["moved_to"] == there
    moved = next(e["data"] for e in reversed(came) if e["kind"] == "reading.recorded")
    assert (moved["taken_at"], moved["values"]) == (wrong["taken_at"], wrong["values"])
    assert moved["id"] != wrong["id"]
    assert moved["moved_from"] == {
        "session_id": here,
        "reading_id": wrong["id"],
        "source": "manual",
        "device": None,
        "reason": gone["data"]["reason"],
    }
    assert "moved_from" not in wrong
    assert await shown(store, here, "sbp") == [BASELINE["sbp"]]
    assert await shown(store, there, "sbp") == [BASELINE["sbp"], 204]
    back = await move(store, there, moved, here)
    assert back["alarms"] == {}
    assert [a["value"] for a in (await sessions.session_state(store, here))["alarms"].values()] == [
        204
    ]
    await checked(store, database, there)
    await checked(store, database, here)


async def test_a_move_that_cannot_be_leaves_both_sessions_as_they_are(
    database: Database, store: Store
) -> None:
    here, there, simulated = (
        await infusing(store),
        await infusing(store),
        await admit(store, **DRIVEN),
    )
    await move_to(store, there, "transferred")
    wrong, _ = await record(store, here, hr=80)
    heads = [await log_of(store, id) for id in (here, there, simulated)]
    for to, refusal in (
        (there, InvalidRequest),  # it was closed before this was taken
        (here, InvalidRequest),
        (simulated, InvalidRequest),
        (new_id(), UnknownSession),
    ):
        with pytest.raises(refusal):
            await move(store, here, wrong, to)
    assert [await log_of(store, id) for id in (here, there, simulated)] == heads
    assert await shown(store, here, "hr") == [BASELINE["hr"], 80]
    await checked(store, database, here)


async def test_a_closed_session_may_be_corrected(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    wrong, _ = await record(store, session_id, hr=150)
    await move_to(store, session_id, "transferred", override_reason="told as a story")
    state = await void(store, session_id, wrong)
    assert (state["active"], state["values"]["hr"]["value"]) == (False, BASELINE["hr"])
    log = await checked(store, database, session_id)
    assert log[-1]["kind"] == "reading.voided"


async def test_a_reading_is_corrected_once_and_must_be_there(store: Store) -> None:
    session_id, other = await infusing(store), await infusing(store)
    reading, _ = await record(store, session_id, hr=150)
    with pytest.raises(UnknownReading):
        await void(store, session_id, {"id": new_id()})
    with pytest.raises(UnknownReading):
        await void(store, other, reading)
    with pytest.raises(UnknownSession):
        await void(store, new_id(), reading)
    with pytest.raises(InvalidRequest) as impossible:
        await amend(store, session_id, reading, hr=900)
    assert [error.loc for error in impossible.value.errors] == [("values", "hr")]
    with pytest.raises(NoUsableValues):
        await amend(store, session_id, reading, hr=None)
    await void(store, session_id, reading)
    for again in (void(store, session_id, reading), amend(store, session_id, reading, hr=80)):
        with pytest.raises(AlreadyCorrected):
            await again
    with pytest.raises(AlreadyCorrected):
        await move(store, session_id, reading, other)


async def test_the_same_correction_sent_again_is_known(store: Store) -> None:
    session_id = await infusing(store)
    reading, _ = await record(store, session_id, hr=150)
    id = new_id()
    first = await void(store, session_id, reading, id)
    again = await void(store, session_id, reading, id)
    assert again["seq"] == first["seq"]
    with pytest.raises(IdConflict):
        await correct(store, NURSE, session_id, VoidReading(reading["id"], "another reason", id))


async def test_what_comes_while_it_is_looked_at_counts_too(
    database: Database, store: Store
) -> None:
    """The scribe is busy: readings come before the corrections, all in one transaction, and the
    second correction must look again.
    """
    session_id = await infusing(store)
    one, _ = await record(store, session_id, sbp=204, dbp=118)
    two, _ = await record(store, session_id, sbp=206, dbp=118)
    async with held_up(store):
        wanted = [
            asyncio.create_task(
                readings.record_reading(store, sender(command), session_id, command)
            )
            for command in (sent(spo2=97.0, hr=81.0), RecordReading({"sbp": 131, "dbp": 82}))
        ]
        await queued(store, 2)
        tasks = [asyncio.create_task(void(store, session_id, r)) for r in (two, one)]
        await queued(store, 4)
    await asyncio.gather(*wanted)
    states = await asyncio.gather(*tasks)
    assert states[-1]["values"]["sbp"]["value"] == 131
    assert states[-1]["alarms"] == {}
    log = await checked(store, database, session_id)
    voided = [event["data"]["seq"] for event in log if event["kind"] == "reading.voided"]
    assert sorted(voided) == [one["seq"], two["seq"]]


async def test_a_stream_with_a_voided_second_goes_on(database: Database, store: Store) -> None:
    """The same in a driven session, whose state is then made again from its log."""
    session_id = await infusing(store, **DRIVEN)
    course = [97.0] * 5 + [84.0] * 20 + [96.0] * 5
    items = [
        ReadingFor(replace(sent(spo2=v, hr=80.0), taken_at=START + n * 1_000), session_id)
        for n, v in enumerate(course, start=1)
    ]
    told = await readings.record_readings(store, simulator(), items)
    first_low = told[5]
    assert isinstance(first_low, tuple)
    await void(store, session_id, plain(first_low[1]))
    await record(store, session_id, sbp=130, dbp=80)
    log = await checked(store, database, session_id)
    assert log[-1]["kind"] == "reading.recorded"
    assert 84.0 in await shown(store, session_id, "spo2")
    assert len(await shown(store, session_id, "hr")) == len(course)  # the baseline, one less


async def test_a_corrected_session_is_made_again_from_its_log(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    session_id = await infusing(store)
    wrong, _ = await record(store, session_id, sbp=204, dbp=118)
    await amend(store, session_id, wrong, sbp=170)
    spare, _ = await record(store, session_id, spo2=86)
    kept = plain(await void(store, session_id, spare))
    database.ask("DELETE FROM session_state")
    again = plain(await sessions.session_state(open_store(database), session_id))
    assert again == kept


CHOICES = {"spo2": (97, 95, 90, 84, 0), "hr": (80, 120, 150, 45), "rr": (14, 9, 5, 0)}


async def one_thing(store: Store, chance: random.Random, at: int, here: str, there: str) -> None:
    """Something that may happen in a session: mostly readings, now and then late ones, then people
    who see alarms and correct what was recorded.
    """
    what = chance.random()
    if what < 0.65:
        device = chance.choice(["mon-01", "mon-02"])
        values = {v: float(chance.choice(of)) for v, of in CHOICES.items() if chance.random() < 0.7}
        if chance.random() < 0.4:
            values |= {"sbp": float(chance.choice((124, 170, 190, 85))), "dbp": 78.0}
        taken_at = at - chance.choice([0, 0, 0, 5_000, 200_000])
        command = RecordReading(values, taken_at=taken_at, device=device, interval_s=1)
        await readings.record_reading(store, simulator(), here, command)
        return
    if what < 0.72:
        state = await sessions.session_state(store, here)
        for alarm in list(state["alarms"])[:1]:
            await alarms.acknowledge(store, NURSE, here, Acknowledge(alarm))
        return
    log = await log_of(store, here)
    reading = chance.choice([e["data"] for e in log if e["kind"] == "reading.recorded"])
    if what < 0.82:
        await void(store, here, reading)
    elif what < 0.93:
        vital = chance.choice(list(reading["values"]))
        earlier = chance.choice([None, None, 0, 2_000, 90_000, -5_000])
        then = None if earlier is None else parse_iso(reading["taken_at"]) - earlier
        amendment: dict[str, float | None] = {vital: chance.choice([None, 86.0, 97.0])}
        amends = AmendReading(reading["id"], amendment, SLIP, taken_at=then)
        await correct(store, NURSE, here, amends)
    else:
        await move(store, here, reading, there)


@pytest.mark.parametrize("seed", few_of(4))
async def test_whatever_is_corrected_the_log_steps_again_to_the_same(
    sqlite: Database, open_store: OpenStore, seed: int
) -> None:
    store, chance = open_store(sqlite), random.Random(seed)
    both = [await infusing(store, **DRIVEN), await infusing(store, **DRIVEN)]
    at = START
    for _ in range(120):
        at += chance.choice([1_000, 1_000, 2_000, 20_000, 61_000])
        here, there = chance.sample(both, 2)
        with suppress(DomainError):  # corrected before, or impossible: also a thing people do
            await one_thing(store, chance, at, here, there)
    corrections = 0
    for session_id in both:
        log = await checked(store, sqlite, session_id)
        corrections += sum(e["kind"] in ("reading.voided", "reading.amended") for e in log)
    assert corrections > 5
