"""When each reading of each room is due, counted in seconds from the start: no clock, no waiting.

Rooms send one after the other, evenly spread over their interval, as monitors that were switched
on at different moments do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Timetable:
    """Readings are numbered in the order in which they are due, over all rooms."""

    rooms: int
    hz: float
    minutes: float

    @property
    def rate(self) -> float:
        """Readings a second, of all rooms together."""
        return self.rooms * self.hz

    @property
    def total(self) -> int:
        """As many from each room."""
        return self.rooms * max(1, round(self.hz * self.minutes * MINUTE_S))

    @property
    def length_s(self) -> float:
        return self.total / self.rate

    def due_s(self, number: int) -> float:
        return number / self.rate

    def room(self, number: int) -> int:
        return number % self.rooms

    def turn(self, number: int) -> int:
        """How many readings its room has had before."""
        return number // self.rooms

    def upto(self, passed_s: float) -> int:
        """How many are due when so much time has passed: number `upto` itself is not yet."""
        if passed_s < 0:
            return 0
        many = min(self.total, int(passed_s * self.rate) + 1)
        while many < self.total and self.due_s(many) <= passed_s:
            many += 1  # the product was rounded down
        while many > 0 and self.due_s(many - 1) > passed_s:
            many -= 1
        return many
