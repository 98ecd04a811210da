"""The goals, one part each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.parts import (
    boards,
    browser,
    growth,
    history,
    ingest,
    memory,
    overload,
    postgres,
    records,
    rooms,
    sessions,
    single,
    stalled,
)

if TYPE_CHECKING:
    from bench.part import Part

PARTS: Final[tuple[Part, ...]] = (
    single.PART,
    ingest.PART,
    boards.PART,
    memory.PART,
    stalled.PART,
    overload.PART,
    history.TIMELINE,
    growth.PART,
    history.MEANWHILE,
    postgres.PART,
    rooms.PART,
    sessions.PART,
    records.PART,
    browser.PART,
)
