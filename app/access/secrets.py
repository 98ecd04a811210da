"""Secrets: made by the system's generator, kept only as hashes.

A secret of 256 random bits needs no slow hash; passwords and PINs do (`app.access.passwords`).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

SECRET_BYTES: Final = 32
PREFIX_CHARACTERS: Final = 8  # enough to tell a clinic's tokens apart; it is no secret
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # none that reads like another


def new_secret() -> str:
    """For a cookie or a link."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_token() -> tuple[str, str]:
    """A token, `prefix.secret`, and its prefix, by which people know it."""
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(PREFIX_CHARACTERS))
    return f"{prefix}.{new_secret()}", prefix


def secret_hash(secret: str) -> bytes:
    """What is kept of a cookie, a link or a whole token."""
    return hashlib.sha256(secret.encode()).digest()
