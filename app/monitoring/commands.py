"""What people, devices and scripts may ask: plain frozen values, checked for shape by the caller.

Moments are milliseconds since the epoch. `id` is the client's id for the record, None if the server
shall make one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Source = Literal["manual", "device"]
ActorKind = Literal["person", "device", "system"]
ClockKind = Literal["wall", "driven"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; on every write."""

    kind: ActorKind
    id: str
    name: str


SYSTEM = Actor("system", "engine", "Infusion monitor")


@dataclass(frozen=True, slots=True)
class CreatePatient:
    code: str
    initials: str
    id: str | None = None
    name: str | None = None
    birth_date: str | None = None  # YYYY-MM-DD
    sex: str | None = None
    weight_kg: float | None = None
    indication: str | None = None


@dataclass(frozen=True, slots=True)
class CreateSession:
    patient_id: str
    station: str
    protocol: str
    weight_kg: float | None
    dose_mg_per_kg: float
    planned_minutes: int
    id: str | None = None
    simulated: bool = False
    clock: ClockKind = "wall"
    starts_at: int | None = None


@dataclass(frozen=True, slots=True)
class RecordReading:
    """The values taken together at one time from one source, as they were sent."""

    values: Mapping[str, float | None]
    id: str | None = None
    taken_at: int | None = None
    source: Source | None = None
    device: str | None = None
    interval_s: float | None = None
    sent_at: int | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ChangePhase:
    to: str
    id: str | None = None
    at: int | None = None
    reason: str | None = None
    override_reason: str | None = None


@dataclass(frozen=True, slots=True)
class MoveClock:
    """Move a driven session's time to `at`, or hand it to the wall clock for good with `live`."""

    id: str | None = None
    at: int | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    alarm_id: str
    id: str | None = None
    rev: int | None = None
    action: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingFor:
    """One reading of a list that names its session, or the station whose active session it
    is for.
    """

    reading: RecordReading
    session_id: str | None = None
    station: str | None = None
    loc: tuple[str | int, ...] = field(default=())
