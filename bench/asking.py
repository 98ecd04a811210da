"""Somebody who opens one page after the other at a constant rate, each as soon as it is due.

python -m bench.asking         an `Asking` as JSON on standard input; a line ends it
"""

from __future__ import annotations

import select
import sys
import time
from dataclasses import dataclass

import msgspec

from bench.clinic import Api


@dataclass(frozen=True, slots=True)
class Asking:
    port: int
    paths: list[str]
    every_s: float
    token: str = ""


def ask(wanted: Asking) -> list[float]:
    """How long each took, ms, until told to end. Raises Refused."""
    took: list[float] = []
    due = time.monotonic()
    with Api(wanted.port, wanted.token) as api:
        while not select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
            began = time.monotonic()
            api.read(wanted.paths[len(took) % len(wanted.paths)])
            took.append((time.monotonic() - began) * 1_000)
            due += wanted.every_s
    return took


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Asking)
    print(msgspec.json.encode(ask(wanted)).decode())


if __name__ == "__main__":
    main()
