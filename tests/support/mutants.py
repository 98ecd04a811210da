"""The score of `make mutants`: how many small faults put into the engine the tests notice.

python -m tests.support.mutants          try again what a running process cannot; the score
python -m tests.support.mutants forget   those that no test noticed are tried again at the next run
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mutmut.mutation.diff_apply import get_diff_for_mutant

ROOT: Final = Path(__file__).resolve().parents[2]
MUTANTS: Final = ROOT / "mutants"
WANTED: Final = 0.90  # of all mutants; what is left is explained in docs/alarms.md
KILLED: Final = frozenset({1, 3})
TIMED_OUT: Final = frozenset({36, 24, -24, 152, 255})
AT_IMPORT: Final = ("app.monitoring.protocols.x__line__",)
"""Functions that run once, when their module is imported: mutmut imports before it mutates, so that
each of their mutants needs a process of its own.
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault; `exit_code` 33 is that of a function that no test calls."""

    name: str
    source: Path
    exit_code: int | None

    @property
    def module(self) -> str:
        return self.source.relative_to("app/monitoring").with_suffix("").as_posix()

    @property
    def function(self) -> str:
        called = self.name.rpartition(".")[2].partition("__mutmut_")[0]
        return called.removeprefix("x").strip("ǁ").removeprefix("_").replace("ǁ", ".")

    @property
    def killed(self) -> bool:
        return self.exit_code in KILLED or self.timed_out

    @property
    def timed_out(self) -> bool:
        return self.exit_code in TIMED_OUT


def tried() -> list[Mutant]:
    """Every mutant that was tried and what became of it; how many were not is said aloud."""
    mutants = [
        Mutant(name, meta.relative_to(MUTANTS).with_suffix(""), code)
        for meta in sorted(MUTANTS.rglob("*.py.meta"))
        for name, code in _told(meta)["exit_code_by_key"].items()
    ]
    found = [mutant for mutant in mutants if mutant.exit_code is not None]
    if len(found) < len(mutants):
        print(f"{len(mutants) - len(found)} of {len(mutants)} were not tried.")
    return found


def forget() -> None:
    """Keep only what was killed, so that the next run tries the others again with newer tests."""
    for meta in MUTANTS.rglob("*.py.meta"):
        told = _told(meta)
        codes = told["exit_code_by_key"]
        told["exit_code_by_key"] = {n: c if c in KILLED else None for n, c in codes.items()}
        meta.write_text(json.dumps(told))


def try_at_import() -> None:
    """Each mutant of AT_IMPORT, switched on before anything is imported."""
    for meta in MUTANTS.rglob("*.py.meta"):
        told = _told(meta)
        codes = told["exit_code_by_key"]
        done: set[int | None] = {None, *KILLED}
        for name in [n for n, c in codes.items() if n.startswith(AT_IMPORT) and c not in done]:
            codes[name] = _verdict(name)
            meta.write_text(json.dumps(told))


def _verdict(mutant: str) -> int:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    args = config["pytest_add_cli_args"] + config["pytest_add_cli_args_test_selection"]
    command = [sys.executable, "-m", "pytest", "--rootdir=.", "-x", "-q", *args]
    env = {**os.environ, "MUTANT_UNDER_TEST": mutant, "PYTHONPATH": str(MUTANTS)}
    ended = subprocess.run(command, cwd=MUTANTS, env=env, capture_output=True, check=False)
    return 0 if ended.returncode == 0 else 1


def report(mutants: list[Mutant]) -> bool:
    """Print the score of each module and all that survived; True if the whole score is enough."""
    print(f"{'module':<28}{'mutants':>8}{'killed':>8}{'timeout':>8}{'left':>6}{'score':>8}")
    for module in sorted({mutant.module for mutant in mutants}):
        _row(module, [mutant for mutant in mutants if mutant.module == module])
    _row("all", mutants)
    left = [mutant for mutant in mutants if not mutant.killed]
    for function, count in Counter(f"{e.module}: {e.function}" for e in left).items():
        print(f"{count:>6}  {function}")
    for mutant in left:
        print(f"\n{mutant.name}{' (no test)' if mutant.exit_code == 33 else ''}")
        print(_change(mutant))
    return bool(mutants) and len(left) <= (1 - WANTED) * len(mutants)


def _row(name: str, mutants: list[Mutant]) -> None:
    killed = sum(mutant.killed for mutant in mutants)
    slow = sum(mutant.timed_out for mutant in mutants)
    score = f"{killed / len(mutants):.1%}"
    print(f"{name:<28}{len(mutants):>8}{killed:>8}{slow:>8}{len(mutants) - killed:>6}{score:>8}")


def _change(mutant: Mutant) -> str:
    diff: str = get_diff_for_mutant(mutant.name, path=mutant.source)
    changed = [line for line in diff.splitlines()[2:] if line[:1] in ("+", "-")]
    return "\n".join(f"    {line}" for line in changed)


def _told(meta: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(meta.read_text("utf-8"))
    return told


if __name__ == "__main__":
    if sys.argv[1:] == ["forget"]:
        forget()
        sys.exit(0)
    try_at_import()
    sys.exit(0 if report(tried()) else f"Less than {WANTED:.0%} killed.")
