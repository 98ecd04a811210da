"""Emergency access ("break glass"): a clinician's permissions for half an hour, taken by whoever
needs them, with a reason, before everybody's eyes, and looked at afterwards.

Nobody is asked for leave first: a patient may need it. Everybody is told.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uuid_utils

from app.access.by import by
from app.errors import (
    IdConflict,
    NotAllowed,
    OwnEmergency,
    UnknownEmergency,
    UnknownSession,
    UnknownUser,
)
from app.models import emergencies, users
from app.models.access_log import append
from app.models.codec import actor_text
from app.models.credentials import bump
from app.monitoring.errors import FieldError, ReasonRequired

if TYPE_CHECKING:
    from app.access.access import Access
    from app.access.by import By
    from app.access.caller import Caller
    from app.models.emergencies import Stored
    from app.models.item import Item
    from app.models.store import Store

LASTS_MS: Final = 30 * 60_000  # an emergency, and calling a clinician to it; it can be taken again
REASON_CHARACTERS: Final = 10  # at least: a word or two that can be judged afterwards
_A: Final = {"nurse": "A nurse", "administrator": "An administrator"}


async def begin(
    store: Store,
    access: Access,
    caller: Caller,
    reason: str,
    *,
    session_id: str | None = None,
    station: str | None = None,
    id: str | None = None,
) -> tuple[dict[str, Any], bool]:
    """The emergency access, and whether it is new: what somebody has already, for the same reason,
    goes on. Only for somebody who is known to be there.

    Raises NotAllowed, ReasonRequired, UnknownSession, IdConflict.
    """
    user_id = _person(caller)
    if len(reason) < REASON_CHARACTERS:
        msg = f"Must have at least {REASON_CHARACTERS} characters"
        raise ReasonRequired(
            "Nothing was done. Say in a few words why; it is shown to the administrators.",
            errors=[FieldError(("reason",), "reason_too_short", msg)],
        )
    run = partial(
        _begin,
        id=id,
        user_id=user_id,
        reason=reason,
        session_id=session_id,
        station=station,
        by=by(caller),
    )
    found, created = await store.scribe.submit(run)
    await access.changed()
    return await emergency(store, found), created


async def end(store: Store, access: Access, caller: Caller) -> None:
    """The caller's own, before its time; without one nothing happens."""
    await store.scribe.submit(partial(end_open, user_id=_person(caller), by=by(caller)))
    await access.changed()


async def listed(
    store: Store, *, reviewed: bool | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    query = partial(emergencies.emergencies, reviewed=reviewed, limit=limit, cursor=cursor)
    items, more = await store.reader.read(query)
    return {"items": items, "next_cursor": more}


async def emergency(store: Store, emergency_id: str) -> dict[str, Any]:
    """Raises UnknownEmergency."""
    query = partial(emergencies.one_emergency, emergency_id=emergency_id)
    found = await store.reader.read(query)
    if found is None:
        raise _unknown()
    return found


async def review(
    store: Store, caller: Caller, emergency_id: str, note: str | None
) -> dict[str, Any]:
    """Somebody has looked at it; the first who did stays. Raises UnknownEmergency, OwnEmergency."""
    run = partial(
        _review, emergency_id=emergency_id, note=note, by=by(caller), own_id=caller.user_id
    )
    await store.scribe.submit(run)
    return await emergency(store, emergency_id)


def _begin(
    item: Item,
    *,
    id: str | None,
    user_id: str,
    reason: str,
    session_id: str | None,
    station: str | None,
    by: By,
) -> tuple[str, bool]:
    bump(item)
    user = users.by_id(item, user_id)
    if user is None:
        raise UnknownUser("Nothing was done: there is no user with this id.")
    asked = (user_id, reason, session_id)
    known = emergencies.by_id(item, id) if id else None
    if known is not None and _content(known) != asked:
        raise IdConflict("Nothing was done: another emergency access has this id.")
    if session_id is not None and not emergencies.is_session(item, session_id):
        raise UnknownSession("Nothing was done: there is no session with this id.")
    current = emergencies.open_of(item, user_id)
    same = known or (current if current and not id and _content(current) == asked else None)
    if same is not None:
        return same.id, False
    if current is not None:
        _finish(item, current, by)
    new_id, until = id or str(uuid_utils.uuid7()), item.now + LASTS_MS
    emergencies.add(
        item, id=new_id, user_id=user_id, reason=reason, session_id=session_id, until=until
    )
    who = _A.get(user.role, "Somebody")
    emergencies.tell(item, new_id, f"{who} took emergency access for 30 min", station)
    began = by.entry(
        "emergency.began",
        session_id=session_id,
        emergency_id=new_id,
        reason=reason,
        until=until,
    )
    append(item, began)
    return new_id, True


def end_open(item: Item, *, user_id: str, by: By) -> None:
    """Inside a submission: what this user has now, if anything, is over."""
    current = emergencies.open_of(item, user_id)
    if current is not None:
        bump(item)
        _finish(item, current, by)


def _finish(item: Item, current: Stored, by: By) -> None:
    emergencies.end(item, current.id)
    append(
        item,
        by.entry("emergency.ended", session_id=current.session_id, emergency_id=current.id),
    )


def _review(item: Item, *, emergency_id: str, note: str | None, by: By, own_id: str | None) -> None:
    found = emergencies.by_id(item, emergency_id)
    if found is None:
        raise _unknown()
    if found.reviewed_at is not None:
        return
    if found.user_id == own_id and _another_administrator(item, own_id):
        raise OwnEmergency("Nothing was changed. Ask another administrator to review it.")
    emergencies.review(item, found.id, actor_text(by.actor), note)
    emergencies.tell_no_more(item, found.id)
    whose = users.by_id(item, found.user_id)
    name = whose.display_name if whose else ""
    reviewed = by.entry(
        "emergency.reviewed", session_id=found.session_id, emergency_id=found.id, name=name
    )
    append(item, reviewed)


def _another_administrator(item: Item, user_id: str) -> bool:
    """Where there is only one, what that one did can be reviewed by nobody else."""
    own = users.by_id(item, user_id)
    return own is not None and users.other_administrators(item, own.key) > 0


def _content(stored: Stored) -> tuple[str, str, str | None]:
    return stored.user_id, stored.reason, stored.session_id


def _person(caller: Caller) -> str:
    if caller.kind != "person" or caller.user_id is None:
        raise NotAllowed("Nothing was done: emergency access is for people who have signed in.")
    return caller.user_id


def _unknown() -> UnknownEmergency:
    return UnknownEmergency("There is no emergency access with this id.")
