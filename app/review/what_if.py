"""What other limits would have done to the sessions that were recorded. Nothing stored changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Select, select

from app.errors import UnknownSession
from app.models.tables import infusion_session
from app.monitoring.errors import FieldError, InvalidRequest
from app.review.errors import bad_period
from app.review.step_again import SteppedAgain, step_again
from app.review.worlds import counts, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Engine

    from app.review.proposal import Proposal

Session: Final = infusion_session.c
HOUR_MS: Final = 3_600_000
SESSIONS: Final = 100  # sessions listed, those that differ most; the counts are of all

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Which:
    """One session, or those begun in a period: the clinic's real ones, or the simulated ones."""

    session_id: str | None = None
    since: int | None = None
    until: int | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    key: int
    id: str
    station: str
    events: int


def nothing(_events: int) -> None:
    """Who does not want to know how far it is."""


def recorded(db: Connection, which: Which) -> list[Recorded]:
    """The sessions asked for, in order of their beginning; raises UnknownSession, and
    InvalidRequest if it is neither a session nor a period.
    """
    found = [Recorded(*row) for row in db.execute(_query(which))]
    if which.session_id is not None and not found:
        raise UnknownSession("There is no session with this id.")
    return found


def _query(which: Which) -> Select[Any]:
    query = select(Session.key, Session.id, Session.station, Session.seq).order_by(Session.key)
    if which.session_id is not None:
        return query.where(Session.id == which.session_id)
    if which.since is None or which.until is None:
        message = "Name a session, or the period in which sessions began: from and to."
        raise InvalidRequest(message, errors=[FieldError(("session_id",), "required", message)])
    if which.since >= which.until:
        raise bad_period()
    return query.where(
        Session.created_at >= which.since,
        Session.created_at < which.until,
        Session.simulated.is_(which.simulated),
    )


def what_if(
    engine: Engine,
    sessions: Iterable[Recorded],
    proposal: Proposal,
    on_events: Callable[[int], None] = nothing,
) -> Json:
    """The protocol's what-if: both worlds in counts, and the alarms that differ, per session and in
    all; `on_events` hears how many more events were stepped.
    """
    compared = [(session, _one(engine, session, proposal, on_events)) for session in sessions]
    compared.sort(key=lambda pair: -_differences(pair[1]))
    before = [alarm for _, stepped in compared for alarm in stepped.compared.before]
    after = [alarm for _, stepped in compared for alarm in stepped.compared.after]
    return {
        "limits": dict(proposal.limits),
        "delays": dict(proposal.delays),
        "total": {
            "sessions": len(compared),
            "hours": _hours(stepped.duration_ms for _, stepped in compared),
            **counts(before, after),
            **_numbers(stepped for _, stepped in compared),
        },
        "sessions": [_session(session, stepped) for session, stepped in compared[:SESSIONS]],
        "sessions_not_listed": max(0, len(compared) - SESSIONS),
    }


def _one(
    engine: Engine, session: Recorded, proposal: Proposal, on_events: Callable[[int], None]
) -> SteppedAgain:
    """A transaction for each session: one over the whole run would hold up the checkpoints."""
    done = 0

    def counted(events: int) -> None:
        nonlocal done
        done += events
        on_events(events)

    with engine.connect() as db, db.begin():
        stepped = step_again(db, session.key, session.id, proposal, counted)
    on_events(max(0, session.events - done))
    return stepped


def _differences(stepped: SteppedAgain) -> int:
    return len(stepped.compared.only_before) + len(stepped.compared.only_after)


def _session(session: Recorded, stepped: SteppedAgain) -> Json:
    compared = stepped.compared
    return {
        "session_id": session.id,
        "station": session.station,
        "hours": _hours([stepped.duration_ms]),
        **counts(compared.before, compared.after),
        **listed(compared),
    }


def _numbers(stepped: Iterable[SteppedAgain]) -> Json:
    compared = [one.compared for one in stepped]
    return {
        "both": sum(len(c.both) for c in compared),
        "only_before": sum(len(c.only_before) for c in compared),
        "only_after": sum(len(c.only_after) for c in compared),
    }


def _hours(durations: Iterable[int]) -> float:
    return round(sum(durations) / HOUR_MS, 4)
