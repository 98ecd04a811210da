"""One session without server or database, told in seconds after ten o'clock.

Everything is done as the services do it: readings are checked, inputs stepped, events become JSON.
After every step the folded log must be the public state, so that each story also tests the fold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.commands import (
    SYSTEM,
    Acknowledge,
    Actor,
    ChangePhase,
    ClockKind,
    CreateSession,
    MoveClock,
    RecordReading,
)
from app.monitoring.engine import Input, Tick, create, moment, step
from app.monitoring.errors import DomainError
from app.monitoring.fold import fold
from app.monitoring.limits import Limits, prepare
from app.monitoring.protocols import KETAMINE_ADULT, lines_in_force
from app.monitoring.readings import LostSignals, Reading, check, lost_signals
from app.monitoring.state import Event, Patient, State, Step, newest_sample
from app.monitoring.times import iso, parse_iso
from app.monitoring.view import public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TEN: Final = parse_iso("2026-11-22T10:00:00.000Z")
SESSION_ID: Final = "01930000-0000-7000-8000-000000000001"
PATIENT: Final = Patient("01930000-0000-7000-8000-0000000000aa", "SIM-0001", "S.P.")
NURSE: Final = Actor("person", "local", "Local user")
CALM: Final[Mapping[str, float]] = {"hr": 78, "spo2": 98, "sbp": 124, "dbp": 78, "rr": 15}
RESTED: Final[Mapping[str, float]] = {**CALM, "sedation": 5}
NOTHING: Final[Mapping[str, float]] = {}

Json = dict[str, Any]


def at(seconds: float) -> int:
    """Milliseconds of so many seconds after ten."""
    return TEN + round(seconds * 1000)


def clock_time(seconds: float) -> str:
    """How the log spells so many seconds after ten."""
    return iso(at(seconds))


def as_json(event: Event, recorded_at: int) -> Json:
    """The event as screens and scripts get it."""
    said = {
        "session_id": SESSION_ID,
        "seq": event.seq,
        "kind": event.kind,
        "at": iso(event.at),
        "recorded_at": iso(recorded_at),
        "actor": {"kind": event.actor.kind, "id": event.actor.id, "name": event.actor.name},
        "data": event.data,
    }
    decoded: Json = json.loads(json.dumps(said))
    return decoded


def limits_of(state: State) -> Limits:
    return prepare(lines_in_force(KETAMINE_ADULT, state.baseline))


def begin(
    *, clock: ClockKind = "wall", weight_kg: float | None = 70, starts_at: int | None = None
) -> Step:
    """A session that was created at ten."""
    command = CreateSession(
        patient_id=PATIENT.id,
        station="Room 3",
        protocol=KETAMINE_ADULT.code,
        weight_kg=weight_kg,
        dose_mg_per_kg=0.5,
        planned_minutes=40,
        simulated=clock == "driven",
        clock=clock,
        starts_at=starts_at,
    )
    return create(command, PATIENT, KETAMINE_ADULT, id=SESSION_ID, now=TEN, actor=NURSE)


def checked(state: State, command: RecordReading, wall_now: int) -> Reading:
    """The reading as the service makes it from what was sent."""
    driven = state.clock == "driven"

    def newest(vital: str) -> tuple[float, int] | None:
        sample = newest_sample(state, vital)
        return None if sample is None else (sample.values[vital], sample.taken_at)

    return check(
        command,
        id=command.id or f"reading-{state.seq + 1}",
        newest=newest,
        now=max(wall_now, state.now) if driven else wall_now,
        driven=driven,
        known_skew=_known_skew(state, command),
    )


def unheard(state: State, command: RecordReading, wall_now: int) -> LostSignals | None:
    """What the service makes of a device's reading that `checked` refused for want of values."""
    driven = state.clock == "driven"
    now = max(wall_now, state.now) if driven else wall_now
    try:
        return lost_signals(command, now=now, driven=driven, known_skew=_known_skew(state, command))
    except DomainError:
        return None


def _known_skew(state: State, command: RecordReading) -> int:
    device = state.devices.get(command.device or "")
    return device.skew_ms if device else 0


class Ward:
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
        if made.state.baseline is not before.baseline:
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
        return self.step(checked(self.state, command, self.wall), actor)

    def types(
        self,
        seconds: float,
        told: Mapping[str, float] = NOTHING,
        /,
        *,
        taken: float | None = None,
        confirmed: bool = False,
        **values: float,
    ) -> list[Json]:
        """A nurse enters values, taken just now if not said otherwise."""
        taken_at = None if taken is None else at(taken)
        return self.takes(
            seconds,
            RecordReading(values={**told, **values}, taken_at=taken_at, confirmed=confirmed),
        )

    def sends(
        self,
        seconds: float,
        told: Mapping[str, float] = NOTHING,
        /,
        *,
        taken: float | None = None,
        device: str = "mon-03",
        interval_s: float | None = 1,
        sent: float | None = None,
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
            ),
            Actor("device", device, device),
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
        **values: float,
    ) -> list[Json]:
        """A device sends the same values in each of these seconds."""
        told = {**told, **values}
        return [event for second in seconds for event in self.sends(second, told, device=device)]

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

    def acknowledge(
        self, seconds: float, alarm: Json, *, rev: int | None = None, action: str | None = None
    ) -> list[Json]:
        self.wall = at(seconds)
        return self.step(Acknowledge(alarm["id"], rev=rev, action=action), NURSE)

    def move_clock(self, seconds: float | None = None, *, live: bool = False) -> list[Json]:
        return self.step(MoveClock(at=None if seconds is None else at(seconds), live=live), NURSE)

    @property
    def public(self) -> Json:
        said: Json = json.loads(json.dumps(public(self.state)))
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


def kinds(events: Iterable[Json]) -> list[str]:
    """What happened, but for the readings."""
    return [event["kind"] for event in events if event["kind"] != "reading.recorded"]


def reading_of(events: Iterable[Json]) -> Json:
    """The one reading among the events."""
    (only,) = [event["data"] for event in events if event["kind"] == "reading.recorded"]
    data: Json = only
    return data


def said_of(events: Iterable[Json], group: str) -> list[tuple[str, str]]:
    """What was said of a group's alarms: kind without prefix, and when."""
    return [
        (event["kind"].removeprefix("alarm."), event["at"])
        for event in events
        if event["kind"].startswith("alarm.") and event["data"]["alarm"]["group"] == group
    ]
