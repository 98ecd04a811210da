"""What downloaded files are called: the session's id and its day, nothing about the patient, so
that a list of downloads tells nobody who was treated.
"""

from __future__ import annotations

import re
from typing import Final

_SAFE: Final = re.compile(r"[^0-9A-Za-z.-]", re.ASCII)
KINDS: Final = {
    "report.pdf": "application/pdf",
    "report.html": "text/html; charset=utf-8",
    "readings.csv": "text/csv; charset=utf-8",
    "events.csv": "text/csv; charset=utf-8",
}


def file_name(session_id: str, began: str, kind: str) -> str:
    """`session-2026-11-22-0193…-report.pdf`: no character that a header or a path would read."""
    return _SAFE.sub("", f"session-{began[:10]}-{session_id}-{kind}")


def range_name(since: str, until: str) -> str:
    return _SAFE.sub("", f"sessions-{since[:10]}-to-{until[:10]}.zip")


def attachment(name: str) -> str:
    return f'attachment; filename="{_SAFE.sub("", name)}"'
