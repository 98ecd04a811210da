"""Where the sessions' logs end, noted in the access log (`session.anchored`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app.models.access_log import EMPTY, End, Entry, append
from app.models.tables import access_log

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.item import Item

KIND: Final = "session.anchored"
_CHANGED: Final = (
    "SELECT id, seq, head FROM infusion_session WHERE recorded_at >= ? ORDER BY recorded_at"
)
_c: Final[Any] = access_log.c


def last_noted(db: Connection) -> int | None:
    """When that was done last."""
    newest = select(_c.at).where(_c.kind == KIND).order_by(_c.seq.desc()).limit(1)
    moment: int | None = db.execute(newest).scalar()
    return moment


def note(item: Item, since: int) -> int:
    """Notes the ends of the logs that have grown since then; how many. What was recorded at that
    very moment is noted twice rather than never.
    """
    rows = item.cursor.execute(item.sql.text(_CHANGED), (since,)).fetchall()
    for id, seq, head in rows:
        data = {"seq": seq, "hash": bytes(head).hex()}
        append(item, Entry("session.anchored", None, session_id=id, data=data))
    return len(rows)


def end(db: Connection) -> End:
    """The last entry of the access log."""
    row = db.execute(select(_c.seq, _c.hash).order_by(_c.seq.desc()).limit(1)).one_or_none()
    return End(row.seq, bytes(row.hash)) if row else EMPTY
