"""The access log: who signed in, failed to, saw, exported, was refused. One keyed chain of entries,
beside the sessions' chains and with a key of its own; nothing in it is ever changed or taken out.

Its end is kept in `meta` too, keyed: an end that was cut off is found, unless `meta` was put back
to an end that once was. Whoever keeps a head outside the database finds that as well.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, Select, select

from app.models.chain import GENESIS
from app.models.codec import canonical
from app.models.queries import decode_cursor, encode_cursor
from app.models.tables import access_log
from app.monitoring.commands import Actor
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.models.chain import Chain
    from app.models.item import Item
    from app.models.sql import Statements
    from app.models.staged import Row as Columns

Kind = Literal[
    "signed_in",
    "sign_in.failed",
    "signed_out",
    "sign_in.ended",
    "locked",
    "unlocked",
    "unlock.failed",
    "granted",
    "grant.failed",
    "password.changed",
    "password.failed",
    "pin.changed",
    "session.viewed",
    "session.exported",
    "sessions.exported",
    "sessions.searched",
    "session.watched",
    "session.anchored",
    "session.ended",
    "session.cut",
    "record.signed",
    "signature.failed",
    "patient.created",
    "patient.viewed",
    "patients.searched",
    "board.watched",
    "reviewed",
    "refused",
    "device.refused",
    "notice.dismissed",
    "screen.sound",
    "screens.changed",
    "server.started",
    "server.stopped",
    "user.created",
    "user.changed",
    "user.reset",
    "user.unlocked",
    "token.created",
    "token.revoked",
    "link.created",
    "link.used",
    "emergency.began",
    "emergency.ended",
    "emergency.reviewed",
    "log.searched",
    "log.exported",
    "log.broken",
    "backup.made",
    "backup.restored",
    "entries.dropped",
]
NAME: Final = "access_log"  # of the row in `meta` that keeps the end of the log
LABEL: Final = b"the key of the access log"
ENTRIES_AT_A_TIME: Final = 1_000  # a log of years need not be in memory
WHO_CHARACTERS: Final = 64  # the columns' widths; an id that is longer is cut, never refused
CREDENTIAL_CHARACTERS: Final = 64
DATA_BYTES: Final = 4_096  # an entry says a few words; more is a mistake that must not grow the log

log = logging.getLogger(__name__)
_c: Final[Any] = access_log.c
_ADD: Final = (
    "INSERT INTO access_log"
    " (seq, at, kind, who, actor, credential, session_id, patient_id, data, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LOCK: Final = (  # the row is there afterwards and ours alone until the commit, on either database
    f"INSERT INTO meta (name, value) VALUES ('{NAME}', '')"
    " ON CONFLICT (name) DO UPDATE SET value = meta.value RETURNING value"
)
_LAST: Final = "SELECT seq, hash FROM access_log ORDER BY seq DESC LIMIT 1"
_HASH: Final = "SELECT hash FROM access_log WHERE seq = ?"
_KEEP: Final = f"UPDATE meta SET value = ? WHERE name = '{NAME}'"


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of the access log. `actor` is None where nobody known did it; `data` holds codes,
    counts and ids, no secrets, no search words and no names of patients. `at` None: now.
    """

    kind: Kind
    actor: Actor | None
    credential: str | None = None
    session_id: str | None = None
    patient_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Stamped:
    """An entry as its columns, but for its place in the chain."""

    at: int
    kind: str
    who: str
    actor: str
    credential: str | None
    session_id: str | None
    patient_id: str | None
    data: str

    def columns(self) -> Columns:
        return (
            self.at,
            self.kind,
            self.who,
            self.actor,
            self.credential,
            self.session_id,
            self.patient_id,
            self.data,
        )


