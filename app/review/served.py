"""The record and its figure as they are asked for over HTTP: made in a process of their own, for a
session has thousands of readings.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Literal

import msgspec
import orjson

from app.review.figure import figure
from app.review.record.log import head_of
from app.review.record.made import record_of
from app.review.record.proven import proven_if_signed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.chain import Chain
    from app.models.store import Store
    from app.review.record.model import Reading, Record

Which = Literal["all", "told"]
KEPT: Final = 40_000  # readings of records that are kept, some 80 MB; the last one in any case

_kept: OrderedDict[tuple[str, str], Record] = OrderedDict()
"""Of the process that reads apart: a page asks for the record and its figure, and for the figure
again when somebody looks closer. A record is what its hash covers, so one that is kept is as it was
recorded; whether the log still is, the signatures say, which are proven each time.
"""


async def record(
    store: Store, session_id: str, *, until: int | None = None, readings: Which = "all"
) -> bytes:
    """The protocol's record as JSON; raises UnknownSession."""
    made: bytes = await store.proven(record_json, session_id, until, readings)
    return made


async def drawn(
    store: Store,
    session_id: str,
    *,
    since: int | None = None,
    until: int | None = None,
    points: int | None = None,
    symbols: bool = False,
) -> bytes:
    """The protocol's figure as JSON; raises UnknownSession."""
    asked = (session_id, since, until, points, symbols)
    made: bytes = await store.reader.apart(figure_json, *asked)
    return made


def record_json(
    db: Connection, chain: Chain, session_id: str, until: int | None, readings: Which
) -> bytes:
    told = proven_if_signed(db, chain, _record(db, session_id, until), until=until)
    if readings == "told":
        some = [reading for reading in told.readings if not is_calm(reading)]
        told = msgspec.structs.replace(told, readings=some)
    return msgspec.json.encode(told)


def figure_json(
    db: Connection,
    session_id: str,
    since: int | None,
    until: int | None,
    points: int | None,
    symbols: bool,
) -> bytes:
    told = _record(db, session_id, None)
    made = figure(told, since=since, until=until, points=points, symbols=symbols)
    of = {"session_id": session_id, "seq": told.seq, "t0": told.t0}
    return orjson.dumps({**of, **made})


def is_calm(reading: Reading) -> bool:
    """A device's, of which there is nothing to say but its numbers."""
    tells = reading.flags or reading.late or reading.unconfirmed or reading.rejected
    return reading.source == "device" and not tells and reading.standing == "standing"


def _record(db: Connection, session_id: str, until: int | None) -> Record:
    name = (session_id, head_of(db, session_id, until).hash)
    found = _kept.pop(name, None)
    if found is None:
        found = record_of(db, session_id, until=until)
    _kept[name] = found
    while len(_kept) > 1 and sum(len(one.readings) for one in _kept.values()) > KEPT:
        _kept.popitem(last=False)
    return found
