"""Everybody who may ask: every role by token and by sign-in, screens that are locked or shared,
and credentials that do not hold; with what each may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from app.access.roles import AT_A_STATION, ON_A_LOCKED_SCREEN, TABLE
from app.access.roles import Permission as P
from app.clock import now_ms
from app.models.database import connect
from app.models.tables import emergency, sign_in, token, user_account
from app.monitoring.commands import Role
from tests.support.people import COOKIE, PEOPLE, put, sign_in_row, token_row, user_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


HOUR_MS: Final = 3_600_000
AS_CLINICIAN: Final = TABLE["clinician"]
ANYBODYS: Final = frozenset[P]().union(*(TABLE[role] for role in PEOPLE))
"""What one person or another may: a shared screen asks who is there."""
NOT_SIGNED_IN: Final = (401, "not_signed_in")


@dataclass(frozen=True, slots=True)
class Caller:
    name: str
    role: Role | None
    """Of the credential; None: it stands for nobody."""
    way: str
    """`token`, `cookie`, `unknown token`, `unknown cookie` or `nothing`."""
    user: dict[str, Any] | None = None
    """What is special about whose it is; None: it is nobody's own."""
    row: dict[str, Any] = field(default_factory=dict)
    """What is special about the credential."""
    may: frozenset[P] = frozenset()
    locked: bool = False
    change_first: bool = False

    def refusal(self, needs: P) -> tuple[int, str] | None:
        """What the table says: None if it may."""
        if needs is P.PUBLIC or needs in self.may:
            return None
        if self.role is None:
            return NOT_SIGNED_IN
        if self.change_first:
            return 403, "password_change_needed"
        if self.locked and needs in (ANYBODYS if "shared" in self.row else TABLE[self.role]):
            return 403, "locked"
        return 403, "not_allowed"


def everybody(now: int) -> tuple[Caller, ...]:
    old, gone = now - 16 * 60_000, now - HOUR_MS
    people: list[Caller] = []
    for role in PEOPLE:
        may = TABLE[role]
        people += [
            Caller(f"{role}, by token", role, "token", {}, {}, may),
            Caller(f"{role}, signed in", role, "cookie", {}, {}, may),
        ]
        if role != "viewer":
            idle, rest = {"active_at": old}, may & ON_A_LOCKED_SCREEN
            people.append(Caller(f"{role}, idle", role, "cookie", {}, idle, rest, locked=True))
    setters: tuple[Role, ...] = ("nurse", "clinician", "administrator")
    for role in setters:
        by_hand, rest = {"locked_at": now}, TABLE[role] & ON_A_LOCKED_SCREEN
        shared = {"shared": True, "station": "Room 1"}
        people += [
            Caller(f"{role}, locked", role, "cookie", {}, by_hand, rest, locked=True),
            Caller(f"{role}, shared", role, "cookie", {}, shared, AT_A_STATION, locked=True),
        ]
    change = {"password_change_needed": True}
    own = frozenset({P.OWN_ACCOUNT, P.OWN_SCREEN, P.LEAVE_SCREEN})
    lent = (AS_CLINICIAN | {P.USE_EMERGENCY}) - {P.SIGN_RECORD}  # a record waits for its clinician
    return (
        *people,
        Caller("nurse, first time", "nurse", "cookie", change, {}, own, change_first=True),
        Caller("nurse, in an emergency", "nurse", "cookie", {"emergency": True}, {}, lent),
        Caller("wall screen", "viewer", "wall", None, {}, TABLE["viewer"] - {P.LEAVE_SCREEN}),
        Caller("device", "device", "token", None, {}, TABLE["device"]),
        Caller("simulator", "simulator", "token", None, {}, TABLE["simulator"]),
        Caller("nobody", None, "nothing"),
        Caller("unknown token", None, "unknown token"),
        Caller("unknown cookie", None, "unknown cookie"),
        Caller("clinician, ended", None, "cookie", {"role": "clinician"}, {"ended_at": gone}),
        Caller("clinician, expired", None, "cookie", {"role": "clinician"}, {"expires_at": now}),
        Caller("clinician, left", None, "cookie", {"role": "clinician", "active": False}),
        Caller("clinician's, left", None, "token", {"role": "clinician", "active": False}),
        Caller("clinician's, revoked", None, "token", {"role": "clinician"}, {"revoked_at": gone}),
        Caller("clinician's, expired", None, "token", {"role": "clinician"}, {"expires_at": gone}),
        Caller("device, revoked", None, "token", None, {"role": "device", "revoked_at": gone}),
        Caller("wall screen, revoked", None, "wall", None, {"revoked_at": gone}),
    )


CALLERS: Final = everybody(now_ms())


def sign_up(url: str, callers: Iterable[Caller], many: int) -> dict[str, list[dict[str, str]]]:
    """So many credentials of each, all different: a request with one may end it. As headers."""
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as db:
            now = now_ms()
            return {
                caller.name: _credentials(db, caller, f"matrix-{number}", many, now)
                for number, caller in enumerate(callers)
            }
    finally:
        engine.dispose()


def _credentials(
    db: Connection, caller: Caller, name: str, many: int, now: int
) -> list[dict[str, str]]:
    secrets = [f"{name}x.{uuid4().hex}" for _ in range(many)]
    whose: dict[str, Any] = {"role": caller.role} if caller.way == "token" else {}
    if caller.user is not None:
        whose = {"user_key": _user(db, caller, name, now)}
    match caller.way:
        case "nothing":
            return [{} for _ in secrets]
        case "token":
            for number, secret in enumerate(secrets):
                row = token_row(str(uuid4()), secret, now, **whose | caller.row)
                put(db, token, row | {"prefix": f"{name[-2:]}-{number}"})
        case "wall":
            screen = {"role": "viewer", "secret_hash": None, "prefix": name} | caller.row
            whose = {"token_key": put(db, token, token_row(str(uuid4()), "", now, **screen))}
            _sign_in(db, secrets, now, whose)
        case "cookie":
            _sign_in(db, secrets, now, whose | caller.row)
    if "token" in caller.way:
        return [{"Authorization": f"Bearer {secret}"} for secret in secrets]
    return [{"Cookie": f"{COOKIE}={secret}"} for secret in secrets]


def _sign_in(db: Connection, secrets: list[str], now: int, fields: dict[str, Any]) -> None:
    for secret in secrets:
        put(db, sign_in, sign_in_row(str(uuid4()), secret, now, **fields))


def _user(db: Connection, caller: Caller, name: str, now: int) -> int:
    special = dict(caller.user or {})
    role = special.pop("role", caller.role)
    in_emergency = special.pop("emergency", False)
    key = put(db, user_account, user_row(str(uuid4()), name, role, now, **special))
    if in_emergency:
        until = now + HOUR_MS
        row = {"id": str(uuid4()), "user_key": key, "reason": "A matrix", "began_at": now}
        put(db, emergency, row | {"until": until})
    return key
