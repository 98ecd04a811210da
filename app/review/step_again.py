"""One recorded session stepped again under other limits, beside what it said at the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.models.logged import AT_A_TIME, logged
from app.monitoring.corrections import corrections_in
from app.monitoring.rebuild import CORRECTIONS, Replay
from app.review.worlds import Compared, World, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from app.monitoring.state import Event
    from app.review.proposal import Proposal


@dataclass(frozen=True, slots=True)
class SteppedAgain:
    """What came of one session in both worlds, and how long its log lasted."""

    compared: Compared
    duration_ms: int


def step_again(
    db: Connection, key: int, session_id: str, proposal: Proposal, on_events: Callable[[int], None]
) -> SteppedAgain:
    """Steps the session's log with the proposal's lines in place of the protocol's.

    The alarms before are those that were recorded: stepped again by its own limits a log says the
    same. Only where readings were corrected are both worlds stepped, as if the readings had been
    right at once.
    """
    corrected = [event for _, event in logged(db, key, session_id, CORRECTIONS)]
    corrections = corrections_in(corrected)
    ours = Replay(corrections, redraw=proposal.redraw, fixed=proposal.named)
    theirs = Replay(corrections) if corrections else None
    before, after = World(), World()
    since = until = None
    for done, (at, event) in enumerate(logged(db, key, session_id), start=1):
        since = at if since is None else min(since, at)
        until = at if until is None else max(until, at)
        if theirs is not None:
            _hear(before, theirs.feed(event))
        elif event["kind"].startswith("alarm."):
            before.hear(event["kind"], at, event["data"]["alarm"])
        _hear(after, ours.feed(event))
        if done % AT_A_TIME == 0:
            on_events(AT_A_TIME)
    _hear(after, ours.finish())
    if theirs is not None:
        _hear(before, theirs.finish())
    return SteppedAgain(compare(before.alarms, after.alarms), (until or 0) - (since or 0))


def _hear(world: World, events: Iterable[Event]) -> None:
    for said in events:
        if said.kind.startswith("alarm."):
            world.hear(said.kind, said.at, said.data["alarm"])
