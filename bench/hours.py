"""Fills a database with long sessions in a process of its own.

python -m bench.hours        a `Long` as JSON on standard input; answers the ids
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.fill import hours


@dataclass(frozen=True, slots=True)
class Long:
    folder: str
    hours: list[int]


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Long)
    ids = asyncio.run(hours(Path(wanted.folder), wanted.hours))
    print(msgspec.json.encode(ids).decode())


if __name__ == "__main__":
    main()
