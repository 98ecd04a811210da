"""Rows of people with accounts: written inside a submission, read beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, RowMapping, Select, func, select

from app.models.queries import decode_cursor, encode_cursor
from app.models.tables import sign_in, user_account
from app.monitoring.commands import Role
from app.monitoring.times import iso

if TYPE_CHECKING:
    from app.models.item import Item
    from app.models.sign_ins import EndedWhy

_u: Final[Any] = user_account.c
_s: Final[Any] = sign_in.c

_FIELDS: Final = "key, id, name, display_name, role, active, demo, folded"
_BY_ID: Final = f"SELECT {_FIELDS} FROM user_account WHERE id = ?"
_DEMO_PASSWORD: Final = "UPDATE user_account SET password_hash = ? WHERE folded = ? AND demo"
_BY_FOLDED: Final = f"SELECT {_FIELDS} FROM user_account WHERE folded = ?"
_ADD: Final = (
    "INSERT INTO user_account (id, name, folded, display_name, role, password_hash, pin_hash,"
    " password_change_needed, active, demo, failures, locked_until, created_at, created_by,"
    " changed_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, 0, NULL, ?, ?, ?, NULL)"
    " RETURNING key"
)
_CHANGE: Final = (
    "UPDATE user_account SET display_name = ?, role = ?, active = ?, changed_at = ? WHERE key = ?"
)
_RESET: Final = (
    "UPDATE user_account SET password_hash = ?, pin_hash = NULL, password_change_needed = ?,"
    " failures = 0, locked_until = NULL, changed_at = ? WHERE key = ?"
)
_UNLOCK: Final = (
    "UPDATE user_account SET failures = 0, locked_until = NULL, changed_at = ? WHERE key = ?"
)
_OTHER_ADMINISTRATORS: Final = (
    "SELECT count(*) FROM user_account WHERE role = 'administrator' AND active = ? AND key <> ?"
)
_OPEN_SIGN_INS: Final = (
    "SELECT id FROM sign_in WHERE user_key = ? AND ended_at IS NULL AND shared = ? ORDER BY key"
)
_OPEN_SIGN_IN: Final = "SELECT id FROM sign_in WHERE user_key = ? AND id = ? AND ended_at IS NULL"
_END: Final = "UPDATE sign_in SET ended_at = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL"
_KINDS: Final = "SELECT demo, count(*) FROM user_account GROUP BY demo"

_TOKENS_OF: Final = "SELECT id FROM token WHERE user_key = ? AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account, as stored."""

    key: int
    id: str
    name: str
    display_name: str
    role: Role
    active: bool
    demo: bool
    folded: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A row to be: the name checked and folded, the password as a hash."""

    id: str
    name: str
    folded: str
    display_name: str
    role: Role
    password_hash: str
    password_change_needed: bool
    demo: bool


def by_id(item: Item, id: str) -> Account | None:
    return _account(item.cursor.execute(item.sql.text(_BY_ID), (id,)).fetchone())


def by_folded(item: Item, folded: str) -> Account | None:
    return _account(item.cursor.execute(item.sql.text(_BY_FOLDED), (folded,)).fetchone())


def set_demo_password(item: Item, folded: str, password_hash: str) -> None:
    """Of a demo's account, and of no other."""
    item.cursor.execute(item.sql.text(_DEMO_PASSWORD), (password_hash, folded))


def add(item: Item, new: NewAccount, created_by: str) -> int:
    """Its key."""
    row = (
        new.id,
        new.name,
        new.folded,
        new.display_name,
        new.role,
        new.password_hash,
        new.password_change_needed,
        True,
        new.demo,
        item.now,
        created_by,
        item.now,
    )
    ((key,),) = item.cursor.execute(item.sql.text(_ADD), row).fetchall()
    return int(key)


def change(item: Item, key: int, *, display_name: str, role: Role, active: bool) -> None:
    item.cursor.execute(item.sql.text(_CHANGE), (display_name, role, active, item.now, key))


def reset(item: Item, key: int, password_hash: str, *, change_needed: bool) -> None:
    """Another password; the PIN that went with the old one is gone, and so is a lockout."""
    item.cursor.execute(item.sql.text(_RESET), (password_hash, change_needed, item.now, key))


def unlock(item: Item, key: int) -> None:
    item.cursor.execute(item.sql.text(_UNLOCK), (item.now, key))


