"""Patients: who comes to be infused."""

from typing import Literal

from app.api.schemas.common import ListLimit, Page, Time
from app.api.schemas.kinds import (
    Answer,
    Ask,
    Code,
    Day,
    Initials,
    Note,
    QueryFlag,
    QueryText,
    Text,
    Uuid,
    WeightKg,
)
from app.monitoring.commands import CreatePatient

Sex = Literal["female", "male", "other", "unknown"]


class PatientIn(Ask):
    code: Code
    initials: Initials
    id: Uuid | None = None
    name: Text | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    weight_kg: WeightKg | None = None
    indication: Note | None = None
    simulated: bool = False

    def to_command(self) -> CreatePatient:
        return CreatePatient(**dict(self))


class PatientQuery(Page):
    q: QueryText = None
    simulated: QueryFlag | None = None


class PatientSearchIn(Ask):
    """The list asked for in a body: names do not belong into addresses."""

    q: QueryText = None
    simulated: bool | None = None
    limit: ListLimit = 50
    cursor: Text | None = None


class PatientRef(Answer):
    """A patient as boards and sessions show one: never the name nor the day of birth."""

    id: str
    code: str
    initials: str
    birth_year: int | None


class PatientOut(Answer):
    id: str
    code: str
    initials: str
    name: str | None
    birth_date: str | None
    sex: Sex | None
    weight_kg: float | None
    indication: str | None
    simulated: bool
    created_at: Time


class LastVisit(Answer):
    """What the next visit is checked against; nothing of it is copied forward."""

    session_id: str
    at: Time
    weight_kg: float
    dose_mg_per_kg: float
    planned_minutes: int


class PatientView(PatientOut):
    last_visit: LastVisit | None


class PatientList(Answer):
    items: list[PatientOut]
    next_cursor: str | None
