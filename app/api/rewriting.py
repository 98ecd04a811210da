"""What an annotation should have said must fit its kind, which only its log tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.api.problems import invalid_problem
from app.api.schemas.annotations import of_kind
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping


def fitting(kind: str, text: str | None, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data in their one spelling; raises InvalidRequest, one error per field."""
    try:
        return of_kind(kind, text, data)
    except ValidationError as error:
        told = invalid_problem(error.errors(include_url=False))
        errors = [FieldError(tuple(e["loc"]), e["code"], e["msg"]) for e in told["errors"]]
        raise InvalidRequest(told["detail"], errors=errors) from None
