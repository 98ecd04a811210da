"""Refusals of reviews: a question that has no answer, or too much of one."""

from __future__ import annotations

from app.monitoring.errors import DomainError, FieldError, InvalidRequest


class TooMuch(DomainError):
    """More than the server works out beside its watching."""

    code = "too_much"
    title = "This is too much to work out at once"


def bad_period() -> InvalidRequest:
    message = "The period must begin before it ends."
    return InvalidRequest(message, errors=[FieldError(("from",), "bad_period", message)])
