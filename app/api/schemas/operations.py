"""What those who run the server are told."""

from typing import Literal

from app.api.schemas.kinds import Answer

Reason = Literal[
    "database_gone",
    "database_locked",
    "database_unwritable",
    "disk_full",
    "scribe_stopped",
    "sweep_late",
]


class Alive(Answer):
    alive: bool


class TroubleOut(Answer):
    """What to do about it is in `detail`."""

    reason: Reason
    detail: str


class WarningOut(Answer):
    reason: Literal["clock_set_back", "device_lane_full"]
    detail: str


class Waiting(Answer):
    """Submissions that wait to be stored."""

    people: int
    devices: int


class Ready(Answer):
    """Told from what the server remembers: `commit_age_s` is since its last commit, of which there
    is one every 5 s, `sweep_age_s` since it last looked at all that is due.

    With `ready` false it answers 503 with a problem `not_ready` that carries the same fields.
    """

    ready: bool
    reasons: list[Reason]
    troubles: list[TroubleOut]
    warnings: list[WarningOut]
    commit_age_s: float
    sweep_age_s: float
    waiting: Waiting
