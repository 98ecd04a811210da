"""Annotations in the engine: they are told and voided, and judge nothing."""

from __future__ import annotations

import pytest

from app.monitoring.commands import Annotate
from app.monitoring.errors import (
    AlreadyVoided,
    ClockNotBegun,
    InvalidRequest,
    SessionClosed,
    TakenInFuture,
    UnknownAnnotation,
)
from app.monitoring.rebuild import restep, state_of
from tests.monitoring.ward import ANNA, NURSE, RESTED, Ward, clock_time, kinds


def test_it_is_told_with_when_it_happened() -> None:
    ward = Ward.infusing()
    (said,) = ward.annotates(100, "a", happened=40, by=ANNA)
    assert (said["kind"], said["at"], said["actor"]["id"]) == (
        "annotation.recorded",
        clock_time(40),
        "anna",
    )
    assert said["data"] == {
        "id": "a",
        "kind": "note",
        "at": clock_time(40),
        "text": "told as a story",
        "data": {},
    }
    (now,) = ward.annotates(101, "b")
    assert now["at"] == clock_time(101)


def test_it_changes_nothing_of_what_screens_hold() -> None:
    ward = Ward.infusing(baseline=RESTED)
    before = ward.public
    ward.annotates(1, "a")
    ward.voids_annotation(2, "a")
    assert {**ward.public, "seq": before["seq"]} == before


def test_what_is_due_is_done_before_it() -> None:
    ward = Ward.infusing()
    ward.streams(range(60, 65), spo2=88)
    said = ward.annotates(95, "a")
    assert kinds(said)[-1] == "annotation.recorded"
    assert "alarm.raised" in kinds(said)


def test_it_is_voided_once() -> None:
    ward = Ward.infusing()
    ward.annotates(1, "a")
    with pytest.raises(UnknownAnnotation):
        ward.voids_annotation(2, "b")
    (said,) = ward.voids_annotation(3, "a", reason="slip")
    assert (said["kind"], said["at"]) == ("annotation.voided", clock_time(3))
    assert said["data"] == {"annotation_id": "a", "reason": "slip"}
    with pytest.raises(AlreadyVoided):
        ward.voids_annotation(4, "a")


def test_when_it_happened_lies_in_the_session_and_in_the_past() -> None:
    ward = Ward.infusing()
    before = ward.state
    with pytest.raises(InvalidRequest):
        ward.annotates(10, "a", happened=-0.001)
    with pytest.raises(TakenInFuture):
        ward.annotates(10, "a", happened=70.001)
    assert ward.state is before
    ward.annotates(10, "a", happened=70)
    ward.annotates(11, "b", happened=0)


def test_a_closed_session_takes_none() -> None:
    ward = Ward.infusing()
    ward.annotates(1, "a")
    ward.phase("transferred", 2)
    with pytest.raises(SessionClosed):
        ward.annotates(3, "b")
    with pytest.raises(SessionClosed):
        ward.voids_annotation(3, "a")


def test_a_driven_session_takes_what_lies_behind_its_own_time() -> None:
    ward = Ward(clock="driven")
    with pytest.raises(ClockNotBegun):
        ward.annotates(0, "a")
    ward.move_clock(-9000)
    with pytest.raises(TakenInFuture):
        ward.annotates(0, "a", happened=-8999)
    (said,) = ward.annotates(0, "a")
    assert said["at"] == clock_time(-9000)


def test_the_log_alone_knows_them_again() -> None:
    ward = Ward.infusing()
    for name in ("a", "b", "c"):
        ward.annotates(10, name)
    ward.voids_annotation(11, "b")
    state, _ = restep(ward.log)
    assert state.annotations == ward.state.annotations
    assert {name: noted.voided is None for name, noted in state.annotations.items()} == {
        "a": True,
        "b": False,
        "c": True,
    }
    assert state_of(ward.log) == ward.state


def test_without_a_name_it_cannot_be_voided_later() -> None:
    ward = Ward.infusing()
    with pytest.raises(ValueError, match="named"):
        ward.step(Annotate("note", text="x"), NURSE)
