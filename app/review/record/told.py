"""What of a session's log is told in sentences: all but calm readings, numbered where an event has
a mark of its own on the figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from app.review.record.log import values_of
from app.review.record.model import Told
from app.review.record.sentences import TELLS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.review.record.log import Logged, Said


class Telling:
    """Events in the order in which they were recorded."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._numbered = 0
        self._last_of: dict[str, tuple[Any, ...]] = {}
        self._noted: dict[str, int] = {}

    def hear(self, event: Logged) -> None:
        said = event.said
        if self._is_calm(said) if said is not None else _only_tells_the_time(event):
            return
        data = self._with_what_it_is_of(event) if said is None else _data(said)
        tells = TELLS[event.kind]
        if tells.numbered:
            self._numbered += 1
        self.told.append(
            Told(
                seq=event.seq,
                number=self._numbered if tells.numbered else None,
                kind=event.kind,
                mark=tells.mark,
                at=event.at,
                recorded_at=event.recorded_at,
                by=event.by,
                text=tells.say(data),
            )
        )

    def _with_what_it_is_of(self, event: Logged) -> dict[str, Any]:
        """A correction names the event that it puts right: of two alike it must be told which."""
        data = event.data
        match event.kind:
            case "annotation.recorded":
                self._noted[data["id"]] = event.seq
            case "annotation.voided" | "annotation.corrected":
                return {**data, "of": self._noted.get(data["annotation_id"])}
            case "reading.voided" | "reading.amended":
                return {**data, "of": data["seq"]}
        return data

    def _is_calm(self, said: Said) -> bool:
        """A device's reading that says no more than the one before it but for its numbers."""
        if said.source == "manual":
            return False
        device = said.device or ""
        now = _CALM
        if said.flags or said.late or said.unconfirmed or said.rejected:  # most say none of it
            now = (
                tuple(sorted(said.flags.items())),
                bool(said.late),
                tuple(said.unconfirmed),
                _why_apart(said.rejected),
            )
        before = self._last_of.get(device, _CALM)
        self._last_of[device] = now
        return now == before


_CALM: tuple[Any, ...] = ((), False, (), ())


def _only_tells_the_time(event: Logged) -> bool:
    """A driven clock is moved every second; that a device goes on without a signal is told, too."""
    if event.kind == "clock.moved":
        return bool(event.data["clock"] == "driven")
    return event.kind == "signal.lost" and not event.data["vitals"]


def _why_apart(rejected: Iterable[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((one["vital"], one["code"]) for one in rejected)


def _data(said: Said) -> dict[str, Any]:
    return {**msgspec.structs.asdict(said), "values": values_of(said)}
