"""Grants: who said by PIN who they are, for one operation from one screen.

Nothing is stored: a grant says everything itself and is signed with a key that only this
installation has, so that every process takes what another made. It is worth nothing without the
cookie of the screen that it was made for.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

import orjson

from app.models.chain import GENESIS

if TYPE_CHECKING:
    from app.models.chain import Chain

LABEL: Final = b"the key of grants"
GRANT_MS: Final = 60_000  # to send the one operation, and again if its answer was lost
LONGEST: Final = 2_048  # characters; ours have some hundred


@dataclass(frozen=True, slots=True)
class Grant:
    """`path` without its query, as the server reads it."""

    sign_in_id: str
    user_id: str
    method: str
    path: str
    expires_at: int


class Grants:
    def __init__(self, key: Chain) -> None:
        self._key = key

    def made(self, grant: Grant) -> str:
        said = orjson.dumps(astuple(grant))
        return f"{_text(said)}.{_text(self._key.next(GENESIS, said))}"

    def read(self, text: str) -> Grant | None:
        """What it says, None if it was not made here."""
        if len(text) > LONGEST or not text.isascii():
            return None
        said, _, signature = text.partition(".")
        try:
            content, given = urlsafe_b64decode(said), urlsafe_b64decode(signature)
        except (binascii.Error, ValueError):
            return None
        if not hmac.compare_digest(self._key.next(GENESIS, content), given):
            return None
        return Grant(*orjson.loads(content))


def user_of(grant: Grant, sign_in_id: str, method: str, path: str, now: int) -> str | None:
    """Who it says is there, None if it is for something else or too old."""
    fits = grant.sign_in_id == sign_in_id and grant.method == method and grant.path == path
    return grant.user_id if fits and now < grant.expires_at else None


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()
