"""What a rule may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.limits import Number
    from app.monitoring.state import (
        DeviceSeen,
        Excursion,
        Help,
        Lost,
        Missed,
        NotTaken,
        Off,
        Order,
        Recheck,
        Sample,
    )


class Situation(Protocol):
    """What a rule may look at: the engine's working copy of the state. The memos hold what several
    rules ask of the same moment.
    """

    @property
    def order(self) -> Order: ...
    @property
    def phase(self) -> str: ...
    @property
    def phase_since(self) -> int: ...
    @property
    def schedule(self) -> Mapping[str, Number]: ...
    @property
    def schedule_since(self) -> int: ...
    @property
    def samples(self) -> Mapping[int, Sample]: ...
    @property
    def newest(self) -> Mapping[str, Mapping[str, int]]: ...
    @property
    def lost(self) -> Mapping[str, Mapping[str, int]]: ...
    @property
    def out(self) -> Mapping[str, tuple[Excursion, ...]]: ...
    @property
    def rechecks(self) -> Mapping[str, Recheck]: ...
    @property
    def devices(self) -> Mapping[str, DeviceSeen]: ...
    @property
    def missed(self) -> Mapping[str, Missed]: ...
    @property
    def not_taken(self) -> Mapping[str, NotTaken]: ...
    @property
    def standby(self) -> Off | None: ...
    @property
    def help(self) -> Help | None: ...
    @property
    def watch_since(self) -> int: ...
    @property
    def planned_end_passed_at(self) -> int | None: ...
    @property
    def lost_memo(self) -> dict[str, Lost | None]: ...
    @property
    def silent_memo(self) -> dict[str, int | None]: ...
