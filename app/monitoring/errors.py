"""Refusals: what a caller did that cannot be done, with a stable code and the status it is answered
with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused: where it is, a stable code, and a sentence for people."""

    loc: tuple[str | int, ...]
    code: str
    msg: str


class DomainError(Exception):
    """An expected refusal. Nothing was stored; `detail` says what happened and what to do."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "invalid_request"
    title: ClassVar[str] = "The request is not valid"

    def __init__(
        self, detail: str = "", *, errors: Sequence[FieldError] = (), **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.extra = extra


class InvalidRequest(DomainError):
    """Fields that cannot be taken as they are."""


class NoUsableValues(DomainError):
    code = "no_usable_values"
    title = "The reading has no usable value"


class NotChartable(DomainError):
    code = "not_chartable"
    title = "A value cannot be charted"


class ReasonRequired(DomainError):
    code = "reason_required"
    title = "This needs a reason"


class TakenInFuture(DomainError):
    code = "taken_in_future"
    title = "The time lies in the future"


class BeforePreviousPhase(DomainError):
    code = "before_previous_phase"
    title = "The time lies before the previous phase"


class SessionClosed(DomainError):
    status = 409
    code = "session_closed"
    title = "The session is closed"


class SessionOpen(DomainError):
    status = 409
    code = "session_open"
    title = "The session is not closed"


class AlreadySigned(DomainError):
    status = 409
    code = "already_signed"
    title = "The record is signed"


class NotSigned(DomainError):
    status = 409
    code = "not_signed"
    title = "The record is not signed"


class IllegalTransition(DomainError):
    status = 409
    code = "illegal_transition"
    title = "The phase cannot change this way"


class GateFailed(DomainError):
    status = 409
    code = "gate_failed"
    title = "Something is missing before this phase"


class PhaseChanged(DomainError):
    status = 409
    code = "phase_changed"
    title = "The phase was changed meanwhile"


class OutOfOrder(DomainError):
    status = 409
    code = "out_of_order"
    title = "The phases would not follow one another"


class TooLate(DomainError):
    status = 409
    code = "too_late"
    title = "It is too late for this"


class NothingToTakeBack(DomainError):
    status = 409
    code = "nothing_to_take_back"
    title = "There is nothing to take back"


class NotDriven(DomainError):
    status = 409
    code = "not_driven"
    title = "The session runs on the wall clock"


class ClockNotBegun(DomainError):
    status = 409
    code = "clock_not_begun"
    title = "The session does not know the time yet"


class UnknownAlarm(DomainError):
    status = 404
    code = "unknown_alarm"
    title = "There is no such alarm in this session"


class NoSuchPrompt(DomainError):
    status = 409
    code = "no_such_prompt"
    title = "This stop prompt does not stand"


class RoleNeeded(DomainError):
    status = 403
    code = "role_needed"
    title = "This needs another role"


class LimitsChanged(DomainError):
    status = 409
    code = "limits_changed"
    title = "The limits were changed meanwhile"


class StillPresent(DomainError):
    status = 409
    code = "still_present"
    title = "What the alarm tells is still so"


class DeviceDetached(DomainError):
    status = 409
    code = "device_detached"
    title = "The device is not attached to this session"


class UnknownReading(DomainError):
    status = 404
    code = "unknown_reading"
    title = "There is no such reading in this session"


class AlreadyCorrected(DomainError):
    status = 409
    code = "already_corrected"
    title = "The reading was voided or moved before"


class UnknownAnnotation(DomainError):
    status = 404
    code = "unknown_annotation"
    title = "There is no such annotation in this session"


class AlreadyVoided(DomainError):
    status = 409
    code = "already_voided"
    title = "The annotation was voided before"
