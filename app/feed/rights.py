"""What a watcher may ask for and see. The feed knows no credentials: it asks, and tells what was
watched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.feed.messages import Message
from app.monitoring.errors import DomainError
from app.monitoring.view import wall_row

Sound = Literal["proven", "unproven", "quiet"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """All who see the same board: its texts are made once for all of them, and only while somebody
    of them watches.
    """

    wall: bool = False
    """Without what tells who the patient is, and who did what and why."""
    simulated: bool | None = None
    """Simulated sessions only, or real ones only; None: both."""
    station: str | None = None
    session_id: str | None = None
    """Only this one."""

    def shown(self, row: Row) -> Row | None:
        """The row of a board as this audience sees it, None if it does not."""
        if self.simulated is not None and row["simulated"] is not self.simulated:
            return None
        if self.station is not None and row["station"] != self.station:
            return None
        if self.session_id is not None and row["id"] != self.session_id:
            return None
        return wall_row(row) if self.wall else row


EVERYTHING: Final = Audience()


@dataclass(frozen=True, slots=True)
class Rights:
    """Of one connection."""

    audience: Audience
    """As which it sees the clinic's board."""
    training: Audience
    """As which it sees the board of simulated sessions."""
    notices: bool
    """Whether it is told what the clinic should know of its devices."""
    refusal: Callable[[Message], DomainError | None]
    """Why it may not say this, None if it may."""
    confine: Callable[[str], Awaitable[None]]
    """Raises a DomainError for a session that is not its own."""
    simulated: Callable[[str], Awaitable[bool]]
    """Whether a session is not the clinic's; of an unknown one it is not."""
    changed: Callable[[], bool]
    """True once it may see more or less than when it came."""
    held: Callable[[Callable[[int], None]], AbstractContextManager[None]]
    """While inside, the code to close with is told when it may no longer be here."""
    watched: Callable[[str | Audience, bool], None]
    """A session, or a board, is watched from now on, or no longer."""
    sounds: Callable[[Sound | Literal["live", "gone"]], None]
    """What the screen says of its sound, that it is there, and that it has gone."""
