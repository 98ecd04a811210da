"""What came of a load, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from app.simulator.load.generator import Took
from app.simulator.load.tally import LATE_S, Tally

if TYPE_CHECKING:
    from collections import Counter

MS: Final = 1_000
QUANTILES: Final = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999))
NEVER: Final = "no answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One load, at its end."""

    rooms: int
    hz: float
    transport: str
    connections: int
    stopped: bool
    kept: bool
    """The sessions go on, as was asked for."""
    took: Took
    tally: Tally
    left: tuple[str, ...] = ()
    """Sessions that could not be ended."""

    @property
    def own(self) -> bool:
        """Whether the figures are about the load itself: it was behind its own clock."""
        return self.tally.late > 0

    @property
    def whole(self) -> bool:
        """Whether every reading that was due is stored."""
        return self.tally.acknowledged == self.tally.due

    def as_json(self) -> dict[str, Any]:
        """Times in milliseconds; a quantile is null where it is of readings without an answer."""
        tally = self.tally
        latency: dict[str, float | None] = {
            name: _ms(tally.quantile(share)) for name, share in QUANTILES
        }
        latency["most"] = tally.latency.most_us / MS if tally.latency.count else None
        latency["mean"] = _ms(tally.latency.mean)
        return {
            "rooms": self.rooms,
            "hz": self.hz,
            "transport": self.transport,
            "connections": self.connections,
            "seconds": self.took.seconds,
            "due": tally.due,
            "sent": tally.sent,
            "resent": tally.resent,
            "acknowledged": tally.acknowledged,
            "refused": dict(tally.refused),
            "busy": dict(tally.busy),
            "unanswered": tally.open,
            "given_up": tally.given_up,
            "broken_connections": tally.broken,
            "latency_ms": latency,
            "late": tally.late,
            "late_most_ms": tally.late_most_s * MS,
            "figures_are_the_loads_own": self.own,
            "core": self.took.core,
            "stopped": self.stopped,
            "sessions_kept": self.kept,
            "sessions_left": list(self.left),
        }

    def table(self) -> Table:
        tally = self.tally
        title = (
            f"{self.rooms:,} rooms at {self.hz:g} Hz for {self.took.seconds:.1f} s,"
            f" {self.transport} over {self.connections} connections"
        )
        table = Table(title=title, show_header=False, title_justify="left")
        table.add_column()
        table.add_column(justify="right")
        for name, value in (
            ("readings due", f"{tally.due:,}"),
            ("sent", f"{tally.sent:,}"),
            ("acknowledged", f"{tally.acknowledged:,}"),
            ("refused", _by_code(tally.refused)),
            ("answered 'not now', sent again later", _by_code(tally.busy)),
            ("sent again in all", f"{tally.resent:,}"),
            ("without an answer", f"{tally.open:,}"),
            ("given up, too many were waiting", f"{tally.given_up:,}"),
            ("connections that broke", f"{tally.broken:,}"),
        ):
            table.add_row(name, value)
        table.add_section()
        for name, share in QUANTILES:
            table.add_row(f"from due to acknowledged, {name}", _told(tally.quantile(share)))
        most = tally.latency.most_us / MS / MS if tally.latency.count else None
        table.add_row("longest", _told(most))
        table.add_section()
        table.add_row("the load itself behind by at most", _told(tally.late_most_s))
        if self.kept:
            table.add_row("sessions still open, as asked for", f"{self.rooms:,}")
        table.add_row("the load itself, CPU", f"{self.took.core * 100:.1f} % of a core")
        return table

    def remarks(self) -> list[str]:
        """What must not be overlooked, in sentences."""
        said = []
        if self.own:
            said.append(
                f"The load was late: {self.tally.late:,} of {self.tally.due:,} readings were made"
                f" more than {LATE_S * MS:.0f} ms after they were due, at most"
                f" {_told(self.tally.late_most_s)}. These figures are about the load, not about the"
                " monitor. Give it a core of its own, or fewer rooms."
            )
        if self.tally.unanswered:
            said.append(
                f"{self.tally.unanswered:,} readings have no answer: the monitor was not fast"
                " enough, or not there. They count as slower than all others."
            )
        if self.left:
            said.append(
                f"{len(self.left):,} sessions could not be ended; the next load at these stations"
                " ends them."
            )
        return said


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * MS, 3)


def _told(seconds: float | None) -> str:
    if seconds is None:
        return NEVER
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{seconds * MS:.1f} ms"


def _by_code(counts: Counter[str]) -> str:
    return ", ".join(f"{code} {count:,}" for code, count in sorted(counts.items())) or "0"
