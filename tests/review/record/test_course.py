"""Who tapped which phase and when, which limits were in force, and how a driven clock is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.review.record.made import record_of
from app.services import readings
from tests.models.ward import admit, move_to, sent
from tests.monitoring.telling import ANNA, BEN, CLINICIAN, RESTED, clock_time, reading_event
from tests.monitoring.ward import Ward
from tests.review.record.told import alarm, record
from tests.support.callers import simulator

if TYPE_CHECKING:
    from app.models.store import Store

LONG_AGO = 1_700_000_000_000
THEN = "2023-11-14T22:13:20.000Z"


def test_a_phase_that_was_taken_back_is_gone_and_one_put_right_has_its_true_time() -> None:
    ward = Ward.infusing()
    ward.phase("paused", 60)
    ward.takes_back(90, "paused")
    ward.corrects_phase(100, 4, "infusing", 20, by=ANNA)
    ward.phase("completed", 900)
    made = record(ward.log)
    assert [(p.phase, p.at, p.until) for p in made.phases[-2:]] == [
        ("infusing", clock_time(20), clock_time(900)),
        ("completed", clock_time(900), None),
    ]
    assert len(made.phases) == 6
    assert all(phase.by is not None for phase in made.phases)
    assert (made.t0, made.infused_s) == (clock_time(20), 880)
    assert [told.kind for told in made.events if told.mark == "correction"] == [
        "phase.taken_back",
        "phase.corrected",
    ]


def test_limits_are_told_from_when_who_and_why() -> None:
    ward = Ward.infusing(baseline=RESTED)
    ward.changes_limits(300, {"sbp": {"high": 170}}, reason="known hypertension")
    told = [(one.at, one.by and one.by["name"], one.reason) for one in record(ward.log).limits]
    assert told == [
        (clock_time(0), None, None),
        (clock_time(0), "Local user", None),
        (clock_time(300), CLINICIAN.name, "known hypertension"),
    ]


def test_what_a_person_does_in_the_moment_of_a_correction_is_no_new_judgement() -> None:
    ward = Ward.infusing()
    ward.types(30, spo2=91)
    wrong = reading_event(ward.types(60, sbp=190, dbp=100, confirmed=True))
    ward.voids(90, wrong)
    ward.acknowledge(90, ward.alarm_of("spo2"), by=BEN)
    made = record(ward.log)
    assert alarm(made, "bp").rejudged
    assert not alarm(made, "spo2").rejudged
    assert alarm(made, "spo2").seen_at == clock_time(90)


def test_help_standby_and_signatures_are_events_with_marks() -> None:
    ward = Ward.infusing()
    ward.calls_help(30, "cannot wake the patient")
    ward.ends_help(60)
    ward.phase("completed", 100)
    ward.phase("transferred", 200, reason="to the ward")
    ward.signs(300, "first")
    ward.annotates(400, "late", text="was told later", happened=50)
    made = record(ward.log)
    assert made.ended_at == made.last_at == clock_time(200)
    [signature] = made.signatures
    assert (signature.meaning, signature.holds) == ("verified", None)
    assert made.changed_since_signed == 1
    assert made.annotations[0].after_close
    assert "The record is not signed." not in made.summary.completeness


async def test_before_a_driven_clock_was_told_the_time_all_came_when_it_was(store: Store) -> None:
    """Such a session is made today and tells of years ago."""
    session_id = await admit(store, simulated=True, clock="driven")
    await move_to(store, session_id, "checked_in", "baseline")
    for second in range(3):
        taken = replace(sent(hr=80.0 + second), taken_at=LONG_AGO + second * 1_000)
        await readings.record_reading(store, simulator(), session_id, taken)
    made = await store.reader.read(lambda db: record_of(db, session_id))
    assert {phase.at for phase in made.phases} <= {THEN}
    assert min(told.at for told in made.events) == THEN
    assert (made.limits[0].at, made.t0) == (THEN, THEN)
    assert made.last_at == made.now == "2023-11-14T22:13:22.000Z"
