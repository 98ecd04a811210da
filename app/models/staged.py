"""What a transaction holds before its commit: locked sessions, and what waits to be written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.frozen import filled_at_once
from app.monitoring.in_force import Limits
from app.monitoring.state import State

if TYPE_CHECKING:
    from app.models.access_log import Stamped
    from app.models.notices import Noted, NoticeKey

NEVER_STORED: Final = -(2**31)  # further back than any state may lag

Row = tuple[Any, ...]
Change = tuple[str, Row]  # a statement and its parameters
RAISED: Final = frozenset({"alarm.raised", "alarm.changed", "alarm.reopened"})


@filled_at_once
@dataclass(frozen=True, slots=True)
class Held:
    """A session under its lock: its state, its limits made ready, and the end of its chain.

    `stored_seq` is that of the state in the database, which may lag by some readings.
    """

    key: int
    state: State
    limits: Limits
    head: bytes
    recorded_at: int
    stored_seq: int = NEVER_STORED

    @property
    def id(self) -> str:
        return self.state.order.id

    def stored(self) -> Held:
        """With its state in the database."""
        return replace(self, stored_seq=self.state.seq)


@filled_at_once
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
        self.loud: set[str] = set()  # sessions of which there is more to tell than readings
        self.silent: set[str] = set()  # sessions whose due moments passed without an event
        self.seen: set[str] = set()  # sessions stepped since the gap
        self.attachments: list[Change] = []
        self.corrections: list[Change] = []  # of readings that may wait to be written themselves
        self.listed: list[Change] = []  # what the list of sessions shows, once alarms are written
        self.deliveries: list[Row] = []
        self.notices: dict[NoticeKey, Noted] = {}
        self.entries: list[Stamped] = []  # of the access log

    def add(self, other: Staged) -> None:
        self.held |= other.held
        self.events += other.events
        self.readings += other.readings
        self.alarms |= other.alarms
        self.commands += other.commands
        self.known |= other.known
        self.loud |= other.loud
        for id, texts in other.texts.items():
            self.texts.setdefault(id, []).extend(texts)
        self.silent |= other.silent
        self.seen |= other.seen
        self.corrections += other.corrections
        self.listed += other.listed
        self.deliveries += other.deliveries
        self.entries += other.entries
        for key, noted in other.notices.items():
            self.notices[key] = noted.after(self.notices.get(key))
