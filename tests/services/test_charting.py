"""Charted, not taken, and stop prompts: through the scribe, after a restart, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.clock import now_ms
from app.errors import IdConflict
from app.monitoring.commands import (
    AmendReading,
    AnswerStopPrompt,
    MoveReading,
    ReadingFor,
    RecordReading,
    VoidReading,
)
from app.monitoring.errors import NoSuchPrompt, NotChartable, NoUsableValues
from app.monitoring.times import HOUR_MS, iso
from app.review.timeline import timeline
from app.services import attention, readings, sessions
from app.services.corrections import correct
from app.services.ids import new_id
from app.services.readings import _Recording
from tests.models.ward import (
    CHARTING,
    NURSE,
    SENDING,
    check_log,
    held_up,
    infusing,
    plain,
    queued,
    record,
    sent,
)
from tests.services.correcting import DRIVEN, START
from tests.support.callers import simulator

if TYPE_CHECKING:
    from app.models.item import Item
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

CUFF = {"hr": 78.0, "spo2": 97.0, "sbp": 124.0, "dbp": 78.0}


async def measured(store: Store, session_id: str, **values: float) -> dict[str, Any]:
    """What a monitor has just sent, as it was answered."""
    command = replace(sent(), values={**CUFF, **values}, taken_at=now_ms())
    recorded, _ = await readings.record_reading(store, SENDING, session_id, command)
    return dict(plain(recorded))


async def says(store: Store, session_id: str, command: RecordReading) -> dict[str, Any]:
    recorded, _ = await readings.record_reading(store, CHARTING, session_id, command)
    return dict(plain(recorded))


async def state_of(store: Store, session_id: str) -> dict[str, Any]:
    return dict(plain(await sessions.session_state(store, session_id)))


def charting(seq: int, *vitals: str, id: str | None = None, **values: float) -> RecordReading:
    return RecordReading(values, id=id, charted=tuple((vital, seq) for vital in sorted(vitals)))


def tried(reason: Any, *vitals: str, id: str | None = None, **values: float) -> RecordReading:
    pairs = tuple((vital, reason) for vital in sorted(vitals))
    return RecordReading(values, id=id, not_taken=pairs, not_taken_note="sleeps")


async def test_charted_values_are_answered_with_their_own_times(
    database: Database, store: Store
) -> None:
    session_id = await infusing(store)
    one = await measured(store, session_id)
    answer = await says(store, session_id, charting(one["seq"], "hr", "sbp", sedation=5.0))
    told = {"seq": one["seq"], "device": "mon-01", "taken_at": one["taken_at"]}
    assert answer["charted"] == {"hr": {**told, "value": 78}, "sbp": {**told, "value": 124}}
    assert answer["values"] == {"sedation": 5}
    await check_log(store, database, session_id)


async def test_known_id_is_answered_and_says_the_same(store: Store) -> None:
    session_id = await infusing(store)
    one = await measured(store, session_id)
    command = charting(one["seq"], "hr", id=new_id())
    first = await says(store, session_id, command)
    assert await says(store, session_id, command) == first
    with pytest.raises(IdConflict):
        await says(store, session_id, replace(command, charted=(), values={"hr": 78.0}))


async def test_same_id_with_another_reason_is_other_content(store: Store) -> None:
    session_id = await infusing(store)
    command = tried("asleep", "rr", id=new_id())
    await says(store, session_id, command)
    with pytest.raises(IdConflict):
        await says(store, session_id, replace(command, not_taken=(("rr", "refused"),)))
    with pytest.raises(IdConflict):
        await says(store, session_id, replace(command, not_taken_note=None))


async def test_only_this_sessions_device_values_are_chartable(store: Store) -> None:
    here, there = await infusing(store), await infusing(store)
    typed, _ = await record(store, here, hr=80.0)
    for _ in range(9):
        elsewhere = await measured(store, there)
    for seq in (typed["seq"], elsewhere["seq"], 1, 10_000):
        with pytest.raises(NotChartable) as refused:
            await says(store, here, charting(seq, "hr"))
        assert [e.loc for e in refused.value.errors] == [("charted", "hr")]


async def test_voided_and_amended_values(store: Store) -> None:
    session_id = await infusing(store)
    one, other = await measured(store, session_id), await measured(store, session_id)
    await correct(store, NURSE, session_id, VoidReading(one["id"], "probe off"))
    await correct(store, NURSE, session_id, AmendReading(other["id"], {"hr": 66.0}, "seen"))
    with pytest.raises(NotChartable):
        await says(store, session_id, charting(one["seq"], "hr"))
    answer = await says(store, session_id, charting(other["seq"], "hr"))
    assert answer["charted"]["hr"]["value"] == 66


async def test_a_value_that_was_taken_earlier_than_it_said_is_no_longer_fresh(store: Store) -> None:
    session_id = await infusing(store, **DRIVEN)
    at = START + HOUR_MS
    command = replace(sent("sim-1", hr=78.0), taken_at=at)
    told, _ = await readings.record_reading(store, simulator(), session_id, command)
    seq, id = plain(told)["seq"], plain(told)["id"]
    chart = replace(charting(seq, "hr"), taken_at=at)
    assert (await says(store, session_id, chart))["charted"]["hr"]["taken_at"] == iso(at)
    earlier = AmendReading(id, {}, "its clock was ahead", taken_at=at - HOUR_MS // 2)
    await correct(store, NURSE, session_id, earlier)
    with pytest.raises(NotChartable):
        await says(store, session_id, chart)


async def test_what_is_staged_counts_as_if_it_were_written(store: Store) -> None:
    """All in one transaction: a value measured, voided, another amended."""
    session_id = await infusing(store)
    one, other = await measured(store, session_id), await measured(store, session_id)
    command = replace(sent(), values=CUFF, taken_at=now_ms())

    def run(item: Item) -> list[Any]:
        sending = _Recording(SENDING, [ReadingFor(command, session_id)], now_ms(), told=True)
        sending.run(item)
        held = item.held(session_id)
        newest = item.standing(held, held.state.seq)
        return [newest and newest[0], (item.standing(held, one["seq"]) or [None])[0]]

    async with held_up(store):
        staged = asyncio.create_task(store.scribe.submit(run, sessions=[session_id]))
        await queued(store, 1)
        void = VoidReading(one["id"], "probe off")
        voided = asyncio.create_task(correct(store, NURSE, session_id, void))
        await queued(store, 2)
        again = asyncio.create_task(store.scribe.submit(run, sessions=[session_id]))
        await queued(store, 3)
        amend = AmendReading(other["id"], {"hr": 66.0}, "seen")
        amended = asyncio.create_task(correct(store, NURSE, session_id, amend))
    newest, first = await staged
    assert newest["hr"] == first["hr"] == 78
    await voided
    newest, first = await again
    assert (newest["hr"], first) == (78, None)
    await amended

    def look(item: Item) -> Any:
        return item.standing(item.held(session_id), other["seq"])

    values, taken_at = await store.scribe.submit(look, sessions=[session_id])
    assert (values["hr"], iso(taken_at)) == (66, other["taken_at"])


async def test_not_taken_survives_a_restart_and_a_rebuild(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    session_id = await infusing(store)
    answer = await says(store, session_id, tried("asleep", "sbp", "dbp", hr=70.0))
    assert answer["put_off"].keys() == {"sbp", "dbp"}
    before = (await state_of(store, session_id))["not_taken"]
    assert before == answer["put_off"]
    for damage in (None, "DELETE FROM session_state"):
        if damage is not None:
            database.ask(damage)
        store = open_store(database)
        assert (await state_of(store, session_id))["not_taken"] == before
        assert (await sessions.board_rows(store))[0]["not_taken"] == before
    again = await says(store, session_id, tried("refused", "sbp"))
    assert again["put_off"]["sbp"]["times"] == 2
    await record(store, session_id, sbp=120.0, dbp=80.0)
    assert (await state_of(store, session_id))["not_taken"] == {}
    await check_log(store, database, session_id)


async def test_timeline_takes_a_reading_without_values(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    before = orjson.loads(await timeline(store, session_id))["series"]
    await says(store, session_id, tried("asleep", "sbp"))
    one = await measured(store, session_id)
    await says(store, session_id, charting(one["seq"], "hr"))
    after = orjson.loads(await timeline(store, session_id))["series"]
    assert len(after["hr"]["v"]) == len(before["hr"]["v"]) + 1, "the device's own, once"
    assert after["sedation"] == before["sedation"]


async def test_void_of_it_takes_it_back(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    answer = await says(store, session_id, tried("asleep", "sbp"))
    state = await correct(store, NURSE, session_id, VoidReading(answer["id"], "was awake"))
    assert state["not_taken"] == {}
    await check_log(store, database, session_id)


async def test_move_takes_what_was_tried_and_leaves_what_was_charted(
    database: Database, store: Store
) -> None:
    here, there = await infusing(store), await infusing(store)
    one = await measured(store, here)
    both = replace(charting(one["seq"], "hr", sedation=4.0), not_taken=(("rr", "asleep"),))
    answer = await says(store, here, both)
    state = await correct(store, NURSE, here, MoveReading(answer["id"], there, "wrong room"))
    assert state["not_taken"] == {}
    assert state["values"]["hr"]["seq"] == one["seq"]
    log = await check_log(store, database, there)
    (moved,) = [e for e in log if e["kind"] == "reading.recorded" and "not_taken" in e["data"]]
    assert moved["data"]["values"] == {"sedation": 4}
    assert moved["data"]["not_taken"] == {"rr": "asleep"}
    assert "charted" not in moved["data"], "they are of the monitor of the other patient"
    assert (await state_of(store, there))["not_taken"].keys() == {"rr"}
    await check_log(store, database, here)


async def test_charted_values_alone_cannot_be_moved(database: Database, store: Store) -> None:
    here, there = await infusing(store), await infusing(store)
    one = await measured(store, here)
    answer = await says(store, here, charting(one["seq"], "hr"))
    before = await state_of(store, here)
    with pytest.raises(NoUsableValues):
        await correct(store, NURSE, here, MoveReading(answer["id"], there, "wrong room"))
    assert await state_of(store, here) == before
    await check_log(store, database, here)


async def test_void_of_a_charted_device_reading(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    one = await measured(store, session_id, sbp=190.0)
    await says(store, session_id, charting(one["seq"], "sbp", sedation=5.0))
    state = await correct(store, NURSE, session_id, VoidReading(one["id"], "moved the arm"))
    assert "sbp" in state["values"], "the typed baseline is the newest again"
    assert state["values"]["sbp"]["source"] == "manual"
    log = await check_log(store, database, session_id)
    (kept,) = [e for e in log if "charted" in e["data"]]
    assert kept["data"]["charted"]["sbp"]["seq"] == one["seq"]


async def test_stop_prompt_is_answered_once_and_known_again(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    session_id = await infusing(store)
    await record(store, session_id, hr=38.0)
    assert (await state_of(store, session_id))["stop_prompts"]["hr"]["value"] == 38
    assert (await sessions.board_rows(store))[0]["stop_prompts"]["hr"]["side"] == "low"
    store = open_store(database)
    assert "hr" in (await state_of(store, session_id))["stop_prompts"]
    answer = AnswerStopPrompt("hr", "athlete", new_id())
    state = await attention.answer_stop_prompt(store, NURSE, session_id, answer)
    assert state["stop_prompts"] == {}
    again = await attention.answer_stop_prompt(store, NURSE, session_id, answer)
    assert again["seq"] == state["seq"]
    other = replace(answer, id=new_id())
    with pytest.raises(NoSuchPrompt):
        await attention.answer_stop_prompt(store, NURSE, session_id, other)
    store = open_store(database)
    await record(store, session_id, hr=37.0)
    assert (await state_of(store, session_id))["stop_prompts"] == {}, "the answer holds"
    await check_log(store, database, session_id)
