"""The access log as a table for a spreadsheet, some rows at a time."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.models.access_log import search

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from app.models.access_log import Wanted
    from app.models.store import Store

COLUMNS: Final = (
    "seq",
    "at",
    "kind",
    "who",
    "name",
    "actor_kind",
    "role",
    "credential",
    "session_id",
    "patient_id",
    "data",
)
ROWS: Final = 500  # of one part: some 100 KB, and milliseconds of a reader's time
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


async def table(store: Store, wanted: Wanted) -> AsyncIterator[bytes]:
    """The newest first, as search answers it; raises StorageUnavailable."""
    yield _csv([COLUMNS])
    cursor: str | None = None
    while True:
        find = partial(search, wanted=wanted, limit=ROWS, cursor=cursor)
        found, cursor = await store.reader.read(find)
        if found:
            yield _csv([_cells(entry) for entry in found])
        if cursor is None:
            return


def safe(cell: Any) -> str:
    """Text that stays text, whatever opens the file."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(entry: dict[str, Any]) -> list[str]:
    actor = entry["actor"] or {}
    cells = (
        entry["seq"],
        entry["at"],
        entry["kind"],
        actor.get("id"),
        actor.get("name"),
        actor.get("kind"),
        actor.get("role"),
        entry["credential"],
        entry["session_id"],
        entry["patient_id"],
        orjson.dumps(entry["data"]).decode(),
    )
    return [safe(cell) for cell in cells]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
