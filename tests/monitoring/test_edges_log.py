"""The log of a long day: it tells who did what, and it makes the session again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from app.monitoring.commands import Actor
from app.monitoring.engine import Tick, step
from app.monitoring.in_force import limits_of
from app.monitoring.inputs import alarm_of, input_of
from app.monitoring.rebuild import restep, state_of
from app.monitoring.view import public, public_alarm
from tests.monitoring.long_day import long_day
from tests.monitoring.ward import (
    ANNA,
    CLINICIAN,
    NURSE,
    PATIENT,
    RESTED,
    SESSION_ID,
    TEN,
    Json,
    Ward,
    as_json,
    at,
    clock_time,
    reading_event,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

SAID_BY = {
    "session.created": {"local"},
    "phase.changed": {"local"},
    "device.attached": {"local"},
    "device.detached": {"local"},
    "reading.recorded": {"local", "mon-03", "mon-04"},
    "reading.amended": {"local"},
    "reading.voided": {"local"},
    "signal.lost": {"mon-03"},
    "baseline.set": {"local"},
    "responsible.set": {"local"},
    "limits.changed": {"dr-c"},
    "alarm.acknowledged": {"anna"},
    "alarm.sounded": {"engine"},
    "alarm.raised": {"engine"},
    "alarm.changed": {"engine"},
    "alarm.escalated": {"engine"},
    "alarm.reopened": {"engine"},
    "alarm.cleared": {"engine", "local"},
    "audio.paused": {"local"},
    "audio.resumed": {"local"},
    "audio.switched_off": {"dr-c"},
    "audio.switched_on": {"dr-c"},
    "alarms.switched_off": {"dr-c"},
    "alarms.switched_on": {"dr-c"},
    "standby.began": {"local"},
    "standby.ended": {"local"},
    "help.called": {"local"},
    "help.ended": {"local"},
    "planned_end.passed": {"engine"},
    "watch.resumed": {"engine"},
    "stop_prompt.raised": {"engine"},
    "stop_prompt.ended": {"engine"},
}
SAYS_NOTHING_OF = ("escalation", "devices", "shown_rev", "ended_reason", "sounded_at")


@cache
def day() -> Ward:
    """Told once; the tests only look at it."""
    return long_day()


def unrecorded(events: Iterable[Json]) -> list[Json]:
    return [{k: v for k, v in event.items() if k != "recorded_at"} for event in events]


def test_every_event_names_who_did_it() -> None:
    said: dict[str, set[str]] = {}
    for event in day().log:
        said.setdefault(event["kind"], set()).add(event["actor"]["id"])
    assert said == SAID_BY


def test_who_did_it_is_told_with_their_role() -> None:
    known = {actor.id: actor for actor in (NURSE, ANNA, CLINICIAN)}
    for event in day().log:
        said = event["actor"]
        if said["id"] in known:
            actor = known[said["id"]]
            assert (said["kind"], said["name"], said["role"]) == (
                "person",
                actor.name,
                actor.role,
            )


def test_log_stepped_again_says_the_same_and_makes_the_same_state() -> None:
    state, events = restep(day().log)
    assert unrecorded(as_json(event, TEN) for event in events) == unrecorded(day().log)
    assert state == day().state
    assert state_of(day().log) == day().state


def test_log_makes_the_state_at_every_moment_of_it() -> None:
    ward = Ward.infusing(baseline=RESTED)
    for minute in range(1, 40):
        ward.sends(minute * 60, hr=80 + minute, spo2=97 - minute % 7, interval_s=60)
        state, _ = restep(ward.log)
        assert state == ward.state


def test_driven_session_is_made_again_from_its_log() -> None:
    ward = Ward(clock="driven")
    ward.phase("checked_in", reason="walked in")
    ward.phase("baseline")
    ward.sends(0, taken=-500, hr=80, spo2=97)
    assert [(span["phase"], span["at"], span["reason"]) for span in ward.public["phases"]] == [
        ("scheduled", clock_time(-500), None),
        ("checked_in", clock_time(-500), "walked in"),
        ("baseline", clock_time(-500), None),
    ]
    ward.phase("ready", told_at=-400, override_reason="told as a story")
    ward.phase("infusing", override_reason="told as a story")
    ward.sends(0, taken=-390, spo2=84)
    (moved,) = [event for event in ward.move_clock(-300) if event["kind"] == "clock.moved"]
    assert (moved["actor"]["id"], moved["at"]) == ("local", clock_time(-300))
    ward.phase("paused", told_at=-350)
    ward.sends(0, taken=-200, hr=80)
    ward.move_clock(live=True)
    ward.tick(60)
    state, events = restep(ward.log)
    assert unrecorded(as_json(event, TEN) for event in events) == unrecorded(ward.log)
    assert public(state) == ward.folded


def test_empty_log_has_no_state() -> None:
    with pytest.raises(ValueError, match="no state"):
        restep([])


@pytest.mark.parametrize(
    "kind",
    [
        *("alarm.raised", "alarm.changed", "alarm.escalated", "alarm.reopened"),
        *("baseline.set", "planned_end.passed", "reading.amended", "reading.voided"),
    ],
)
def test_what_the_engine_said_by_itself_is_no_input(kind: str) -> None:
    (first, *_) = [event for event in day().log if event["kind"] == kind]
    assert input_of(first, driven=False) is None


def test_alarm_is_read_back_as_it_was_said() -> None:
    said = [event["data"]["alarm"] for event in day().log if "alarm" in event["data"]]
    assert len(said) > 50
    for alarm in said:
        assert as_json_data(public_alarm(alarm_of(alarm), SESSION_ID)) == alarm


def as_json_data(data: Any) -> Json:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def test_alarm_that_is_read_back_goes_on_as_if_it_had_just_sounded() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=100)
    alarm = alarm_of(ward.alarm)
    (held,) = ward.state.alarms.values()
    assert alarm == held
    assert (alarm.unseen_since, alarm.sounded) == (at(10), 190)
    ward.acknowledge(20, ward.alarm, action="informed")
    assert alarm_of(ward.alarm).unseen_since is None
    ward = Ward.infusing()
    ward.types(10, temp=38.5)
    assert alarm_of(ward.alarm).unseen_since is None


def of_an_older_engine(log: list[Json]) -> list[Json]:
    """The same course, as a version that called nobody would have told it."""
    kept: list[Json] = []
    seqs: dict[int, int] = {}
    for event in log:
        if event["kind"] in ("alarm.escalated", "alarm.sounded"):
            continue
        data = dict(event["data"])
        seqs[event["seq"]] = len(kept) + 1
        if event["kind"] == "reading.voided":
            data["seq"] = seqs[data["seq"]]
        if "alarm" in data:
            told = {k: v for k, v in data["alarm"].items() if k not in SAYS_NOTHING_OF}
            data["alarm"] = {**told, "id": f"another engine's {told['group']}"}
        kept.append({**event, "seq": len(kept) + 1, "data": data})
    return kept


def test_log_of_another_engine_keeps_what_was_said() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=100)
    ward.types(15, temp=38.5)
    ward.types(20, temp=37)
    ward.tick(400)
    ward.acknowledge(410, ward.alarm_of("bp"))
    mistyped = reading_event(ward.types(412, temp=38.6))
    ward.voids(414, mistyped)
    ward.types(415, pain=2)
    older = of_an_older_engine(ward.log)
    assert len(older) < len(ward.log)
    state = state_of(older)
    assert state.seq == older[-1]["seq"]
    assert {alarm.key for alarm in state.alarms.values()} == {"limit|bp|high"}
    (alarm,) = state.alarms.values()
    assert alarm.id == "another engine's bp"
    told, expected = public(state)["values"], ward.public["values"]
    assert {v: told[v]["value"] for v in told} == {v: expected[v]["value"] for v in expected}
    assert (alarm.state, alarm.rev) == (ward.alarm["state"], ward.alarm["rev"])
    assert (alarm.shown_rev, alarm.devices, alarm.escalation) == (0, (), None)
    assert [seen.by.id for seen in alarm.acknowledgements] == ["local"]
    assert state.recent == {}
    assert state.next_due_at == state.now
    made = step(state, Tick(), limits_of(state), state.now, Actor("system", "", ""))
    assert [event.kind for event in made.events] == []
    assert set(made.state.alarms) == {"limit|bp|high"}


def test_closed_session_of_another_engine_has_nothing_due() -> None:
    ward = Ward.infusing()
    ward.types(10, sbp=190, dbp=100)
    ward.tick(400)
    ward.phase("transferred", 410)
    state = state_of(of_an_older_engine(ward.log))
    assert (state.closed_at, state.alarms, state.next_due_at) == (at(410), {}, None)
    assert public(state)["closed_at"] == clock_time(410)


def test_session_is_created_as_it_was_ordered() -> None:
    made = Ward(clock="driven", starts_at=-60, weight_kg=None)
    state, _ = restep(made.log)
    assert state == made.state
    assert state.order.patient == PATIENT
    assert (state.order.weight_kg, state.order.starts_at) == (None, at(-60))
