"""Notices: what the whole clinic should know, told by the server until it is over or dismissed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.clock import now_ms
from app.errors import NoticeStands, UnknownNotice
from app.models.access_log import Entry, append
from app.models.codec import actor_text
from app.models.notices import EMERGENCY, UNDELIVERED, NoticeKey, standing
from app.monitoring.errors import DomainError
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor

REFUSED: Final = "device_refused"
UNATTACHED: Final = "device_unattached"
TOLD_AT_MOST: Final = 100  # notices on a board; who needs more asks for the list
_FIELDS: Final = ["id", "kind", "device", "station", "code", "text", "since", "last_at", "count"]


def _refusals(of: type[DomainError]) -> Iterator[type[DomainError]]:
    for refusal in of.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


_STATUS: Final = {refusal.code: refusal.status for refusal in _refusals(DomainError)}
_NOWHERE: Final = {
    "unknown_session": "sends and is attached to no session",
    "device_detached": "sends to a session to which it is not attached",
}


def note_refused(
    item: Item, *, device: str | None, station: str | None, code: str, at: int
) -> None:
    """Counts a device's reading that was refused at `at`; cheap, for it may come with each one."""
    kind = UNATTACHED if code in _NOWHERE else REFUSED
    text = _NOWHERE.get(code) or f"{_STATUS.get(code, 422)} {code.replace('_', ' ')}"
    item.note(NoticeKey(kind, device or "", station or "", code), text, at)


async def notices(store: Store, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """Those that stand, the newest first: not dismissed; of devices, told in the last quarter of
    an hour.
    """
    query = partial(standing, now=now_ms(), limit=limit, cursor=cursor)
    rows, more = await store.reader.read(query)
    return {"items": [public_notice(dict(row)) for row in rows], "next_cursor": more}


async def told(store: Store) -> list[dict[str, Any]]:
    """What every board shows."""
    items: list[dict[str, Any]] = (await notices(store, limit=TOLD_AT_MOST, cursor=None))["items"]
    return items


async def dismiss(store: Store, actor: Actor, notice_id: str) -> dict[str, Any]:
    """The notice, which stands again when it is told again; raises UnknownNotice, NoticeStands."""
    return await store.scribe.submit(partial(_dismiss, actor=actor, notice_id=notice_id))


def _dismiss(item: Item, *, actor: Actor, notice_id: str) -> dict[str, Any]:
    row = item.cursor.execute(item.sql.notice_by_id, (notice_id,)).fetchone()
    if row is None:
        raise UnknownNotice("There is no notice with this id.")
    if row[1] == EMERGENCY:
        raise NoticeStands("Nothing was changed: it stands until an administrator has reviewed it.")
    by = actor_text(actor)
    item.cursor.execute(item.sql.dismiss_notice, (item.now, by, notice_id))
    told = {"notice": row[1], "device": row[2] or None, "station": row[3] or None}
    append(item, Entry("notice.dismissed", actor, data=told))
    return public_notice(dict(zip(_FIELDS, row, strict=True)))


def public_notice(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "text": _sentence(row),
        "since": iso(row["since"]),
        "last_at": iso(row["last_at"]),
        "count": row["count"],
        "device": row["device"] or None,
        "station": row["station"] or None,
    }


def _sentence(row: Mapping[str, Any]) -> str:
    text, count = row["text"], row["count"]
    if row["kind"] == UNDELIVERED:
        calls = "A call for help was" if count == 1 else f"{count} calls for help were"
        return f"{calls} not delivered: {text}"
    if row["kind"] == EMERGENCY:
        return f"{text}; an administrator reviews it"
    who = row["device"] or "A device without a name"
    if row["kind"] == UNATTACHED:
        return f"{who} {text}"
    return f"{who} was refused {'once' if count == 1 else f'{count} times'}: {text}"
