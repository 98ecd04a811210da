"""The alarm load of a session or of the whole clinic over a period, from the database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec
import orjson
from sqlalchemy import Connection, select

from app.clock import now_ms
from app.models.tables import alarm, infusion_session
from app.monitoring.times import MINUTE_MS, iso, parse_iso
from app.review.alarm_load import Raised, load, longest, most_frequent
from app.review.errors import bad_period
from app.review.spans import Span, one_span, spans

if TYPE_CHECKING:
    from app.models.store import Store

DAY_MS: Final = 24 * 60 * MINUTE_MS  # the period if none is asked for: since this time yesterday
SESSIONS: Final = 200  # sessions listed, those with most alarms; a month of a clinic
AT_A_TIME: Final = 1_000  # rows fetched at once; a year has a hundred thousand


class _Seen(msgspec.Struct):
    at: str


class _Alarm(msgspec.Struct):
    """What is read of a stored alarm."""

    id: str
    session_id: str
    kind: str
    condition: str
    group: str
    vital: str | None
    side: str | None
    text: str
    acknowledgements: list[_Seen]


_alarm: Final = msgspec.json.Decoder(_Alarm)


async def alarm_load(
    store: Store,
    *,
    session: str | None = None,
    since: int | None = None,
    until: int | None = None,
    simulated: bool = False,
) -> bytes:
    """The protocol's alarm load as JSON; raises UnknownSession, and InvalidRequest for a period
    that ends before it begins.

    A session alone means its whole life. Without a session the clinic's real sessions are counted,
    or with `simulated` the simulated ones: never both together.
    """
    asked = (session, since, until, simulated, now_ms())
    made: bytes = await store.reader.apart(alarm_load_json, *asked)
    return made


def alarm_load_json(
    db: Connection,
    session: str | None,
    since: int | None,
    until: int | None,
    simulated: bool,
    now: int,
) -> bytes:
    """In a process of its own: a year of a clinic takes a second."""
    only = None if session is None else one_span(db, session, now)
    if only is not None and since is None and until is None:
        since, until = only.since, max(only.until, only.since) + 1  # the end itself counts
    until = now if until is None else until
    since = until - DAY_MS if since is None else since
    if since >= until:
        raise bad_period()
    if only is not None:
        watched, simulated = [only], only.simulated
    else:
        watched = list(spans(db, since, until, now=now, simulated=simulated))
    alarms = raised_in(db, since, until, simulated=simulated, only=only)
    return orjson.dumps(
        {
            "from": iso(since),
            "to": iso(until),
            "simulated": simulated,
            **_told(alarms, watched, since, until),
        }
    )


def _told(alarms: list[Raised], watched: list[Span], since: int, until: int) -> dict[str, Any]:
    by_session: dict[str, list[Raised]] = defaultdict(list)
    for one in alarms:
        by_session[one.session_id].append(one)
    ranked = sorted(watched, key=lambda span: (-len(by_session[span.id]), span.key))
    now = {span.id: span.until for span in watched}
    return {
        "clinic": load(alarms, sum(span.within(since, until) for span in watched)),
        "worst": {"most_frequent": most_frequent(alarms), "longest": longest(alarms, now)},
        "sessions": [
            {
                "session_id": span.id,
                "station": span.station,
                **load(by_session[span.id], span.within(since, until)),
            }
            for span in ranked[:SESSIONS]
        ],
        "sessions_not_listed": max(0, len(ranked) - SESSIONS),
    }


def raised_in(
    db: Connection, since: int, until: int, *, simulated: bool, only: Span | None
) -> list[Raised]:
    """The alarms raised in the period, in order of raising."""
    query = select(alarm.c.raised_at, alarm.c.cleared_at, alarm.c.priority, alarm.c.data).where(
        alarm.c.raised_at >= since, alarm.c.raised_at < until
    )
    if only is not None:
        query = query.where(alarm.c.session_key == only.key)
    else:
        query = query.join(infusion_session, infusion_session.c.key == alarm.c.session_key)
        query = query.where(infusion_session.c.simulated.is_(simulated))
    query = query.order_by(alarm.c.raised_at, alarm.c.id)
    rows = db.execute(query.execution_options(yield_per=AT_A_TIME))
    return [
        _read(raised_at, cleared_at, priority, data)
        for raised_at, cleared_at, priority, data in rows
    ]


def _read(raised_at: int, cleared_at: int | None, priority: str, data: str) -> Raised:
    said = _alarm.decode(data)
    seen = said.acknowledgements
    return Raised(
        id=said.id,
        session_id=said.session_id,
        kind=said.kind,
        condition=said.condition,
        group=said.group,
        vital=said.vital,
        side=said.side,
        priority=priority,
        text=said.text,
        raised_at=raised_at,
        cleared_at=cleared_at,
        seen_at=parse_iso(seen[0].at) if seen else None,
    )
