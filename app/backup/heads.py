"""Whether sessions' logs hold, with what was noted and kept elsewhere of their ends."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.models.access_check import Anchor, NotedSignature
from app.models.signatures import signatures_of
from app.models.tables import event, infusion_session
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from app.models.chain import Chain
    from app.models.signatures import Signature

AT_A_TIME: Final = 500  # ends that are asked for at once
EXPECTED: Final = "that was expected"
APART: Final = "that was kept apart"
"""Which event it is where a log ended, and whether somebody or the server says so."""
WHAT: Final = {"signature": "the signature", "addendum": "the addendum"}


@dataclass(frozen=True, slots=True)
class Head:
    """Where a session's log once ended, as a report prints it or the server keeps it apart."""

    session_id: str
    seq: int
    hash: bytes
    said: str = EXPECTED


@dataclass(slots=True)
class Known:
    """What there is, beside the sessions' own logs, that says where these ended: taken out as
    sessions are looked at, so that what is left is of sessions that are gone.
    """

    anchors: dict[str, set[Anchor]] = field(default_factory=dict)
    signed: dict[str, list[NotedSignature]] | None = field(default_factory=dict)
    """None where the access log is broken: then each session's own entries are looked at."""
    heads: dict[str, list[Head]] = field(default_factory=dict)

    def has(self, session_id: str) -> bool:
        """Whether there is somebody who says that there was such a session."""
        apart = (head for head in self.heads.get(session_id, ()) if head.said == APART)
        return session_id in self.anchors or any(apart)

    def gone(self) -> Iterator[str]:
        """A sentence for each session that is known and was not looked at."""
        signed = self.signed or {}
        for id in dict.fromkeys((*self.anchors, *signed, *self.heads)):
            if anchors := self.anchors.get(id):
                many = max(anchor.seq for anchor in anchors)
                yield f"Session {id} is gone: the access log noted {many} events of it."
            elif apart := [head.seq for head in self.heads.get(id, ()) if head.said == APART]:
                yield f"Session {id} is gone: an end of {max(apart)} events was kept apart."
            else:
                yield f"Session {id} is gone, or never was here: its end was expected."
            for noted in signed.get(id, ()):
                yield (
                    f"Session {id}: {WHAT[noted.kind]} of {iso(noted.at)} (event {noted.seq}) is"
                    " gone with it."
                )


def about_session(db: Connection, chain: Chain, id: str, known: Known) -> Iterator[str]:
    """A sentence for each thing that does not hold of one session, in one transaction."""
    anchors, heads = known.anchors.pop(id, set()), known.heads.pop(id, ())
    noted = None if known.signed is None else known.signed.pop(id, ())
    found = signatures_of(db, chain, id, noted)
    broken = found.walked.broken
    if broken is not None:
        yield f"Session {id}: event {broken} is changed, missing or out of place."
    elif not _has_all(db, found.walked.key, anchors):
        yield f"Session {id}: its log was cut off or put back: the access log noted another end."
    for head in heads:
        if (broken is not None and head.seq >= broken) or not _has(db, id, head.seq, head.hash):
            yield (
                f"Session {id}: event {head.seq} is not the one {head.said}: the log was"
                " changed, cut off or put back since."
            )
    yield from _no_longer(id, found.items)


def _no_longer(id: str, signatures: Sequence[Signature]) -> Iterator[str]:
    for one in signatures:
        if not one.holds:
            whose = f"{WHAT.get(one.kind, 'the signature')} of {one.by.get('name')}"
            why = "is gone" if one.gone else "no longer holds"
            yield f"Session {id}: {whose} of {iso(one.at)} (event {one.seq}) {why}."


def _has_all(db: Connection, key: int, anchors: Iterable[Anchor]) -> bool:
    """Also where it ended earlier: what was cut off may have been written over since."""
    ordered = sorted(anchors, key=lambda anchor: anchor.seq)
    for first in range(0, len(ordered), AT_A_TIME):
        some = ordered[first : first + AT_A_TIME]
        seqs = {anchor.seq for anchor in some}
        asked = select(event.c.seq, event.c.hash).where(
            event.c.session_key == key, event.c.seq.in_(seqs)
        )
        there = {seq: bytes(hash) for seq, hash in db.execute(asked)}
        if not all(hmac.compare_digest(there.get(one.seq, b""), one.hash) for one in some):
            return False
    return True


def _has(db: Connection, session_id: str, seq: int, hash: bytes) -> bool:
    """Of a log whose chain holds this far: it is the one that was noted if it has that event."""
    key = select(infusion_session.c.key).where(infusion_session.c.id == session_id)
    found = db.execute(
        select(event.c.hash).where(event.c.session_key == key.scalar_subquery(), event.c.seq == seq)
    ).scalar()
    return found is not None and hmac.compare_digest(bytes(found), hash)
