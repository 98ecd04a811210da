"""What several processes read of each other's commits; PostgreSQL only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from app.models.codec import event_text, usable_state
from app.models.committed import CommittedSession
from app.models.queries import state as whole_state
from app.monitoring.view import board_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

AT_MOST: Final = 500  # events of a session in one read; who lacks more reads the log by itself

_HEADS: Final = text("SELECT id, seq, active FROM infusion_session WHERE active OR id = ANY(:ids)")
_SESSIONS: Final = text(
    "SELECT s.key, s.id, s.seq, k.seq, k.version, k.data FROM infusion_session s"
    " LEFT JOIN session_state k ON k.session_key = s.key WHERE s.id = ANY(:ids)"
)
_EVENTS: Final = text(
    "SELECT e.session_key, e.seq, e.kind, e.at, e.recorded_at, e.actor, e.data"
    " FROM unnest(CAST(:keys AS bigint[]), CAST(:afters AS bigint[])) AS lacking(key, after)"
    " JOIN event e ON e.session_key = lacking.key AND e.seq > lacking.after"
    " ORDER BY e.session_key, e.seq"
)


def heads(db: Connection, ids: Sequence[str]) -> list[tuple[str, int, bool]]:
    """Id, seq and whether it is active: of every active session, and of those named."""
    return [(id, seq, active) for id, seq, active in db.execute(_HEADS, {"ids": list(ids)})]


def beyond(db: Connection, lacking: Sequence[tuple[str, int, bool]]) -> list[CommittedSession]:
    """Of each (id, seq held, whether its events are wanted and not only its row) what the log has
    beyond, all as of one moment. Of more than `AT_MOST` events the last alone is given.
    """
    wanted = {id: (after, followed) for id, after, followed in lacking}
    rows = db.execute(_SESSIONS, {"ids": list(wanted)}).all()
    followed = {key: (id, seq) for key, id, seq, *_ in rows if wanted[id][1]}
    events = _events(db, {key: (id, seq, wanted[id][0]) for key, (id, seq) in followed.items()})
    found = []
    for key, id, seq, *stored in rows:
        state = usable_state(tuple(stored), seq) or whole_state(db, id)
        texts, urgent = events.get(key, ([], key not in followed))
        row = partial(board_row, state)
        found.append(CommittedSession(id, seq, tuple(texts), row, urgent))
    return found


def _events(
    db: Connection, followed: Mapping[int, tuple[str, int, int]]
) -> dict[int, tuple[list[bytes], bool]]:
    """By session key: the texts, and whether one is more than a reading."""
    afters = {
        key: after if seq - after <= AT_MOST else seq - 1
        for key, (_, seq, after) in followed.items()
        if seq > after
    }
    if not afters:
        return {}
    found: dict[int, tuple[list[bytes], bool]] = {}
    given = {"keys": list(afters), "afters": list(afters.values())}
    for key, seq, kind, *rest in db.execute(_EVENTS, given):
        texts, urgent = found.get(key, ([], False))
        texts.append(event_text(followed[key][0], seq, kind, *rest))
        found[key] = (texts, urgent or kind != "reading.recorded")
    return found
