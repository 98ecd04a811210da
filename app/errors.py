"""Refusals that come from storage and identity rather than from the rules of monitoring."""

from __future__ import annotations

from app.monitoring.errors import DomainError


class UnknownSession(DomainError):
    status = 404
    code = "unknown_session"
    title = "There is no such session"


class UnknownPatient(DomainError):
    status = 404
    code = "unknown_patient"
    title = "There is no such patient"


class UnknownProtocol(DomainError):
    status = 404
    code = "unknown_protocol"
    title = "There is no such protocol"


class UnknownNotice(DomainError):
    status = 404
    code = "unknown_notice"
    title = "There is no such notice"


class IdConflict(DomainError):
    status = 409
    code = "id_conflict"
    title = "This id was already used for other content"


class RecordChanged(DomainError):
    """What somebody was about to sign is not what they saw."""

    status = 409
    code = "record_changed"
    title = "The record has changed"


class RecordBroken(DomainError):
    """Its log is not as it was written."""

    status = 409
    code = "record_broken"
    title = "The record was tampered with"


class StationOccupied(DomainError):
    status = 409
    code = "station_occupied"
    title = "The station has an active session"


class PatientInSession(DomainError):
    status = 409
    code = "patient_in_session"
    title = "The patient has an active session"


class PatientCodeTaken(DomainError):
    status = 409
    code = "patient_code_taken"
    title = "Another patient has this code"


class Busy(DomainError):
    """The lane is full: nothing was stored, the same may be sent again."""

    status = 503
    code = "busy"
    title = "The server is busy"


class StorageUnavailable(DomainError):
    """The database did not take it: nothing was stored, the same may be sent again."""

    status = 503
    code = "storage_unavailable"
    title = "The database is not available"


class NotSignedIn(DomainError):
    """No credential, or one that does not hold."""

    status = 401
    code = "not_signed_in"
    title = "This needs a sign-in"


class WrongCredentials(DomainError):
    """A name, password, PIN or link; which of them is not said."""

    status = 401
    code = "wrong_credentials"
    title = "This does not fit"


class NotAllowed(DomainError):
    """The role lacks the permission."""

    status = 403
    code = "not_allowed"
    title = "This role may not do that"


class Locked(DomainError):
    """Nobody is known to be at this screen."""

    status = 403
    code = "locked"
    title = "The screen is locked"


class PasswordChangeNeeded(DomainError):
    status = 403
    code = "password_change_needed"
    title = "The password must be changed first"


class NotBound(DomainError):
    """A token of another session or station."""

    status = 403
    code = "not_bound"
    title = "This token is for another place"


class TooManyAttempts(DomainError):
    """`extra` holds `retry_after_s`."""

    status = 429
    code = "too_many_attempts"
    title = "Too many attempts"


class SimulatedMismatch(DomainError):
    """What is simulated and what is not do not mix; nor do typed and measured readings."""

    status = 409
    code = "simulated_mismatch"
    title = "This credential does not fit this session"


class UnknownUser(DomainError):
    status = 404
    code = "unknown_user"
    title = "There is no such user"


class UnknownSignIn(DomainError):
    status = 404
    code = "unknown_sign_in"
    title = "There is no such sign-in"


class UnknownToken(DomainError):
    status = 404
    code = "unknown_token"
    title = "There is no such token"


class UnknownEmergency(DomainError):
    status = 404
    code = "unknown_emergency"
    title = "There is no such emergency access"


class NameTaken(DomainError):
    status = 409
    code = "name_taken"
    title = "Another user has this name"


class LastAdministrator(DomainError):
    status = 409
    code = "last_administrator"
    title = "This is the last administrator"


class OwnRole(DomainError):
    status = 409
    code = "own_role"
    title = "Nobody changes their own role"


class UserInactive(DomainError):
    status = 409
    code = "user_inactive"
    title = "This user may not sign in any more"


class TokenEnded(DomainError):
    """Revoked, or too old."""

    status = 409
    code = "token_ended"
    title = "This token has ended"


class NotAWallScreen(DomainError):
    """Only wall screens sign in by a link."""

    status = 409
    code = "not_a_wall_screen"
    title = "This token is not a wall screen's"


class OwnEmergency(DomainError):
    status = 409
    code = "own_emergency"
    title = "Nobody reviews their own emergency access"


class NoticeStands(DomainError):
    """It ends by what is done about it."""

    status = 409
    code = "notice_stands"
    title = "This notice cannot be dismissed"
