"""What a transaction holds before its commit: locked sessions, and what waits to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.monitoring.limits import Limits, prepare
from app.monitoring.protocols import PROTOCOLS, lines_in_force
from app.monitoring.state import State

Row = tuple[Any, ...]
RAISED: Final = frozenset({"alarm.raised", "alarm.changed", "alarm.reopened"})


@dataclass(frozen=True, slots=True)
class Held:
    """A session under its lock: its state, its limits made ready, and the end of its chain."""

    key: int
    state: State
    limits: Limits
    head: bytes
    recorded_at: int

    @property
    def id(self) -> str:
        return self.state.order.id


def limits_of(state: State) -> Limits:
    """The limits in force, made ready."""
    return prepare(lines_in_force(PROTOCOLS[state.order.protocol], state.baseline))


@dataclass(frozen=True, slots=True)
class StagedReading:
    """The projection of one `reading.recorded`."""

    id: str
    digest: bytes


class Staged:
    """Rows and texts waiting for the commit."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self.events: list[Row] = []
        self.readings: list[Row] = []
        self.alarms: dict[str, Row] = {}
        self.commands: list[Row] = []
        self.known: dict[tuple[int, str], tuple[bytes, int]] = {}
        self.texts: dict[str, list[bytes]] = {}
        self.silent: set[str] = set()  # sessions whose due moments passed without an event

    def add(self, other: Staged) -> None:
        self.held |= other.held
        self.events += other.events
        self.readings += other.readings
        self.alarms |= other.alarms
        self.commands += other.commands
        self.known |= other.known
        for id, texts in other.texts.items():
            self.texts.setdefault(id, []).extend(texts)
        self.silent |= other.silent
