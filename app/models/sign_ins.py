"""Sign-ins and the accounts behind them, as they are stored.

Readers take a connection; writers take the item of a submission, and raise before they write or
not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func, select

from app.models.credentials import UserRecord, user_record
from app.models.tables import emergency, sign_in, user_account

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from app.models.item import Item

EndedWhy = Literal[
    "signed_out", "signed_in_again", "password_changed", "by_its_user", "administrator",
    "role_changed", "deactivated", "reset", "revoked", "restored",
]  # fmt: skip
"""`administrator`: one ended it; `reset`: the password was; `revoked`: the wall screen's token was;
`restored`: the database was put back from an archive.
"""
BROWSER_CHARACTERS: Final = 200  # the column's width; what it calls itself is only a hint

_ADD: Final = (
    "INSERT INTO sign_in (id, secret_hash, user_key, token_key, shared, station, browser,"
    " created_at, active_at, expires_at, pin_failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_USER_KEY: Final = "SELECT key FROM user_account WHERE id = ?"
_END: Final = (
    "UPDATE sign_in SET ended_at = ?, ended_why = ? WHERE id = ? AND ended_at IS NULL"
    " AND expires_at > ?"
)
_OF_USER: Final = (
    "SELECT id, shared FROM sign_in WHERE user_key = (SELECT key FROM user_account WHERE id = ?)"
    " AND ended_at IS NULL AND expires_at > ?"
)
_CLAIM: Final = (  # one statement: two that come at once are counted as two
    "UPDATE user_account SET failures = failures + 1"
    " WHERE folded = ? AND (locked_until IS NULL OR locked_until <= ?) RETURNING key, failures"
)
_LOCKED: Final = "SELECT locked_until FROM user_account WHERE folded = ?"
_LOCK_NAME: Final = "UPDATE user_account SET locked_until = ? WHERE key = ?"
_RIGHT: Final = (  # not if the password was changed, or its user put out, meanwhile
    "UPDATE user_account SET failures = 0, locked_until = NULL, last_seen_at = ?,"
    " password_hash = ? WHERE id = ? AND password_hash = ? AND active"
)
_STILL_RIGHT: Final = (  # the attempts go on: they came from elsewhere
    "UPDATE user_account SET last_seen_at = ?, password_hash = ?"
    " WHERE id = ? AND password_hash = ? AND active"
)
_SEEN: Final = "UPDATE user_account SET last_seen_at = ? WHERE id = ? AND active"
_USED: Final = (  # once it has locked, use does not unlock it
    "UPDATE sign_in SET active_at = ?, expires_at = ? WHERE id = ? AND active_at < ?"
    " AND active_at > ? AND locked_at IS NULL AND ended_at IS NULL AND expires_at > ?"
)
_LOCK: Final = (
    "UPDATE sign_in SET locked_at = ? WHERE id = ? AND locked_at IS NULL AND ended_at IS NULL"
    " AND active_at <= ?"
)
_UNLOCK: Final = (
    "UPDATE sign_in SET locked_at = NULL, active_at = ?, expires_at = ?, pin_failures = 0"
    " WHERE id = ? AND ended_at IS NULL AND (locked_at IS NULL OR locked_at <= ?)"
)
_PIN_FAILED: Final = "UPDATE sign_in SET pin_failures = pin_failures + 1 WHERE id = ?"
_PIN_OPEN: Final = "UPDATE sign_in SET pin_failures = 0 WHERE id = ? AND pin_failures > 0"
_PASSWORD: Final = (
    "UPDATE user_account SET password_hash = ?, password_change_needed = ?, changed_at = ?,"
    " failures = 0, locked_until = NULL WHERE id = ? AND password_hash = ? AND active"
)
_PIN: Final = (
    "UPDATE user_account SET pin_hash = ?, changed_at = ?, failures = 0, locked_until = NULL"
    " WHERE id = ? AND password_hash = ? AND active"
)
_TOKEN_USED: Final = (
    "UPDATE token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"
)
_NEW_SECRET: Final = "UPDATE sign_in SET secret_hash = ? WHERE id = ? AND ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Account:
    """A user with what is kept of the password and the PIN."""

    user: UserRecord
    password_hash: str
    pin_hash: str | None
    locked_until: int | None


@dataclass(frozen=True, slots=True)
class New:
    """A sign-in to be stored: of a user, or of a wall screen's token."""

    id: str
    secret_hash: bytes
    user_key: int | None
    token_key: int | None
    shared: bool
    station: str | None
    browser: str
    at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in as it is listed to whom it belongs."""

    id: str
    created_at: int
    active_at: int
    expires_at: int
    shared: bool
    station: str | None
    browser: str


@dataclass(frozen=True, slots=True)
class EmergencyNow:
    """Emergency access that somebody has taken."""

    id: str
    reason: str
    began_at: int
    until: int


def accounts(db: Connection, *, id: str | None = None, folded: str | None = None) -> list[Account]:
    """The one with this id or folded name; of neither, all active ones with a PIN."""
    until = (
        select(func.max(emergency.c.until))
        .where(emergency.c.user_key == user_account.c.key, emergency.c.ended_at.is_(None))
        .scalar_subquery()
        .label("emergency_until")
    )
    query = select(user_account, until).order_by(user_account.c.folded)
    if id is not None:
        query = query.where(user_account.c.id == id)
    elif folded is not None:
        query = query.where(user_account.c.folded == folded)
    else:
        query = query.where(user_account.c.active, user_account.c.pin_hash.is_not(None))
    return [
        Account(user_record(row), row["password_hash"], row["pin_hash"], row["locked_until"])
        for row in db.execute(query).mappings()
    ]


def demo_user(db: Connection, *, role: str) -> str | None:
    """The id of the demo's user with this role."""
    c = user_account.c
    query = select(c.id).where(c.demo, c.active, c.role == role).order_by(c.key).limit(1)
    return db.execute(query).scalar()


