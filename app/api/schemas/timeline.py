"""The timeline: columns for charts, with the seq they are true for."""

from pydantic import ConfigDict, Field

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.annotations import AnnotationOut
from app.api.schemas.common import Flag, Source, Time
from app.api.schemas.kinds import Answer, Ask, Moment, query_integer
from app.api.schemas.sessions import LimitLine, PhaseEntry

POINTS_MIN, POINTS_MAX = (
    10,
    20_000,
)  # below, a chart tells nothing; above, it is the whole recording


class TimelineQuery(Ask):
    model_config = ConfigDict(populate_by_name=True)

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    points: query_integer(POINTS_MIN, POINTS_MAX) | None = None  # type: ignore[valid-type]  # a type made from its bounds


class Series(Answer):
    """One vital: the nth entry of each column belongs together; `t` is seconds after `t0`."""

    t: list[float]
    v: list[float]
    flag: list[Flag | None]
    source: list[Source]
    late: list[bool]
    seq: list[int]


class LimitsFrom(Answer):
    at: Time
    limits: dict[str, list[LimitLine]]


class TimelineOut(Answer):
    session_id: str
    seq: int
    t0: Time
    now: Time | None
    series: dict[str, Series]
    phases: list[PhaseEntry]
    alarms: list[AlarmOut]
    annotations: list[AnnotationOut]
    limits: list[LimitsFrom]
