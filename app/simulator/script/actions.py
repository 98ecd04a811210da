"""What a visit asks of its room: plain values, in the order they are to be done.

Everything that is recorded carries a key. The same key is the same thing of the same visit: its id
is made from it, so that a second run of the same script asks for the very same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.simulator.message import Delivery, Message

NoteKind = Literal["note", "medication", "side_effect", "rate_change", "oxygen"]


@dataclass(frozen=True, slots=True)
class Sends:
    """The device sends: nobody waits for it but the line."""

    at_s: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Charts:
    """A nurse charts a set by hand."""

    at_s: int
    message: Message


@dataclass(frozen=True, slots=True)
class Asks:
    """A phase is asked for; what comes of it is heard from the log."""

    at_s: int
    to: str
    reason: str | None = None

    @property
    def key(self) -> str:
        return f"phase:{self.at_s}:{self.to}"


@dataclass(frozen=True, slots=True)
class Notes:
    """An annotation, as `POST .../annotations` takes it: what is not said is not in `data`."""

    at_s: int
    kind: NoteKind
    text: str | None
    data: Mapping[str, str | float] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledges:
    """A nurse has seen this alarm, as of this rev, and did `action`."""

    at_s: int
    alarm_id: str
    rev: int
    action: str | None = None

    @property
    def key(self) -> str:
        return f"acknowledge:{self.at_s}:{self.alarm_id}:{self.rev}"


@dataclass(frozen=True, slots=True)
class AttachesDevice:
    """A monitor is connected to this patient."""

    at_s: int
    device: str

    @property
    def key(self) -> str:
        return f"attach:{self.at_s}:{self.device}"


Action = Sends | Charts | Asks | Notes | Acknowledges | AttachesDevice
