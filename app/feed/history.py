"""What the feed asks of the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class History:
    """What is read from the store. An unknown session raises a DomainError."""

    head: Callable[[str], Awaitable[int]]
    state: Callable[[str], Awaitable[dict[str, Any]]]
    events: Callable[[str, int, int], Awaitable[list[bytes]]]
    """(session, after, at most)"""
    board: Callable[[bool | None], Awaitable[list[dict[str, Any]]]]
    """(simulated ones, real ones, or both)"""
