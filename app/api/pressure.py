"""How far the event loop itself is behind, and what share of what devices send is taken meanwhile.

The devices' lane knows what waits for the scribe. Where single requests come faster than they can
be read, nothing waits there: the requests wait in their sockets, for the turn of the loop. So the
turns are felt by how late a timer is. While they are long and full of requests, fewer of those of
devices are taken, and more again, little by little, when they are short: the others are told so,
which costs a fraction. A loop that is late for another reason sheds nothing, for that would not
help it.
"""

from __future__ import annotations

import asyncio
from typing import Final

from app.clock import monotonic_s

LOOK_S: Final = 0.020  # between two looks
BEHIND_S: Final = 0.025  # a turn that long has about a hundred requests in it
CROWD: Final = 50  # requests between two looks: fewer are not what keeps the loop
STALLS: Final = 2  # late looks one after another: a single one is a stall that is over
FEWER: Final = 0.85  # of the share, at each late look
MORE: Final = 0.01  # to the share, at each look in time: two seconds from nothing to all
LEAST: Final = 0.05  # of the requests are taken however late it is


class Pressure:
    """The share that is taken; without pressure, all."""

    def __init__(self) -> None:
        self._share = 1.0
        self._credit = 0.0
        self._late = 0
        self._asked = 0

    def looked(self, late_s: float) -> None:
        """A timer came `late_s` seconds after its time."""
        behind = late_s > BEHIND_S and self._asked >= CROWD
        self._late = self._late + 1 if behind else 0
        self._asked = 0
        if self._late >= STALLS:
            self._share = max(LEAST, self._share * FEWER)
        elif not self._late:
            self._share = min(1.0, self._share + MORE)

    def takes(self) -> bool:
        """Whether the next request of a device is taken: evenly as many as the share says."""
        self._asked += 1
        if self._share >= 1.0:
            return True
        self._credit += self._share
        if self._credit < 1.0:
            return False
        self._credit -= 1.0
        return True


async def feel_forever(pressure: Pressure) -> None:
    """Looks until it is cancelled."""
    while True:
        began = monotonic_s()
        await asyncio.sleep(LOOK_S)
        pressure.looked(monotonic_s() - began - LOOK_S)
