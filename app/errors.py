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
