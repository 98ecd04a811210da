"""What a watcher may say."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SEQ_MAX = 2**53  # what a browser's number holds exactly
REV_MAX = 1_000_000  # as for acknowledgements; an alarm that worsened so often has ended

Uuid = Annotated[
    str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", max_length=36)
]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WatchBoard(_Message):
    """The clinic's board, or with `simulated` that of simulated sessions: one may watch both."""

    op: Literal["watch"]
    board: Literal[True]
    simulated: bool = False


class WatchSession(_Message):
    """`after` and `epoch` are what the screen holds; without them it is sent a snapshot."""

    op: Literal["watch"]
    session: Uuid
    after: Annotated[int, Field(ge=0, le=SEQ_MAX)] | None = None
    epoch: Annotated[str, Field(max_length=100)] | None = None


class UnwatchBoard(_Message):
    op: Literal["unwatch"]
    board: Literal[True]
    simulated: bool = False


class UnwatchSession(_Message):
    op: Literal["unwatch"]
    session: Uuid


class Status(_Message):
    """Whether this screen can be heard: sound was proven, not yet proven, or is turned down."""

    op: Literal["status"]
    sound: Literal["proven", "unproven", "quiet"]


class Shown(_Message):
    """This screen has shown this revision of an alarm and sounded it."""

    op: Literal["shown"]
    session: Uuid
    alarm: Uuid
    rev: Annotated[int, Field(ge=1, le=REV_MAX)]


Message = WatchBoard | WatchSession | UnwatchBoard | UnwatchSession | Status | Shown

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


class NotAMessage(Exception):
    """The text is not one of the messages above."""


def parse(text: str) -> Message:
    """The message that a text is. Raises NotAMessage."""
    try:
        return _MESSAGE.validate_json(text)
    except ValidationError as error:
        raise NotAMessage from error
