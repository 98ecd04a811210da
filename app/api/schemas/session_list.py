"""The list of sessions, running and finished: what it is asked, and a row of it."""

from pydantic import ConfigDict, Field

from app.api.schemas.common import Clock, ListLimit, Page, Phase, Time
from app.api.schemas.kinds import Answer, Ask, Moment, QueryFlag, QueryText, Text, Uuid
from app.api.schemas.patients import PatientRef
from app.models.session_list import Order, SessionsAsked, Sort


class SessionQuery(Page):
    model_config = ConfigDict(populate_by_name=True)

    phase: Phase | None = None
    active: QueryFlag | None = None
    patient: Uuid | None = None
    station: QueryText = None
    protocol: QueryText = None
    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    simulated: QueryFlag | None = None
    had_high: QueryFlag | None = None
    unsigned: QueryFlag | None = None
    q: QueryText = None
    sort: Sort = "began"
    order: Order | None = None

    def asked(self) -> SessionsAsked:
        return SessionsAsked(**dict(self))


class SessionSearchIn(Ask):
    """The list asked for in a body: names do not belong into addresses."""

    model_config = ConfigDict(populate_by_name=True)

    phase: Phase | None = None
    active: bool | None = None
    patient: Uuid | None = None
    station: QueryText = None
    protocol: QueryText = None
    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    simulated: bool | None = None
    had_high: bool | None = None
    unsigned: bool | None = None
    q: QueryText = None
    sort: Sort = "began"
    order: Order | None = None
    limit: ListLimit = 50
    cursor: Text | None = None

    def asked(self) -> SessionsAsked:
        return SessionsAsked(**dict(self))


class SessionItem(Answer):
    """`duration_s`: null while it goes on, and on a driven clock. `changed_since_signed`: how
    many events came after the last signature. `broken`: somebody had signed, and the log does not
    have that signature as it was; the chain itself is not gone through for a list.
    """

    id: str
    seq: int
    patient: PatientRef
    station: str
    protocol: str
    phase: Phase
    phase_since: Time
    active: bool
    simulated: bool
    clock: Clock
    created_at: Time
    closed_at: Time | None
    duration_s: float | None
    high_alarms: int
    signed: bool
    changed_since_signed: int
    broken: bool


class SessionList(Answer):
    items: list[SessionItem]
    next_cursor: str | None
