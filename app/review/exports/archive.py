"""The sessions of a range as one zip file, a session at a time, so that whoever waits can be told
how far it is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.models.tables import infusion_session
from app.review.errors import TooMuch, bad_period
from app.review.exports.csv_files import safe
from app.review.exports.errors import NothingToExport
from app.review.exports.files import made
from app.review.record.proven import proven_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.models.chain import Chain

MOST: Final = 1_000  # sessions: a month of a busy clinic, and a file that a disk has room for
CONTENTS: Final = "contents.csv"
COLUMNS: Final = ("file", "session_id", "began", "event", "hash", "log_broken_from")
FILE_MODE: Final = 0o600 << 16  # where a zip file keeps it
Session: Final = infusion_session.c


@dataclass(frozen=True, slots=True)
class Added:
    """A session that is in the file, and how far its log went."""

    session_id: str
    began: str
    seq: int
    hash: str
    broken: int | None
    files: tuple[str, ...]


def sessions_of(db: Connection, since: int, until: int, simulated: bool) -> list[str]:
    """Those that began in the range, the oldest first; raises InvalidRequest, TooMuch,
    NothingToExport.
    """
    if since >= until:
        raise bad_period()
    found = [
        str(id)
        for (id,) in db.execute(
            select(Session.id)
            .where(
                Session.created_at >= since,
                Session.created_at < until,
                Session.simulated.is_(simulated),
            )
            .order_by(Session.created_at, Session.id)
            .limit(MOST + 1)
        )
    ]
    if not found:
        raise NothingToExport("No session began in this period. Nothing was made.")
    if len(found) > MOST:
        raise TooMuch(f"These are more than {MOST} sessions. Ask for a shorter period.")
    return found


def add_session(
    db: Connection, chain: Chain, path: str, session_id: str, formats: Sequence[str], zone: str
) -> Added:
    """Its exports, in a folder named by its day and id."""
    record = proven_record(db, chain, session_id)
    began = datetime.fromisoformat(record.created_at)
    folder = f"{began:%Y-%m-%d}-{session_id}"
    names = []
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for kind in formats:
            export = made(record, kind, zone)
            name = f"{folder}/{export.name}"
            archive.writestr(_entry(name, began), export.content)
            names.append(name)
    head = (record.seq, record.hash, record.broken)
    return Added(session_id, record.created_at, *head, tuple(names))


def add_contents(_db: Connection, path: str, added: Sequence[Added]) -> None:
    """Which file is which, as far as which event each log went, and from which on it is broken."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in added:
        for name in one.files:
            cells = (name, one.session_id, one.began, one.seq, one.hash, one.broken)
            writer.writerow([safe(cell) for cell in cells])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        last = datetime.fromisoformat(added[-1].began)
        archive.writestr(_entry(CONTENTS, last), text.getvalue().encode())


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """With the session's own time: the same sessions make the same file."""
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = FILE_MODE
    return entry
