"""Whether the access log holds: every entry follows on the one before it, and its end is where it
was left. A log without an entry has none only where nobody ever was: each user, sign-in and token
leaves one.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import exists, select

from app.models.access_log import EMPTY, LABEL, NAME, End, entries, read_kept, text_of
from app.models.tables import access_log, meta, sign_in, token, user_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from app.models.chain import Chain

ANCHORED: Final = "session.anchored"
TELL_EVERY: Final = 1_000  # entries between two words to whoever waits


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a session's log once ended."""

    seq: int
    hash: bytes


@dataclass(slots=True)
class Checked:
    """`end` is that of the entries that hold; `broken` the seq of the first that is changed,
    missing or out of place; `kept` where `meta` says that the log ends, None if that is forged.
    """

    end: End = EMPTY
    broken: int | None = None
    kept: End | None = EMPTY
    emptied: bool = False
    """There is no entry, and there are people or programs that each left one."""
    told: list[int] = field(default_factory=list)
    """Entries by which the server itself said that the end was not where it was left."""
    anchors: dict[str, Anchor] = field(default_factory=dict)
    """The newest of each session, of entries that hold."""
    hashes: dict[int, bytes] = field(default_factory=dict)
    """Of the entries that were asked for."""

    @property
    def cut(self) -> bool:
        """All entries that are there hold, and there should be others."""
        return self.broken is None and self.kept != self.end

    @property
    def holds(self) -> bool:
        return self.broken is None and not (self.cut or self.emptied or self.told)


def check(
    db: Connection,
    chain: Chain,
    *,
    wanted: frozenset[int] = frozenset(),
    told: Callable[[int], None] = lambda _: None,
) -> Checked:
    """In one transaction that sees one moment. `told` is called with how many entries more were
    looked at; `wanted` are seqs whose hashes are wanted.
    """
    own = chain.derived(LABEL)
    found = Checked()
    kept = db.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar()
    found.kept = read_kept(kept, own)
    for row in entries(db):
        columns, hash = row[:-1], row[-1]
        head = own.next(found.end.hash, text_of(columns))
        if row.seq != found.end.seq + 1 or not hmac.compare_digest(head, bytes(hash)):
            found.broken = found.end.seq + 1
            return found
        found.end = End(row.seq, head)
        _note(found, row, wanted)
        if row.seq % TELL_EVERY == 0:
            told(TELL_EVERY)
    told(found.end.seq % TELL_EVERY)
    if found.end == EMPTY:
        left_one = (exists(select(table)) for table in (user_account, sign_in, token))
        found.emptied = any(db.execute(select(there)).scalar_one() for there in left_one)
    return found


def newest_anchor(db: Connection, chain: Chain, session_id: str) -> Anchor | bool:
    """What was noted last of one session's end, without reading the log: True if nothing was, False
    if that entry does not follow on the one before it.
    """
    own, log = chain.derived(LABEL), access_log.c
    row = db.execute(
        select(access_log)
        .where(log.session_id == session_id, log.kind == ANCHORED)
        .order_by(log.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return True
    before = db.execute(select(log.hash).where(log.seq == row.seq - 1)).scalar()
    columns, hash = row[:-1], bytes(row[-1])
    head = own.next(EMPTY.hash if before is None else bytes(before), text_of(columns))
    return _anchor(row) if hmac.compare_digest(head, hash) else False


def _note(found: Checked, row: Any, wanted: frozenset[int]) -> None:
    if row.seq in wanted:
        found.hashes[row.seq] = found.end.hash
    if row.kind == "log.broken":
        found.told.append(row.seq)
    elif row.kind == ANCHORED and row.session_id is not None:
        found.anchors[row.session_id] = _anchor(row)


def _anchor(row: Any) -> Anchor:
    data = orjson.loads(row.data)
    return Anchor(data["seq"], bytes.fromhex(data["hash"]))
