"""A log that another version of the engine wrote: what was said stands, and the watch goes on."""

from __future__ import annotations

from typing import Any

from app.monitoring.rebuild import restep, state_of
from app.monitoring.view import public
from tests.monitoring.ward import Ward

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
