"""Where the sessions' logs end, noted in the access log (`session.anchored`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import select

from app.models.access_check import ANCHORS
from app.models.access_log import EMPTY, End, Entry, append
from app.models.tables import access_log, infusion_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.models.item import Item

KIND: Final = "session.anchored"
OVERLAP_MS: Final = 60_000  # a commit of another process lands later than the moment that it bears
AT_ONCE: Final = 300  # notes of one transaction: some 10 ms, so that a nurse need not wait
_OTHERS: Final = "SELECT 1 FROM access_log WHERE seq > ? AND kind = ? AND at <> ? LIMIT 1"
_c: Final[Any] = access_log.c
_s: Final[Any] = infusion_session.c


@dataclass(frozen=True, slots=True)
class Last:
    """When it was done last, up to which `recorded_at`, and whether something was left."""

    at: int
    until: int
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Grown:
    """A session's log that ends elsewhere than was noted."""

    session_id: str
    seq: int
    head: bytes
    recorded_at: int


def last_noted(db: Connection) -> Last | None:
    """None if it never was."""
    newest = select(_c.at, _c.data).where(_c.kind == KIND).order_by(_c.seq.desc()).limit(1)
    row = db.execute(newest).one_or_none()
    if row is None:
        return None
    data = orjson.loads(row.data)
    return Last(row.at, data.get("until", row.at), data.get("unfinished", False))


def grown(db: Connection, last: Last | None) -> tuple[int, list[Grown]]:
    """Where the access log ends, then the logs that have grown since, in the order in which they
    did. It reads every session's row, which is why it is done outside the scribe.
    """
    before = end(db).seq
    query = select(_s.id, _s.seq, _s.head, _s.recorded_at).order_by(_s.recorded_at, _s.key)
    if last is not None:
        query = query.where(_s.recorded_at >= last.until - OVERLAP_MS)
    found = [Grown(row.id, row.seq, bytes(row.head), row.recorded_at) for row in db.execute(query)]
    if last is not None:
        found = [log for log in found if not _is_noted(db, log)]
    return before, found


def note(item: Item, logs: Sequence[Grown], *, before: int, moment: int, unfinished: bool) -> bool:
    """Notes these ends as they were read at `moment`; False, and nothing is noted, if another
    process has begun to since entry `before`.
    """
    if item.cursor.execute(item.sql.text(_OTHERS), (before, KIND, moment)).fetchone() is not None:
        return False
    for log in logs:
        data: dict[str, Any] = {"seq": log.seq, "hash": log.head.hex()}
        data["until"] = min(log.recorded_at, moment)  # a clock may once have been ahead
        if unfinished:
            data["unfinished"] = True
        append(item, Entry(KIND, None, session_id=log.session_id, data=data, at=moment))
    return True


def end(db: Connection) -> End:
    """The last entry of the access log."""
    row = db.execute(select(_c.seq, _c.hash).order_by(_c.seq.desc()).limit(1)).one_or_none()
    return End(row.seq, bytes(row.hash)) if row else EMPTY


def _is_noted(db: Connection, log: Grown) -> bool:
    newest = (
        select(_c.data)
        .where(_c.session_id == log.session_id, _c.kind.in_(ANCHORS))
        .order_by(_c.seq.desc())
        .limit(1)
    )
    text = db.execute(newest).scalar()
    if text is None:
        return False
    data = orjson.loads(text)
    return (data.get("seq"), data.get("hash")) == (log.seq, log.head.hex())
