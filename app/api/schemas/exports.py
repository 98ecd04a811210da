"""Records as files: one session's, and those of a range."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Moment, Uuid
from app.review.exports.texts import UTC_NAME, ZONE

Format = Literal["report.pdf", "report.html", "readings.csv", "events.csv"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


def _zone(value: object) -> str:
    """How a zone's name looks; whether there is such a zone is asked later."""
    if not isinstance(value, str) or not ZONE.fullmatch(value):
        raise PydanticCustomError("unknown_zone", "Must be a time zone such as Europe/Berlin")
    return value


Zone = Annotated[
    str,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string", "pattern": f"^{ZONE.pattern}$", "examples": [UTC_NAME]}),
]


class ReportQuery(Ask):
    zone: Zone = UTC_NAME


class ExportIn(Ask):
    """Sessions that began in the range; the simulated ones only if asked for."""

    model_config = ConfigDict(populate_by_name=True)

    id: Uuid | None = None
    since: Moment = Field(alias="from")
    until: Moment = Field(alias="to")
    formats: list[Format] = Field(min_length=1, max_length=4)
    simulated: bool = False
    zone: Zone = UTC_NAME


class ExportOut(Answer):
    """`total` and `done` are sessions; `ends_at`: when the file goes; `size` in bytes; `detail`
    says why it failed.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: str
    state: State
    since: Time = Field(alias="from")
    until: Time = Field(alias="to")
    formats: list[Format]
    simulated: bool
    zone: str
    done: int
    total: int
    created_at: Time
    ends_at: Time | None
    size: int | None
    detail: str | None


class ExportList(Answer):
    items: list[ExportOut]
    next_cursor: str | None
