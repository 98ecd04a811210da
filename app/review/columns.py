"""The readings of one session as columns, one set for each vital.

Most readings of a monitor hold the same vitals and say nothing of flags: what the columns of vitals
that came together share is made once and put into the answer as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final, TypeVar

import msgspec
import orjson
from msgspec.structs import astuple
from sqlalchemy import Connection, Select, Text, bindparam, cast, func, select, type_coerce

from app.models.tables import reading
from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS

T = TypeVar("T")

Reading: Final = reading.c
NOTHING: Final = '{"flags":{},"late":[],"raised":[],"repeated":[],"superseded":[]}'
"""How most readings are judged: the database leaves it out."""

END_MS: Final = 1 << 52  # after every moment
MIN_POINTS: Final = 4  # below this nothing of a curve is left


class _Judged(msgspec.Struct):
    """What is read of how a reading was judged."""

    flags: dict[str, str]
    late: list[str]
    repeated: list[str] = []

    @property
    def tells(self) -> bool:
        return bool(self.flags or self.late or self.repeated)


_judged: Final = msgspec.json.Decoder(_Judged)

# A value of each vital, None where it was not measured: quicker to take apart than a dict, and a
# vital that we do not know is no silent loss.
_Values: Final = msgspec.defstruct(
    "_Values",
    [(vital, int | float | None, None) for vital in VITALS],
    forbid_unknown_fields=True,
    gc=False,
)
_values: Final = msgspec.json.Decoder(list[_Values])  # type: ignore[valid-type]  # made above


@dataclass(frozen=True, slots=True)
class Readings:
    """In order of time; the nth entries belong together. `said` holds, by place, only the readings
    of which there is something to say beyond their values.
    """

    at: Sequence[int]
    seq: Sequence[int]
    source: Sequence[str]
    values: Sequence[Any]
    said: Mapping[int, _Judged]


NONE: Final = Readings([], [], [], [], {})

_JUDGED: Final = func.coalesce(func.nullif(cast(Reading.judged, Text), NOTHING), "")


def _of_session(*columns: Any) -> Select[Any]:
    return select(*columns).where(
        Reading.session_key == bindparam("key"),
        Reading.seq <= bindparam("head"),
        Reading.taken_at >= bindparam("since"),
        Reading.taken_at < bindparam("until"),
        Reading.voided.is_(False),
    )


def _joined(column: Any, separator: str) -> Any:
    return func.aggregate_strings(type_coerce(column, Text), separator)


# SQLite joins each column to one text, which spares it and us an object for each cell: a third of
# the time. All are joined in the same pass, so that their order is one. PostgreSQL takes longer to
# make texts of numbers than to send them.
_JOINED: Final = _of_session(
    _joined(Reading.taken_at, ","),
    _joined(Reading.seq, ","),
    _joined(Reading.source, ","),
    _joined(Reading["values"], ","),
    _joined(_JUDGED, "\n"),  # canonical JSON has no line ends
)
_ROWS: Final = _of_session(
    Reading.taken_at, Reading.seq, Reading.source, cast(Reading["values"], Text), _JUDGED
)


def readings(
    db: Connection, key: int, *, head: int, since: int | None, until: int | None
) -> Readings:
    """Those up to event `head` that were taken from `since` to before `until`, without what was
    voided.
    """
    asked = {
        "key": key,
        "head": head,
        "since": 0 if since is None else since,
        "until": END_MS if until is None else until,
    }
    if db.dialect.name == "sqlite":
        taken_at, seq, source, values, judged = db.execute(_JOINED, asked).one()
        if not taken_at:
            return NONE
        at = orjson.loads(f"[{taken_at}]")
        numbers = orjson.loads(f"[{seq}]")
        values = _values.decode(f"[{values}]")
        return _in_order(at, numbers, source.split(","), values, judged.split("\n"))
    rows = db.execute(_ROWS, asked).all()
    if not rows:
        return NONE
    at, numbers, source, texts, judged = (list(column) for column in zip(*rows, strict=True))
    return _in_order(at, numbers, source, _values.decode(f"[{','.join(texts)}]"), judged)


def _in_order(
    at: list[int],
    seq: list[int],
    source: list[str],
    values: list[Any],
    judged: list[str],
) -> Readings:
    """By moment, then by seq: as they came, but for what was told late."""
    if at != sorted(at) or seq != sorted(seq):
        order = sorted(range(len(at)), key=lambda place: (at[place], seq[place]))
        at, seq = [at[place] for place in order], [seq[place] for place in order]
        source, values = [source[place] for place in order], [values[place] for place in order]
        judged = [judged[place] for place in order]
    texts = set(judged) - {""}
    telling = {text: told for text in texts if (told := _judged.decode(text)).tells}
    said = {place: telling[text] for place, text in enumerate(judged) if text in telling}
    for place, told in said.items():
        for vital in told.repeated:  # no new measurement: it has its place already
            setattr(values[place], vital, None)
    return Readings(at, seq, source, values, said)


def series(of: Readings, t0: int, points: int | None) -> dict[str, dict[str, Any]]:
    """The columns of each vital, times in seconds after `t0`; with `points` at most so many of
    each vital, its extremes among them.
    """
    flagged = {vital for told in of.said.values() for vital in told.flags}
    late = {vital for told in of.said.values() for vital in told.late}
    everywhere = b"\1" * len(of.values)
    seconds = [(at - t0) / SECOND_MS for at in of.at]
    shared: dict[bytes, dict[str, Any]] = {}
    made: dict[str, dict[str, Any]] = {}
    for vital, column in zip(VITALS, zip(*map(astuple, of.values), strict=True), strict=False):
        missing = column.count(None)
        if missing == len(column):
            continue
        shown = everywhere  # a byte for each reading: is its value among the columns
        if missing:
            shown = bytes([value is not None for value in column])
        if points is not None:
            shown = thinned(column, shown, points)
        if shown not in shared:
            shared[shown] = _shared(of, seconds, shown)
        numbers = column if shown is everywhere else list(compress(column, shown))
        made[vital] = columns = {**shared[shown], "v": numbers}
        if vital in flagged:
            flags = _spread(of, {at: told.flags.get(vital) for at, told in of.said.items()}, None)
            columns["flag"] = list(compress(flags, shown))
        if vital in late:
            is_late = _spread(of, {at: vital in told.late for at, told in of.said.items()}, False)
            columns["late"] = list(compress(is_late, shown))
    return made


def _shared(of: Readings, seconds: list[float], shown: bytes) -> dict[str, Any]:
    """What does not depend on the vital, as JSON; flag and late as where nothing was said."""
    count = shown.count(1)
    return {
        "t": _text(list(compress(seconds, shown))),
        "v": None,
        "flag": _text([None] * count),
        "source": _text(list(compress(of.source, shown))),
        "late": _text([False] * count),
        "seq": _text(list(compress(of.seq, shown))),
    }


def _text(column: list[Any]) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(column))


def _spread(of: Readings, said: Mapping[int, T], usual: T) -> list[T]:
    """What was said of some readings, by place, as a column of all."""
    column = [usual] * len(of.values)
    for place, told in said.items():
        column[place] = told
    return column


def thinned(column: Sequence[Any], shown: bytes, points: int) -> bytes:
    """At most `points` of those shown: the lowest and the highest of each stretch of equally
    many.
    """
    points = max(points, MIN_POINTS)
    places = list(compress(range(len(column)), shown))
    if len(places) <= points:
        return shown
    stretches = points // 2
    kept = bytearray(len(column))
    for stretch in range(stretches):
        first, end = (n * len(places) // stretches for n in (stretch, stretch + 1))
        span = places[first:end]
        kept[min(span, key=column.__getitem__)] = 1
        kept[max(span, key=column.__getitem__)] = 1
    return bytes(kept)
