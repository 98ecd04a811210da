"""Who does what is written down: a caller, or somebody at the command line of the server."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.models.access_log import Entry
from app.monitoring.commands import Actor

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.models.access_log import Kind


@dataclass(frozen=True, slots=True)
class By:
    """The actor, and the credential that was used if there was one."""

    actor: Actor
    credential: str | None = None

    def entry(self, kind: Kind, *, session_id: str | None = None, **data: Any) -> Entry:
        """For the access log."""
        return Entry(kind, self.actor, self.credential, session_id, data=data)


def by(caller: Caller) -> By:
    return By(caller.actor, caller.credential)


def by_command() -> By:
    """Somebody who has the server's machine; the account there is all that is known of them."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        account = "unknown account"
    name = "".join(c for c in account if c.isprintable())[:64]
    return By(Actor("system", "command_line", f"Command line ({name})"))
