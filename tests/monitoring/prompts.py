"""What a log may say of stop prompts and of what was not taken, told without the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.monitoring.rules.beyond_limit import has_lasted
from app.monitoring.stop_lines import STOP_LINES
from app.monitoring.times import SECOND_MS, parse_iso
from app.monitoring.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.monitoring.in_force import Limits
    from app.monitoring.state import State

Json = dict[str, Any]
MOST = 2  # times in a row that anything is put off
LATEST_MS = 300 * SECOND_MS  # after its due time a vital is overdue, at the latest
CORRECTIONS = ("reading.voided", "reading.amended")


class Prompts:
    """Follows the prompts of one log and fails at the first unlawful word."""

    def __init__(self) -> None:
        self.standing: set[str] = set()
        self.phase = "scheduled"

    def hear(self, events: Iterable[Json]) -> None:
        for event in events:
            data = event["data"]
            match event["kind"]:
                case "phase.changed" | "phase.taken_back":
                    self.phase = data["to"]
                case "stop_prompt.raised":
                    assert data["vital"] not in self.standing, "raised twice"
                    assert self.phase == "infusing", "nothing runs that could be stopped"
                    self._is_beyond(data)
                    self.standing.add(data["vital"])
                case "stop_prompt.ended":
                    self.standing.remove(data["vital"])
                    assert (data["ended_by"] == "phase") is (self.phase != "infusing")
                    assert (data["reason"] is not None) is (data["ended_by"] == "answered")
                    assert (event["actor"]["kind"] == "person") is (data["ended_by"] == "answered")

    def _is_beyond(self, data: Json) -> None:
        (line,) = [
            line
            for line in STOP_LINES[data["vital"]]
            if (line.value, line.side) == (data["line"], data["side"])
        ]
        assert line.reached(data["value"]), "told of a value that is inside"


def stop_lines_are_kept(state: State, limits: Limits) -> None:
    """A prompt stands exactly while the infusion runs and a value has been beyond a stop line for
    its delay, unless a person has answered for it. A value that is inside again for a moment, and
    one whose probe waits for a cuff, end nothing.
    """
    work = Work(state, limits)
    beyond: dict[str, set[str]] = {}
    lasting: dict[str, set[str]] = {}
    for key, excursions in state.out.items():
        vital = key.split("|", 1)[0]
        for excursion in excursions:
            if excursion.line.tier != "stop":
                continue
            beyond.setdefault(vital, set()).add(excursion.line.side)
            if has_lasted(work, vital, excursion, state.now):
                lasting.setdefault(vital, set()).add(excursion.line.side)
    for vital, prompt in state.stop_prompts.items():
        assert state.phase == "infusing"
        assert prompt.side in beyond.get(vital, ()), "nothing is beyond the line any more"
    for vital, answer in state.stop_answers.items():
        assert answer.side in beyond.get(vital, ()), "what was answered is over"
    if state.phase != "infusing":
        assert state.stop_prompts == {}
        return
    for vital, sides in lasting.items():
        answer_of = state.stop_answers.get(vital)
        answered = set() if answer_of is None else {answer_of.side}
        assert vital in state.stop_prompts or sides <= answered, f"{vital} prompts nobody"


class PutOff:
    """Putting off never lets a scheduled vital go unseen for more than two extra intervals."""

    def __init__(self) -> None:
        self.in_a_row: dict[str, int] = {}
        """How often each vital was put off since its last value, since the schedule, or since a
        correction made another story of it."""

    def hear(self, events: Iterable[Json]) -> None:
        for event in events:
            data, kind = event["data"], event["kind"]
            if kind in (*CORRECTIONS, "phase.changed", "phase.taken_back", "phase.corrected"):
                self.in_a_row = {}
            elif kind == "reading.recorded":
                self.in_a_row = {
                    vital: times
                    for vital, times in self.in_a_row.items()
                    if vital not in data["values"]
                }
                for vital, said in data.get("put_off", {}).items():
                    self.in_a_row.setdefault(vital, 0)
                    if said["until"] is not None:
                        self.in_a_row[vital] += 1
                        assert self.in_a_row[vital] <= MOST, "put off again and again"

    def look(self, shown: Json, state: State) -> None:
        for vital, said in shown["not_taken"].items():
            if said["until"] is None:
                continue
            assert said["times"] <= MOST
            every = shown["schedule"][vital] * SECOND_MS
            assert 0 < parse_iso(said["until"]) - parse_iso(said["at"]) <= every
        if shown["active"] and shown["standby"] is None and state.clock == "wall":
            self._nothing_is_overlooked(shown, state)

    def _nothing_is_overlooked(self, shown: Json, state: State) -> None:
        named = [a["missing"] for a in shown["alarms"].values() if a["group"] == "overdue"]
        grace_until = state.watch_since + 120 * SECOND_MS
        for vital, seconds in shown["schedule"].items():
            every = round(seconds * SECOND_MS)
            held = shown["values"].get(vital)
            since = parse_iso(shown["schedule_since"])
            if held is not None and held["taken_at"] is not None:
                since = max(since - every, parse_iso(held["taken_at"]))
            due = since + every
            said = shown["not_taken"].get(vital)
            if said is not None and said["until"] is not None:
                due = max(due, parse_iso(said["until"]))
            late_at = max(due + min(every, LATEST_MS), grace_until)
            if state.now >= late_at:
                assert any(vital in missing for missing in named), f"{vital} is overdue, unsaid"
