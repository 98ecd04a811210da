"""What a refusal tells: which fields and why, and that all of it can be read by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from app.monitoring.errors import DomainError

Where = tuple[str | int, ...]


def is_sentence(text: str) -> bool:
    """It begins and ends as a sentence does, and nothing is left of an empty word in it."""
    whole = text[:1].isupper() and text.endswith(".") and not text.endswith("..")
    return whole and not text.isupper() and " ." not in text and "  " not in text


def fields(refused: pytest.ExceptionInfo[DomainError]) -> list[tuple[Where, str]]:
    """Each refused field and its code."""
    error = refused.value
    assert is_sentence(error.detail), error.detail
    assert str(error) == error.detail
    for field in error.errors:
        assert is_sentence(field.msg), field.msg
    return [(field.loc, field.code) for field in error.errors]


def values(refused: pytest.ExceptionInfo[DomainError]) -> list[tuple[str | int, str]]:
    """Each refused value of a reading, by its vital, and its code."""
    told = fields(refused)
    assert {loc[:-1] for loc, _ in told} <= {("values",)}
    return [(loc[-1], code) for loc, code in told]
