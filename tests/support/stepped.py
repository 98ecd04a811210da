"""The program with a wall clock that a test sets: `python -m tests.support.stepped FILE ARGUMENTS`.

FILE holds by how many seconds the clock is wrong. It is read at the start, and again at each
SIGUSR1. The monotonic clock goes on as ever, as it does when a machine's clock is set.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

_real_ns = time.time_ns
_wrong_ns = 0


def _stepped_ns() -> int:
    return _real_ns() + _wrong_ns


def _read(file: Path) -> None:
    global _wrong_ns
    _wrong_ns = int(float(file.read_text()) * 1_000_000_000)


def main() -> None:
    file = Path(sys.argv.pop(1))
    _read(file)
    signal.signal(signal.SIGUSR1, lambda _number, _frame: _read(file))
    time.time_ns = _stepped_ns  # before anything of the program has read it
    from app.cli import main as program

    program()


if __name__ == "__main__":
    main()
