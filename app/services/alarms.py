"""Alarms: listed, acknowledged by named persons, and ended by one where nothing else ends them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from app.models import queries
from app.models.codec import digest
from app.monitoring.errors import UnknownAlarm
from app.monitoring.view import public

if TYPE_CHECKING:
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Acknowledge, Actor, EndAlarm


async def session_alarms(
    store: Store, session_id: str, *, standing: bool | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Raises UnknownSession."""
    query = partial(
        queries.alarms, session_id=session_id, standing=standing, limit=limit, cursor=cursor
    )
    return await store.reader.read(query)


async def acknowledge(
    store: Store, actor: Actor, session_id: str, command: Acknowledge
) -> dict[str, Any]:
    """The alarm after it; raises UnknownSession, UnknownAlarm or IdConflict."""
    run = partial(_acknowledge, actor=actor, session_id=session_id, command=command)
    return await store.scribe.submit(run, sessions=[session_id])


async def end_alarm(
    store: Store, actor: Actor, session_id: str, command: EndAlarm
) -> dict[str, Any]:
    """The session's state after it; of an alarm that is over, as it was. Raises UnknownSession,
    UnknownAlarm, StillPresent or IdConflict.
    """
    run = partial(_end_alarm, actor=actor, session_id=session_id, command=command)
    return await store.scribe.submit(run, sessions=[session_id])


def _acknowledge(
    item: Item, *, actor: Actor, session_id: str, command: Acknowledge
) -> dict[str, Any]:
    held = item.held(session_id)
    sent = digest(["acknowledge", command.alarm_id, command.rev, command.action, command.note])
    if item.known(held, command.id, sent) is not None:
        return _stored(item, held.key, command.alarm_id)
    try:
        held, made = item.step(held, command, actor)
    except UnknownAlarm:
        return _stored(item, held.key, command.alarm_id)  # over already: there is nothing to quiet
    item.know(held, command.id, sent)
    said = [e.data["alarm"] for e in made.events if e.kind.startswith("alarm.")]
    of_this = [alarm for alarm in said if alarm["id"] == command.alarm_id]
    return of_this[-1] if of_this else _stored(item, held.key, command.alarm_id)


def _end_alarm(item: Item, *, actor: Actor, session_id: str, command: EndAlarm) -> dict[str, Any]:
    held = item.held(session_id)
    sent = digest(["end_alarm", command.alarm_id, command.reason])
    if item.known(held, command.id, sent) is None:
        try:
            held, _ = item.step(held, command, actor)
            item.know(held, command.id, sent)
        except UnknownAlarm:
            _stored(item, held.key, command.alarm_id)  # over already: there is nothing to end
    return public(held.state)


def _stored(item: Item, key: int, alarm_id: str) -> dict[str, Any]:
    staged = item.alarm_row(alarm_id)
    row = staged or item.cursor.execute(item.sql.alarm_by_id, (key, alarm_id)).fetchone()
    if row is None:
        raise UnknownAlarm("There is no such alarm in this session.")
    alarm: dict[str, Any] = orjson.loads(row[0])
    return alarm
