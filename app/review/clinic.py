"""The clinic over a period, from the database: what it did, what the alarms asked of it, and how
high the pressures went. As JSON and as a table; no figure is about one patient.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import orjson
from sqlalchemy import Connection, bindparam, select, text

from app.clock import now_ms
from app.models.tables import session_state
from app.monitoring.times import iso
from app.review.alarm_load import HOUR_MS, load
from app.review.alarms_raised import raised_in
from app.review.clinic_figures import (
    DAY_MS,
    PEAKS,
    By,
    Json,
    Seen,
    buckets,
    figures,
    pressures,
)
from app.review.errors import TooMuch, bad_period
from app.review.spans import spans
from app.review.zones import UTC_NAME, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.models.store import Store
    from app.review.spans import Span

PERIOD_MS: Final = 28 * DAY_MS  # if none is asked for: four weeks
LONGEST_MS: Final = 400 * DAY_MS  # a year and the month in which it is looked at
MOST: Final = 12_000_000  # events: what one process reads in the time that a read may take
DAILY_MS: Final = 31 * DAY_MS + HOUR_MS  # one may have 25 hours; more are not read one by one
AT_A_TIME: Final = 500  # sessions asked for together, below what a statement may name
INFUSING: Final = "infusing"
COLUMNS: Final = (
    "from",
    "to",
    "sessions",
    "minutes",
    "infused_minutes",
    "alarms",
    "alarms_per_hour",
    "high_alarms",
    "medium_alarms",
    "low_alarms",
    "overdue",
    "overdue_minutes",
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days begin at the midnight of the zone, whose name it is."""

    since: int | None = None
    until: int | None = None
    simulated: bool = False
    by: By | None = None
    zone: str = UTC_NAME


class _Entered(msgspec.Struct):
    phase: str
    at: int


class _Told(msgspec.Struct):
    """What a stored state tells here; the rest of it is not read."""

    phases: list[_Entered]
    baseline: dict[str, float] | None


_told: Final = msgspec.json.Decoder(_Told)
_HIGHEST: Final = {
    "sqlite": "max(\"values\" ->> '$.{}')",
    "postgresql": "max((\"values\" ->> '{}')::float)",
}


async def clinic(store: Store, period: Period) -> bytes:
    """As JSON; raises InvalidRequest for a period that ends before it begins or a zone that
    there is not, TooMuch for a period that is too long.
    """
    made: bytes = await store.reader.apart(clinic_json, period, now_ms())
    return made


async def clinic_table(store: Store, period: Period) -> bytes:
    """Its days or weeks as CSV; raises as `clinic`."""
    made: bytes = await store.reader.apart(clinic_csv, period, now_ms())
    return made


def clinic_json(db: Connection, period: Period, now: int) -> bytes:
    """In a process of its own: the readings of a year take seconds."""
    return orjson.dumps(_clinic(db, period, now))


def clinic_csv(db: Connection, period: Period, now: int) -> bytes:
    """Numbers and moments only: nothing in it was typed by anybody."""
    rows = [[one[column] for column in COLUMNS] for one in _clinic(db, period, now)["buckets"]]
    table = io.StringIO()
    csv.writer(table).writerows([COLUMNS, *rows])
    return table.getvalue().encode()


def _clinic(db: Connection, period: Period, now: int) -> Json:
    until = now if period.until is None else period.until
    since = until - PERIOD_MS if period.since is None else period.since
    if since >= until:
        raise bad_period()
    if until - since > LONGEST_MS:
        raise TooMuch("Nothing was worked out: ask for 400 days at most.")
    by: By = period.by or ("day" if until - since <= DAILY_MS else "week")
    watched = list(spans(db, since, until, now=now, simulated=period.simulated))
    if sum(span.seq for span in watched) > MOST:
        raise TooMuch("Nothing was worked out: there is too much in it. Ask for a shorter period.")
    alarms = raised_in(db, since, until, simulated=period.simulated, only=None)
    sessions = list(_seen(db, watched))
    present = {span.id: span.until for span in watched}
    parts = buckets(since, until, by, zone_of(period.zone))
    return {
        "from": iso(since),
        "to": iso(until),
        "simulated": period.simulated,
        "by": by,
        "total": figures(sessions, alarms, since, until, present),
        "buckets": [figures(sessions, alarms, *part, present) for part in parts],
        "alarm_load": load(alarms, sum(span.within(since, until) for span in watched)),
        "pressures": pressures(sessions, since, until),
    }


def _seen(db: Connection, watched: Sequence[Span]) -> Iterator[Seen]:
    for first in range(0, len(watched), AT_A_TIME):
        some = watched[first : first + AT_A_TIME]
        keys = [span.key for span in some]
        states, highest = _states(db, keys), _peaks(db, keys)
        for span in some:
            told = states.get(span.key)
            yield Seen(
                since=span.since,
                until=span.until,
                infused=() if told is None else tuple(_infused(told.phases, span.until)),
                peaks=highest.get(span.key, {}),
                baseline=(told.baseline or {}) if told is not None else {},
            )


def _states(db: Connection, keys: Sequence[int]) -> dict[int, _Told]:
    """Of one that is gone or damaged nothing is told: its phases are in its log, and a figure over
    many sessions is not worth stepping a log again.
    """
    stored = session_state.c
    found = {}
    for key, data in db.execute(
        select(stored.session_key, stored.data).where(stored.session_key.in_(keys))
    ):
        try:
            found[key] = _told.decode(data)
        except msgspec.MsgspecError:
            continue
    return found


def _infused(phases: Sequence[_Entered], until: int) -> Iterator[tuple[int, int]]:
    ends = [entered.at for entered in phases[1:]] + [until]
    for entered, end in zip(phases, ends, strict=True):
        if entered.phase == INFUSING:
            yield entered.at, end


def _peaks(db: Connection, keys: Sequence[int]) -> dict[int, dict[str, float]]:
    """The highest value that stands of each session."""
    highest = _HIGHEST[db.dialect.name]
    asked = text(
        f"SELECT session_key, {', '.join(highest.format(vital) for vital in PEAKS)} FROM reading"
        " WHERE session_key IN :keys AND NOT voided GROUP BY session_key"
    ).bindparams(bindparam("keys", expanding=True))
    return {
        row[0]: {vital: top for vital, top in zip(PEAKS, row[1:], strict=True) if top is not None}
        for row in db.execute(asked, {"keys": keys})
    }
