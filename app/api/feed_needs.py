"""What each message of the sockets needs, and what a caller may see of the live feed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.access.log import entry_of
from app.access.roles import Permission
from app.access.standing import refusal
from app.clock import monotonic_s
from app.errors import NotAllowed, NotSignedIn
from app.feed.messages import (
    Shown,
    Status,
    UnwatchBoard,
    UnwatchSession,
    WatchBoard,
    WatchSession,
)
from app.feed.rights import Audience, Rights
from app.services.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.access.caller import Caller
    from app.access.log import AccessLog
    from app.access.present import Present
    from app.api.context import Context
    from app.feed.messages import Message
    from app.models.access_log import Kind
    from app.monitoring.errors import DomainError

LIVE: Final = Permission.REPORT_SCREEN
"""To be a screen at all; devices are none."""
INGEST: Final = Permission.RECORD_READING
"""To stream readings."""
NEEDS: Final[Mapping[type[Message], Permission]] = {
    WatchBoard: Permission.WATCH_WALL,
    WatchSession: Permission.READ_SESSION,
    UnwatchBoard: LIVE,
    UnwatchSession: LIVE,
    Status: LIVE,
    Shown: LIVE,
}
"""By message of the live feed. Which board is seen is the caller's audience."""

_SEEN: Final = frozenset({*NEEDS.values(), Permission.WATCH_BOARD, Permission.READ_NOTICES})
"""What decides about what is sent."""


def audience_of(caller: Caller, *, training: bool, simulated: bool = False) -> Audience:
    """The clinic's board as this caller sees it, or with `simulated` that of simulated sessions; of
    a simulator it always is. On a server for `training` the clinic's board has all.
    """
    only = True if simulated or caller.simulated_only else None if training else False
    return Audience(
        wall=not caller.may(Permission.WATCH_BOARD),
        simulated=only,
        station=caller.bound_station,
        session_id=caller.bound_session,
    )


def check_board(caller: Caller, *, training: bool, simulated: bool) -> None:
    """Raises NotAllowed for a wall screen that asks for simulated sessions: what hangs in the
    clinic shows the clinic.
    """
    if simulated and not training and caller.role == "viewer":
        raise NotAllowed("Nothing is shown: a wall screen shows the clinic's board only.")


def rights_of(context: Context, caller: Caller) -> Rights:
    """Of one connection of a caller who may be a screen."""
    seen = caller.permissions & _SEEN
    screen = _Screen(context.access_log, context.present, caller)
    training = context.hub.training

    def present() -> Caller:
        return context.access.now(caller)

    def refused(message: Message) -> DomainError | None:
        try:
            found: DomainError | None = refusal(present(), NEEDS[type(message)])
            if found is None and isinstance(message, WatchBoard):
                check_board(caller, training=training, simulated=message.simulated)
        except NotSignedIn as ended:
            return ended
        except NotAllowed as wall:
            found = wall
        if found is not None:
            screen.refused(message, found)
        return found

    def changed() -> bool:
        try:
            return present().permissions & _SEEN != seen
        except NotSignedIn:
            return False  # it is closed in a moment, and told why

    return Rights(
        audience=audience_of(caller, training=training),
        training=audience_of(caller, training=training, simulated=True),
        notices=caller.may(Permission.READ_NOTICES),
        refusal=refused,
        confine=partial(context.access.confine, caller),
        simulated=context.access.is_simulated,
        changed=changed,
        held=partial(context.access.held, caller),
        watched=screen.watched,
        sounds=screen.sounds,
    )


class _Screen:
    """What one screen watched, and if it could be heard, noted in the access log."""

    def __init__(self, log: AccessLog, present: Present, caller: Caller) -> None:
        self._log = log
        self._present = present
        self._caller = caller
        self._id = new_id()
        self._since: dict[str | Audience, float] = {}

    def watched(self, what: str | Audience, watches: bool) -> None:
        """Once when it begins, and once when it ends."""
        if watches == (what in self._since):
            return
        if isinstance(what, str):
            self._present.watches(self._id, session=what, on=watches)
        else:
            self._present.watches(self._id, board=_board(what), on=watches)
        if watches:
            self._since[what] = monotonic_s()
            self._note_watched(what, state="began")
        else:
            for_s = round(monotonic_s() - self._since.pop(what))
            self._note_watched(what, state="ended", for_s=for_s)

    def _note_watched(self, what: str | Audience, **data: Any) -> None:
        kind: Kind = "session.watched"
        session_id = None
        if isinstance(what, str):
            session_id = what
        else:
            kind = "board.watched"
            data |= {"simulated": True} if what.simulated else {}
        self._log.note(entry_of(self._caller, kind, session_id=session_id, **data))

    def sounds(self, sound: str) -> None:
        caller = self._caller
        station = caller.actor.name if caller.kind == "station" else caller.bound_station
        self._present.sounds(self._id, caller.actor, station, sound)
        said: dict[str, Any] = {"sound": sound, "screen": self._id, "station": station}
        self._log.note(entry_of(caller, "screen.sound", **said))

    def refused(self, message: Message, refused: DomainError) -> None:
        said: dict[str, Any] = {
            "operation": f"WS /api/live {type(message).__name__}",
            "status": refused.status,
            "code": refused.code,
        }
        self._log.note(entry_of(self._caller, "refused", **said))


def _board(audience: Audience) -> str:
    """Which sessions are on it, in one word."""
    if audience.station is not None or audience.session_id is not None:
        return "own"
    return {None: "all", True: "simulated", False: "real"}[audience.simulated]
