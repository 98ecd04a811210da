"""One session as a file, made apart from the server: the record is read, its signatures are looked
at, and one of the four exports is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.review.exports.csv_files import events_csv, readings_csv
from app.review.exports.html import html
from app.review.exports.made import document_of
from app.review.exports.names import file_name
from app.review.exports.pdf import pdf
from app.review.record.proven import proven_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from app.models.chain import Chain
    from app.review.record.model import Record

_MAKERS: Final[dict[str, Callable[[Record, str], bytes]]] = {
    "report.pdf": lambda record, zone: pdf(document_of(record, zone)),
    "report.html": lambda record, zone: html(document_of(record, zone)),
    "readings.csv": lambda record, _zone: readings_csv(record),
    "events.csv": lambda record, _zone: events_csv(record),
}


@dataclass(frozen=True, slots=True)
class Export:
    """`seq` and `hash`: how far the log went that it was made of."""

    name: str
    content: bytes
    seq: int
    hash: str


def export(db: Connection, chain: Chain, session_id: str, kind: str, zone: str) -> Export:
    """Raises UnknownSession, and InvalidRequest for a zone that there is not."""
    return made(proven_record(db, chain, session_id), kind, zone)


def made(record: Record, kind: str, zone: str) -> Export:
    name = file_name(record.session_id, record.phases[0].at, kind)
    return Export(name, _MAKERS[kind](record, zone), record.seq, record.hash)
