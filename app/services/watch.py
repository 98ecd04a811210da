"""Watching: the marks by which the server knows that it is at work, sessions told of a gap, and
what screens confirm.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.monitoring.commands import SYSTEM, ConfirmShown

if TYPE_CHECKING:
    from app.models.store import Store
    from app.models.unit import Item


async def confirm_shown(store: Store, session_id: str, alarm_id: str, rev: int) -> None:
    """A screen that can be heard has shown and sounded this revision of an alarm; raises
    UnknownSession or UnknownAlarm.
    """
    command = ConfirmShown(alarm_id, rev)
    run = partial(_confirm, session_id=session_id, command=command)
    await store.scribe.submit(run, sessions=[session_id])


def _confirm(item: Item, *, session_id: str, command: ConfirmShown) -> None:
    item.step(item.held(session_id), command, SYSTEM)


async def mark_alive(store: Store) -> None:
    """A commit of its own; raises StorageUnavailable when the database takes none."""
    await store.scribe.submit(_mark)


def _mark(item: Item) -> None:
    item.cursor.execute(item.sql.mark_alive, (str(item.now),))
