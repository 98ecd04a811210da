"""Rows of tokens: credentials of programs and wall screens; their secrets only as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, Select, select

from app.models.queries import decode_cursor, encode_cursor
from app.models.tables import token, user_account
from app.monitoring.commands import Role
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.models.item import Item
    from app.models.sign_ins import EndedWhy

_t: Final[Any] = token.c
_u: Final[Any] = user_account.c

_FIELDS: Final = (
    "t.key, t.id, t.prefix, t.name, t.role, u.id, t.station, t.session_id, t.created_at,"
    " t.expires_at, t.revoked_at"
)
_ONE: Final = f"SELECT {_FIELDS} FROM token t LEFT JOIN user_account u ON u.key = t.user_key"
_BY_ID: Final = f"{_ONE} WHERE t.id = ?"
_BY_PREFIX: Final = f"{_ONE} WHERE t.prefix = ?"
_ADD: Final = (
    "INSERT INTO token (id, prefix, secret_hash, name, role, user_key, station, session_id,"
    " created_at, created_by, expires_at, last_used_at, revoked_at, link_hash, link_expires_at,"
    " link_used_at, demo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, NULL, ?)"
)
_REVOKE: Final = (
    "UPDATE token SET revoked_at = ?, link_hash = NULL, link_expires_at = NULL WHERE key = ?"
)
_SET_LINK: Final = (
    "UPDATE token SET link_hash = ?, link_expires_at = ?, link_used_at = NULL WHERE key = ?"
)
_USE_LINK: Final = (  # one statement: of two processes only one has it
    "UPDATE token SET link_used_at = ? WHERE link_hash = ? AND link_used_at IS NULL"
    " AND link_expires_at > ? AND revoked_at IS NULL AND expires_at > ? RETURNING id"
)
_USED: Final = (
    "UPDATE token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"
)
_SCREENS: Final = "SELECT id FROM sign_in WHERE token_key = ? AND ended_at IS NULL ORDER BY key"
REVOKED: Final[EndedWhy] = "revoked"
_END_SCREEN: Final = "UPDATE sign_in SET ended_at = ?, ended_why = ? WHERE id = ?"
_DEMO: Final = (
    "SELECT id FROM token WHERE demo = ? AND name = ? AND revoked_at IS NULL ORDER BY key"
)
_PLACE: Final = "SELECT simulated FROM infusion_session WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Stored:
    """A token as stored, without its secret; `role` None: that of its user."""

    key: int
    id: str
    prefix: str
    name: str
    role: Role | None
    user_id: str | None
    station: str | None
    session_id: str | None
    created_at: int
    expires_at: int | None
    revoked_at: int | None

    def ended(self, now: int) -> bool:
        return self.revoked_at is not None or (
            self.expires_at is not None and now >= self.expires_at
        )


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be: either the hash of a secret, or that of a link."""

    id: str
    prefix: str
    secret_hash: bytes | None
    name: str
    role: Role | None
    user_key: int | None
    station: str | None
    session_id: str | None
    expires_at: int
    link_hash: bytes | None
    link_expires_at: int | None
    demo: bool


def by_id(item: Item, id: str) -> Stored | None:
    return _stored(item.cursor.execute(item.sql.text(_BY_ID), (id,)).fetchone())


def by_prefix(item: Item, prefix: str) -> Stored | None:
    return _stored(item.cursor.execute(item.sql.text(_BY_PREFIX), (prefix,)).fetchone())


def add(item: Item, new: NewRow, created_by: str) -> None:
    row = (
        new.id,
        new.prefix,
        new.secret_hash,
        new.name,
        new.role,
        new.user_key,
        new.station,
        new.session_id,
        item.now,
        created_by,
        new.expires_at,
        new.link_hash,
        new.link_expires_at,
        new.demo,
    )
    item.cursor.execute(item.sql.text(_ADD), row)


def revoke(item: Item, key: int) -> list[str]:
    """Ids of the wall screens' sign-ins that ended with it."""
    item.cursor.execute(item.sql.text(_REVOKE), (item.now, key))
    screens = item.cursor.execute(item.sql.text(_SCREENS), (key,)).fetchall()
    for (id,) in screens:
        item.cursor.execute(item.sql.text(_END_SCREEN), (item.now, REVOKED, id))
    return [id for (id,) in screens]


def set_link(item: Item, key: int, link_hash: bytes, expires_at: int) -> None:
    """The only link that holds from now on."""
    item.cursor.execute(item.sql.text(_SET_LINK), (link_hash, expires_at, key))


def use_link(item: Item, link_hash: bytes) -> Stored | None:
    """The token whose link this is, if it was not used and neither is too old; nobody else gets it
    once this is committed.
    """
    row = (item.now, link_hash, item.now, item.now)
    found = item.cursor.execute(item.sql.text(_USE_LINK), row).fetchall()
    return by_id(item, found[0][0]) if found else None


def used(item: Item, token_id: str, at: int) -> None:
    item.cursor.execute(item.sql.text(_USED), (at, token_id, at))


def demo_tokens(item: Item, name: str) -> list[str]:
    """Ids of a demo's tokens of this name that hold."""
    found = item.cursor.execute(item.sql.text(_DEMO), (True, name)).fetchall()
    return [id for (id,) in found]


def simulated(item: Item, session_id: str) -> bool | None:
    """Whether the session is; None if there is none with this id."""
    row = item.cursor.execute(item.sql.text(_PLACE), (session_id,)).fetchone()
    return None if row is None else bool(row[0])


def tokens(
    db: Connection, *, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The newest first, and where the list goes on."""
    query = _tokens().order_by(_t.key.desc()).limit(limit + 1)
    place = decode_cursor(cursor, int)
    if place is not None:
        query = query.where(_t.key < place[0])
    rows = db.execute(query).mappings().all()
    more = encode_cursor(rows[limit - 1]["key"]) if len(rows) > limit else None
    return [token_json(row) for row in rows[:limit]], more


def one_token(db: Connection, *, token_id: str) -> dict[str, Any] | None:
    row = db.execute(_tokens().where(_t.id == token_id)).mappings().one_or_none()
    return None if row is None else token_json(row)


def token_json(row: RowMapping) -> dict[str, Any]:
    """Nothing secret is in it."""
    user = None
    if row["user_id"] is not None:
        user = {"id": row["user_id"], "name": row["user_name"], "role": row["user_role"]}
    return {
        "id": row["id"],
        "prefix": row["prefix"],
        "name": row["name"],
        "role": row["role"] or row["user_role"],
        "user": user,
        "station": row["station"],
        "session_id": row["session_id"],
        "created_at": iso(row["created_at"]),
        "created_by": orjson.loads(row["created_by"]),
        "expires_at": _moment(row["expires_at"]),
        "last_used_at": _moment(row["last_used_at"]),
        "revoked_at": _moment(row["revoked_at"]),
    }


def _tokens() -> Select[Any]:
    return select(
        token,
        _u.id.label("user_id"),
        _u.display_name.label("user_name"),
        _u.role.label("user_role"),
    ).outerjoin(user_account, _u.key == _t.user_key)


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)


def _stored(row: Any) -> Stored | None:
    return None if row is None else Stored(*row)
