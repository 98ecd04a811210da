"""Wrong PINs in a row of people on a screen that several use; those on a screen of one's own are
counted with the sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from app.models.tables import sign_in, user_account, wrong_pin

if TYPE_CHECKING:
    from app.models.item import Item

_FAILED: Final = (
    "INSERT INTO wrong_pin (sign_in_key, user_key, failures)"
    " SELECT s.key, u.key, 1 FROM sign_in s, user_account u WHERE s.id = ? AND u.id = ?"
    " ON CONFLICT (sign_in_key, user_key) DO UPDATE SET failures = wrong_pin.failures + 1"
)
_FORGET: Final = (
    "DELETE FROM wrong_pin WHERE sign_in_key = (SELECT key FROM sign_in WHERE id = ?)"
    " AND user_key = (SELECT key FROM user_account WHERE id = ?)"
)
_FORGET_ALL: Final = (
    "DELETE FROM wrong_pin WHERE user_key = (SELECT key FROM user_account WHERE id = ?)"
)


def failed(item: Item, sign_in_id: str, user_id: str) -> None:
    item.cursor.execute(item.sql.text(_FAILED), (sign_in_id, user_id))


def forget(item: Item, sign_in_id: str, user_id: str) -> bool:
    """False if there were none."""
    return bool(item.cursor.execute(item.sql.text(_FORGET), (sign_in_id, user_id)).rowcount)


def forget_all(item: Item, user_id: str) -> bool:
    """The password was right: PINs of this person are taken again on every screen. False if there
    were no wrong ones.
    """
    return bool(item.cursor.execute(item.sql.text(_FORGET_ALL), (user_id,)).rowcount)


def counted(db: Connection) -> dict[tuple[str, str], int]:
    """By sign-in and person; of sign-ins that have ended too, or whoever tries PINs would only have
    to sign in again.
    """
    query = (
        select(sign_in.c.id, user_account.c.id, wrong_pin.c.failures)
        .join(sign_in, sign_in.c.key == wrong_pin.c.sign_in_key)
        .join(user_account, user_account.c.key == wrong_pin.c.user_key)
    )
    return {(sign_in_id, user_id): failures for sign_in_id, user_id, failures in db.execute(query)}
