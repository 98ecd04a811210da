"""Whether the logs hold: every session's chain of events, and the access log's; beside a server
that runs, with nothing but reads.

What is found: an event or an entry that was changed, taken out, put in or moved; an end of the
access log that was cut off; a session's log that ends before where the access log once noted it, or
where the server keeps it apart while the session goes on, or a session that is gone since; a
signature that no longer holds, or is gone; a log without an entry where people or programs are.
What is not: a whole database put back, with the file of ends, to an earlier moment of their own.
For that, keep the end that is told here elsewhere, or a report with its session's head, and ask for
it later. Of one session alone, its own notes are looked at and not the rest of the access log: a
note that was taken out is found by verifying all.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.backup.heads import Known, about_session
from app.backup.kept import NOTHING
from app.errors import UnknownSession
from app.models.access_check import check, noted_anchors, noted_signatures
from app.models.access_log import EMPTY, End
from app.models.ends import life
from app.models.log_key import fits
from app.models.tables import access_log, infusion_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from app.backup.heads import Head
    from app.backup.kept import KeptApart
    from app.backup.rows import Begin
    from app.models.access_check import Checked
    from app.models.chain import Chain


@dataclass(slots=True)
class Verdict:
    """What was looked at, and a sentence for each thing that does not hold."""

    sessions: int = 0
    events: int = 0
    entries: int = 0
    end: End = EMPTY
    broken: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What is good to know and breaks nothing."""

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
    heads: Sequence[Head] = (),
    apart: KeptApart = NOTHING,
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
        known = Known()
        for head in (*heads, *_apart(db, apart, verdict)):
            if session_id in (None, head.session_id):
                known.heads.setdefault(head.session_id, []).append(head)
        if session_id is None:
            found = _entries(db, chain, begin, expected, verdict)
            known.anchors = found.anchors
            known.signed = found.signed if found.broken is None else None
        else:
            _entries_of_one(db, chain, session_id, known, verdict)
        _sessions(db, chain, begin, session_id, known, verdict)
    return verdict


def _apart(db: Connection, apart: KeptApart, verdict: Verdict) -> Sequence[Head]:
    verdict.broken += apart.broken
    if apart.life is None:
        return ()
    with db.begin():
        own = life(db)
    if own == apart.life:
        return apart.heads
    verdict.remarks.append(
        "The ends of sessions under way that are kept apart in this data directory are of another"
        " database, or of this one before it was restored: nothing was compared with them."
    )
    return ()


def _entries(
    db: Connection,
    chain: Chain,
    begin: Begin,
    expected: Sequence[End],
    verdict: Verdict,
) -> Checked:
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
    return found


def _entries_of_one(
    db: Connection, chain: Chain, session_id: str, known: Known, verdict: Verdict
) -> None:
    with db.begin():
        anchors = noted_anchors(db, chain, session_id)
        signed = noted_signatures(db, chain, session_id)
    if anchors is None:
        verdict.broken.append(f"Access log: an entry about session {session_id} was changed.")
    elif anchors:
        known.anchors[session_id] = anchors
    if signed:
        known.signed = {session_id: signed}


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
    known: Known,
    verdict: Verdict,
) -> None:
    row = infusion_session.c
    with db.begin():
        query = select(row.id, row.seq).order_by(row.key)
        if session_id is not None:
            query = query.where(row.id == session_id)
        sessions = [(str(id), int(seq)) for id, seq in db.execute(query)]
    if session_id is not None and not sessions and not known.has(session_id):
        raise UnknownSession("There is no session with this id.")
    told = begin("sessions", sum(seq for _, seq in sessions))
    for id, seq in sessions:
        with db.begin():  # one moment each: a session that goes on is not in the way
            verdict.broken += about_session(db, chain, id, known)
        verdict.sessions += 1
        verdict.events += seq
        told(seq)
    verdict.broken += known.gone()