def opened(db: Connection, *, user_id: str, now: int) -> list[Opened]:
    """The sign-ins of a user that hold, those used last first."""
    c = sign_in.c
    of_user = select(user_account.c.key).where(user_account.c.id == user_id).scalar_subquery()
    query = (
        select(c.id, c.created_at, c.active_at, c.expires_at, c.shared, c.station, c.browser)
        .where(c.user_key == of_user, c.ended_at.is_(None), c.expires_at > now)
        .order_by(c.active_at.desc(), c.key.desc())
    )
    return [Opened(*row) for row in db.execute(query)]


def emergency_of(db: Connection, *, user_id: str, now: int) -> EmergencyNow | None:
    """The emergency access that a user has now."""
    c = emergency.c
    query = (
        select(c.id, c.reason, c.began_at, c.until)
        .join(user_account, user_account.c.key == c.user_key)
        .where(user_account.c.id == user_id, c.ended_at.is_(None), c.until > now)
        .order_by(c.until.desc())
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else EmergencyNow(*row)


def user_key(item: Item, user_id: str) -> int:
    """Raises LookupError: only known users are asked for."""
    row = item.cursor.execute(item.sql.text(_USER_KEY), (user_id,)).fetchone()
    if row is None:
        raise LookupError("there is no user with this id")
    return int(row[0])


def add(item: Item, new: New) -> None:
    browser = new.browser.replace("\0", "")[:BROWSER_CHARACTERS]
    row = (
        new.id, new.secret_hash, new.user_key, new.token_key, new.shared, new.station, browser,
        new.at, new.at, new.expires_at,
    )  # fmt: skip
    item.cursor.execute(item.sql.text(_ADD), row)


def end(item: Item, sign_in_id: str, why: EndedWhy) -> bool:
    """False if it had ended before."""
    row = (item.now, why, sign_in_id, item.now)
    return bool(item.cursor.execute(item.sql.text(_END), row).rowcount)


def open_of(item: Item, user_id: str) -> list[tuple[str, bool]]:
    """Ids of a user's sign-ins that hold, and whether they are a station's."""
    rows = item.cursor.execute(item.sql.text(_OF_USER), (user_id, item.now)).fetchall()
    return [(id, bool(shared)) for id, shared in rows]


def claim(item: Item, folded: str) -> tuple[int, int] | None:
    """Counts an attempt before it is known to be wrong, so that many at once are not more than
    their number: key and attempts so far. None: there is no such name, or it is locked.
    """
    row = item.cursor.execute(item.sql.text(_CLAIM), (folded, item.now)).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def locked_until(item: Item, folded: str) -> int | None:
    row = item.cursor.execute(item.sql.text(_LOCKED), (folded,)).fetchone()
    return None if row is None else row[0]


def lock_name(item: Item, key: int, until: int) -> None:
    item.cursor.execute(item.sql.text(_LOCK_NAME), (until, key))


def right(item: Item, account: Account, rehashed: str | None) -> bool:
    """The password was right: attempts begin again. False if it no longer is."""
    return _right(item, _RIGHT, account, rehashed)


def still_right(item: Item, account: Account, rehashed: str | None) -> bool:
    """As `right`, but attempts at the name count as before."""
    return _right(item, _STILL_RIGHT, account, rehashed)


def _right(item: Item, text: str, account: Account, rehashed: str | None) -> bool:
    hash = account.password_hash
    row = (item.now, rehashed or hash, account.user.id, hash)
    return bool(item.cursor.execute(item.sql.text(text), row).rowcount)


def seen(item: Item, user_id: str) -> bool:
    return bool(item.cursor.execute(item.sql.text(_SEEN), (item.now, user_id)).rowcount)


def used(item: Item, rows: Sequence[tuple[str, int, int, int]]) -> None:
    """Id, moment of use, new end, and the moment after which it must have been used before so as
    not to have locked.
    """
    text = item.sql.text(_USED)
    for id, at, expires_at, since in rows:
        item.cursor.execute(text, (at, expires_at, id, at, since, at))


def tokens_used(item: Item, moments: Mapping[str, int]) -> None:
    """When each was last used, by id."""
    for id, at in sorted(moments.items()):  # in one order in every process
        item.cursor.execute(item.sql.text(_TOKEN_USED), (at, id, at))


def lock(item: Item, sign_in_id: str, at: int, *, unused_since: int) -> bool:
    """False if it was locked or has ended, or was used after `unused_since`."""
    row = (at, sign_in_id, unused_since)
    return bool(item.cursor.execute(item.sql.text(_LOCK), row).rowcount)


def unlock(item: Item, sign_in_id: str, at: int, expires_at: int) -> bool:
    """False if it has ended, or was locked after `at`."""
    row = (at, expires_at, sign_in_id, at)
    return bool(item.cursor.execute(item.sql.text(_UNLOCK), row).rowcount)


def pin_failed(item: Item, sign_in_id: str) -> None:
    item.cursor.execute(item.sql.text(_PIN_FAILED), (sign_in_id,))


def pin_open(item: Item, sign_in_id: str) -> bool:
    """False if none was wrong."""
    return bool(item.cursor.execute(item.sql.text(_PIN_OPEN), (sign_in_id,)).rowcount)


def set_password(item: Item, account: Account, hash: str) -> bool:
    """False if the password was changed meanwhile, or its user put out."""
    row = (hash, False, item.now, account.user.id, account.password_hash)
    return bool(item.cursor.execute(item.sql.text(_PASSWORD), row).rowcount)


def set_pin(item: Item, account: Account, hash: str) -> bool:
    """As `set_password`."""
    row = (hash, item.now, account.user.id, account.password_hash)
    return bool(item.cursor.execute(item.sql.text(_PIN), row).rowcount)


def new_secret(item: Item, sign_in_id: str, hash: bytes) -> None:
    item.cursor.execute(item.sql.text(_NEW_SECRET), (hash, sign_in_id))
