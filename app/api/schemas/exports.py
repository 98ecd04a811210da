"""Records as files: one session's, and those of a range."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Moment, Uuid
from app.api.schemas.zones import Zone
from app.review.zones import UTC_NAME

Format = Literal["report.pdf", "report.html", "readings.csv", "events.csv"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


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
