"""Names: what is accepted, and when two are the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Collection

NAME_CHARACTERS: Final = 64  # the column's width
DISPLAY_CHARACTERS: Final = 120  # the same

_NEVER: Final = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
"""Controls, halves of characters, what means nothing or begins a line: they break what shows them.
"""
_UNSEEN: Final = _NEVER | {"Cf"}  # two names that look the same must be the same
_TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""They change the order in which text is shown: a name could read as another."""
_GAPS: Final = re.compile(r"[^\S\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # spaces of every width


def folded(name: str) -> str:
    """Two names are the same if this is: case, width and ligatures do not count."""
    narrow = unicodedata.normalize("NFKC", _GAPS.sub(" ", name.strip()))
    return unicodedata.normalize("NFKC", narrow.casefold())


def user_name(name: str) -> str:
    """The name to sign in with, as it is stored; raises InvalidRequest."""
    text = unicodedata.normalize("NFC", _GAPS.sub(" ", name.strip()))
    _check("name", text, NAME_CHARACTERS, _UNSEEN)
    if len(folded(text)) > NAME_CHARACTERS:
        raise _refused("name", "text_too_long", f"Must have at most {NAME_CHARACTERS} characters")
    return text


def display_name(name: str) -> str:
    """What is written down of somebody, as it is stored; raises InvalidRequest."""
    text = unicodedata.normalize("NFC", name.strip())
    _check("display_name", text, DISPLAY_CHARACTERS, _NEVER)
    return text


def token_name(name: str) -> str:
    """By which people know a token; raises InvalidRequest."""
    text = unicodedata.normalize("NFC", name.strip())
    _check("name", text, DISPLAY_CHARACTERS, _NEVER)
    return text


def _check(field: str, text: str, most: int, never: Collection[str]) -> None:
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise _refused(field, "empty", "Must not be empty")
    if len(text) > most:
        raise _refused(field, "text_too_long", f"Must have at most {most} characters")
    if any(c in _TURNING or unicodedata.category(c) in never for c in text):
        raise _refused(field, "control_character", "Must not have control characters")


def _refused(field: str, code: str, msg: str) -> InvalidRequest:
    return InvalidRequest(
        "Nothing was stored. Correct the fields listed and send again.",
        errors=[FieldError((field,), code, msg)],
    )
