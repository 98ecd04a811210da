"""Looking back: how many alarms there were, and which other limits would have raised."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.api.schemas.common import Flag, Priority, Time
from app.api.schemas.kinds import Answer, Ask, Moment, Number, QueryFlag, Uuid

Kind = Literal["physiological", "technical"]
Side = Literal["low", "high"]


class AlarmLoadQuery(Ask):
    """Without times the last 24 h; a session alone means its whole life."""

    model_config = ConfigDict(populate_by_name=True)

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    session: Uuid | None = None
    simulated: QueryFlag = False


class Counted(Answer):
    """`per_hour` is over watched session-hours; null where nothing was watched."""

    alarms: int
    per_hour: float | None


class PriorityCount(Counted):
    priority: Priority


class KindCount(Counted):
    kind: Kind


class ConditionCount(Counted):
    kind: Kind
    condition: str
    group: str
    side: Side | None
    vital: str | None


class SeenCount(Answer):
    """How soon alarms were first acknowledged, of those that were; `never` ended unseen, `waiting`
    stand unseen.
    """

    count: int
    median_s: float | None
    p95_s: float | None
    never: int
    waiting: int


class Flood(Answer):
    """More than ten alarms raised within ten minutes; windows that share an alarm are one flood."""

    from_: Time = Field(alias="from")
    to: Time
    alarms: int


class Load(Counted):
    """What alarms asked of people; `short` are those that were over within 15 s."""

    watched_hours: float
    by_priority: list[PriorityCount]
    by_kind: list[KindCount]
    by_condition: list[ConditionCount]
    short: int
    short_share: float | None
    acknowledged: SeenCount
    floods: list[Flood]


class SessionLoad(Load):
    session_id: str
    station: str


class Frequent(Answer):
    session_id: str
    condition: str
    group: str
    side: Side | None
    alarms: int


class Longest(Answer):
    """An alarm and how long it stood, or has stood so far."""

    id: str
    session_id: str
    condition: str
    group: str
    side: Side | None
    priority: Priority
    text: str
    raised_at: Time
    stood_s: float
    stands: bool


class Worst(Answer):
    """The ten that a session raised most often, and the ten that stood longest."""

    most_frequent: list[Frequent]
    longest: list[Longest]


class AlarmLoadOut(Answer):
    """Over the sessions asked for together (`clinic`), and each: those with most alarms first."""

    from_: Time = Field(alias="from")
    to: Time
    simulated: bool
    clinic: Load
    worst: Worst
    sessions: list[SessionLoad]
    sessions_not_listed: int


class WhatIfIn(Ask):
    """Other limits and delays (seconds), by vital sign and flag, for one session or for those begun
    in a period.
    """

    model_config = ConfigDict(populate_by_name=True)

    limits: dict[str, dict[Flag, Number]] = Field(default_factory=dict)
    delays: dict[str, dict[Flag, Number]] = Field(default_factory=dict)
    session_id: Uuid | None = None
    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    simulated: bool = False


class InBoth(Answer):
    """`before` is as it was, `after` with the limits asked about."""

    before: int
    after: int


class PriorityInBoth(InBoth):
    priority: Priority


class ConditionInBoth(InBoth):
    condition: str
    group: str
    side: Side | None


class WouldBe(Answer):
    """An alarm with the highest priority it had; `duration_s` is null if it was not over at the
    end.
    """

    condition: str
    group: str
    side: Side | None
    priority: Priority
    text: str
    raised_at: Time
    duration_s: float | None


class WouldBePair(Answer):
    before: WouldBe
    after: WouldBe


class Pairs(Answer):
    """At most 100 are listed; `count` is of all."""

    count: int
    alarms: list[WouldBePair]


class Alone(Answer):
    """At most 100 are listed; `count` is of all."""

    count: int
    alarms: list[WouldBe]


class Counts(InBoth):
    hours: float
    by_priority: list[PriorityInBoth]
    by_condition: list[ConditionInBoth]


class WhatIfTotal(Counts):
    sessions: int
    both: int
    only_before: int
    only_after: int


class WhatIfSession(Counts):
    session_id: str
    station: str
    both: Pairs
    only_before: Alone
    only_after: Alone


class WhatIfOut(Answer):
    """Both worlds side by side; sessions that differ most first, at most 100 of them."""

    limits: dict[str, dict[Flag, float]]
    delays: dict[str, dict[Flag, float]]
    total: WhatIfTotal
    sessions: list[WhatIfSession]
    sessions_not_listed: int
