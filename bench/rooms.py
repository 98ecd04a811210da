"""The load of the simulator: rooms that send each second, as `infusion-monitor load` does it.

python -m bench.rooms          a `Rooms` as JSON on standard input; answers what came of it
"""

from __future__ import annotations

import asyncio
import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from app.simulator.load.beds import patients
from app.simulator.load.run import Options, Transport, send
from app.simulator.pace import Stop
from bench.run import SUSTAINED_P99_MS, SUSTAINED_SHARE

if TYPE_CHECKING:
    from app.simulator.load.report import Outcome

MINUTE_S: Final = 60
MS: Final = 1_000
US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rooms:
    """A room for each session, each at one reading a second."""

    port: int
    sessions: list[str]
    seconds: float
    transport: Transport = "ws"
    token: str = ""
    warm_s: float = 0.0
    """Before it, not told of: what every room's first reading costs is paid then."""


@dataclass(frozen=True, slots=True)
class RoomsTold:
    """What came of it; a quantile is None where it is of readings that were not answered."""

    due: int
    acknowledged: int
    warming: int
    """Acknowledged before."""
    p50_ms: float | None
    p99_ms: float | None
    late_ms: float
    """How far behind its own clock the load was at most."""
    seconds: float
    cpu_s: float

    @property
    def p50(self) -> float:
        """NaN, which meets nothing, where it has no answer."""
        return math.nan if self.p50_ms is None else self.p50_ms

    @property
    def p99(self) -> float:
        return math.nan if self.p99_ms is None else self.p99_ms

    @property
    def core(self) -> float:
        """Of the load."""
        return self.cpu_s / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU of the load per reading."""
        return self.cpu_s * US / self.due

    @property
    def share(self) -> float:
        return self.acknowledged / self.due

    @property
    def sustained(self) -> bool:
        return self.p99 <= SUSTAINED_P99_MS and self.share >= SUSTAINED_SHARE


async def measure(wanted: Rooms) -> RoomsTold:
    many = len(wanted.sessions)
    url = f"http://127.0.0.1:{wanted.port}"

    async def sent(seconds: float) -> Outcome:
        how = Options(rooms=many, minutes=seconds / MINUTE_S, transport=wanted.transport)
        bodies = patients(how.seed, many)
        return await send(url, wanted.token or None, how, wanted.sessions, bodies, Stop())

    before = (await sent(wanted.warm_s)).tally.acknowledged if wanted.warm_s else 0
    outcome = await sent(wanted.seconds)
    tally = outcome.tally
    p50, p99 = (tally.quantile(share) for share in (0.50, 0.99))
    return RoomsTold(
        due=tally.due,
        acknowledged=tally.acknowledged,
        warming=before,
        p50_ms=None if p50 is None else p50 * MS,
        p99_ms=None if p99 is None else p99 * MS,
        late_ms=tally.late_most_s * MS,
        seconds=outcome.took.seconds,
        cpu_s=outcome.took.cpu_s,
    )


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Rooms)
    print(msgspec.json.encode(asyncio.run(measure(wanted))).decode())


if __name__ == "__main__":
    main()
