"""What may still be written into a closed session, and by whom.

A person may chart late what happened while it was open; a device may not, nor a program. Nothing of
it is judged as now: it is flagged by the limits of its time, listed as late, and raises nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.errors import FieldError, InvalidRequest, SessionClosed
from app.monitoring.times import HOUR_MS, iso

if TYPE_CHECKING:
    from app.monitoring.commands import Actor
    from app.monitoring.state import State
    from app.monitoring.work import Work

LATE_CHARTING_MS: Final = 72 * HOUR_MS  # a weekend, and the Monday after it


def refuse_closed(work: Work, actor: Actor, *, let_in: bool) -> None:
    """Raises SessionClosed for what comes too late into a closed session, or not from a person.

    What is `let_in` was let in when it was first recorded, or is moved here from where it was.
    """
    if work.closed_at is None or let_in:
        return
    if actor.kind != "person":
        raise SessionClosed("Nothing was stored: this session is closed.")
    if work.now - work.closed_at > LATE_CHARTING_MS:
        raise SessionClosed("Nothing was stored: this session was closed more than 72 hours ago.")


def refuse_outside(session: State | Work, field: str, at: int) -> None:
    """Raises InvalidRequest for a time before the session, or after it was closed."""
    began = min(session.order.created_at, session.phases[0].at)
    if at < began:
        error = FieldError((field,), "before_session", f"The session began at {iso(began)}.")
        raise InvalidRequest(
            "Nothing was stored: the time lies before the session.", errors=[error]
        )
    closed = session.closed_at
    if closed is not None and at > closed:
        error = FieldError((field,), "after_session", f"The session was closed at {iso(closed)}.")
        raise InvalidRequest(
            "Nothing was stored: the time lies after the session. Say when it was.", errors=[error]
        )
