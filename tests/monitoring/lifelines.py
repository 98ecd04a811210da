"""What a log of alarms may say: the lawful lives of an alarm, told without the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.times import parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

RANK = {"low": 1, "medium": 2, "high": 3}
REOPENS_FOR_MS = 60_000
FALLS_AFTER_MS = 30_000
LEVELS = ("responsible", "others", "clinician")
TECHNICAL_ENDINGS = {"replaced", "standby", "phase_changed", "put_off"}
DECIDED = {"person", "device_detached", "value_voided", "limits_changed", "alarm_off"}
"""Endings that a named person brought about with a reason, seen or not."""


class Lifelines:
    """Follows every alarm of one log and fails at the first unlawful word."""

    def __init__(self) -> None:
        self.seq = 0
        self.alarms: dict[str, Json] = {}
        self.said: set[tuple[str, str, int]] = set()
        self.taken: dict[int, set[str]] = {}
        self.concerned: set[str] | None = None
        self.driven = False

    def hear(self, events: Iterable[Json]) -> None:
        for event in events:
            assert event["seq"] == self.seq + 1, "the log has a gap"
            self.seq = event["seq"]
            if event["kind"].startswith("alarm."):
                self._follow(event)
            else:
                self._note(event)

    def _note(self, event: Json) -> None:
        """Whose alarms a change of limits or a correction may end: None says any."""
        data = event["data"]
        match event["kind"]:
            case "session.created":
                self.driven = data["state"]["clock"] == "driven"
            case "reading.recorded":
                self.taken[event["seq"]] = {*data["values"]}
            case "limits.changed":
                moved = {change["vital"] for change in data["changes"]}
                self.concerned = groups_of(moved | {*(data["given"] or {})})
            case "reading.voided":
                self.concerned = groups_of(self.taken[data["seq"]])
            case "reading.amended":
                self.taken[data["seq"]] |= {*data["reading"]["values"]}
                self.concerned = groups_of(self.taken[data["seq"]])
        redrawn = event["kind"].startswith("reading.") and data.get("baseline") is not None
        if redrawn or self.driven:  # a driven session is told the time by its readings
            self.concerned = None

    @property
    def standing(self) -> list[Json]:
        return [alarm for alarm in self.alarms.values() if alarm["state"] != "cleared"]

    def _follow(self, event: Json) -> None:
        alarm = event["data"]["alarm"]
        before = self.alarms.get(alarm["id"])
        told = event["kind"].removeprefix("alarm.")
        assert alarm != before, "the same was said twice"
        if told == "raised":
            assert before is None
            assert (alarm["state"], alarm["rev"]) == ("active", 1)
            assert (alarm["shown_rev"], alarm["escalation"]) == (0, None)
        else:
            assert before is not None
            _FOLLOWS[told](before, alarm, event)
            _same_alarm(before, alarm)
            if told == "cleared":
                self._ended_by_what_concerned_it(alarm)
        self._not_said_before(before, alarm, event, told)
        assert (alarm["cleared_at"] is not None) == (alarm["state"] == "cleared")
        assert (alarm["ended_by"] is not None) == (alarm["state"] == "cleared")
        assert alarm["raised_at"] <= (alarm["cleared_at"] or "9")
        assert alarm["shown_rev"] <= alarm["rev"]
        self.alarms[alarm["id"]] = alarm
        keys = [(a["condition"], a["group"], a["side"]) for a in self.standing]
        assert len(keys) == len(set(keys)), "two alarms stand for one thing"

    def _ended_by_what_concerned_it(self, alarm: Json) -> None:
        limited = alarm["kind"] == "physiological" and self.concerned is not None
        if limited and alarm["ended_by"] in ("limits_changed", "value_voided"):
            assert alarm["group"] in (self.concerned or ()), "ended by what had no say in it"

    def _not_said_before(self, before: Json | None, alarm: Json, event: Json, told: str) -> None:
        """A revision sounds once, whatever it is called."""
        if before is not None and before["rev"] == alarm["rev"] and told != "latched":
            return
        word = (alarm["id"], "latched" if told == "latched" else "sounds", alarm["rev"])
        assert word not in self.said, f"{told} was said before"
        self.said.add(word)
        if told != "latched":
            assert alarm["sounded_at"] == event["at"]


def groups_of(vitals: set[str]) -> set[str]:
    return {"bp" if vital in ("sbp", "dbp", "map") else vital for vital in vitals}


def _same_alarm(before: Json, alarm: Json) -> None:
    for field in ("kind", "condition", "group", "side", "raised_at"):
        assert alarm[field] == before[field]
    seen = before["acknowledgements"]
    assert alarm["acknowledgements"][: len(seen)] == seen, "an acknowledgement was lost"


def _only(before: Json, alarm: Json, *fields: str) -> None:
    """Nothing but these fields changed."""
    changed = {field for field in alarm if alarm[field] != before[field]}
    assert changed <= set(fields), f"{changed - set(fields)} changed too"


def _changed(before: Json, alarm: Json, event: Json) -> None:
    assert before["state"] in ("active", "acknowledged")
    assert alarm["rev"] - before["rev"] in (0, 1)
    sounds = alarm["rev"] > before["rev"]
    assert alarm["state"] == ("active" if sounds else before["state"])
    change = RANK[alarm["priority"]] - RANK[before["priority"]]
    assert sounds or change <= 0
    if change < 0:
        assert (before["state"], sounds) == ("acknowledged", False)
        assert parse_iso(event["at"]) - parse_iso(alarm["raised_at"]) >= FALLS_AFTER_MS


def _acknowledged(before: Json, alarm: Json, event: Json) -> None:
    seen = alarm["acknowledgements"][-1]
    assert len(alarm["acknowledgements"]) == len(before["acknowledgements"]) + 1
    assert seen["rev"] <= before["rev"]
    quiets = seen["rev"] == before["rev"] and before["state"] == "active"
    assert alarm["state"] == ("acknowledged" if quiets else before["state"])
    _only(before, alarm, "acknowledgements", "state", "escalation")
    assert quiets or alarm["escalation"] == before["escalation"]
    assert event["actor"]["kind"] == "person"


def _latched(before: Json, alarm: Json, event: Json) -> None:
    assert before["state"] == "active"
    assert (alarm["state"], alarm["priority"], alarm["kind"]) == (
        "latched",
        "high",
        "physiological",
    )
    assert alarm["rev"] == before["rev"]


def _reopened(before: Json, alarm: Json, event: Json) -> None:
    assert (alarm["state"], alarm["rev"]) == ("active", before["rev"] + 1)
    if before["state"] == "latched":
        assert RANK[alarm["priority"]] >= RANK[before["priority"]]
    else:
        assert before["state"] == "cleared"
        since = parse_iso(event["at"]) - parse_iso(before["cleared_at"])
        assert 0 <= since <= REOPENS_FOR_MS


def _escalated(before: Json, alarm: Json, event: Json) -> None:
    assert (before["state"], before["priority"]) == ("active", "high")
    _only(before, alarm, "escalation")
    held, now = before["escalation"], alarm["escalation"]
    assert now["at"] == event["at"]
    assert now["level"] == (held["level"] if held else 0) + 1
    assert held is None or LEVELS.index(now["to"]) > LEVELS.index(held["to"])


def _sounded(before: Json, alarm: Json, event: Json) -> None:
    _only(before, alarm, "shown_rev")
    assert before["shown_rev"] < alarm["shown_rev"] <= alarm["rev"]


def _cleared(before: Json, alarm: Json, event: Json) -> None:
    assert before["state"] != "cleared"
    assert alarm["state"] == "cleared"
    why = alarm["ended_by"]
    if why == "session_closed":
        return
    if why in TECHNICAL_ENDINGS:
        assert alarm["kind"] == "technical", f"{why} ended an alarm of the patient"
        return
    if why in DECIDED:
        told = alarm["ended_reason"] is not None
        assert told or why != "person" or alarm["condition"] == "help"
        return
    unseen_high = (
        alarm["kind"] == "physiological"
        and alarm["priority"] == "high"
        and not any(seen["rev"] == before["rev"] for seen in alarm["acknowledgements"])
    )
    assert not unseen_high, "a high alarm went without being seen"
    latched = before["state"] == "latched"
    listed = alarm["condition"] == "missed_offline"
    assert why == ("acknowledged" if latched or listed else "over")


_FOLLOWS = {
    "changed": _changed,
    "acknowledged": _acknowledged,
    "latched": _latched,
    "reopened": _reopened,
    "escalated": _escalated,
    "sounded": _sounded,
    "cleared": _cleared,
}
