"""Who may do what: the one table. Modelled on the permissions of a clinic's monitoring (nurses
chart and answer alarms, clinicians override, administrators chart nothing, wall screens read).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.commands import Role


class Permission(StrEnum):
    """What an operation needs; every route and every socket message names one."""

    PUBLIC = "public"
    """Answered to anybody: nothing about patients, people or the clinic."""
    OWN_ACCOUNT = "account.own"
    """One's own sign-in, password and PIN."""
    OWN_SCREEN = "screen.own"
    """What a browser does for itself, also while it is locked: who am I, unlock."""
    LEAVE_SCREEN = "screen.leave"
    """Sign out; a station's screen only by somebody: who passes by may not darken its alarms."""
    READ_CATALOGUE = "catalogue.read"
    WATCH_WALL = "wall.watch"
    """A board at all: without initials or names, but for who has the next."""
    WATCH_BOARD = "board.watch"
    """The board with initials and who did what."""
    REPORT_SCREEN = "screen.report"
    """Whether this screen can be heard, and what it has shown."""
    READ_SESSION = "session.read"
    WRITE_SESSION = "session.write"
    """Begin a session, move it through its phases, standby, who is responsible."""
    ANNOTATE = "session.annotate"
    """Write on the timeline what happened, and void what was wrong of it."""
    READ_PATIENT = "patient.read"
    WRITE_PATIENT = "patient.write"
    RECORD_READING = "reading.record"
    CORRECT_READING = "reading.correct"
    ACKNOWLEDGE_ALARM = "alarm.acknowledge"
    """Acknowledge an alarm, end one that cannot end by itself, end a call for help, and bring back
    what was switched off.
    """
    PAUSE_AUDIO = "audio.pause"
    SWITCH_ALARMS_OFF = "alarm.off"
    """Audio off and alarm off: they hide what others rely on."""
    CALL_HELP = "help.call"
    CHANGE_LIMITS = "limits.change"
    """Warning limits; the critical ones and the baseline are a clinician's (the engine's rule)."""
    ATTACH_DEVICE = "device.attach"
    READ_NOTICES = "notice.read"
    DISMISS_NOTICE = "notice.dismiss"
    SIGN_RECORD = "record.sign"
    """Sign a session's record, which stays a clinician's: emergency access lends it to nobody."""
    ADD_ADDENDUM = "record.addendum"
    """Sign what is to be said of a record that was signed before."""
    EXPORT_RECORD = "record.export"
    """Take a record out of here as a file."""
    REVIEW = "review.read"
    """Alarm load and what-if: figures over many sessions."""
    USE_EMERGENCY = "emergency.use"
    REVIEW_EMERGENCY = "emergency.review"
    MANAGE_USERS = "user.manage"
    MANAGE_TOKENS = "token.manage"
    READ_ACCESS_LOG = "access_log.read"


_P = Permission

_ANYBODY: Final = frozenset({_P.OWN_ACCOUNT, _P.OWN_SCREEN, _P.LEAVE_SCREEN, _P.READ_CATALOGUE})

_LOOKING: Final = frozenset(
    {
        _P.READ_CATALOGUE,
        _P.WATCH_WALL,
        _P.WATCH_BOARD,
        _P.READ_SESSION,
        _P.READ_NOTICES,
        _P.REPORT_SCREEN,
    }
)

_CARE: Final = _LOOKING | {
    _P.WRITE_SESSION,
    _P.ANNOTATE,
    _P.READ_PATIENT,
    _P.WRITE_PATIENT,
    _P.RECORD_READING,
    _P.CORRECT_READING,
    _P.ACKNOWLEDGE_ALARM,
    _P.PAUSE_AUDIO,
    _P.CALL_HELP,
    _P.CHANGE_LIMITS,
    _P.ATTACH_DEVICE,
    _P.DISMISS_NOTICE,
    _P.REVIEW,
}

_RECORD: Final = frozenset({_P.ADD_ADDENDUM, _P.EXPORT_RECORD})
"""A person's with a record: no simulator signs one or takes one away."""

TABLE: Final[Mapping[Role, frozenset[Permission]]] = {
    "nurse": _ANYBODY | _CARE | _RECORD | {_P.USE_EMERGENCY},
    "clinician": _ANYBODY | _CARE | _RECORD | {_P.SWITCH_ALARMS_OFF, _P.SIGN_RECORD},
    "administrator": _ANYBODY
    | {
        _P.WATCH_WALL,
        _P.REPORT_SCREEN,
        _P.READ_NOTICES,
        _P.DISMISS_NOTICE,
        _P.USE_EMERGENCY,
        _P.REVIEW_EMERGENCY,
        _P.MANAGE_USERS,
        _P.MANAGE_TOKENS,
    },
    "auditor": _ANYBODY
    | _LOOKING
    | {_P.READ_PATIENT, _P.REVIEW, _P.READ_ACCESS_LOG, _P.EXPORT_RECORD},
    "viewer": _ANYBODY | {_P.WATCH_WALL, _P.REPORT_SCREEN},
    "device": frozenset({_P.RECORD_READING}),
    "simulator": _CARE - {_P.READ_NOTICES, _P.DISMISS_NOTICE},
}
"""What each role may. A simulator may do what a nurse may, and on simulated sessions only; so what
the whole clinic is told is not for it.
"""

ON_A_LOCKED_SCREEN: Final = _LOOKING | {
    _P.OWN_SCREEN,
    _P.LEAVE_SCREEN,
    _P.WATCH_WALL,
    _P.PAUSE_AUDIO,
    _P.CALL_HELP,
}
"""What stays of a role's permissions while nobody is known to be there: alarms are seen and heard,
the sound can be paused and help called, by the station.
"""

AT_A_STATION: Final = (TABLE["nurse"] & ON_A_LOCKED_SCREEN) - {_P.LEAVE_SCREEN}
"""What a shared screen may by itself, whoever set it up."""

CLINIC_WIDE: Final = frozenset(
    {
        _P.ATTACH_DEVICE,
        _P.READ_NOTICES,
        _P.DISMISS_NOTICE,
        _P.REVIEW,
        _P.REVIEW_EMERGENCY,
        _P.MANAGE_USERS,
        _P.MANAGE_TOKENS,
        _P.READ_ACCESS_LOG,
    }
)
"""What a token that is bound to a session or station never may: it reaches beyond the place."""

PEOPLE: Final[frozenset[Role]] = frozenset(
    {"nurse", "clinician", "administrator", "auditor", "viewer"}
)
"""Roles that a user may have."""

MACHINES: Final[frozenset[Role]] = frozenset({"viewer", "device", "simulator"})
"""Roles that a token may have by itself; others only as a token of a user."""

IDLE_S: Final[Mapping[Role, int]] = {
    "nurse": 900,
    "clinician": 900,
    "administrator": 600,
    "auditor": 600,
}
"""Seconds without use until a sign-in locks (clinical practice: 10 to 15 min for rights to edit);
of other roles it never does, for they edit nothing.
"""


def permissions(role: Role, *, locked: bool = False) -> frozenset[Permission]:
    """What the role may do, on a screen that is locked or not."""
    granted = TABLE[role]
    return granted & ON_A_LOCKED_SCREEN if locked else granted
