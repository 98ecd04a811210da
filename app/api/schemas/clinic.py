"""The clinic over a period."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Moment, QueryFlag
from app.api.schemas.review import Load
from app.api.schemas.zones import Zone
from app.review.clinic import Period
from app.review.clinic_figures import By
from app.review.zones import UTC_NAME


class ClinicQuery(Ask):
    """Without times the last four weeks; `by` as the length of the period has it; days and weeks
    are those of the `zone`.
    """

    model_config = ConfigDict(populate_by_name=True)

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    simulated: QueryFlag = False
    by: By | None = None
    zone: Zone = UTC_NAME

    def period(self, *, simulated: bool) -> Period:
        return Period(self.since, self.until, simulated, self.by, self.zone)


class ClinicFigures(Answer):
    """Sessions count where they began, minutes and alarms where they were. `overdue`: how often
    vitals were overdue, `overdue_minutes` for how long.
    """

    from_: Time = Field(alias="from")
    to: Time
    sessions: int
    minutes: float
    infused_minutes: float
    alarms: int
    alarms_per_hour: float | None
    high_alarms: int
    medium_alarms: int
    low_alarms: int
    overdue: int
    overdue_minutes: float


class Bin(Answer):
    """Sessions whose value was at least `from` and below `to`."""

    from_: int = Field(alias="from")
    to: int
    sessions: int


class Distribution(Answer):
    sessions: int
    median: float | None
    p90: float | None
    highest: float | None
    bins: list[Bin]


class Pressure(Answer):
    """The highest value of each session begun in the period, and how far it was above its baseline,
    in mmHg.
    """

    vital: Literal["sbp", "dbp"]
    peak: Distribution
    rise: Distribution


class ClinicOut(Answer):
    from_: Time = Field(alias="from")
    to: Time
    simulated: bool
    by: By
    total: ClinicFigures
    buckets: list[ClinicFigures]
    alarm_load: Load
    pressures: list[Pressure]
