"""What is known of a credential, read by the hash of its secret or by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from app.models.tables import emergency, meta, sign_in, token, user_account
from app.monitoring.commands import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from app.models.item import Item

VERSION: Final = "access_version"  # in `meta`: grows whenever a credential may have changed
_BUMP: Final = (
    "INSERT INTO meta (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE"
    " SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)"
)


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Somebody with an account; `emergency_until` is None unless emergency access was taken."""

    id: str
    name: str
    display_name: str
    role: Role
    active: bool
    demo: bool
    has_pin: bool
    password_change_needed: bool
    emergency_until: int | None


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A program's credential, or a wall screen's."""

    id: str
    name: str
    role: Role
    user: UserRecord | None
    station: str | None
    session_id: str | None
    expires_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """A browser: of a user, or (`token`) of a wall screen."""

    id: str
    user: UserRecord | None
    token: TokenRecord | None
    shared: bool
    station: str | None
    created_at: int
    active_at: int
    locked_at: int | None
    expires_at: int
    ended_at: int | None
    pin_failures: int

    def of_one(self, user_id: str) -> bool:
        """Whether it is this person's own, and nobody else's."""
        return not self.shared and self.user is not None and self.user.id == user_id


def version(db: Connection) -> int:
    """Grows with every change that other processes must hear of."""
    found = db.execute(select(meta.c.value).where(meta.c.name == VERSION)).scalar()
    return 0 if found is None else int(found)


def bump(item: Item) -> None:
    """In the transaction of such a change."""
    item.cursor.execute(item.sql.text(_BUMP), (VERSION,))


def sign_ins(
    db: Connection, *, hashes: Collection[bytes] = (), ids: Collection[str] = ()
) -> dict[bytes, SignInRecord]:
    """Those with these secrets or ids, by the hash of their secrets."""
    wanted = sign_in.c.secret_hash.in_(hashes) if hashes else sign_in.c.id.in_(ids)
    rows = db.execute(select(sign_in).where(wanted)).mappings().all()
    users = _users(db, {row["user_key"] for row in rows})
    tokens = _tokens(db, token.c.key.in_({row["token_key"] for row in rows}))
    by_key = {row["key"]: record for row, record in tokens}
    return {
        bytes(row["secret_hash"]): SignInRecord(
            id=row["id"],
            user=users.get(row["user_key"]),
            token=by_key.get(row["token_key"]),
            shared=row["shared"],
            station=row["station"],
            created_at=row["created_at"],
            active_at=row["active_at"],
            locked_at=row["locked_at"],
            expires_at=row["expires_at"],
            ended_at=row["ended_at"],
            pin_failures=row["pin_failures"],
        )
        for row in rows
    }


def tokens(db: Connection, *, hashes: Collection[bytes]) -> dict[bytes, TokenRecord]:
    """Those with these secrets, by their hashes."""
    found = _tokens(db, token.c.secret_hash.in_(hashes))
    return {bytes(row["secret_hash"]): record for row, record in found}


def _tokens(db: Connection, wanted: Any) -> list[tuple[Any, TokenRecord]]:
    rows = db.execute(select(token).where(wanted)).mappings().all()
    users = _users(db, {row["user_key"] for row in rows})
    return [(row, _token(row, users.get(row["user_key"]))) for row in rows]


def _token(row: Any, user: UserRecord | None) -> TokenRecord:
    return TokenRecord(
        id=row["id"],
        name=row["name"],
        role=row["role"] or (user.role if user else "viewer"),
        user=user,
        station=row["station"],
        session_id=row["session_id"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )


def _users(db: Connection, keys: Collection[int | None]) -> dict[int | None, UserRecord]:
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return {}
    until = (
        select(func.max(emergency.c.until))
        .where(emergency.c.user_key == user_account.c.key, emergency.c.ended_at.is_(None))
        .scalar_subquery()
        .label("emergency_until")
    )
    query = select(user_account, until).where(user_account.c.key.in_(wanted))
    return {row["key"]: user_record(row) for row in db.execute(query).mappings()}


def user_record(row: Any) -> UserRecord:
    """From a row of `user_account` with its `emergency_until`."""
    return UserRecord(
        id=row["id"],
        name=row["name"],
        display_name=row["display_name"],
        role=row["role"],
        active=row["active"],
        demo=row["demo"],
        has_pin=row["pin_hash"] is not None,
        password_change_needed=row["password_change_needed"],
        emergency_until=row["emergency_until"],
    )
