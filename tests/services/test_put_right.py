"""What people write and put right, on both databases: kept, known again, and made again from the
log after a restart.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest

from app.clock import now_ms
from app.errors import IdConflict, UnknownSession
from app.models import queries
from app.monitoring.commands import (
    AmendReading,
    Annotate,
    CorrectPhase,
    CreatePatient,
    TakeBackPhase,
    VoidAnnotation,
)
from app.monitoring.errors import AlreadyVoided, PhaseChanged
from app.monitoring.times import iso
from app.review.timeline import timeline_json
from app.services import patients, sessions
from app.services.annotations import annotate, session_annotations, void_annotation
from app.services.corrections import correct
from app.services.ids import new_id
from app.services.limits import session_limits
from tests.models.ward import NURSE, admit, check_log, infusing, move_to, order, record
from tests.support.callers import person

if TYPE_CHECKING:
    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

Json = dict[str, Any]
REST: Final[dict[str, Any]] = {
    "hr": 74.0,
    "spo2": 98.0,
    "sbp": 124.0,
    "dbp": 76.0,
    "rr": 14.0,
    "sedation": 5.0,
}


def note(text: str = "calm", **fields: Any) -> Annotate:
    return Annotate("note", text=text, **fields)


async def held(store: Store, session_id: str) -> Any:
    return await store.reader.read(partial(queries.state, session_id=session_id))


async def test_an_annotation_is_recorded_once(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    command = note(id=new_id())
    made, new = await annotate(store, NURSE, session_id, command)
    again, new_again = await annotate(store, NURSE, session_id, command)
    assert (again, new, new_again) == (made, True, False)
    with pytest.raises(IdConflict):
        await annotate(store, NURSE, session_id, replace(command, text="other"))
    void = VoidAnnotation(made["id"], "slip", id=new_id())
    voided = await void_annotation(store, NURSE, session_id, void)
    assert voided["voided"]["reason"] == "slip"
    assert await void_annotation(store, NURSE, session_id, void) == voided
    assert await annotate(store, NURSE, session_id, command) == (voided, False)
    with pytest.raises(AlreadyVoided):
        await void_annotation(store, NURSE, session_id, replace(void, id=None))
    log = await check_log(store, database, session_id)
    assert [e["kind"] for e in log[-2:]] == ["annotation.recorded", "annotation.voided"]


async def test_annotations_are_one_sessions(store: Store) -> None:
    here, there = await infusing(store), await infusing(store)
    made, _ = await annotate(store, NURSE, here, note())
    assert await session_annotations(store, here) == {"items": [made]}
    assert await session_annotations(store, there) == {"items": []}
    with pytest.raises(UnknownSession):
        await session_annotations(store, new_id())


async def test_a_phase_is_put_right_once(database: Database, store: Store) -> None:
    session_id = await infusing(store)
    await move_to(store, session_id, "paused")
    paused = (await sessions.session_state(store, session_id))["phases"][5]
    told = CorrectPhase("paused", 5, now_ms(), "late", id=new_id())
    first = await sessions.correct_phase(store, NURSE, session_id, told)
    assert first["phases"][5] == {**paused, "at": iso(told.at)}
    assert await sessions.correct_phase(store, NURSE, session_id, told) == first
    with pytest.raises(IdConflict):
        await sessions.correct_phase(store, NURSE, session_id, replace(told, reason="other"))
    back = TakeBackPhase("paused", "slip", id=new_id())
    after = await sessions.take_back_phase(store, NURSE, session_id, back)
    assert (after["phase"], len(after["phases"])) == ("infusing", 5)
    assert await sessions.take_back_phase(store, NURSE, session_id, back) == after
    with pytest.raises(PhaseChanged):
        await sessions.take_back_phase(store, NURSE, session_id, replace(back, id=new_id()))
    await check_log(store, database, session_id)


async def test_all_of_it_outlives_a_restart(database: Database, open_store: OpenStore) -> None:
    store = open_store(database)
    session_id = await ready(store)
    await sessions.take_back_phase(store, NURSE, session_id, TakeBackPhase("ready", "slip"))
    await record(store, session_id, **REST)
    await move_to(store, session_id, "ready", "infusing", "paused")
    await sessions.take_back_phase(store, NURSE, session_id, TakeBackPhase("paused", "slip"))
    made, _ = await annotate(store, NURSE, session_id, note())
    await annotate(store, NURSE, session_id, note("second"))
    await void_annotation(store, NURSE, session_id, VoidAnnotation(made["id"], "x"))
    kept, listed = await held(store, session_id), await told(store, session_id)
    database.ask("DELETE FROM session_state")
    again = open_store(database)
    assert await held(again, session_id) == kept
    assert await told(again, session_id) == listed
    with pytest.raises(AlreadyVoided):
        await void_annotation(again, NURSE, session_id, VoidAnnotation(made["id"], "x"))


async def told(store: Store, session_id: str) -> list[Json]:
    items: list[Json] = (await session_annotations(store, session_id))["items"]
    return items


async def ready(store: Store) -> str:
    session_id = await admit(store)
    await move_to(store, session_id, "checked_in", "baseline")
    await record(store, session_id, **REST)
    await move_to(store, session_id, "ready")
    return session_id


async def test_a_correction_after_it_keeps_it(database: Database, store: Store) -> None:
    session_id = await ready(store)
    await sessions.take_back_phase(store, NURSE, session_id, TakeBackPhase("ready", "slip"))
    reading, _ = await record(store, session_id, **REST)
    await move_to(store, session_id, "ready", "infusing")
    made, _ = await annotate(store, NURSE, session_id, note())
    amend = AmendReading(reading["id"], {"hr": 80.0}, "mistyped")
    after = await correct(store, NURSE, session_id, amend)
    assert after["baseline"]["hr"] == 77  # of both sets at rest, one of them amended
    assert [span["phase"] for span in after["phases"]][-2:] == ["ready", "infusing"]
    assert await told(store, session_id) == [made]
    await check_log(store, database, session_id)


async def test_limits_and_timeline_tell_that_the_baseline_went(store: Store) -> None:
    session_id = await ready(store)
    drawn = (await session_limits(store, session_id))["limits"]
    await sessions.take_back_phase(store, NURSE, session_id, TakeBackPhase("ready", "slip"))
    limits = await session_limits(store, session_id)
    assert limits["limits"] != drawn
    assert [(e["reason"], e["baseline"]) for e in limits["history"]][-1] == ("slip", None)
    steps = await store.reader.apart(timeline_json, session_id, None, None, None)
    shown = orjson.loads(steps)["limits"]
    assert [step["limits"] for step in shown] == [limits["limits"], drawn, limits["limits"]]
    await move_to(store, session_id, "ready", "infusing", "paused")
    before = await session_limits(store, session_id)
    await sessions.take_back_phase(store, NURSE, session_id, TakeBackPhase("paused", "slip"))
    assert (await session_limits(store, session_id))["history"] == before["history"]


async def test_the_last_visit_was_weighed_and_took_place(store: Store) -> None:
    born = CreatePatient("P-born", "B.B.", birth_date="1984-05-30")
    made, _ = await patients.create_patient(store, NURSE, born)

    async def view() -> Json:
        return await patients.patient(store, person(), made["id"])

    async def visit(**fields: Any) -> Json:
        state, _ = await sessions.create_session(store, NURSE, order(made["id"], **fields))
        return state

    assert (await view())["last_visit"] is None
    first = await visit(weight_kg=81.5)
    assert first["patient"]["birth_year"] == 1984
    expected = {
        "session_id": first["id"],
        "at": first["created_at"],
        "weight_kg": 81.5,
        "dose_mg_per_kg": first["dose_mg_per_kg"],
        "planned_minutes": first["planned_minutes"],
    }
    assert await view() == {**made, "last_visit": expected}  # one that is under way, too
    await move_to(store, first["id"], "checked_in", "baseline")
    await record(store, first["id"], **REST)
    await move_to(store, first["id"], "ready", "infusing", "transferred")
    unweighed = await visit(weight_kg=None)
    await move_to(store, unweighed["id"], "cancelled")
    cancelled = await visit(weight_kg=90)
    await move_to(store, cancelled["id"], "cancelled")
    await visit(weight_kg=None)
    assert (await view())["last_visit"] == expected
