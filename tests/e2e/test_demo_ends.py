"""What the demo started ends with it, however it ends."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = (sys.executable, "-m", "app.cli", "demo")
GONE_WITHIN_S = 15  # it looks for its parent once a second


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", command=DEMO)
    server.start()
    yield server
    server.clean_up()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_simulator_of_a_demo_does_not_outlive_it(demo: Server, how: str) -> None:
    (simulator,) = children(demo.pid)
    handle = os.pidfd_open(simulator)
    getattr(demo, how)()
    gone, _, _ = select.select([handle], [], [], GONE_WITHIN_S)
    os.close(handle)
    assert gone
