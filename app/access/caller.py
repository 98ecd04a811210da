"""Who asks: what a credential was found to stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.access.roles import Permission
from app.monitoring.commands import Actor, Role

if TYPE_CHECKING:
    from app.monitoring.commands import Source

CallerKind = Literal["person", "station", "screen", "program"]
"""`person`: somebody known; `station`: a locked or shared screen; `screen`: a wall screen;
`program`: a token.
"""
LockedWhy = Literal["idle", "shared"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A credential that holds, and what may be done with it now.

    `actor` is what is written down. `credential` names what can end: `sign_in:<id>` or
    `token:<id>`; everything opened with it ends with it.
    """

    kind: CallerKind
    actor: Actor
    role: Role
    credential: str
    permissions: frozenset[Permission]
    user_id: str | None = None
    """Whose sign-in or token it is, None if nobody's."""
    locked: LockedWhy | None = None
    bound_session: str | None = None
    """The one session that a token is for."""
    bound_station: str | None = None
    """The one station that a token is for."""
    password_change_needed: bool = False
    sign_in_id: str | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def simulated_only(self) -> bool:
        """It neither sees nor touches a session that is not simulated."""
        return self.role == "simulator"

    @property
    def source(self) -> Source | None:
        """What its readings must say they are; None: it may say either."""
        if self.role == "simulator":
            return None
        return "device" if self.role == "device" else "manual"
