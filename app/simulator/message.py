"""What a device or a nurse sends, before it is written for the API: times count from the check-in.

Pure values. A fault changes messages and deliveries; it never touches what the patient's body does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One reading. Times are milliseconds from the visit's second 0, by the sender's clock."""

    key: str
    """The same key is the same reading of this visit: its id is made from it."""

    taken_ms: int
    source: Literal["manual", "device"]
    device: str | None
    interval_s: float | None
    values: Mapping[str, float | None]
    sent_ms: int | None = None
    """What the sender's clock showed as it sent; None: it does not tell."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Messages that go out in one piece, at one second of the visit."""

    messages: tuple[Message, ...]
    times: int = 1
    """Sent as often, with the same ids."""
    answer_lost: bool = False
    """The connection breaks before the answer is read: the sender sends the same again."""
    to_room: int | None = None
    """Position of another room of the run, where this device was carried; None: its own."""
