"""One session run in several ways that must say the same, and a watcher that knows one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.monitoring.calm import calm_step
from app.monitoring.corrections import (
    Correct,
    Correction,
    amended_reading,
    corrections_in,
    refuse_time,
)
from app.monitoring.engine import Input, Tick, long_step, moment, step
from app.monitoring.in_force import limits_of, still_drawn
from app.monitoring.readings import Reading
from app.monitoring.rebuild import Replay
from app.monitoring.times import parse_iso
from app.monitoring.view import public

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Actor
    from app.monitoring.state import Event, State

Json = dict[str, Any]
DELAY_MS = 10_000  # of the critical line of the saturation
BURST_MS = 2_000  # is left to the rest of a burst
HEARD_MS = 60_000  # whatever is beyond the line has been told by then, late or not


class Life:
    """One way of running the same session; `events` is all that it said."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.limits = limits_of(state)
        self.events: list[Event] = []

    def step(
        self, command: Input, actor: Actor, wall: int, *, keep: bool = True
    ) -> tuple[Event, ...]:
        before = self.state
        now = moment(before, command, wall)
        made = step(before, command, self.limits, now, actor)
        if isinstance(command, Reading):  # the short way of a calm one is the long way's step
            calm = calm_step(before, command, self.limits, now, actor)
            if calm is not None:
                assert calm == long_step(before, command, self.limits, now, actor)
        due = made.state.next_due_at
        assert due is None or due > made.state.now, "due already, and not done"
        if isinstance(command, Tick) and (before.next_due_at is None or before.next_due_at > now):
            assert made.state is before
        if keep or made.events:
            self.state = made.state
            if not still_drawn(before, made.state):
                self.limits = limits_of(made.state)
        self.events += made.events
        return made.events


class OneLine:
    """Knows one vital of one device only, and when its alarm has to stand at the latest.

    It forgets whenever a person or the cuff has a say, so that it asks for too little rather than
    too much.
    """

    FORGETS = (
        "limits.changed",
        "reading.voided",
        "reading.amended",
        "device.detached",
        "alarms.switched_off",
        "alarms.switched_on",
        "signal.held",
        "baseline.set",
        "phase.taken_back",
    )

    def __init__(self) -> None:
        self.since: int | None = None  # by the device's time
        self.heard_at: int | None = None  # by ours

    def hear(self, events: list[Json], state: Mapping[str, Any], now: int) -> None:
        line = next(x for x in state["limits"]["spo2"] if x["tier"] == "critical")
        for event in events:
            data = event["data"]
            ended = event["kind"] == "alarm.cleared" and data["alarm"]["ended_by"] == "person"
            if ended or event["kind"] in self.FORGETS:
                self.since = self.heard_at = None
            elif event["kind"] == "reading.recorded" and "spo2" in data["values"]:
                newest = state["values"]["spo2"]["taken_at"] <= data["taken_at"]
                self._take(data, line["value"], now, newest=newest)

    def _take(self, data: Json, limit: float, now: int, *, newest: bool) -> None:
        if data["device"] != "mon-01":
            self.heard_at = None  # a newer value of anybody answers what a late one asks
            return
        if "spo2" in data["superseded"]:
            return
        beyond = data["values"]["spo2"] <= limit
        if not beyond or "spo2" in data["late"]:
            self.since = None
        elif self.since is None:
            self.since = max(parse_iso(data["taken_at"]), now - DELAY_MS + BURST_MS)
        if not beyond or not newest:  # what is known of later answers what it would ask
            self.heard_at = None
        elif self.heard_at is None:
            self.heard_at = now

    def must_stand(self, now: int, state: Mapping[str, Any]) -> bool:
        """True if a high alarm of the saturation has to stand at `now`."""
        return self._counts(now, state) and self.since is not None and now - self.since >= DELAY_MS

    def must_be_told(self, now: int, state: Mapping[str, Any]) -> bool:
        """True if an alarm, a recheck or a missed excursion of it has to stand at `now`."""
        heard_at = self.heard_at
        return self._counts(now, state) and heard_at is not None and now - heard_at >= HEARD_MS

    def _counts(self, now: int, state: Mapping[str, Any]) -> bool:
        if not state["active"] or state["clock"] == "driven" or "spo2" in state["alarm_off"]:
            return False
        held = state["held"].get("spo2")
        return held is None or parse_iso(held["until"]) <= now


def correction(
    log: list[Json],
    event: Json,
    kind: str,
    values: Mapping[str, float | None],
    taken_at: int | None = None,
) -> Correct:
    """What the service makes of a correction of the reading that this event recorded."""
    seq = event["seq"]
    amended = [
        later["data"]["reading"]
        for later in log
        if later["kind"] == "reading.amended" and later["data"]["seq"] == seq
    ]
    said = amended[-1] if amended else event["data"]
    made = (
        Correction("amended", amended_reading(said, values, taken_at))
        if kind == "amended"
        else Correction("moved" if kind == "moved" else "voided")
    )
    replay = Replay({**corrections_in(log), seq: made})
    for logged in log:
        replay.feed(logged)
    replay.finish()
    if taken_at is not None and seq in replay.recorded:
        refuse_time(replay.state, taken_at, replay.recorded[seq])
    return Correct(
        seq=seq,
        reading_id=event["data"]["id"],
        kind=made.kind,
        reason="story",
        observed=replay.state,
        was=said["values"],
        was_taken_at=parse_iso(said["taken_at"]),
        judged=replay.judged.get(seq),
        moved_to="elsewhere" if kind == "moved" else None,
    )


def public_json(state: State) -> Json:
    said: Json = orjson.loads(orjson.dumps(public(state)))
    return said


def unrecorded(events: list[Json]) -> list[Json]:
    return [{k: v for k, v in event.items() if k != "recorded_at"} for event in events]
