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
SIGNED: Final = "record.signed"
ENDED: Final = "session.ended"
CUT: Final = "session.cut"
ANCHORS: Final = (ANCHORED, ENDED, SIGNED, CUT, "session.exported")
"""Kinds of entries that say where a session's log ended: every hour, when it was closed and with
each change after that, with each signature, when the server found that it had ended further on
before, and on each report that was taken away.
"""
TELL_EVERY: Final = 1_000  # entries between two words to whoever waits


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a session's log once ended."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class NotedSignature:
    """A signature as the access log tells of it; `at` is the moment in which it was written."""

    seq: int
    hash: bytes
    id: str
    kind: str
    meaning: str
    covers: int
    covered: str
    at: int
    actor: str


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
    anchors: dict[str, set[Anchor]] = field(default_factory=dict)
    """All of each session, of entries that hold: a log that was cut off may have grown since."""
    signed: dict[str, list[NotedSignature]] = field(default_factory=dict)
    """The signatures of each session, of entries that hold."""
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


def noted_anchors(db: Connection, chain: Chain, session_id: str) -> set[Anchor] | None:
    """What was noted of one session's end, without reading the log; None if an entry that notes it
    does not follow on the one before it.
    """
    log = access_log.c
    rows = db.execute(
        select(access_log).where(log.session_id == session_id, log.kind.in_(ANCHORS))
    ).all()
    if not all(_holds(db, chain, row) for row in rows):
        return None
    return {anchor for row in rows if (anchor := anchor_of(row)) is not None}


def noted_signatures(db: Connection, chain: Chain, session_id: str) -> list[NotedSignature]:
    """Those of one session, of entries that follow on the one before them."""
    log = access_log.c
    rows = db.execute(
        select(access_log).where(log.session_id == session_id, log.kind == SIGNED).order_by(log.seq)
    ).all()
    return [_signature(row) for row in rows if _holds(db, chain, row)]


def _holds(db: Connection, chain: Chain, row: Any) -> bool:
    before = db.execute(select(access_log.c.hash).where(access_log.c.seq == row.seq - 1)).scalar()
    head = EMPTY.hash if before is None else bytes(before)
    made = chain.derived(LABEL).next(head, text_of(row[:-1]))
    return hmac.compare_digest(made, bytes(row[-1]))


def _note(found: Checked, row: Any, wanted: frozenset[int]) -> None:
    if row.seq in wanted:
        found.hashes[row.seq] = found.end.hash
    if row.kind == "log.broken":
        found.told.append(row.seq)
    elif row.kind in ANCHORS and row.session_id is not None:
        if (anchor := anchor_of(row)) is not None:
            found.anchors.setdefault(row.session_id, set()).add(anchor)
        if row.kind == SIGNED:
            found.signed.setdefault(row.session_id, []).append(_signature(row))


def anchor_of(row: Any) -> Anchor | None:
    """None: an entry that says nothing of an end."""
    data = orjson.loads(row.data)
    return Anchor(data["seq"], bytes.fromhex(data["hash"])) if "hash" in data else None


def _signature(row: Any) -> NotedSignature:
    data = orjson.loads(row.data)
    hash = bytes.fromhex(data["hash"])
    said = {name: data[name] for name in ("seq", "id", "kind", "meaning", "covers", "covered")}
    return NotedSignature(hash=hash, at=row.at, actor=row.actor, **said)
