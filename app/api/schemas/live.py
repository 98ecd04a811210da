"""What a watcher of the live feed is sent; what it may say is in `app.feed.messages`."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from app.api.schemas.common import Time
from app.api.schemas.events import EventOut
from app.api.schemas.kinds import Answer
from app.api.schemas.notices import NoticeOut
from app.api.schemas.sessions import StateOut
from app.api.schemas.wall import BoardRows
from app.feed.messages import Message


class Hello(Answer):
    kind: Literal["hello"]
    protocol: Literal[1]
    epoch: str
    training: bool
    heartbeat_s: int
    server_time: Time


class BoardFrame(Answer):
    """With `simulated` true it is the board of simulated sessions, beside the clinic's."""

    kind: Literal["board"]
    simulated: bool
    sessions: BoardRows


class BoardDelta(Answer):
    """Only the rows that changed; one with `active: false` leaves the board."""

    kind: Literal["board_delta"]
    simulated: bool
    sessions: BoardRows


class Snapshot(Answer):
    kind: Literal["snapshot"]
    session: str
    seq: int
    state: StateOut


class Events(Answer):
    """Resume and live are the same message."""

    kind: Literal["events"]
    session: str
    events: list[EventOut]


class Heartbeat(Answer):
    kind: Literal["heartbeat"]
    server_time: Time
    commit_ok: bool
    sweep_age_s: float


class Screens(Answer):
    """How many are connected, and how many of them can be heard or were turned down."""

    live: int
    sound_proven: int
    quiet: int


class ClinicFrame(Answer):
    """After `hello` and whenever it changes."""

    kind: Literal["clinic"]
    notices: list[NoticeOut]
    screens: Screens


class Refused(Answer):
    kind: Literal["refused"]
    op: str | None
    session: str | None
    code: str
    detail: str


class Frame(
    RootModel[
        Annotated[
            Hello | BoardFrame | BoardDelta | Snapshot | Events | Heartbeat | ClinicFrame | Refused,
            Field(discriminator="kind"),
        ]
    ]
):
    """What a watcher is sent."""


class WatcherMessage(RootModel[Message]):
    """What a watcher may say."""
