"""The program that must be told: `python -m tests.scale.told ARGUMENTS`.

Its look at the heads of the log finds nothing, so that what another process has committed comes by
that one's word or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import relayed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def nothing(db: Connection, ids: Sequence[str]) -> list[tuple[str, int, bool]]:
    return []


def main() -> None:
    relayed.heads = nothing
    from app.cli import main as program

    program()


if __name__ == "__main__":
    main()
