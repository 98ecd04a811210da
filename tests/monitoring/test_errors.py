"""Refusals: each has a code of its own and says what happened."""

from __future__ import annotations

import pytest

from app.monitoring import errors
from app.monitoring.errors import DomainError, FieldError, SessionClosed

KNOWN = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
]


def test_refusal_says_its_title_if_nothing_is_said() -> None:
    refused = SessionClosed()
    assert refused.detail == SessionClosed.title
    assert str(refused) == SessionClosed.title
    assert refused.errors == ()
    assert refused.extra == {}


def test_refusal_says_what_it_was_told() -> None:
    field = FieldError(("values", "hr"), "implausible", "HR must be between 20 and 300 /min.")
    refused = SessionClosed("It ended at ten.", errors=[field], missing=["weight"])
    assert refused.detail == str(refused) == "It ended at ten."
    assert refused.errors == (field,)
    assert refused.extra == {"missing": ["weight"]}


@pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: kind.__name__)
def test_refusal_has_a_status_of_a_refusal(kind: type[DomainError]) -> None:
    assert kind.status in (403, 404, 409, 422)


def test_no_two_refusals_share_a_code() -> None:
    codes = [kind.code for kind in KNOWN]
    assert len(codes) == len(set(codes)) > 10