@dataclass(frozen=True, slots=True)
class End:
    """The last entry's place and hash; of an empty log, 0 and the genesis."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


EMPTY: Final = End(0, GENESIS)


def stamped(entry: Entry, now: int) -> Stamped:
    """What can be stored of the entry, whatever somebody has put into an address; never fails."""
    try:
        data = canonical(dict(entry.data))
    except TypeError:
        data = canonical({"left_out": "no JSON"})
    if len(data) > DATA_BYTES:
        data = canonical({"left_out": f"{len(data)} bytes"})
    return Stamped(
        now if entry.at is None else entry.at,
        entry.kind,
        _text(entry.actor.id, WHO_CHARACTERS) if entry.actor else "",
        canonical(asdict(entry.actor) if entry.actor else None).decode(),
        _text(entry.credential, CREDENTIAL_CHARACTERS) if entry.credential else None,
        one_spelling(entry.session_id),
        one_spelling(entry.patient_id),
        data.decode(),
    )


def append(item: Item, entry: Entry) -> None:
    """The entry stands in the log if and only if the rest of this submission is committed."""
    item.staged.entries.append(stamped(entry, item.now))


def write(cursor: Any, sql: Statements, chain: Chain, entries: Sequence[Stamped], now: int) -> End:
    """At the end of the scribe's transaction, so that the lock on the log's end is the last one
    that it takes, in every process.

    The log goes on from what is there, whatever somebody did to it: a sign-in must not fail for it.
    That its end was not where it was left is an entry itself.
    """
    own = chain.derived(LABEL)
    ((kept,),) = cursor.execute(_LOCK).fetchall()
    row = cursor.execute(_LAST).fetchone()
    end = End(row[0], bytes(row[1])) if row else EMPTY
    said = read_kept(kept, own)
    if said != end:
        log.error("the access log does not end where it was left")
        told = {"kept": None if said is None else str(said), "found": str(end)}
        entries = [stamped(Entry("log.broken", None, data=told), now), *entries]
    rows = []
    for entry in entries:
        columns = (end.seq + 1, *entry.columns())
        end = End(end.seq + 1, own.next(end.hash, text_of(columns)))
        rows.append((*columns, end.hash))
    cursor.executemany(sql.text(_ADD), rows)
    cursor.execute(sql.text(_KEEP), (_kept(end, own),))
    return end


def is_written(cursor: Any, sql: Statements, end: End) -> bool:
    """Waits for whoever is writing, then says whether this very entry is in the log."""
    cursor.execute(_LOCK).fetchall()
    row = cursor.execute(sql.text(_HASH), (end.seq,)).fetchone()
    return row is not None and hmac.compare_digest(bytes(row[0]), end.hash)


def text_of(columns: Sequence[Any]) -> bytes:
    """What an entry's hash is made over: every column but the hash, so that none can pass for
    another.
    """
    return orjson.dumps(list(columns))


def read_kept(value: str | None, own: Chain) -> End | None:
    """The end that `meta` keeps; None if it was not written with this key."""
    if not value:
        return EMPTY
    seq, _, rest = value.partition(":")
    hash, _, mark = rest.partition(":")
    try:
        end = End(int(seq), bytes.fromhex(hash))
        return end if hmac.compare_digest(bytes.fromhex(mark), _mark(end, own)) else None
    except ValueError:
        return None


def entries(db: Connection, after: int = 0) -> Iterator[Row[Any]]:
    """All of the log in order, some at a time."""
    query = select(access_log).where(_c.seq > after).order_by(_c.seq)
    with db.execute(query.execution_options(yield_per=ENTRIES_AT_A_TIME)) as rows:
        yield from rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; None: any. Moments in milliseconds, `until` not included."""

    since: int | None = None
    until: int | None = None
    who: str | None = None
    kind: str | None = None
    session_id: str | None = None
    patient_id: str | None = None

    def told(self) -> dict[str, Any]:
        """What was asked for, for the entry that says so."""
        asked = {name: value for name, value in asdict(self).items() if value is not None}
        return {"asked": {n: iso(v) if isinstance(v, int) else v for n, v in asked.items()}}


def search(
    db: Connection, *, wanted: Wanted, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The newest first, and where the list goes on."""
    place = decode_cursor(cursor, int)
    query = _where(wanted).order_by(_c.seq.desc()).limit(limit + 1)
    if place is not None:
        query = query.where(_c.seq < place[0])
    rows = db.execute(query).all()
    more = encode_cursor(rows[limit - 1].seq) if len(rows) > limit else None
    return [entry_json(row) for row in rows[:limit]], more


def entry_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": iso(row.at),
        "kind": row.kind,
        "actor": orjson.loads(row.actor),
        "credential": row.credential,
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "data": orjson.loads(row.data),
    }


def _where(wanted: Wanted) -> Select[Any]:
    query = select(access_log)
    if wanted.since is not None:
        query = query.where(_c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_c.at < wanted.until)
    for name in ("who", "kind", "session_id", "patient_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(_c[name] == value)
    return query


def _kept(end: End, own: Chain) -> str:
    return f"{end}:{_mark(end, own).hex()}"


def _mark(end: End, own: Chain) -> bytes:
    """No entry's hash: an entry's text is a list."""
    return own.next(end.hash, b"the end of the access log, %d" % end.seq)


def _text(text: str, most: int) -> str:
    return text.replace("\0", "")[:most]


def one_spelling(id: str | None) -> str | None:
    """In its one spelling; of anything else in its place nothing is kept."""
    try:
        return str(UUID(id)) if id else None
    except ValueError:
        return None
