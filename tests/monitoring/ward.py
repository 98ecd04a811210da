"""One session without server or database, told in seconds after ten o'clock.

Everything is done as the services do it: readings are checked, inputs stepped, events become JSON.
After every step the folded log must be the public state, so that each story also tests the fold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import orjson

from app.monitoring.charting import Measured, chart
from app.monitoring.commands import (
    SYSTEM,
    Actor,
    ChangePhase,
    ClockKind,
    MoveClock,
    NotTakenReason,
    RecordReading,
)
from app.monitoring.corrections import (
    Correct,
    Correction,
    amended_reading,
    corrections_in,
    refuse_time,
)
from app.monitoring.engine import Input, Tick, moment, step
from app.monitoring.fold import fold
from app.monitoring.in_force import limits_of, still_drawn
from app.monitoring.rebuild import Replay
from app.monitoring.times import parse_iso
from app.monitoring.view import public
from tests.monitoring.care import WHY, Care
from tests.monitoring.telling import (
    ANNA,
    BEN,
    CALM,
    CLINICIAN,
    NOTHING,
    NURSE,
    PATIENT,
    RESTED,
    SESSION_ID,
    TEN,
    Json,
    alarms_raised,
    as_json,
    at,
    begin,
    calls,
    checked,
    clock_time,
    kinds,
    reading_event,
    reading_of,
    said_of,
    seconds_of,
    unheard,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.monitoring.corrections import Kind

__all__ = [
    "ANNA",
    "BEN",
    "CALM",
    "CLINICIAN",
    "NURSE",
    "PATIENT",
    "RESTED",
    "SESSION_ID",
    "TEN",
    "Json",
    "Ward",
    "alarms_raised",
    "as_json",
    "at",
    "begin",
    "calls",
    "checked",
    "clock_time",
    "kinds",
    "limits_of",
    "reading_event",
    "reading_of",
    "said_of",
    "seconds_of",
    "unheard",
]


NO_SEQ: Final[Mapping[str, int]] = {}


class Ward(Care):
    """A session and its log; every verb answers the events that it led to."""

    def __init__(
        self,
        *,
        clock: ClockKind = "wall",
        weight_kg: float | None = 70,
        starts_at: float | None = None,
    ) -> None:
        made = begin(
            clock=clock,
            weight_kg=weight_kg,
            starts_at=None if starts_at is None else at(starts_at),
        )
        self.state = made.state
        self.limits = limits_of(made.state)
        self.log: list[Json] = [as_json(event, TEN) for event in made.events]
        self.folded = fold(None, self.log[0])
        self.wall = TEN

    @classmethod
    def infusing(cls, *, baseline: Mapping[str, float] | None = None) -> Ward:
        """The infusion runs since ten; with `baseline` that set was taken before it."""
        ward = cls()
        ward.phase("checked_in", 0)
        ward.phase("baseline", 0)
        if baseline is not None:
            ward.types(0, baseline)
        ward.phase("ready", 0, override_reason="told as a story")
        ward.phase("infusing", 0)
        return ward

    def step(self, command: Input, actor: Actor = SYSTEM) -> list[Json]:
        before = self.state
        made = step(before, command, self.limits, moment(before, command, self.wall), actor)
        if not still_drawn(before, made.state):
            self.limits = limits_of(made.state)
        self.state = made.state
        said = [as_json(event, max(self.wall, TEN)) for event in made.events]
        self.log += said
        for event in said:
            self.folded = fold(self.folded, event)
        assert self.folded == self.public
        return said

    def takes(self, seconds: float, command: RecordReading, actor: Actor = NURSE) -> list[Json]:
        """The server gets this reading at that moment."""
        self.wall = at(seconds)
        reading = checked(self.state, command, self.wall)
        if command.charted:
            taken = chart(command.charted, self._measured, reading.taken_at)
            reading = replace(reading, charted=taken)
        return self.step(reading, actor)

    def _measured(self, seq: int) -> Measured | None:
        """A device's reading as the service finds it."""
        event = next((e for e in self.log if e["seq"] == seq), None)
        voided = any(e["kind"] == "reading.voided" and e["data"]["seq"] == seq for e in self.log)
        if event is None or event["kind"] != "reading.recorded" or voided:
            return None
        said = self._as_it_stands(event)
        if said["source"] != "device":
            return None
        fresh_s, repeated = event["data"]["fresh_s"], tuple(event["data"]["repeated"])
        taken_at = parse_iso(said["taken_at"])
        return Measured(said["device"], taken_at, said["values"], fresh_s, repeated)

    def types(
        self,
        seconds: float,
        told: Mapping[str, float] = NOTHING,
        /,
        *,
        taken: float | None = None,
        confirmed: bool = False,
        charted: Mapping[str, int] = NO_SEQ,
        by: Actor = NURSE,
        **values: float,
    ) -> list[Json]:
        """A nurse enters values, taken just now if not said otherwise; `charted` are values of
        devices, by the seq of their readings.
        """
        taken_at = None if taken is None else at(taken)
        command = RecordReading(
            values={**told, **values},
            taken_at=taken_at,
            confirmed=confirmed,
            charted=tuple(sorted(charted.items())),
        )
        return self.takes(seconds, command, by)

    def tries(
        self,
        seconds: float,
        reason: NotTakenReason,
        *vitals: str,
        taken: float | None = None,
        note: str | None = None,
        by: Actor = ANNA,
        **values: float,
    ) -> list[Json]:
        """A nurse tries these vitals, and cannot take them; `values` she could."""
        command = RecordReading(
            values=values,
            taken_at=None if taken is None else at(taken),
            not_taken=tuple((vital, reason) for vital in sorted(vitals)),
            not_taken_note=note,
        )
        return self.takes(seconds, command, by)

    def sends(
        self,
        seconds: float,
        told: Mapping[str, float] = NOTHING,
        /,
        *,
        taken: float | None = None,
        device: str | None = "mon-03",
        interval_s: float | None = 1,
        sent: float | None = None,
        weak: tuple[str, ...] = (),
        inflating: bool = False,
        **values: float | None,
    ) -> list[Json]:
        """A device sends values; streamed once a second if not said otherwise."""
        return self.takes(
            seconds,
            RecordReading(
                values={**told, **values},
                taken_at=at(seconds if taken is None else taken),
                source="device",
                device=device,
                interval_s=interval_s,
                sent_at=None if sent is None else at(sent),
                weak=weak,
                cuff_inflating=inflating,
            ),
            Actor("device", device or "unnamed", device or "unnamed"),
        )

    def says_no_signal(
        self, seconds: float, *, device: str = "mon-03", **zeros: float
    ) -> list[Json]:
        """A device sends nothing but numbers that mean "no signal"."""
        self.wall = at(seconds)
        command = RecordReading(zeros, taken_at=at(seconds), device=device, interval_s=1)
        lost = unheard(self.state, command, self.wall)
        assert lost is not None
        return self.step(lost, Actor("device", device, device))

    def streams(
        self,
        seconds: Iterable[int],
        told: Mapping[str, float] = NOTHING,
        /,
        *,
        device: str = "mon-03",
        weak: tuple[str, ...] = (),
        **values: float,
    ) -> list[Json]:
        """A device sends the same values in each of these seconds."""
        told = {**told, **values}
        return [
            event
            for second in seconds
            for event in self.sends(second, told, device=device, weak=weak)
        ]

    def voids(self, seconds: float, event: Json, *, moved_to: str | None = None) -> list[Json]:
        """The reading of this event never was, or belongs to another session."""
        kind: Kind = "voided" if moved_to is None else "moved"
        return self._corrects(seconds, event, Correction(kind), moved_to=moved_to)

    def amends(
        self,
        seconds: float,
        event: Json,
        values: Mapping[str, float | None] = NOTHING,
        *,
        taken: float | None = None,
    ) -> list[Json]:
        """The reading of this event should have had these values, or been `taken` then."""
        said = self._as_it_stands(event)
        reading = amended_reading(said, values, None if taken is None else at(taken))
        return self._corrects(seconds, event, Correction("amended", reading))

    def _as_it_stands(self, event: Json) -> Json:
        """The reading's data as last amended."""
        amended = [
            later["data"]["reading"]
            for later in self.log
            if later["kind"] == "reading.amended" and later["data"]["seq"] == event["seq"]
        ]
        said: Json = amended[-1] if amended else event["data"]
        return said

    def _corrects(
        self, seconds: float, event: Json, correction: Correction, *, moved_to: str | None = None
    ) -> list[Json]:
        self.wall = at(seconds)
        replay = Replay({**corrections_in(self.log), event["seq"]: correction})
        for logged in self.log:
            replay.feed(logged)
        replay.finish()
        was = self._as_it_stands(event)
        if correction.reading is not None and event["seq"] in replay.recorded:
            recorded_at = replay.recorded[event["seq"]]
            refuse_time(replay.state, correction.reading.taken_at, recorded_at)
        command = Correct(
            seq=event["seq"],
            reading_id=event["data"]["id"],
            kind=correction.kind,
            reason=WHY,
            observed=replay.state,
            was=was["values"],
            was_taken_at=parse_iso(was["taken_at"]),
            judged=replay.judged.get(event["seq"]),
            moved_to=moved_to,
        )
        return self.step(command, NURSE)

    def tick(self, seconds: float) -> list[Json]:
        """The sweep comes by."""
        self.wall = max(self.wall, at(seconds))
        return self.step(Tick())

    def phase(
        self,
        to: str,
        seconds: float | None = None,
        *,
        told_at: float | None = None,
        reason: str | None = None,
        override_reason: str | None = None,
    ) -> list[Json]:
        """The phase changes at that moment; `told_at` is the time that the person gives."""
        if seconds is not None:
            self.wall = at(seconds)
        told = None if told_at is None else at(told_at)
        return self.step(
            ChangePhase(to, at=told, reason=reason, override_reason=override_reason), NURSE
        )

    def move_clock(self, seconds: float | None = None, *, live: bool = False) -> list[Json]:
        return self.step(MoveClock(at=None if seconds is None else at(seconds), live=live), NURSE)

    @property
    def public(self) -> Json:
        said: Json = orjson.loads(orjson.dumps(public(self.state)))
        return said

    @property
    def alarms(self) -> list[Json]:
        """What stands."""
        return list(self.folded["alarms"].values())

    @property
    def alarm(self) -> Json:
        """The one alarm that stands."""
        (only,) = self.alarms
        return only

    def alarm_of(self, group: str, condition: str = "limit") -> Json:
        """The one alarm that stands for a condition of a group."""
        wanted = (group, condition)
        (only,) = [a for a in self.alarms if (a["group"], a["condition"]) == wanted]
        return only
