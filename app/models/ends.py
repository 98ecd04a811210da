"""Where the logs of sessions under way end, compared with where they were seen to end before."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import TextClause, select, text

from app.models.access_check import ANCHORS, CUT, Anchor, anchor_of
from app.models.access_log import Entry, append
from app.models.queries import ACTIVE
from app.models.tables import access_log, infusion_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from app.models.item import Item

T = TypeVar("T")
AT_A_TIME: Final = 100  # events that are asked for at once, each by its index
RESTORED: Final = "backup.restored"
_a: Final[Any] = access_log.c
_s: Final[Any] = infusion_session.c


@dataclass(frozen=True, slots=True)
class Compared:
    """`ends` are to be kept from now on. `lost` are those among them that the database has no
    longer and that the access log does not note yet.
    """

    ends: dict[str, Anchor]
    lost: list[tuple[str, Anchor]]


@dataclass(frozen=True, slots=True)
class _Log:
    """A session's key, and where its row says that its log ends."""

    key: int
    end: Anchor


def life(db: Connection) -> bytes | None:
    """Tells this database from every other, and from itself before it was restored: the hash of
    the entry that says so, else of the first one. Unlike `meta.epoch` it cannot be set by hand.
    None while the access log is empty. It may read all of that log.
    """
    restored = select(_a.hash).where(_a.kind == RESTORED).order_by(_a.seq.desc()).limit(1)
    found = db.execute(restored).scalar()
    if found is None:
        found = db.execute(select(_a.hash).where(_a.seq == 1)).scalar()
    return None if found is None else _bytes(found)


def compare(db: Connection, held: Mapping[str, Anchor]) -> Compared:
    """An end that was held once was committed, and a log only grows: a database that has it no
    longer was changed. For that the transaction must have begun after `held` was read.

    A session leaves when the access log notes its end, which it does in the very transaction that
    closes it.
    """
    active = _logs(db, ACTIVE)
    rows = dict(active)
    for some in _in_parts([id for id in held if id not in active]):
        rows |= _logs(db, _s.id.in_(some))
    lost = _lost(db, held, rows)
    ends: dict[str, Anchor] = {}
    told: list[tuple[str, Anchor]] = []
    for id in held.keys() | rows.keys():
        noted = _noted(db, id) if id in lost or id not in active else set()
        if id in lost and held[id] not in noted:
            ends[id] = held[id]
            told.append((id, held[id]))
        elif id in active or (id not in lost and not _covered(held[id], noted)):
            ends[id] = rows[id].end
    return Compared(ends, told)


def note(item: Item, lost: Iterable[tuple[str, Anchor]]) -> None:
    """What the server saw of these logs stays for good."""
    for id, end in lost:
        data = {"seq": end.seq, "hash": end.hash.hex()}
        append(item, Entry(CUT, None, session_id=id, data=data))


def _logs(db: Connection, which: ColumnElement[bool] | TextClause) -> dict[str, _Log]:
    rows = db.execute(select(_s.id, _s.key, _s.seq, _s.head).where(which))
    return {id: _Log(key, Anchor(_number(seq), _bytes(head))) for id, key, seq, head in rows}


def _lost(db: Connection, held: Mapping[str, Anchor], rows: Mapping[str, _Log]) -> set[str]:
    """Only logs that have changed are looked at; where nothing is recorded, none."""
    lost = {id for id, end in held.items() if id not in rows or rows[id].end.seq < end.seq}
    grown = {
        (rows[id].key, end.seq): id
        for id, end in held.items()
        if id not in lost and rows[id].end != end
    }
    found: dict[tuple[int, int], bytes] = {}
    for some in _in_parts(list(grown)):
        keys = {f"k{n}": key for n, (key, _) in enumerate(some)}
        seqs = {f"s{n}": seq for n, (_, seq) in enumerate(some)}
        there = db.execute(_hashes(len(some)), keys | seqs)
        found |= {(key, seq): _bytes(hash) for key, seq, hash in there}
    for place, id in grown.items():
        if not hmac.compare_digest(found.get(place, b""), held[id].hash):
            lost.add(id)
    return lost


@lru_cache(maxsize=2 * AT_A_TIME)
def _hashes(many: int) -> TextClause:
    """As text: of expressions the making takes longer than the asking. SQLite would not use the
    index for a list of pairs.
    """
    places = " OR ".join(f"(session_key = :k{n} AND seq = :s{n})" for n in range(many))
    return text(f"SELECT session_key, seq, hash FROM event WHERE {places}")


def _noted(db: Connection, session_id: str) -> set[Anchor]:
    rows = db.execute(
        select(_a.data).where(_a.session_id == session_id, _a.kind.in_(ANCHORS))
    ).all()
    found = set()
    for row in rows:
        with suppress(ValueError, TypeError, KeyError):  # of one that was written by hand
            if (anchor := anchor_of(row)) is not None:
                found.add(anchor)
    return found


def _covered(end: Anchor, noted: Iterable[Anchor]) -> bool:
    """A log that has this end, and holds, has it below one that is noted."""
    return any(anchor.seq >= end.seq for anchor in noted)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _bytes(value: Any) -> bytes:
    """What is no hash somebody wrote by hand: it must not keep the others from being seen."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""


def _in_parts(all: Sequence[T]) -> Iterable[Sequence[T]]:
    return (all[first : first + AT_A_TIME] for first in range(0, len(all), AT_A_TIME))
