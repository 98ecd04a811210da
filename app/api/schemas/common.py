"""What several nouns share: problems, lists, actors, and the words that values are drawn from."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.api.schemas.kinds import Answer, Ask, Text, query_integer, whole_number
from app.monitoring.commands import ActorKind, Role

if TYPE_CHECKING:
    Limit = int
else:
    Limit = query_integer(1, 1_000)

ListLimit = whole_number(1, 1_000)
"""As `Limit`, in a body."""

Time = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        json_schema_extra={"format": "date-time"},
    ),
]
"""A moment as it is sent: UTC, milliseconds, `Z`."""

Phase = Literal[
    "scheduled",
    "checked_in",
    "baseline",
    "ready",
    "infusing",
    "paused",
    "completed",
    "stopped",
    "recovery",
    "ready_for_discharge",
    "discharged",
    "cancelled",
    "transferred",
]
Flag = Literal["low_critical", "low", "high", "high_critical"]
Basis = Literal["absolute", "relative"]
Clock = Literal["wall", "driven"]
Source = Literal["manual", "device"]
Priority = Literal["low", "medium", "high"]


class Page(Ask):
    """Which part of a list."""

    limit: Limit = 50
    cursor: Text | None = None


class FieldProblem(Answer):
    loc: list[str | int]
    code: str
    msg: str


class Problem(Answer):
    """An error (RFC 9457): `code` is stable, `detail` is for people; some carry more, such as
    `missing`.
    """

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem]


class ActorOut(Answer):
    kind: ActorKind
    id: str
    name: str
    role: Role | None


def problem_responses(*statuses: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries that say: these are answered with a problem."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Problem", "content": content} for status in statuses}
