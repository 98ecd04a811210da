"""What a part of the measuring is: rounds that give figures, some of which have a goal."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bench import clinic, servers
from bench.figures import Goal, Spread
from bench.filling import Filling
from bench.load import DRAIN_S
from bench.references import naive

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
U = TypeVar("U")
FILLED: Final = "filled"  # folder of the database that holds years
READ: Final = 10  # sessions in it that are whole, and read in turn
Round = Mapping[str, float]

WHOLE_S: Final = 5.0  # of load in one measurement; its 99th percentile rests on what comes in it
QUICK_S: Final = 1.0  # to see that everything runs; its figures mean little
ADMITTING_S: Final = 300.0  # a thousand sessions are seven thousand requests
FILLING_S: Final = 3_600.0  # ten million rows take minutes
WARM_S: Final = 1.5  # before it: caches filled, code paths taken once


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a part's table. With a `goal` it is a ratio that has to keep it."""

    key: str
    label: str
    unit: str = ""
    goal: Goal | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """How much is measured, and where its files are while it lasts."""

    folder: Path
    rounds: int = 3
    quick: bool = False
    rows: int = 10_000_000
    drain_s: float = DRAIN_S

    @property
    def seconds(self) -> float:
        return QUICK_S if self.quick else WHOLE_S

    @property
    def warm_s(self) -> float:
        return QUICK_S / 2 if self.quick else WARM_S

    def scaled(self, number: float) -> float:
        """A rate or a count; a tenth of it to see that everything runs."""
        return number / 10 if self.quick else number

    @contextmanager
    def ours(self, **options: Any) -> Iterator[servers.Served]:
        with self.fresh() as folder, servers.ours(folder, **options) as server:
            yield server

    @contextmanager
    def ours_filled(self, **options: Any) -> Iterator[tuple[servers.Served, list[str]]]:
        """With the database of `filled`, and the sessions in it whose timelines can be read."""
        ids = filled(self.folder, self.rows)
        with servers.ours(self.folder, data=FILLED, **options) as server:
            yield server, ids

    @contextmanager
    def naive(self, **options: Any) -> Iterator[servers.Served]:
        with self.fresh() as folder:
            url = options.pop("database_url", None) or f"sqlite:///{folder / 'naive.db'}"
            naive.prepare(url)
            with servers.reference("naive", folder, database_url=url, **options) as server:
                yield server

    @contextmanager
    def reference(self, name: str) -> Iterator[servers.Served]:
        with self.fresh() as folder, servers.reference(name, folder) as server:
            yield server

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """A folder for one server; what it wrote is thrown away."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sessions(self, server: servers.Served, count: int) -> list[str]:
        """Admitted by ours; a reference takes any name."""
        if server.name != "ours":
            return clinic.names(count)
        return self._nurse(server, clinic.Clinic(server.port, count, token=server.nurse))

    @contextmanager
    def some_sessions(self, server: servers.Served, count: int) -> Iterator[list[str]]:
        """In a database that is used again: they leave at the end."""
        ids = self.sessions(server, count)
        yield ids
        self._nurse(server, clinic.Clinic(server.port, leaving=ids, token=server.nurse))

    def _nurse(self, server: servers.Served, wanted: clinic.Clinic) -> list[str]:
        with servers.helper("bench.clinic", server.data_dir.parent) as nurse:
            return nurse.asked(wanted, list[str], ADMITTING_S)


@dataclass(frozen=True, slots=True)
class Part:
    """`round` measures once, `number` counting from 0; `about` stands above its table."""

    number: int
    title: str
    about: str
    round: Callable[[Bench, int], Round]
    figures: tuple[Figure, ...]
    rounds: int | None = None
    """Where more of them are needed than of the others, or fewer will do."""


@dataclass(frozen=True, slots=True)
class Measured:
    part: Part
    rounds: list[dict[str, float]] = field(default_factory=list)

    def spread(self, figure: Figure) -> Spread:
        return Spread.of([one[figure.key] for one in self.rounds])

    @property
    def missed(self) -> list[Figure]:
        return [
            figure
            for figure in self.part.figures
            if figure.goal is not None and not figure.goal.met(self.spread(figure).middle)
        ]


@cache
def filled(folder: Path, rows: int) -> list[str]:
    """Made once and used by all that need it: ten million rows take minutes."""
    print(f"Filling a database with {rows:,} readings", file=sys.stderr, flush=True)
    (folder / FILLED).mkdir()
    with servers.helper("bench.filling", folder) as filler:
        return filler.asked(Filling(str(folder / FILLED), rows, READ), list[str], FILLING_S)


def taking_turns(number: int, first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """Both, in an order that changes with every round: neither always runs on a warmer machine."""
    if number % 2:
        later = second()
        return first(), later
    earlier = first()
    return earlier, second()
