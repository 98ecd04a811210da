"""What a device's clock shows, when it is wrong. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from app.simulator.faults.kinds import MINUTE_S, ClockDrift, ClockSkew, ClockWrap32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.simulator.faults.kinds import Fault

ClockFault = ClockSkew | ClockDrift | ClockWrap32
CLOCK_FAULTS: Final = (ClockSkew, ClockDrift, ClockWrap32)

SECOND_MS: Final = 1_000
WRAP: Final = 2**32  # a count of 32 bits begins again at 0
MS_A_COUNT: Final = {"ms": 1, "hundredths": 10}


class Clocks:
    """All clock faults of one visit: by how much the device's clock is off at each second."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = [fault for fault in faults if isinstance(fault, CLOCK_FAULTS)]
        self._since: dict[int, int] = {}
        self.tell = any(fault.tells for fault in self._faults)

    def off_ms(self, t: int, story_min: float) -> int:
        """Milliseconds that it is ahead of the right time (below 0: behind). Asked each second."""
        off = 0
        for number, fault in enumerate(self._faults):
            if fault.holds(t, story_min):
                off += _off_ms(fault, t - self._since.setdefault(number, t))
            else:
                self._since.pop(number, None)
        return off


def _off_ms(fault: ClockFault, held_s: int) -> int:
    match fault:
        case ClockSkew():
            return round(fault.seconds * SECOND_MS)
        case ClockDrift():
            return round(fault.s_per_min * SECOND_MS * held_s / MINUTE_S)
        case ClockWrap32():
            return -WRAP * MS_A_COUNT[fault.counts]
    assert_never(fault)
