"""The one way in which a command changes a session: known ids first, then the engine."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from app.models.codec import digest
from app.monitoring.view import public

if TYPE_CHECKING:
    from app.models.staged import Held
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor
    from app.monitoring.engine import Input


async def change(
    store: Store, actor: Actor, session_id: str, command: Input, *, name: str
) -> dict[str, Any]:
    """The state after it; raises UnknownSession, IdConflict and what the engine raises.

    `name` stands in the digest, so that one id cannot mean two kinds of change; stored digests
    hold it, so it stays as it is.
    """
    run = partial(_change, actor=actor, session_id=session_id, command=command, name=name)
    return await store.scribe.submit(run, sessions=[session_id])


def _change(
    item: Item, *, actor: Actor, session_id: str, command: Input, name: str
) -> dict[str, Any]:
    return public(apply(item, item.held(session_id), actor, command, name=name).state)


def apply(item: Item, held: Held, actor: Actor, command: Any, *, name: str) -> Held:
    """The session after the command; as it is if the command's id is known."""
    content = asdict(command)
    id = content.pop("id", None)
    sent = digest([name, content])
    if item.known(held, id, sent) is None:
        held, _ = item.step(held, command, actor)
        item.know(held, id, sent)
    return held
