"""The log of a session as a record is made of it: each event once, in order, a reading's data taken
apart as quickly as it can be, for a session has thousands of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
import orjson
from sqlalchemy import Connection, bindparam, select, text

from app.errors import UnknownSession
from app.models.tables import event, infusion_session
from app.monitoring.commands import Source  # noqa: TC001  # msgspec reads the types when it runs
from app.monitoring.times import SECOND_MS, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.review.record.model import By, Values

READING: Final = "reading.recorded"
AT_A_TIME: Final = 1_000  # events fetched at once: a tenth of a second's work
Session: Final = infusion_session.c
Log: Final = event.c

_HEAD: Final = select(Session.key, Session.seq).where(Session.id == bindparam("id"))
_HASH: Final = select(Log.hash).where(
    Log.session_key == bindparam("key"), Log.seq == bindparam("seq")
)
_BEGAN: Final = (
    select(Log.seq, Log.at)
    .where(Log.session_key == bindparam("key"), text("kind <> 'reading.recorded'"))
    .where(Log.kind == "clock.began")
    .order_by(Log.seq)
    .limit(1)
)
_EVENTS: Final = (
    select(Log.seq, Log.kind, Log.at, Log.recorded_at, Log.actor, Log.data)
    .where(Log.session_key == bindparam("key"), Log.seq <= bindparam("until"))
    .order_by(Log.seq)
)


class Said(msgspec.Struct, frozen=True, gc=False):
    """What the event of a reading says. The last six are left out where there is nothing to say,
    `after_close` also in logs from before there was such a thing.
    """

    id: str
    taken_at: str
    source: Source
    device: str | None
    interval_s: float | None
    values: dict[str, int | float]
    flags: dict[str, str]
    basis: dict[str, str]
    late: list[str]
    unconfirmed: list[str]
    derived: list[str]
    superseded: list[str]
    repeated: list[str]
    rejected: list[dict[str, Any]]
    device_time: str | None
    skew_s: float
    fresh_s: msgspec.Raw
    """Read by `stays_of`: the same few texts, thousands of times."""
    charted: dict[str, dict[str, Any]] = {}
    not_taken: dict[str, str] = {}
    not_taken_note: str | None = None
    put_off: dict[str, dict[str, Any]] = {}
    after_close: bool = False
    moved_from: dict[str, Any] | None = None


class Logged(msgspec.Struct, frozen=True, gc=False):
    """One event: `said` is a reading's data, `data` that of every other event; `ms` is `at`."""

    seq: int
    kind: str
    ms: int
    at: str
    recorded_at: str
    by: By
    said: Said | None
    data: dict[str, Any]

    def as_event(self) -> dict[str, Any]:
        """As `fold` takes it."""
        return {"seq": self.seq, "kind": self.kind, "at": self.at, "data": self.data}


_said: Final = msgspec.json.Decoder(Said)
_NOTHING: Final[dict[str, Any]] = {}


class Head(msgspec.Struct, frozen=True):
    """How far a log is read: up to event `seq`, whose place in the chain is `hash`. On a driven
    clock what came before event `began` came when that did: nobody had told the time before.
    """

    key: int
    seq: int
    hash: str
    began: int
    began_at: int


def head_of(db: Connection, session_id: str, until: int | None) -> Head:
    """As far as event `until`, or as far as it goes; raises UnknownSession."""
    row = db.execute(_HEAD, {"id": session_id}).one_or_none()
    if row is None:
        raise UnknownSession("There is no session with this id.")
    seq = int(row.seq) if until is None else max(1, min(int(row.seq), until))
    found = db.execute(_HASH, {"key": row.key, "seq": seq}).scalar_one()
    began = db.execute(_BEGAN, {"key": row.key}).one_or_none()
    since = (0, 0) if began is None or began.seq > seq else (int(began.seq), int(began.at))
    return Head(int(row.key), seq, bytes(found).hex(), *since)


def read(db: Connection, head: Head) -> Iterator[Logged]:
    """The events in order."""
    asked = {"key": head.key, "until": head.seq}
    rows = db.execute(_EVENTS, asked, execution_options={"yield_per": AT_A_TIME})
    for seq, kind, at, recorded_at, actor, data in rows:
        recorded, by = iso(recorded_at), _actor(actor)
        if kind == READING:
            said = _said.decode(data)
            yield Logged(seq, kind, at, said.taken_at, recorded, by, said, _NOTHING)
        else:
            ms = head.began_at if seq < head.began else at
            yield Logged(seq, kind, ms, iso(ms), recorded, by, None, orjson.loads(data))


def said_of(data: dict[str, Any]) -> Said:
    """The same of a reading that an amendment tells."""
    return _said.decode(orjson.dumps(data))


def values_of(said: Said) -> Values:
    """Without what the device only sent again: that is no measurement of its own."""
    if not said.repeated:
        return said.values
    return {vital: value for vital, value in said.values.items() if vital not in said.repeated}


def stays_of(said: Said) -> dict[str, int]:
    """For how many milliseconds each value may be shown as current."""
    return _stays(bytes(said.fresh_s))


@lru_cache(maxsize=1_024)  # what the devices of a clinic declare
def _stays(text: bytes) -> dict[str, int]:
    told: dict[str, float] = orjson.loads(text)
    return {vital: round(seconds * SECOND_MS) for vital, seconds in told.items()}


@lru_cache(maxsize=1_024)  # the people and devices of a clinic
def _actor(text: str) -> dict[str, Any]:
    actor: dict[str, Any] = orjson.loads(text)
    return actor
