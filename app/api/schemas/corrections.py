"""Corrections: what a person says of a reading that was wrong."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.kinds import Ask, Moment, Note, Uuid
from app.api.schemas.readings import ValuesIn
from app.monitoring.commands import AmendReading, MoveReading, VoidReading


class VoidIn(Ask):
    reason: Note
    id: Uuid | None = None

    def to_command(self, reading_id: str) -> VoidReading:
        return VoidReading(reading_id, reason=self.reason, id=self.id)


class AmendIn(Ask):
    """The values named are replaced, null takes one out; `taken_at` is when it was taken indeed."""

    values: ValuesIn = Field(default_factory=ValuesIn)
    taken_at: Moment | None = None
    reason: Note
    id: Uuid | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.values.model_fields_set and self.taken_at is None:
            raise PydanticCustomError("nothing_to_amend", "Must name a value or the time")
        return self

    def to_command(self, reading_id: str) -> AmendReading:
        values = self.values.model_dump(exclude_unset=True)
        return AmendReading(reading_id, values, self.reason, self.id, self.taken_at)


class MoveIn(Ask):
    session_id: Uuid
    reason: Note
    id: Uuid | None = None

    def to_command(self, reading_id: str) -> MoveReading:
        return MoveReading(reading_id, session_id=self.session_id, reason=self.reason, id=self.id)
