"""Ids that the server makes."""

from __future__ import annotations

import uuid_utils


def new_id() -> str:
    """A UUIDv7: unique, and in order of making."""
    return str(uuid_utils.uuid7())
