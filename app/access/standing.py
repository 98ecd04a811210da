"""What a stored credential stands for now: a pure question of the record and the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access.caller import Caller, LockedWhy
from app.access.roles import AT_A_STATION, CLINIC_WIDE, IDLE_S, PEOPLE, Permission, permissions
from app.errors import Locked, NotAllowed, NotSignedIn, PasswordChangeNeeded
from app.models.credentials import SignInRecord, TokenRecord, UserRecord
from app.monitoring.commands import Actor, Role

if TYPE_CHECKING:
    from app.monitoring.errors import DomainError

Credential = SignInRecord | TokenRecord

HOUR_MS: Final = 3_600_000
LIFE_MS: Final = 12 * HOUR_MS  # of a sign-in after it was last used: a shift, and the way home
STANDING_LIFE_MS: Final = 30 * 24 * HOUR_MS  # of a station's and a wall screen's: nobody tends it
FOREVER: Final = 2**62  # milliseconds; after any moment

_AT_A_STATION: Final[Role] = "nurse"
"""Whoever set a shared screen up: it shows what a nurse may see, and goes on when that person's
role changes or ends.
"""
_LENDABLE: Final = frozenset[Permission]().union(*(permissions(role) for role in PEOPLE))
"""What a grant of one person or another can bring to a shared screen."""
_CHANGE_FIRST: Final = frozenset(
    {Permission.OWN_ACCOUNT, Permission.OWN_SCREEN, Permission.LEAVE_SCREEN}
)


def name_of(record: Credential) -> str:
    """By which everything that was opened with it is found."""
    return f"{'sign_in' if isinstance(record, SignInRecord) else 'token'}:{record.id}"


def holds(record: Credential, now: int) -> bool:
    """False once it has ended, was revoked or is too old, or its user may not sign in any more.

    A shared screen is its station's: it goes on when who set it up has left.
    """
    if isinstance(record, TokenRecord):
        return (
            record.revoked_at is None
            and (record.expires_at is None or now < record.expires_at)
            and (record.user is None or record.user.active)
        )
    if record.ended_at is not None or now >= record.expires_at:
        return False
    if record.token is not None:
        return holds(record.token, now)
    return record.shared or (record.user is not None and record.user.active)


def caller(record: Credential, now: int) -> Caller:
    """Raises NotSignedIn if it does not hold."""
    if not holds(record, now):
        raise NotSignedIn("Nothing was done. Sign in again.")
    if isinstance(record, TokenRecord):
        return _program(record)
    if record.token is not None:
        screen = _program(record.token)
        return Caller(
            "screen", screen.actor, screen.role, name_of(record),
            screen.permissions - {Permission.LEAVE_SCREEN},  # who passes by may not darken it
            bound_station=record.token.station, sign_in_id=record.id,
        )  # fmt: skip
    assert record.user is not None  # the table says so
    return _browser(record, record.user, now)


def _program(record: TokenRecord) -> Caller:
    user, role = record.user, record.role
    bound = record.session_id is not None or record.station is not None
    actor = (
        Actor("program", record.id, record.name, role)
        if user is None
        else Actor("person", user.id, user.display_name, role)
    )
    return Caller(
        "program",
        actor,
        role,
        name_of(record),
        permissions(role) - (CLINIC_WIDE if bound else frozenset()),
        user_id=user.id if user else None,
        bound_session=record.session_id,
        bound_station=record.station,
    )


def _browser(record: SignInRecord, user: UserRecord, now: int) -> Caller:
    why = locked(record, now)
    role = _AT_A_STATION if record.shared else acting_role(user, now)
    if why is not None:
        station = record.station or "A locked screen"
        return Caller(
            "station",
            Actor("station", record.id, station),
            role,
            name_of(record),
            AT_A_STATION if record.shared else permissions(role, locked=True),
            user_id=user.id,
            locked=why,
            sign_in_id=record.id,
        )
    return person(user, name_of(record), record.id, now)


def person(user: UserRecord, credential: str, sign_in_id: str, now: int) -> Caller:
    """A user who is known to be there."""
    role = acting_role(user, now)
    may = permissions(role)
    if role != user.role:  # beginning again after a lost answer is no refusal; nobody needs to sign
        may = (may | {Permission.USE_EMERGENCY}) - {Permission.SIGN_RECORD}
    change_first = user.password_change_needed
    return Caller(
        "person",
        Actor("person", user.id, user.display_name, role),
        role,
        credential,
        _CHANGE_FIRST if change_first else may,
        user_id=user.id,
        password_change_needed=change_first,
        sign_in_id=sign_in_id,
    )


def ends_at(record: SignInRecord, now: int) -> int:
    """When it ends if this was its last use."""
    standing = record.shared or record.token is not None
    end = now + (STANDING_LIFE_MS if standing else LIFE_MS)
    limit = record.token.expires_at if record.token is not None else None
    return max(record.expires_at, end if limit is None else min(end, limit))


def judged_until(record: Credential, now: int) -> int:
    """Until when what it stands for cannot change but by a change of the record."""
    moments: list[int | None] = [record.expires_at]
    user = record.user
    if isinstance(record, SignInRecord):
        moments.append(locks_at(record))
        if record.token is not None:
            moments.append(record.token.expires_at)
    if user is not None:
        moments.append(user.emergency_until)
    return min((at for at in moments if at is not None and at > now), default=FOREVER)


def whose(record: Credential) -> Actor:
    """Who is written down for what was tried with it, also if it holds no more."""
    token = record if isinstance(record, TokenRecord) else record.token
    if token is not None:
        return _program(token).actor
    assert record.user is not None  # the table says so
    return Actor("person", record.user.id, record.user.display_name, record.user.role)


def acting_role(user: UserRecord, now: int) -> Role:
    """Emergency access lends a clinician's, to whoever may take it in the role that they have."""
    taken = user.emergency_until is not None and now < user.emergency_until
    lent = taken and Permission.USE_EMERGENCY in permissions(user.role)
    return "clinician" if lent else user.role


def locked(record: SignInRecord, now: int) -> LockedWhy | None:
    """Why nobody is known to be at this screen, None if somebody is."""
    if record.shared:
        return "shared"
    due = locks_at(record)
    return "idle" if record.locked_at is not None or (due is not None and now >= due) else None


def locks_at(record: SignInRecord) -> int | None:
    """When it locks if it is not used before; None: never."""
    idle_s = IDLE_S.get(record.user.role) if record.user and not record.shared else None
    return None if idle_s is None else record.active_at + idle_s * 1_000


def refusal(caller: Caller, permission: Permission) -> DomainError | None:
    """Why this caller may not, None if it may."""
    if permission is Permission.PUBLIC or caller.may(permission):
        return None
    if caller.password_change_needed:
        return PasswordChangeNeeded("Nothing was done. Choose a password of your own first.")
    if caller.locked and permission in _lendable(caller):
        detail = "Nothing was stored. Say who you are by your PIN, then it is sent again."
        return Locked(detail, why=caller.locked, needs=permission.value)
    detail = f"Nothing was done: the role {caller.role} may not do this."
    if caller.kind == "person" and permission in permissions(caller.role):
        detail = "Nothing was done: emergency access does not lend this."
    return NotAllowed(detail, needs=permission.value)


def _lendable(caller: Caller) -> frozenset[Permission]:
    """What somebody who says who they are may do on this locked screen."""
    return _LENDABLE if caller.locked == "shared" else permissions(caller.role)
