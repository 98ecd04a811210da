"""Whether the logs hold: every session's chain of events, and the access log's; beside a server
that runs, with nothing but reads.

What is found: an event or an entry that was changed, taken out, put in or moved; an end of the
access log that was cut off; a session's log that ends before where the access log once noted it, or
a session that is gone since; a log without an entry where people or programs are. What is not: a
whole database put back to an earlier moment of its own. For that, keep the end that is told here
outside the database, and ask for it later. Of one session alone, its newest note is looked at and
not the rest of the access log: a note that was taken out is found by verifying all.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import UnknownSession
from app.models.access_check import check, newest_anchor
from app.models.access_log import EMPTY, End
from app.models.chain import first_broken
from app.models.log_key import fits
from app.models.tables import access_log, event, infusion_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from app.backup.rows import Begin
    from app.models.access_check import Anchor, Checked
    from app.models.chain import Chain


@dataclass(slots=True)
class Verdict:
    """What was looked at, and a sentence for each thing that does not hold."""

    sessions: int = 0
    events: int = 0
    entries: int = 0
    end: End = EMPTY
    broken: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.broken


def verify(
    engine: Engine,
    chain: Chain,
    begin: Begin,
    *,
    session_id: str | None = None,
    expected: Sequence[End] = (),
) -> Verdict:
    """Raises UnknownSession. `begin` is called with what is looked at next and how much it is, and
    answers whom to tell of the progress.
    """
    verdict = Verdict()
    with engine.connect() as db:
        with db.begin():
            if not fits(db, chain):
                verdict.broken.append(
                    "The log key is not the one of this database, or what `meta` says of it was"
                    " changed: with another key every entry looks broken."
                )
        anchors: dict[str, Anchor] = {}
        if session_id is None:
            anchors = _entries(db, chain, begin, expected, verdict)
        else:
            anchors = _one_anchor(db, chain, session_id, verdict)
        _sessions(db, chain, begin, session_id, anchors, verdict)
    return verdict


def _entries(
    db: Connection,
    chain: Chain,
    begin: Begin,
    expected: Sequence[End],
    verdict: Verdict,
) -> dict[str, Anchor]:
    with db.begin():
        many = db.execute(select(func.count()).select_from(access_log)).scalar_one()
        wanted = frozenset(end.seq for end in expected)
        found = check(db, chain, wanted=wanted, told=begin("access log", many))
    verdict.entries, verdict.end = found.end.seq, found.end
    verdict.broken += _about(found)
    for end in expected:
        hash = found.hashes.get(end.seq, EMPTY.hash if end.seq == 0 else b"")
        if not hmac.compare_digest(hash, end.hash):
            verdict.broken.append(
                f"Access log: entry {end.seq} is not the one that was expected: the database was"
                " put back to an earlier moment, or the log was made anew."
            )
    return found.anchors


def _one_anchor(
    db: Connection, chain: Chain, session_id: str, verdict: Verdict
) -> dict[str, Anchor]:
    with db.begin():
        anchor = newest_anchor(db, chain, session_id)
    if anchor is False:
        verdict.broken.append(f"Access log: the last entry about session {session_id} was changed.")
    return {} if isinstance(anchor, bool) else {session_id: anchor}


def _about(found: Checked) -> Iterator[str]:
    if found.broken is not None:
        yield f"Access log: entry {found.broken} is changed, missing or out of place."
    elif found.kept is None:
        yield f"Access log: what was kept of its end (after entry {found.end.seq}) was changed."
    elif found.cut:
        yield (
            f"Access log: it ends with entry {found.end.seq}, and should end with"
            f" {found.kept.seq}: its end was cut off or put back."
        )
    if found.emptied:
        yield (
            "Access log: it has no entry, and there are users, sign-ins or tokens, each of which"
            " left one: it was emptied."
        )
    for seq in found.told:
        yield (
            f"Access log: before entry {seq} the server found that the end was not where it was"
            " left: entries were cut off there."
        )


def _sessions(
    db: Connection,
    chain: Chain,
    begin: Begin,
    session_id: str | None,
    anchors: dict[str, Anchor],
    verdict: Verdict,
) -> None:
    row = infusion_session.c
    with db.begin():
        query = select(row.id, row.seq).order_by(row.key)
        if session_id is not None:
            query = query.where(row.id == session_id)
        sessions = [(str(id), int(seq)) for id, seq in db.execute(query)]
    if session_id is not None and not sessions and session_id not in anchors:
        raise UnknownSession("There is no session with this id.")
    told = begin("sessions", sum(seq for _, seq in sessions))
    for id, seq in sessions:
        with db.begin():  # one moment each: a session that goes on is not in the way
            broken = first_broken(db, chain, id)
            anchored = broken is None and _is_anchored(db, id, anchors.pop(id, None))
        anchors.pop(id, None)
        if broken is not None:
            verdict.broken.append(
                f"Session {id}: event {broken} is changed, missing or out of place."
            )
        elif not anchored:
            verdict.broken.append(
                f"Session {id}: its log was cut off or put back: the access log noted another end."
            )
        verdict.sessions += 1
        verdict.events += seq
        told(seq)
    verdict.broken += [
        f"Session {id} is gone: the access log noted {anchor.seq} events of it."
        for id, anchor in anchors.items()
    ]


def _is_anchored(db: Connection, session_id: str, anchor: Anchor | None) -> bool:
    """The chain holds; so it is the one that was noted if it has the noted event."""
    if anchor is None:
        return True
    key = select(infusion_session.c.key).where(infusion_session.c.id == session_id)
    hash = db.execute(
        select(event.c.hash).where(
            event.c.session_key == key.scalar_subquery(), event.c.seq == anchor.seq
        )
    ).scalar()
    return hash is not None and hmac.compare_digest(bytes(hash), anchor.hash)
