"""What of the clinic a caller may see: a simulator what is simulated, a token that is for one place
that place, everybody else all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import NotBound
from app.models.queries import Only

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.monitoring.commands import CreateSession


def visible_to(caller: Caller) -> Only:
    return Only(caller.simulated_only, caller.bound_station, caller.bound_session)


def is_for_one_place(caller: Caller) -> bool:
    return caller.bound_station is not None or caller.bound_session is not None


def sees_the_clinic(caller: Caller) -> bool:
    """Whether people and screens beside the session asked for may be named: not to who passes by a
    locked screen.
    """
    return not (is_for_one_place(caller) or caller.simulated_only or caller.locked)


def check_sees_clinic(caller: Caller) -> None:
    """Raises NotBound: figures over many sessions are not for who may see one place."""
    if is_for_one_place(caller):
        raise NotBound("Nothing was done: this token is for one place, not for the clinic.")


def check_begins(caller: Caller, command: CreateSession) -> None:
    """Raises NotBound for a session that the caller could not see."""
    elsewhere = caller.bound_station not in (None, command.station)
    if elsewhere or caller.bound_session not in (None, command.id):
        raise NotBound("Nothing was stored: this token is for another place.")
