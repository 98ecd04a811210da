"""What stories of a session are told with: times after ten o'clock, events as screens get them, and
inputs as the services make them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.monitoring.commands import Actor, ClockKind, CreateSession, RecordReading
from app.monitoring.device_times import known_skew
from app.monitoring.engine import create
from app.monitoring.errors import DomainError
from app.monitoring.newest import newest_sample
from app.monitoring.protocols import KETAMINE_ADULT
from app.monitoring.readings import LostSignals, Reading, check, lost_signals
from app.monitoring.state import Event, Patient, State, Step
from app.monitoring.times import iso, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TEN: Final = parse_iso("2026-11-22T10:00:00.000Z")
SESSION_ID: Final = "01930000-0000-7000-8000-000000000001"
PATIENT: Final = Patient("01930000-0000-7000-8000-0000000000aa", "SIM-0001", "S.P.")
NURSE: Final = Actor("person", "local", "Local user")
ANNA: Final = Actor("person", "anna", "Anna", "nurse")
BEN: Final = Actor("person", "ben", "Ben", "nurse")
CLINICIAN: Final = Actor("person", "dr-c", "Dr. C", "clinician")
CALM: Final[Mapping[str, float]] = {"hr": 78, "spo2": 98, "sbp": 124, "dbp": 78, "rr": 15}
RESTED: Final[Mapping[str, float]] = {**CALM, "sedation": 5}
NOTHING: Final[Mapping[str, float]] = {}
CALLS: Final = frozenset({"alarm.escalated", "alarm.sounded"})

Json = dict[str, Any]


def at(seconds: float) -> int:
    """Milliseconds of so many seconds after ten."""
    return TEN + round(seconds * 1000)


def clock_time(seconds: float) -> str:
    """How the log spells so many seconds after ten."""
    return iso(at(seconds))


def seconds_of(text: str) -> float:
    """How many seconds after ten the log's time is."""
    return (parse_iso(text) - TEN) / 1000


def as_json(event: Event, recorded_at: int) -> Json:
    """The event as screens and scripts get it."""
    said = {
        "session_id": SESSION_ID,
        "seq": event.seq,
        "kind": event.kind,
        "at": iso(event.at),
        "recorded_at": iso(recorded_at),
        "actor": asdict(event.actor),
        "data": event.data,
    }
    decoded: Json = orjson.loads(orjson.dumps(said))
    return decoded


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
    now = max(wall_now, state.now) if driven else wall_now

    def newest(vital: str) -> tuple[float, int] | None:
        sample = newest_sample(state, vital)
        return None if sample is None else (sample.values[vital], sample.taken_at)

    return check(
        command,
        id=command.id or f"reading-{state.seq + 1}",
        newest=newest,
        now=now,
        driven=driven,
        known_skew=_known_skew(state, command, now),
    )


def unheard(state: State, command: RecordReading, wall_now: int) -> LostSignals | None:
    """What the service makes of a device's reading that `checked` refused for want of values."""
    driven = state.clock == "driven"
    now = max(wall_now, state.now) if driven else wall_now
    try:
        skew = _known_skew(state, command, now)
        return lost_signals(command, now=now, driven=driven, known_skew=skew)
    except DomainError:
        return None


def _known_skew(state: State, command: RecordReading, now: int) -> int:
    return known_skew(state.devices.get(command.device or ""), command, now)


def kinds(events: Iterable[Json]) -> list[str]:
    """What happened, but for the readings and for whom an alarm was called to."""
    return [event["kind"] for event in events if event["kind"] not in {"reading.recorded", *CALLS}]


def calls(events: Iterable[Json]) -> list[tuple[str, str, float]]:
    """To whom alarms were called, why, and when."""
    return [
        (up["to"], up["why"], seconds_of(event["at"]))
        for event in events
        if event["kind"] == "alarm.escalated"
        for up in [event["data"]["alarm"]["escalation"]]
    ]


def reading_event(events: Iterable[Json]) -> Json:
    """The one event among these that recorded a reading."""
    (only,) = [event for event in events if event["kind"] == "reading.recorded"]
    return only


def reading_of(events: Iterable[Json]) -> Json:
    """The one reading among the events."""
    data: Json = reading_event(events)["data"]
    return data


def said_of(events: Iterable[Json], group: str) -> list[tuple[str, str]]:
    """What was said of a group's alarms: kind without prefix, and when."""
    return [
        (event["kind"].removeprefix("alarm."), event["at"])
        for event in events
        if event["kind"].startswith("alarm.") and event["kind"] not in CALLS
        if event["data"]["alarm"]["group"] == group
    ]


def alarms_raised(events: Iterable[Json]) -> list[tuple[str, str, float]]:
    """Condition, group and moment of each alarm that was raised."""
    return [
        (
            event["data"]["alarm"]["condition"],
            event["data"]["alarm"]["group"],
            seconds_of(event["at"]),
        )
        for event in events
        if event["kind"] == "alarm.raised"
    ]
