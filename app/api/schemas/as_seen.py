"""A session as it was seen at a moment."""

from typing import Literal

from pydantic import Field

from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer, Ask, Moment, query_integer
from app.api.schemas.sessions import BoardRow, StateOut
from app.feed.messages import SEQ_MAX
from app.feed.rights import Sound
from app.monitoring.commands import ActorKind


class AsSeenQuery(Ask):
    """One of the two; without either, the last event."""

    seq: query_integer(1, SEQ_MAX) | None = None  # type: ignore[valid-type]  # a type made from its bounds
    at: Moment | None = None


class SeenLive(Answer):
    """Whether the server watched then. `since`: it did, or did not, from then on, where that is
    known; `until`: it did not, until then.
    """

    ok: bool
    why: Literal["not_watched", "server_stopped"] | None
    since: Time | None
    until: Time | None


class SeenBy(Answer):
    kind: ActorKind
    id: str
    name: str
    role: str | None


class SeenScreen(Answer):
    """A screen that was live; `shows`: this session's page, a board with its tile, or neither."""

    id: str
    by: SeenBy | None
    station: str | None
    sound: Sound
    since: Time
    shows: Literal["page", "board", "other"]


class SeenSignIn(Answer):
    """`shared`: on a station's screen, which several use; `locked`: the screen waited for a PIN."""

    since: Time
    locked: bool
    shared: bool
    station: str | None


class SeenPerson(Answer):
    """Somebody who was signed in, under the name and in the role of then; the oldest sign-in is the
    first.
    """

    id: str
    name: str
    role: str
    sign_ins: list[SeenSignIn]


class AsSeenOut(Answer):
    """`screens` and `software` are null where nobody wrote them down, `people` and `screens` also
    for who sees one place only.
    """

    session_id: str
    seq: int
    last_seq: int
    at: Time = Field(description="On a driven clock the session's own time.")
    clinic_at: Time
    state: StateOut
    row: BoardRow
    live: SeenLive
    screens: list[SeenScreen] | None
    people: list[SeenPerson] | None
    clock_offsets: dict[str, float] = Field(description="Seconds, by device.")
    software: str | None
    engine: int | None
    until: Time | None = Field(description="Nothing beside the state changes before then.")
