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


class Lifelines:
    """Follows every alarm of one log and fails at the first unlawful word."""

    def __init__(self) -> None:
        self.seq = 0
        self.alarms: dict[str, Json] = {}

    def hear(self, events: Iterable[Json]) -> None:
        for event in events:
            assert event["seq"] == self.seq + 1, "the log has a gap"
            self.seq = event["seq"]
            if event["kind"].startswith("alarm."):
                self._follow(event)

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
        else:
            assert before is not None
            _FOLLOWS[told](before, alarm, event)
            _same_alarm(before, alarm)
        assert (alarm["cleared_at"] is not None) == (alarm["state"] == "cleared")
        assert alarm["raised_at"] <= (alarm["cleared_at"] or "9")
        self.alarms[alarm["id"]] = alarm
        keys = [(a["condition"], a["group"], a["side"]) for a in self.standing]
        assert len(keys) == len(set(keys)), "two alarms stand for one thing"


def _same_alarm(before: Json, alarm: Json) -> None:
    for field in ("kind", "condition", "group", "side", "raised_at"):
        assert alarm[field] == before[field]
    seen = before["acknowledgements"]
    assert alarm["acknowledgements"][: len(seen)] == seen, "an acknowledgement was lost"


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
    assert before["state"] != "cleared"
    assert len(alarm["acknowledgements"]) == len(before["acknowledgements"]) + 1
    seen = alarm["acknowledgements"][-1]
    quiets = seen["rev"] == before["rev"] and before["state"] == "active"
    assert alarm["state"] == ("acknowledged" if quiets else before["state"])
    assert (alarm["rev"], alarm["priority"]) == (before["rev"], before["priority"])
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


def _cleared(before: Json, alarm: Json, event: Json) -> None:
    assert before["state"] != "cleared"
    assert alarm["state"] == "cleared"
    if alarm["ended_by"] == "session_closed":
        return
    unseen_high = (
        alarm["kind"] == "physiological"
        and alarm["priority"] == "high"
        and not any(seen["rev"] == before["rev"] for seen in alarm["acknowledgements"])
    )
    assert not unseen_high, "a high alarm went without being seen"
    assert alarm["ended_by"] == ("acknowledged" if before["state"] == "latched" else "over")


_FOLLOWS = {
    "changed": _changed,
    "acknowledged": _acknowledged,
    "latched": _latched,
    "reopened": _reopened,
    "cleared": _cleared,
}
