"""Who sends, for tests of what is below the API: a person, a device's token, a simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access.caller import Caller
from app.access.roles import permissions
from app.monitoring.commands import Actor
from app.services.senders import by_hand

if TYPE_CHECKING:
    from app.monitoring.commands import RecordReading, Role

TOKEN_ID: Final = "0193a000-0000-7000-8000-0000000000f1"
_ANNA: Final = Actor("person", "local", "Local user", "nurse")


def person(actor: Actor = _ANNA, role: Role = "nurse") -> Caller:
    """Somebody signed in."""
    return Caller("person", actor, role, "sign_in:1", permissions(role), user_id=actor.id)


def device(
    name: str = "Monitors",
    *,
    station: str | None = None,
    session: str | None = None,
) -> Caller:
    """A device's token, for any place or for one."""
    actor = Actor("program", TOKEN_ID, name, "device")
    return Caller(
        "program",
        actor,
        "device",
        f"token:{TOKEN_ID}",
        permissions("device"),
        bound_session=session,
        bound_station=station,
    )


def program(role: Role, *, station: str | None = None, session: str | None = None) -> Caller:
    """Another program's token, as of a person or a wall screen."""
    actor = Actor("program", TOKEN_ID, role, role)
    credential = f"token:{TOKEN_ID}"
    return Caller(
        "program",
        actor,
        role,
        credential,
        permissions(role),
        bound_session=session,
        bound_station=station,
    )


def simulator() -> Caller:
    return program("simulator")


def sender(reading: RecordReading) -> Caller:
    """Who would send this of a session that is not simulated."""
    return person() if by_hand(reading) else device()
