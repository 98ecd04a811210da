"""Annotations in the engine: they are told, corrected and voided, and judge nothing."""

from __future__ import annotations

import pytest

from app.monitoring.annotations import noted_in
from app.monitoring.commands import Actor, Annotate
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


def test_a_closed_session_takes_what_a_person_remembers() -> None:
    ward = Ward.infusing()
    ward.annotates(1, "a")
    ward.phase("transferred", 20)
    (said,) = ward.annotates(30, "b", happened=20)
    assert said["data"]["after_close"] is True
    assert "after_close" not in ward.log[-3]["data"]
    for happened in (20.001, -0.001):
        with pytest.raises(InvalidRequest):
            ward.annotates(40, "c", happened=happened)
    with pytest.raises(SessionClosed):
        ward.annotates(40, "c")
    with pytest.raises(SessionClosed):
        ward.annotates(40, "c", happened=10, by=Actor("program", "p", "Script", "nurse"))


def test_a_closed_session_takes_it_for_three_days_and_corrections_for_ever() -> None:
    ward = Ward.infusing()
    ward.annotates(1, "a")
    (said,) = ward.annotates(2, "b")
    ward.phase("transferred", 20)
    ward.annotates(20 + 72 * 3600, "c", happened=10)
    with pytest.raises(SessionClosed):
        ward.annotates(21 + 72 * 3600, "d", happened=10)
    assert kinds(ward.voids_annotation(30 * 86_400, "a")) == ["annotation.voided"]
    assert kinds(ward.rewrites(30 * 86_400, said, happened=20)) == ["annotation.corrected"]
    with pytest.raises(InvalidRequest):
        ward.rewrites(30 * 86_400, said, happened=21)


def test_it_is_corrected_and_what_it_said_is_kept() -> None:
    ward = Ward.infusing()
    (said,) = ward.annotates(100, "a", happened=40, text="gave oxygn")
    (first,) = ward.rewrites(110, said, happened=30)
    (second,) = ward.rewrites(120, first, text="gave oxygen", by=ANNA)
    assert (second["kind"], second["at"], second["actor"]["id"]) == (
        "annotation.corrected",
        clock_time(120),
        "anna",
    )
    assert second["data"] == {
        "annotation_id": "a",
        "was": {"at": clock_time(30), "text": "gave oxygn", "data": {}},
        "now": {"at": clock_time(30), "text": "gave oxygen", "data": {}},
        "reason": "told as a story",
    }
    assert ward.state.annotations["a"].corrected == (first["seq"], second["seq"])


def test_what_is_corrected_must_stand_and_have_happened() -> None:
    ward = Ward.infusing()
    (said,) = ward.annotates(10, "a")
    before = ward.state
    with pytest.raises(TakenInFuture):
        ward.rewrites(20, said, happened=90)
    with pytest.raises(InvalidRequest):
        ward.rewrites(20, said, happened=-1)
    with pytest.raises(UnknownAnnotation):
        ward.rewrites(20, {**said, "data": {**said["data"], "id": "b"}}, happened=5)
    assert ward.state is before
    ward.voids_annotation(30, "a")
    with pytest.raises(AlreadyVoided):
        ward.rewrites(40, said, happened=5)


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
        (said,) = ward.annotates(10, name)
    ward.voids_annotation(11, "b")
    ward.rewrites(12, said, happened=5)
    assert noted_in(ward.log) == ward.state.annotations
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
