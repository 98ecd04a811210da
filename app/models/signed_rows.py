"""Whether what a session's row says of its signature is in its log: looked up for the rows of a
page alone, three events each, whatever the length of the log.

This finds a signature that was taken out, put in, or no longer names the event before it, and an
end of the log that is not where the row says. It does not go through the chain: that a value was
changed below the signature is found by `signatures_of`, and by `infusion-monitor verify`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import and_

from app.models.access_check import SIGNED
from app.models.tables import event, infusion_session

if TYPE_CHECKING:
    from sqlalchemy import FromClause, Row

Session = infusion_session.c
_SIGNED = event.alias("signed")
_COVERED = event.alias("covered")
_LAST = event.alias("last")
COLUMNS: Final = (
    _SIGNED.c.kind.label("signed_kind"),
    _SIGNED.c.data.label("signed_data"),
    _COVERED.c.hash.label("covered_hash"),
    _LAST.c.hash.label("last_hash"),
)


def beside(sessions: FromClause) -> FromClause:
    """The sessions, each with what `stands` looks at: nothing where nobody has signed."""
    signed = Session.signed_seq.is_not(None)
    for log, seq in (
        (_SIGNED, Session.signed_seq),
        (_COVERED, Session.signed_seq - 1),
        (_LAST, Session.seq),
    ):
        own = and_(signed, log.c.session_key == Session.key, log.c.seq == seq)
        sessions = sessions.outerjoin(log, own)
    return sessions


def stands(row: Row[Any]) -> bool:
    """Of a row that says that somebody signed."""
    if row.signed_kind != SIGNED or row.covered_hash is None or row.last_hash is None:
        return False
    try:
        said = orjson.loads(row.signed_data)
        covers, hash = said["covers"], said["hash"]
        covered = bytes(row.covered_hash).hex()
    except (ValueError, TypeError, KeyError):  # whatever somebody has made of it
        return False
    return (covers, hash) == (row.signed_seq - 1, covered) and row.last_hash == row.head
