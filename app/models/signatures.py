"""The signatures under a session's record, and whether each still holds.

One holds if every event up to it is where it was in the keyed chain, if the event that it covers
has the hash that it says, and if the access log noted the same when it was made. One that the
access log noted and the session's log does not have is told as well: it was taken out.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import select

from app.models.access_check import SIGNED, noted_signatures
from app.models.chain import Walked, walk
from app.models.queries import CANCELLED
from app.models.tables import event, infusion_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.models.access_check import NotedSignature
    from app.models.chain import Chain

_SAID: Final = ("id", "kind", "meaning", "text", "covers", "hash")


@dataclass(frozen=True, slots=True)
class Signature:
    """`at` is the moment in which it was recorded. `gone`: only the access log tells of it."""

    seq: int
    id: str
    kind: str
    at: int
    by: dict[str, Any]
    meaning: str
    text: str | None
    covers: int
    hash: str
    holds: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A session's signatures in order. `closed_at` is None also where the visit was cancelled,
    which nobody need sign; `changed_at` is when it was first changed after the last of them.
    """

    walked: Walked
    items: tuple[Signature, ...]
    closed_at: int | None
    changed_at: int | None

    @property
    def broken(self) -> int | None:
        """The first event that is not as it was written, be it of the chain or of a signature that
        only the access log still tells of; None if all is.
        """
        untrue = [one.seq for one in self.items if not one.holds]
        return min([*untrue, *([] if (at := self.walked.broken) is None else [at])], default=None)

    @property
    def last_seq(self) -> int | None:
        """Of the last signature that is in the log."""
        return max((one.seq for one in self.items if not one.gone), default=None)

    @property
    def changes(self) -> int:
        """Events after the last signature; none where nobody has signed."""
        return 0 if self.last_seq is None else max(0, self.walked.seq - self.last_seq)


def signatures_of(
    db: Connection,
    chain: Chain,
    session_id: str,
    noted: Sequence[NotedSignature] | None = None,
) -> Signed:
    """`noted` is what the access log tells of them, None: look there. Raises UnknownSession."""
    if noted is None:
        noted = noted_signatures(db, chain, session_id)
    walked = walk(db, chain, session_id, kind=SIGNED)
    by_seq = {one.seq: one for one in noted}
    told = (_told(db, walked, row, by_seq.get(row.seq)) for row in walked.found)
    there = [one for one in told if one is not None]
    seqs, ids = {one.seq for one in there}, {one.id for one in there}
    gone = [_gone(one) for one in noted if one.seq not in seqs and one.id not in ids]
    items = tuple(sorted((*there, *gone), key=lambda one: one.seq))
    session = infusion_session.c
    took_place = (session.key == walked.key, session.phase != CANCELLED)
    closed_at = db.execute(select(session.closed_at).where(*took_place)).scalar()
    last = max((one.seq for one in items if not one.gone), default=None)
    changed_at = None if last is None else _recorded_at(db, walked.key, last + 1)
    return Signed(walked, items, closed_at, changed_at)


def broken_from(db: Connection, chain: Chain, session_id: str) -> int | None:
    """As `Signed.broken`; raises UnknownSession."""
    return signatures_of(db, chain, session_id).broken


def _told(
    db: Connection, walked: Walked, row: Any, noted: NotedSignature | None
) -> Signature | None:
    """None where somebody has made of it what no signature says."""
    try:
        data = orjson.loads(row.data)
        said = {name: data[name] for name in _SAID}
        by = dict(orjson.loads(row.actor))
        covers = int(said["covers"])
    except (TypeError, ValueError, KeyError):
        return None
    holds = (
        (walked.broken is None or row.seq < walked.broken)
        and covers == row.seq - 1
        and _hash_at(db, walked.key, covers) == said["hash"]
        and noted is not None
        and hmac.compare_digest(noted.hash, bytes(row.hash))
    )
    return Signature(seq=row.seq, at=row.recorded_at, by=by, holds=holds, **said)


def _gone(noted: NotedSignature) -> Signature:
    return Signature(
        seq=noted.seq,
        id=noted.id,
        kind=noted.kind,
        at=noted.at,
        by=dict(orjson.loads(noted.actor)),
        meaning=noted.meaning,
        text=None,
        covers=noted.covers,
        hash=noted.covered,
        holds=False,
        gone=True,
    )


def _hash_at(db: Connection, key: int, seq: int) -> str:
    query = select(event.c.hash).where(event.c.session_key == key, event.c.seq == seq)
    hash = db.execute(query).scalar()
    return "" if hash is None else bytes(hash).hex()


def _recorded_at(db: Connection, key: int, seq: int) -> int | None:
    query = select(event.c.recorded_at).where(event.c.session_key == key, event.c.seq >= seq)
    return db.execute(query.order_by(event.c.seq).limit(1)).scalar()
