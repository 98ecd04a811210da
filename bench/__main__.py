"""Measures the goals of docs/performance.md: `make bench`, `make bench ARGS="1 2 --rounds 5"`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from bench import machine, table
from bench.part import Bench, Measured, Part
from bench.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    numbers = [part.number for part in PARTS]
    parser.add_argument("parts", nargs="*", type=int, metavar="PART", help=f"of {numbers}; all")
    parser.add_argument("--rounds", type=int, help="of every part; else 2 to 5 as each needs")
    parser.add_argument("--quick", action="store_true", help="a second each, to see that it runs")
    parser.add_argument("--rows", type=int, default=10_000_000, help="stored, for 7, 8 and 9")
    parser.add_argument("--write", action="store_true", help=f"renew the tables of {PAGE.name}")
    parser.add_argument("--json", type=Path, help="where every figure of every round goes")
    parser.add_argument("--folder", type=Path, help="for databases, on a real disk")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(numbers):
        parser.error(f"there is no part {min(unknown)}")
    if not sys.platform.startswith("linux"):
        parser.error("measuring reads /proc and pins processes to cores: it needs Linux")
    signal.signal(signal.SIGTERM, ended)
    wanted = [part for part in PARTS if not options.parts or part.number in options.parts]
    with tempfile.TemporaryDirectory(
        prefix="infusion-bench-", dir=options.folder, ignore_cleanup_errors=True
    ) as folder:
        bench = Bench(Path(folder), options.rounds or 3, options.quick, options.rows)
        done, failed = all_measured(bench, wanted, options.rounds)
    told = machine.line()
    print(f"{table.summary(done)}\n\n{told}")
    where = options.json or Path(tempfile.gettempdir()) / "infusion-bench.json"
    where.write_bytes(table.as_json(told, done))
    print(f"Every round: {where}")
    if options.write:
        table.write(PAGE, told, done)
    if failed:
        sys.exit(f"Not measured: {failed}")


def all_measured(
    bench: Bench, parts: Sequence[Part], rounds: int | None
) -> tuple[list[Measured], list[int]]:
    """What was measured, told as soon as it is there, and the numbers of parts that failed."""
    done, failed = [], []
    for part in parts:
        try:
            made = measured(bench, part, rounds)
        except Exception:  # whatever it was: the other parts are measured all the same
            traceback.print_exc()
            failed.append(part.number)
            continue
        done.append(made)
        print(f"\n## {part.number}. {part.title}\n\n{table.section(made)}\n", flush=True)
    return done, failed


def measured(bench: Bench, part: Part, rounds: int | None) -> Measured:
    if rounds is None:
        rounds = 1 if bench.quick else part.rounds or bench.rounds
    made = Measured(part)
    for number in range(rounds):
        began = time.monotonic()
        made.rounds.append(dict(part.round(bench, number)))
        took = time.monotonic() - began
        print(f"{part.number}: round {number + 1} of {rounds}, {took:.0f} s", file=sys.stderr)
    return made


def ended(_signal: int, _frame: object) -> NoReturn:
    """SIGTERM unwinds as Ctrl-C does: every process that was started is ended."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
