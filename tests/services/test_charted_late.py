"""What is charted after the close, and times put right, on both databases."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.errors import IdConflict
from app.models import queries
from app.models.codec import digest
from app.monitoring.commands import (
    AmendReading,
    Annotate,
    CorrectAnnotation,
    MoveReading,
    RecordReading,
)
from app.monitoring.errors import InvalidRequest, SessionClosed, UnknownAnnotation
from app.monitoring.times import MINUTE_MS, iso, parse_iso
from app.review.timeline import timeline
from app.services import readings
from app.services.annotations import annotate, correct_annotation, session_annotations
from app.services.corrections import correct
from app.services.ids import new_id
from tests.models.ward import NURSE, infusing, move_to, plain, record
from tests.services.correcting import DRIVEN, START, checked
from tests.support.callers import person, program, simulator

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

CLOSED_AT = START + 30 * MINUTE_MS


async def course(store: Store) -> tuple[str, dict[str, Any]]:
    """A driven session of half an hour with a typed value at ten minutes, closed; and that."""
    session_id = await infusing(store, **DRIVEN)
    for minute in range(0, 30, 5):
        at = START + minute * MINUTE_MS
        sent = RecordReading({"spo2": 97, "hr": 70 + minute}, taken_at=at, device="sim-1")
        await readings.record_reading(store, simulator(), session_id, sent)
    typed = RecordReading({"sbp": 150, "dbp": 84}, taken_at=START + 10 * MINUTE_MS)
    told, _ = await readings.record_reading(store, person(), session_id, typed)
    await move_to(store, session_id, "transferred", at=CLOSED_AT)
    return session_id, plain(told)


async def shown(
    store: Store, session_id: str, vital: str, **window: int
) -> list[tuple[str, float]]:
    """Each value that the timeline shows, with its moment."""
    told = orjson.loads(await timeline(store, session_id, **window))
    of = told["series"].get(vital, {"t": [], "v": []})
    t0 = parse_iso(told["t0"])
    return [(iso(t0 + round(t * 1000)), v) for t, v in zip(of["t"], of["v"], strict=True)]


async def test_it_is_kept_shown_and_known_again(database: Database, store: Store) -> None:
    session_id, _ = await course(store)
    at, id = START + 12 * MINUTE_MS, new_id()
    late = RecordReading({"temp": 36.8, "sbp": 190, "dbp": 100}, id=id, taken_at=at)
    told, new = await readings.record_reading(store, person(), session_id, late)
    assert (plain(told)["after_close"], plain(told)["alarms"], new) == (True, [], True)
    again, new = await readings.record_reading(store, person(), session_id, late)
    assert (plain(again), new) == (plain(told), False)
    other = replace(late, values={"temp": 37.0})
    with pytest.raises(IdConflict):
        await readings.record_reading(store, person(), session_id, other)
    assert await shown(store, session_id, "temp") == [(iso(at), 36.8)]
    note, _ = await annotate(store, NURSE, session_id, Annotate("note", at, "remembered"))
    assert note["after_close"] is True
    log = await checked(store, database, session_id)
    assert [e["kind"] for e in log[-2:]] == ["reading.recorded", "annotation.recorded"]


async def test_machines_and_times_outside_are_refused(store: Store) -> None:
    session_id, _ = await course(store)
    at = START + 12 * MINUTE_MS
    typed = RecordReading({"hr": 80}, taken_at=at)
    sent = replace(typed, device="sim-1")
    for caller, command in ((simulator(), sent), (program("nurse"), typed), (simulator(), typed)):
        with pytest.raises(SessionClosed):
            await readings.record_reading(store, caller, session_id, command)
    with pytest.raises(SessionClosed):
        await record(store, session_id, hr=80)
    for taken_at, code in (
        (CLOSED_AT + 1, "after_session"),
        (START - 86_400_000, "before_session"),
    ):
        command = replace(typed, taken_at=taken_at)
        with pytest.raises(InvalidRequest) as refused:
            await readings.record_reading(store, person(), session_id, command)
        assert [error.code for error in refused.value.errors] == [code]


async def test_time_is_put_right_where_it_is_shown(database: Database, store: Store) -> None:
    session_id, typed = await course(store)
    was, now = START + 10 * MINUTE_MS, START + 4 * MINUTE_MS
    amend = AmendReading(typed["id"], {}, "wrong minute", new_id(), taken_at=now)
    first = await correct(store, NURSE, session_id, amend)
    assert (await correct(store, NURSE, session_id, amend))["seq"] == first["seq"]
    with pytest.raises(IdConflict):
        await correct(store, NURSE, session_id, replace(amend, taken_at=now + 1))
    assert (iso(now), 150) in await shown(store, session_id, "sbp")
    assert iso(was) not in [at for at, _ in await shown(store, session_id, "sbp")]
    window = {"since": now, "until": now + 1}
    assert await shown(store, session_id, "sbp", **window) == [(iso(now), 150)]
    log = await checked(store, database, session_id)
    assert log[-1]["data"]["was_taken_at"] == iso(was)
    assert first["now"] == iso(CLOSED_AT)
    for taken_at in (START + 26 * MINUTE_MS, START - 86_400_000):
        with pytest.raises(InvalidRequest):
            await correct(store, NURSE, session_id, replace(amend, id=None, taken_at=taken_at))


async def test_an_amendment_of_values_has_the_digest_that_it_always_had(
    database: Database, store: Store
) -> None:
    session_id, typed = await course(store)
    id = new_id()
    await correct(store, NURSE, session_id, AmendReading(typed["id"], {"sbp": 130}, "slip", id))
    ((kept,),) = database.ask("SELECT digest FROM command WHERE id = ?", (id,))
    content = {"reading_id": typed["id"], "values": {"sbp": 130}, "reason": "slip"}
    assert bytes(kept) == digest(["AmendReading", content])


async def test_it_is_moved_into_a_session_that_is_closed(database: Database, store: Store) -> None:
    here, typed = await course(store)
    there, _ = await course(store)
    await correct(store, NURSE, here, MoveReading(typed["id"], there, "of the other patient"))
    log = await checked(store, database, there)
    assert (log[-1]["kind"], log[-1]["data"]["after_close"]) == ("reading.recorded", True)
    await checked(store, database, here)


async def test_an_annotation_is_corrected_once_and_outlives_a_restart(
    database: Database, open_store: OpenStore
) -> None:
    store = open_store(database)
    session_id, _ = await course(store)
    at = START + 12 * MINUTE_MS
    made, _ = await annotate(store, NURSE, session_id, Annotate("note", at, "gave oxygn"))
    asked = CorrectAnnotation(made["id"], "spelling", text="gave oxygen", id=new_id())
    first = await correct_annotation(store, NURSE, session_id, asked, as_it_is)
    assert (first["text"], first["at"]) == ("gave oxygen", made["at"])
    assert [c["was"]["text"] for c in first["corrections"]] == ["gave oxygn"]
    assert await correct_annotation(store, NURSE, session_id, asked, as_it_is) == first
    other = replace(asked, text="gave 2 L")
    with pytest.raises(IdConflict):
        await correct_annotation(store, NURSE, session_id, other, as_it_is)
    unknown = replace(asked, annotation_id=new_id(), id=None)
    with pytest.raises(UnknownAnnotation):
        await correct_annotation(store, NURSE, session_id, unknown, as_it_is)
    await checked(store, database, session_id)
    kept = await store.reader.read(partial(queries.state, session_id=session_id))
    database.ask("DELETE FROM session_state")
    again = open_store(database)
    assert await again.reader.read(partial(queries.state, session_id=session_id)) == kept
    assert (await session_annotations(again, session_id))["items"] == [first]


def as_it_is(_kind: str, _text: str | None, data: Any) -> Any:
    """No kind is asked here."""
    return data
