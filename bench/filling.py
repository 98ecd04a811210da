"""Fills a database in a process of its own.

python -m bench.filling        a `Filling` as JSON on standard input; answers the ids
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.fill import fill


@dataclass(frozen=True, slots=True)
class Filling:
    folder: str
    rows: int
    read: int


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Filling)
    ids = asyncio.run(fill(Path(wanted.folder), rows=wanted.rows, read=wanted.read))
    print(msgspec.json.encode(ids).decode())


if __name__ == "__main__":
    main()
