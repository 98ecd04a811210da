"""Sends by the clock: what is due goes out, whether or not what went before was answered."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from app.clock import monotonic_s, now_ms
from app.simulator.load.tally import Made

if TYPE_CHECKING:
    from app.simulator.load.beds import Beds
    from app.simulator.load.tally import Tally
    from app.simulator.load.timetable import Timetable
    from app.simulator.pace import Stop

LEAD_S: Final = 0.2  # before the first is due: all is at hand by then
TICK_S: Final = 0.01  # what is due within it goes out together; it counts as latency
TURN_MOST: Final = 500  # readings made before answers are read again, where many are due at once
LOOK_S: Final = 0.05  # between two looks if they have come
MILLIS: Final = 1_000


class WayOut(Protocol):
    """How readings leave: `take` keeps one, `flush` sends what may be sent now; neither waits."""

    def take(self, made: Made) -> None: ...
    def flush(self) -> None: ...
    async def connected(self) -> None: ...
    async def serve(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Took:
    """What the load itself took, from the first reading to the last."""

    seconds: float
    cpu_s: float

    @property
    def core(self) -> float:
        """Its share of a core."""
        return self.cpu_s / self.seconds if self.seconds else 0.0


def cpu_s() -> float:
    """CPU time of this process so far, with all its threads."""
    used = os.times()
    return used.user + used.system


async def generate(table: Timetable, beds: Beds, out: WayOut, tally: Tally, stop: Stop) -> Took:
    """Until the last reading was due, or the run shall stop."""
    start_s, start_ms = monotonic_s() + LEAD_S, now_ms() + round(LEAD_S * MILLIS)
    await stop.sleep(LEAD_S)
    began_cpu_s, number = cpu_s(), 0
    while number < table.total and not stop.wanted:
        due = table.upto(monotonic_s() - start_s)
        upto = min(due, number + TURN_MOST)
        for one in range(number, upto):
            due_s, room = table.due_s(one), table.room(one)
            taken_ms = start_ms + round(due_s * MILLIS)
            body = beds.reading(room, table.turn(one), taken_ms)
            if tally.is_due(start_s + due_s, monotonic_s()):
                out.take(Made(start_s + due_s, room, body))
        out.flush()
        number = upto
        if number < due:
            await asyncio.sleep(0)
        elif number < table.total:
            left_s = start_s + table.due_s(number) - monotonic_s()
            await stop.sleep(max(TICK_S, left_s))
    return Took(monotonic_s() - start_s, cpu_s() - began_cpu_s)


async def drain(tally: Tally, seconds: float) -> None:
    """Returns when everything is answered, or it is too late for that."""
    for _ in range(round(seconds / LOOK_S)):
        if not tally.open:
            return
        await asyncio.sleep(LOOK_S)