def other_administrators(item: Item, key: int) -> int:
    """How many active ones there are besides this user."""
    found = item.cursor.execute(item.sql.text(_OTHER_ADMINISTRATORS), (True, key)).fetchone()
    return int(found[0])


def end_own_sign_ins(item: Item, key: int, why: EndedWhy) -> list[str]:
    """Ids of those that were ended: a shared screen is its station's and goes on."""
    found = item.cursor.execute(item.sql.text(_OPEN_SIGN_INS), (key, False)).fetchall()
    for (id,) in found:
        item.cursor.execute(item.sql.text(_END), (item.now, why, id))
    return [id for (id,) in found]


def end_sign_in(item: Item, key: int, sign_in_id: str, why: EndedWhy) -> bool:
    """False if this user has none open with this id."""
    row = item.cursor.execute(item.sql.text(_OPEN_SIGN_IN), (key, sign_in_id)).fetchone()
    if row is None:
        return False
    item.cursor.execute(item.sql.text(_END), (item.now, why, sign_in_id))
    return True


def kinds(item: Item) -> tuple[int, int]:
    """How many real users and how many demo users there are."""
    found = {bool(demo): int(n) for demo, n in item.cursor.execute(item.sql.text(_KINDS))}
    return found.get(False, 0), found.get(True, 0)


def users(
    db: Connection, *, now: int, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """In order of making, and where the list goes on."""
    query = _users().order_by(_u.key).limit(limit + 1)
    place = decode_cursor(cursor, int)
    if place is not None:
        query = query.where(_u.key > place[0])
    rows = db.execute(query).mappings().all()
    more = encode_cursor(rows[limit - 1]["key"]) if len(rows) > limit else None
    return [user_json(row, now) for row in rows[:limit]], more


def one_user(db: Connection, *, user_id: str, now: int) -> dict[str, Any] | None:
    row = db.execute(_users().where(_u.id == user_id)).mappings().one_or_none()
    return None if row is None else user_json(row, now)


def any_user(db: Connection) -> bool:
    """Whether anybody could sign in."""
    query = select(_u.key).where(_u.active).limit(1)
    return db.execute(query).first() is not None


def any_demo_user(db: Connection) -> bool:
    return db.execute(select(_u.key).where(_u.demo).limit(1)).first() is not None


def any_real_user(db: Connection) -> bool:
    return db.execute(select(_u.key).where(~_u.demo).limit(1)).first() is not None


def open_sign_ins(db: Connection, *, user_id: str, now: int) -> list[dict[str, Any]]:
    """A user's sign-ins that have not ended, the newest first."""
    query = (
        select(sign_in)
        .join(user_account, _u.key == _s.user_key)
        .where(_u.id == user_id, _s.ended_at.is_(None), _s.expires_at > now)
        .order_by(_s.key.desc())
    )
    return [
        {
            "id": row["id"],
            "created_at": iso(row["created_at"]),
            "active_at": iso(row["active_at"]),
            "expires_at": iso(row["expires_at"]),
            "shared": bool(row["shared"]),
            "station": row["station"],
            "browser": row["browser"],
        }
        for row in db.execute(query).mappings()
    ]


def user_json(row: RowMapping, now: int) -> dict[str, Any]:
    """Nothing secret is in it."""
    locked = row["locked_until"] is not None and now < row["locked_until"]
    seen = max((at for at in (row["last_seen_at"], row["active_at"]) if at), default=None)
    return {
        "id": row["id"],
        "name": row["name"],
        "display_name": row["display_name"],
        "role": row["role"],
        "active": bool(row["active"]),
        "has_pin": row["pin_hash"] is not None,
        "locked_until": iso(row["locked_until"]) if locked else None,
        "created_at": iso(row["created_at"]),
        "last_seen_at": None if seen is None else iso(seen),
    }


def _users() -> Select[Any]:
    """With when one of their own screens was last used."""
    active_at = (
        select(func.max(_s.active_at))
        .where(_s.user_key == _u.key, ~_s.shared)
        .scalar_subquery()
        .label("active_at")
    )
    return select(user_account, active_at)


def _account(row: Any) -> Account | None:
    if row is None:
        return None
    key, id, name, display_name, role, active, demo, folded = row
    return Account(key, id, name, display_name, role, bool(active), bool(demo), folded)


def tokens_of(item: Item, key: int) -> list[str]:
    """Ids of those that act as this person and are not revoked."""
    found = item.cursor.execute(item.sql.text(_TOKENS_OF), (key,)).fetchall()
    return [str(id) for (id,) in found]
