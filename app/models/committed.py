"""What one commit brought, for the feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CommittedSession:
    """One session's part of a commit: `events` are whole event JSON texts in order of seq, the last
    of them `seq`.

    `board_row` makes the row when somebody watches the board. `urgent`: it holds more than
    readings, so that no screen may be told of it later than at once.
    """

    session_id: str
    seq: int
    events: tuple[bytes, ...]
    board_row: Callable[[], dict[str, Any]]
    urgent: bool = False


CommittedBatch = Sequence[CommittedSession]
OnCommit = Callable[[CommittedBatch], None]
