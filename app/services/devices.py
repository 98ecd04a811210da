"""Devices: attached to one session at a time, so that no reading is charted for another patient.
The devices of simulated sessions are others, whatever they are called.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.models import queries
from app.models.codec import digest
from app.monitoring.commands import DetachDevice
from app.monitoring.view import public
from app.services.changes import change

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor, AttachDevice
    from app.monitoring.state import State


async def attach(
    store: Store, actor: Actor, session_id: str, command: AttachDevice
) -> dict[str, Any]:
    """The state after it; every other active session that the device has sent to loses it in the
    same transaction. Raises UnknownSession, IdConflict and what the engine raises.
    """
    held = store.scribe.committed_state
    knowing = partial(_knowing, device=command.device, but=session_id, held=held)
    elsewhere = await store.reader.read(knowing)
    run = partial(_attach, actor=actor, session_id=session_id, command=command, elsewhere=elsewhere)
    state = await store.scribe.submit(run, sessions=[session_id, *elsewhere])
    # One that first heard it meanwhile keeps it no longer; from now on no other can hear it.
    if late := await store.reader.read(knowing):
        device = command.device
        leave = partial(_leave, actor=actor, device=device, session_id=session_id, others=late)
        await store.scribe.submit(leave, sessions=late)
    return state


async def detach(
    store: Store, actor: Actor, session_id: str, command: DetachDevice
) -> dict[str, Any]:
    """The state after it; of a device that is not there, as it was. Raises UnknownSession."""
    return await change(store, actor, session_id, command, name="detach")


def session_of(item: Item, device: str, *, simulated: bool) -> str | None:
    """The active session that the device is attached to."""
    row = item.cursor.execute(item.sql.id_of_device, (device, simulated)).fetchone()
    return None if row is None else str(row[0])


def _knowing(db: Connection, *, device: str, but: str, held: queries.Committed) -> list[str]:
    place = queries.place_of(db, session_id=but)
    if place is None:
        return []
    states = queries.active_states(db, held, simulated=place[1])
    return [state.order.id for state in states if state.order.id != but and _knows(state, device)]


def _knows(state: State, device: str) -> bool:
    seen = state.devices.get(device)
    return state.closed_at is None and seen is not None and seen.attached is not False


def _attach(
    item: Item,
    *,
    actor: Actor,
    session_id: str,
    command: AttachDevice,
    elsewhere: Sequence[str],
) -> dict[str, Any]:
    held, device = item.held(session_id), command.device
    sent = digest(["attach", device, command.probe, command.cuff])
    if item.known(held, command.id, sent) is not None:
        return public(held.state)
    simulated = held.state.order.simulated
    # meanwhile it may have been attached to another still
    attached = session_of(item, device, simulated=simulated)
    others = {*elsewhere, attached or session_id} - {session_id}
    _detach_from(item, actor, device, session_id, others)
    held, _ = item.step(held, command, actor)
    item.know(held, command.id, sent)
    return public(held.state)


def _leave(
    item: Item, *, actor: Actor, device: str, session_id: str, others: Sequence[str]
) -> None:
    simulated = item.held(session_id).state.order.simulated
    if session_of(item, device, simulated=simulated) == session_id:
        # else it was attached to one of them since
        _detach_from(item, actor, device, session_id, others)


def _detach_from(
    item: Item, actor: Actor, device: str, moved_to: str, others: Collection[str]
) -> None:
    for other in sorted(others):
        there = item.held(other)
        if _knows(there.state, device):
            item.step(there, DetachDevice(device, moved_to=moved_to), actor)
