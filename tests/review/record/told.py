"""A record made of a story's log, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.monitoring.times import parse_iso
from app.review.record.log import READING, Head, Logged, said_of
from app.review.record.made import record_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.review.record.model import AlarmTold, Compliance, Reading, Record, VitalSummary
    from tests.monitoring.telling import Json

HASH = "5e" * 32


def logged(log: Iterable[Json]) -> Iterator[Logged]:
    """As `log.read` takes them out of a database."""
    for event in log:
        is_reading = event["kind"] == READING
        yield Logged(
            seq=event["seq"],
            kind=event["kind"],
            ms=parse_iso(event["at"]),
            at=event["at"],
            recorded_at=event["recorded_at"],
            by=event["actor"],
            said=said_of(event["data"]) if is_reading else None,
            data={} if is_reading else orjson.loads(orjson.dumps(event["data"])),
        )


def record(log: list[Json]) -> Record:
    head = Head(key=1, seq=log[-1]["seq"], hash=HASH, began=0, began_at=0)
    return record_from(log[0]["session_id"], head, logged(log))


def summary(made: Record, vital: str) -> VitalSummary:
    (only,) = [one for one in made.summary.vitals if one.vital == vital]
    return only


def beyond(made: Record, vital: str) -> dict[str, float]:
    """Seconds by tier and side, of lines that were crossed."""
    return {
        f"{one.tier} {one.side}": one.seconds for one in summary(made, vital).beyond if one.seconds
    }


def kept(made: Record, vital: str) -> Compliance:
    (only,) = [one for one in made.summary.compliance if one.vital == vital]
    return only


def reading(made: Record, seq: int) -> Reading:
    (only,) = [one for one in made.readings if one.seq == seq]
    return only


def alarm(made: Record, group: str) -> AlarmTold:
    (only,) = [one for one in made.alarms if one.alarm["group"] == group]
    return only
