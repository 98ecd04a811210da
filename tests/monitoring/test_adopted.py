"""A log that another version of the engine wrote: what was said stands, and the watch goes on."""

from __future__ import annotations

from typing import Any

from app.monitoring.rebuild import restep, state_of
from app.monitoring.view import public
from tests.monitoring.ward import Ward, clock_time

Json = dict[str, Any]


def other_version(log: list[Json], *, without: str) -> list[Json]:
    """The log as an engine that never says `without` would have written it."""
    kept = [event for event in log if event["kind"] != without]
    return [{**event, "seq": seq} for seq, event in enumerate(kept, start=1)]


def unseen() -> Ward:
    ward = Ward.infusing()
    ward.streams(range(60), spo2=97, hr=80)
    ward.streams(range(60, 90), spo2=84, hr=80)
    return ward


def test_own_log_gives_the_own_state() -> None:
    ward = unseen()
    assert state_of(ward.log) == restep(ward.log)[0]


def test_what_another_version_said_stands() -> None:
    log = other_version(unseen().log, without="alarm.escalated")
    state = state_of(log)
    assert state.seq == log[-1]["seq"] != restep(log)[0].seq
    (alarm,) = state.alarms.values()
    raised = [e["data"]["alarm"] for e in log if e["kind"] == "alarm.raised"]
    assert alarm.id == raised[0]["id"]
    assert alarm.priority == "high"
    assert public(state)["values"]["spo2"]["value"] == 84
    assert state.next_due_at is not None
    assert state.next_due_at <= state.now


def test_a_log_without_the_later_fields_is_adopted() -> None:
    log = other_version(unseen().log, without="alarm.escalated")
    added = {"weak", "cuff_inflating", "repeated", "devices", "sounded_at", "shown_rev"}
    for event in log:
        for said in (event["data"], event["data"].get("alarm") or {}):
            for field in added & said.keys():
                del said[field]
    (alarm,) = state_of(log).alarms.values()
    assert (alarm.condition, alarm.group, alarm.side) == ("limit", "spo2", "low")


def unseen_with_notes() -> Ward:
    ward = unseen()
    for name in ("a", "b"):
        ward.annotates(91, name)
    ward.voids_annotation(92, "b")
    return ward


def test_annotations_are_found_by_the_numbers_of_the_log_that_holds_them() -> None:
    """Stepped again this engine says more than the other did, so that its own numbers differ."""
    log = other_version(unseen_with_notes().log, without="alarm.escalated")
    state = state_of(log)
    held = {e["seq"]: e for e in log}
    assert set(state.annotations) == {"a", "b"}
    for name, noted in state.annotations.items():
        assert held[noted.seq]["data"].get("id") == name
    voided = state.annotations["b"].voided
    assert voided is not None
    assert held[voided]["kind"] == "annotation.voided"
    assert state.annotations["a"].voided is None


def test_what_was_said_in_another_order_stands_as_it_was_said() -> None:
    """As many events, but another version said one of them later: once it was there to say it."""
    ward = Ward.infusing()
    ward.types(10, sbp=210, dbp=110)
    ward.types(20, hr=70)
    log = [event for event in ward.log if event["kind"] != "stop_prompt.raised"]
    (prompt,) = [event for event in ward.log if event["kind"] == "stop_prompt.raised"]
    later = {**prompt, "data": {**prompt["data"], "at": clock_time(30)}, "at": clock_time(30)}
    log = [{**e, "seq": seq} for seq, e in enumerate([*log, later], start=1)]
    state = state_of(log)
    assert public(state)["stop_prompts"]["sbp"]["at"] == clock_time(30)
    assert public(state)["values"]["hr"]["seq"] == log[-2]["seq"]
