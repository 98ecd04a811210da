"""Each vital as steps: a value stands from when it was taken until the next one, but no longer than
it was current, which its device ends by telling that it has no signal. What lies between is a gap:
nothing is guessed into it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from app.monitoring.readings import LOST_CODES
from app.monitoring.times import parse_iso
from app.review.record.log import stays_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.review.record.model import LostSignal
    from app.review.record.readings import Kept
    from app.review.record.spans import Span

Gone = dict[tuple[str, str | None], list[int]]
"""When which device said of a vital that it has no signal, in order."""


class Held:
    """The values of one vital in order of time, as columns: a session has a hundred thousand.
    The nth stands from `at[n]` to `until[n]`, which may be the same.
    """

    __slots__ = ("at", "until", "value")

    def __init__(self) -> None:
        self.at: list[int] = []
        self.until: list[int] = []
        self.value: list[float] = []

    def covered(self) -> list[Span]:
        """When there was a value, as stretches apart from each other."""
        found: list[Span] = []
        begin, end = self.at[0], self.until[0]
        for at, until in zip(self.at, self.until, strict=True):
            if at > end:
                found.append((begin, end))
                begin = at
            end = until
        found.append((begin, end))
        return [span for span in found if span[0] < span[1]]

    def weights(self) -> list[int]:
        """For how many milliseconds each value stood."""
        return [until - at for at, until in zip(self.at, self.until, strict=True)]


def held(readings: Sequence[Kept], lost: Iterable[LostSignal], end: int) -> dict[str, Held]:
    """By vital, of readings in order of time; nothing stands after `end`."""
    taken: dict[str, Held] = {}
    gone = _gone(readings, lost)
    for kept in readings:
        said, at = kept.said, kept.at
        stays = stays_of(said)
        may_end = bool(gone) and said.source == "device"
        for vital, value in values_of(said).items():
            column = taken.get(vital)
            if column is None:
                column = taken[vital] = Held()
            column.at.append(at)
            column.value.append(value)
            until = at + stays[vital]
            silent = gone.get((vital, said.device)) if may_end else None
            if silent is not None:
                place = bisect_right(silent, at)
                until = min(until, silent[place]) if place < len(silent) else until
            column.until.append(until)
    for column in taken.values():
        _cut(column, end)
    return taken


def _cut(column: Held, end: int) -> None:
    """No value stands once the next is there, nor after `end`. Without `min` and `max`, which take
    four times as long.
    """
    for place, (at, after) in enumerate(zip(column.at, [*column.at[1:], end], strict=True)):
        last = after if after < end else end
        if column.until[place] > last:
            column.until[place] = last
        if column.until[place] < at:
            column.until[place] = at


def _gone(readings: Iterable[Kept], lost: Iterable[LostSignal]) -> Gone:
    found: Gone = {}
    for kept in readings:
        for one in kept.said.rejected:
            if one["code"] in LOST_CODES:
                found.setdefault((one["vital"], kept.said.device), []).append(kept.at)
    for signal in lost:
        for vital in signal.vitals:
            found.setdefault((vital, signal.device), []).append(parse_iso(signal.at))
    return {of: sorted(moments) for of, moments in found.items()}
