"""Rows of emergency access: who took it, why, and who looked at it after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, Select, select

from app.models.notices import EMERGENCY, Noted, NoticeKey, notice_row
from app.models.queries import decode_cursor, encode_cursor
from app.models.tables import emergency, user_account
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.models.item import Item

_e: Final[Any] = emergency.c
_u: Final[Any] = user_account.c

_FIELDS: Final = "e.id, u.id, e.reason, e.session_id, e.until, e.ended_at, e.reviewed_at"
_ONE: Final = f"SELECT {_FIELDS} FROM emergency e JOIN user_account u ON u.key = e.user_key"
_BY_ID: Final = f"{_ONE} WHERE e.id = ?"
_OPEN: Final = (
    f"{_ONE} WHERE u.id = ? AND e.ended_at IS NULL AND e.until > ? ORDER BY e.key DESC LIMIT 1"
)
_ADD: Final = (
    "INSERT INTO emergency (id, user_key, reason, session_id, began_at, until, ended_at,"
    " reviewed_at, reviewed_by, note) SELECT ?, key, ?, ?, ?, ?, NULL, NULL, NULL, NULL"
    " FROM user_account WHERE id = ?"
)
_END: Final = "UPDATE emergency SET ended_at = ? WHERE id = ?"
_REVIEW: Final = "UPDATE emergency SET reviewed_at = ?, reviewed_by = ?, note = ? WHERE id = ?"
_END_NOTICE: Final = "DELETE FROM notice WHERE kind = ? AND code = ?"
_KNOWN: Final = "SELECT 1 FROM infusion_session WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Stored:
    """An emergency access, as stored."""

    id: str
    user_id: str
    reason: str
    session_id: str | None
    until: int
    ended_at: int | None
    reviewed_at: int | None


def by_id(item: Item, id: str) -> Stored | None:
    row = item.cursor.execute(item.sql.text(_BY_ID), (id,)).fetchone()
    return None if row is None else Stored(*row)


def open_of(item: Item, user_id: str) -> Stored | None:
    """The one that this user has now."""
    row = item.cursor.execute(item.sql.text(_OPEN), (user_id, item.now)).fetchone()
    return None if row is None else Stored(*row)


def add(
    item: Item, *, id: str, user_id: str, reason: str, session_id: str | None, until: int
) -> None:
    row = (id, reason, session_id, item.now, until, user_id)
    item.cursor.execute(item.sql.text(_ADD), row)


def end(item: Item, id: str) -> None:
    item.cursor.execute(item.sql.text(_END), (item.now, id))


def review(item: Item, id: str, by: str, note: str | None) -> None:
    item.cursor.execute(item.sql.text(_REVIEW), (item.now, by, note, id))


def tell(item: Item, id: str, text: str, station: str | None) -> None:
    """A notice to the whole clinic, until it is reviewed."""
    key = NoticeKey(EMERGENCY, "", station or "", id)
    item.cursor.execute(item.sql.set_notice, notice_row(key, Noted(text, item.now, item.now)))


def tell_no_more(item: Item, id: str) -> None:
    item.cursor.execute(item.sql.text(_END_NOTICE), (EMERGENCY, id))


def is_session(item: Item, session_id: str) -> bool:
    return item.cursor.execute(item.sql.text(_KNOWN), (session_id,)).fetchone() is not None


def emergencies(
    db: Connection, *, reviewed: bool | None = None, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The newest first, and where the list goes on."""
    query = _emergencies().order_by(_e.key.desc()).limit(limit + 1)
    place = decode_cursor(cursor, int)
    if place is not None:
        query = query.where(_e.key < place[0])
    if reviewed is not None:
        query = query.where(_e.reviewed_at.is_not(None) if reviewed else _e.reviewed_at.is_(None))
    rows = db.execute(query).mappings().all()
    more = encode_cursor(rows[limit - 1]["key"]) if len(rows) > limit else None
    return [emergency_json(row) for row in rows[:limit]], more


def one_emergency(db: Connection, *, emergency_id: str) -> dict[str, Any] | None:
    row = db.execute(_emergencies().where(_e.id == emergency_id)).mappings().one_or_none()
    return None if row is None else emergency_json(row)


def emergency_json(row: RowMapping) -> dict[str, Any]:
    by = row["reviewed_by"]
    return {
        "id": row["id"],
        "user": {"id": row["user_id"], "name": row["user_name"], "role": row["user_role"]},
        "reason": row["reason"],
        "session_id": row["session_id"],
        "began_at": iso(row["began_at"]),
        "until": iso(row["until"]),
        "ended_at": _moment(row["ended_at"]),
        "reviewed_at": _moment(row["reviewed_at"]),
        "reviewed_by": None if by is None else orjson.loads(by),
        "note": row["note"],
    }


def _emergencies() -> Select[Any]:
    return select(
        emergency,
        _u.id.label("user_id"),
        _u.display_name.label("user_name"),
        _u.role.label("user_role"),
    ).join(user_account, _u.key == _e.user_key)


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)
