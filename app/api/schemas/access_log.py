"""The access log: which entries are asked for, and one of them."""

from typing import Any

from pydantic import ConfigDict, Field

from app.api.schemas.common import ActorOut, Limit, Time
from app.api.schemas.kinds import Answer, Ask, Code, Moment, Text, Uuid
from app.models.access_log import Kind, Wanted


class EntriesQuery(Ask):
    """`who` is the id of a person, station, program or device."""

    model_config = ConfigDict(populate_by_name=True)

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    who: Code | None = None
    kind: Kind | None = None
    session_id: Uuid | None = None
    patient_id: Uuid | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.since, self.until, self.who, self.kind, self.session_id, self.patient_id)


class EntriesPageQuery(EntriesQuery):
    limit: Limit = 50
    cursor: Text | None = None


class EntryOut(Answer):
    """`actor` is null where nobody known did it; what `data` holds depends on the kind."""

    seq: int
    at: Time
    kind: Kind
    actor: ActorOut | None
    credential: str | None
    session_id: str | None
    patient_id: str | None
    data: dict[str, Any]


class EntryList(Answer):
    items: list[EntryOut]
    next_cursor: str | None
