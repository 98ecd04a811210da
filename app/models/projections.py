"""The rows that events leave beside the log: readings, alarms, attachments, and calls to send."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import uuid_utils

from app.models.codec import canonical
from app.monitoring.times import iso, parse_iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.models.sql import Statements
    from app.models.staged import Change, Held, Row, StagedReading
    from app.monitoring.state import Event, State

CALLS: Final = frozenset({"alarm.escalated", "help.called"})  # what goes out by webhook
_OF_ALARM: Final = (  # what a call tells of an alarm: codes and numbers, nobody's name
    "id", "kind", "condition", "group", "vital", "side", "priority", "state", "rev", "raised_at",
    "since", "value", "worst", "limit", "unit", "text", "missing",
)  # fmt: skip
_HELP: Final = "HELP"  # without the note that a person wrote: it may name somebody


def head_row(held: Held) -> Row:
    """The parameters of `set_head`."""
    return (held.state.seq, held.recorded_at, held.head, held.key)


def session_row(held: Held) -> Row:
    state = held.state
    return (
        state.seq,
        held.recorded_at,
        held.head,
        state.phase,
        state.phase_since,
        state.closed_at is None,
        state.closed_at,
        state.clock,
        state.next_due_at,
        held.key,
    )


def alarm_row(key: int, event: Event, *, was_high: bool) -> Row:
    alarm = event.data["alarm"]
    cleared_at = alarm["cleared_at"]
    return (
        alarm["id"],
        key,
        alarm["condition"],
        alarm["priority"],
        alarm["state"],
        parse_iso(alarm["raised_at"]),
        None if cleared_at is None else parse_iso(cleared_at),
        event.seq,
        canonical(alarm).decode(),
        was_high or alarm["priority"] == "high",
    )


def reading_row(key: int, event: Event, reading: StagedReading, raised: Sequence[int]) -> Row:
    data = event.data
    return (
        key,
        event.seq,
        reading.id,
        event.at,
        data["source"],
        canonical(data["values"]).decode(),
        _judged_text(data, raised),
        reading.digest,
    )


def voided(sql: Statements, key: int, event: Event) -> Change:
    """The reading stays, marked: it is shown no more."""
    return sql.void_reading, (True, key, event.data["seq"])


def amended(sql: Statements, key: int, event: Event, raised: Sequence[int]) -> Change:
    """The reading as it should have been, with the alarms that were said with the original."""
    reading = event.data["reading"]
    values, judged = canonical(reading["values"]), canonical(_judged(reading, raised))
    taken_at = parse_iso(reading["taken_at"])
    return sql.amend_reading, (values.decode(), judged.decode(), taken_at, key, event.data["seq"])


def _judged_text(data: Mapping[str, Any], raised: Sequence[int]) -> str:
    if raised or data["flags"] or data["late"] or data["superseded"]:
        return canonical(_judged(data, raised)).decode()
    return _calmly_judged(tuple(data["repeated"]))


@lru_cache(maxsize=256)  # nearly all readings are calm, and their cuff is one of few
def _calmly_judged(repeated: tuple[str, ...]) -> str:
    calm = {"flags": {}, "late": [], "superseded": [], "repeated": repeated}
    return canonical(_judged(calm, ())).decode()


def _judged(data: Mapping[str, Any], raised: Sequence[int]) -> dict[str, Any]:
    fields = ("flags", "late", "superseded", "repeated")
    return {**{field: data[field] for field in fields}, "raised": list(raised)}


def attachment(sql: Statements, key: int, event: Event) -> Change | None:
    """A device belongs to one session, and to none that is closed."""
    match event.kind:
        case "device.attached":
            return sql.attach, (event.data["device"], key, key, event.at)
        case "device.detached":
            return sql.detach, (event.data["device"], key)
        case "phase.changed" if not event.data["active"]:
            return sql.detach_all, (key,)
        case _:
            return None


def delivery_row(key: int, state: State, event: Event, now: int) -> Row:
    """A call as it will be posted: codes and the station, no initials and no names."""
    id = str(uuid_utils.uuid7())
    alarm = event.data.get("alarm")
    told = None if alarm is None else {field: alarm[field] for field in _OF_ALARM}
    if told is not None and told["condition"] == "help":
        told["text"] = _HELP
    body = {
        "id": id,
        "kind": event.kind,
        "at": iso(event.at),
        "session_id": state.order.id,
        "station": state.order.station,
        "simulated": state.order.simulated,
        "phase": state.phase,
        "alarm": told,
        "to": None if alarm is None else alarm["escalation"]["to"],
    }
    return (id, key, event.seq, canonical(body).decode(), now, now)
