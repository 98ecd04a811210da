"""Time zones by their names, as a caller gives them."""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.monitoring.errors import FieldError, InvalidRequest

UTC_NAME: Final = "UTC"
ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)
NO_PLACE: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Files beside the zones that are this machine's own choice, or nobody's time."""
ASIDE: Final = ("posix/", "right/")  # the same zones again, the second with leap seconds


def zone_of(name: str) -> tzinfo:
    """Raises InvalidRequest: nothing but a zone's name may reach the files that zones are in."""
    if name == UTC_NAME:  # needs no file
        return UTC
    try:
        if not ZONE.fullmatch(name) or name in NO_PLACE or name.startswith(ASIDE):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        message = "There is no such time zone. Name one such as Europe/Berlin, or leave it out."
        error = FieldError(("zone",), "unknown_zone", message)
        raise InvalidRequest(message, errors=[error]) from None
