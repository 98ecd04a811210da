"""The program with other limits of time: `python -m tests.support.patient LIMITS ARGUMENTS`.

LIMITS names constants, as `app.main.GRACEFUL_S,app.http.LAST_S`. Each becomes longer than any test
waits: what only such a limit would end does not end, and a busy machine reaches none.
"""

from __future__ import annotations

import sys
from importlib import import_module

PATIENCE_S = 300


def main() -> None:
    for limit in sys.argv.pop(1).split(","):
        module, _, name = limit.rpartition(".")
        assert hasattr(import_module(module), name), f"there is no {limit}"
        setattr(sys.modules[module], name, PATIENCE_S)
    from app.cli import main as program

    program()


if __name__ == "__main__":
    main()
