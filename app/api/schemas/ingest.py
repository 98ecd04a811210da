"""What goes over the socket of streaming ingest."""

from typing import Annotated

from pydantic import Field

from app.api.schemas.common import Problem
from app.api.schemas.kinds import Answer
from app.api.schemas.readings import ReadingForListIn

N_MAX = 2**53 - 1  # beyond, a sender's doubles count no more

Count = Annotated[int, Field(ge=0, le=N_MAX)]


class IngestMessage(ReadingForListIn):
    """`n` is the sender's own count; it grows."""

    n: Count


class RefusedReading(Problem):
    """The problem of one reading: the message it came in, its place there and its id; or of a whole
    message, then `index` and `id` are null.
    """

    n: int
    index: int | None
    id: str | None


class IngestAnswer(Answer):
    """Every reading of every message up to and with `ack` is stored or was in a `refused`, which
    tells what was refused since the answer before.
    """

    ack: int
    refused: list[RefusedReading]
