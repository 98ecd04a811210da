"""The engine's private working copy of one session: made at the start of a step, frozen again at
its end, never seen outside.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal

from app.monitoring.commands import SYSTEM, Actor, ClockKind, Person
from app.monitoring.state import (
    Alarm,
    AudioPause,
    DeviceSeen,
    Event,
    Excursion,
    Help,
    Lost,
    Missed,
    Noted,
    NotTaken,
    Off,
    OfflineExcursion,
    Order,
    PhaseSpan,
    Recheck,
    Rested,
    Sample,
    State,
    StopAnswer,
    StopPrompt,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.in_force import Limits
    from app.monitoring.limits import Drawn, Number

KEPT: Final = tuple(f.name for f in fields(State) if f.name != "next_due_at")
_all_kept: Final = attrgetter(*KEPT)
COPIED: Final = ("alarms", "devices", "lost", "newest", "out", "recent", "rechecks", "samples")


class Ending:
    """How the alarms that go in this step have ended, where it is more than that they are over."""

    __slots__ = ("actor", "ended_by", "reason")

    def __init__(self, ended_by: str, reason: str | None = None, actor: Actor = SYSTEM) -> None:
        self.ended_by = ended_by
        self.reason = reason
        self.actor = actor


class Work:
    """Mutable twin of `State`. Mappings of `COPIED` are its own; the others are replaced whole.

    `touched` says that something changed on which an alarm or the next moment may depend: a calm
    value that only takes the place of another does not. `endings` tells how an alarm, by its key,
    or any alarm (key `*`) ends in this step, `stop_ended_by` how a stop prompt does; `hushed` are
    alarms whose calls begin anew in it.
    """

    order: Order
    seq: int
    now: int
    clock: ClockKind
    phase: str
    phase_since: int
    phases: tuple[PhaseSpan, ...]
    infused_ms: int
    infusing_since: int | None
    closed_at: int | None
    baseline: Mapping[str, Number] | None
    given: Mapping[str, Number]
    schedule: Mapping[str, Number]
    schedule_since: int
    annotations: Mapping[str, Noted]
    samples: dict[int, Sample]
    newest: dict[str, Mapping[str, int]]
    lost: dict[str, Mapping[str, int]]
    out: dict[str, tuple[Excursion, ...]]
    rested: Mapping[str, tuple[Rested, ...]]
    rechecks: dict[str, Recheck]
    offline: Mapping[str, tuple[OfflineExcursion, ...]]
    missed: Mapping[str, Missed]
    devices: dict[str, DeviceSeen]
    moved: Mapping[str, Number]
    limits_version: int
    to_review: tuple[str, ...]
    responsible: Person | None
    audio_pause: AudioPause | None
    audio_off: Mapping[str, Off]
    alarm_off: Mapping[str, Off]
    standby: Off | None
    help: Help | None
    held: Mapping[str, int]
    planned_end_passed_at: int | None
    resumed_at: int | None
    watch_since: int
    alarms: dict[str, Alarm]
    recent: dict[str, Alarm]
    not_taken: Mapping[str, NotTaken]
    stop_prompts: Mapping[str, StopPrompt]
    stop_answers: Mapping[str, StopAnswer]
    signed: bool
    drawn: tuple[Drawn, ...]
    limits: Limits
    events: list[Event]
    touched: bool
    endings: dict[str, Ending]
    hushed: set[str]
    stop_ended_by: Literal["inside", "corrected"]
    lost_memo: dict[str, Lost | None]
    silent_memo: dict[str, int | None]

    def __init__(self, state: State, limits: Limits) -> None:
        kept = self.__dict__  # filled at once: a reading a second and room is taken in through here
        kept.update(zip(KEPT, _all_kept(state), strict=True))
        for name in COPIED:
            kept[name] = dict(kept[name])
        self.limits = limits
        self.events = []
        self.touched = False
        self.endings = {}
        self.hushed = set()
        self.stop_ended_by = "inside"
        self.lost_memo = {}
        self.silent_memo = {}

    def freeze(self, next_due_at: int | None) -> State:
        return State(*(*_all_kept(self), next_due_at))

    def record(self, kind: str, at: int, data: dict[str, Any], actor: Actor = SYSTEM) -> Event:
        """Adds the next event; numbers have no gaps."""
        self.seq += 1
        event = Event(self.seq, kind, at, actor, data)
        self.events.append(event)
        return event
