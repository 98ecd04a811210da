"""The program itself: it measures a real server, and leaves nothing running behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import machine, servers
from bench.part import Bench
from bench.parts import single
from bench.servers import Failed
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")

FORGET = (sys.executable, "-c", "import subprocess, sys; subprocess.Popen(['sleep', '600']).wait()")


def running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_single_posts_are_measured_from_post_to_dashboard(tmp_path: Path) -> None:
    bench = Bench(tmp_path, quick=True)
    with bench.ours() as server:
        outcome = single.measured(bench, server, 500)
    assert outcome.told.accepted == outcome.told.sent >= 49
    assert outcome.missing == 0
    assert len(outcome.deliveries_ms) == outcome.told.accepted * single.LOOKED_AT
    assert outcome.cpu_s > 0
    assert list(tmp_path.iterdir()) == []
    assert not running(server.group)


def test_the_naive_server_does_the_same_work(tmp_path: Path) -> None:
    bench = Bench(tmp_path, quick=True)
    with bench.naive() as server:
        outcome = single.measured(bench, server, 250)
    assert outcome.told.accepted == outcome.told.sent >= 24
    assert outcome.missing == 0
    assert len(outcome.deliveries_ms) == outcome.told.accepted * single.LOOKED_AT


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return program_env(tmp_path)


def test_what_a_process_has_started_ends_with_it(tmp_path: Path, env: dict[str, str]) -> None:
    with servers.process(FORGET, env=env, core=None, log=tmp_path / "log") as child:
        assert running(child.pid)
    assert not running(child.pid)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(Failed, match=r"No module named|Could not import"),
        servers.reference("nowhere", tmp_path),
    ):
        pytest.fail("it started")


def test_an_interrupted_measurement_leaves_nothing_behind(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bench", "1", "--quick", "--folder", str(tmp_path),
               "--json", str(tmp_path / "figures.json"))  # fmt: skip
    process = subprocess.Popen(
        command, cwd=REPO, env=program_env(tmp_path), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for started in _children(process.pid):
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 128 + signal.SIGTERM
            assert not running(started)
    finally:
        process.kill()
        process.wait()
    assert list(tmp_path.iterdir()) == []


def _children(pid: int) -> Iterator[int]:
    """The first process that this one starts; its number is its group's."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if found := told.read_text().split():
            yield int(found[0])
            return
        os.sched_yield()
    pytest.fail("nothing was started")


def test_a_group_is_measured_whole() -> None:
    group = os.getpgrp()
    assert machine.group_cpu_s(group) > 0
    assert machine.group_rss_kb(group) > 10_000
    assert str(len(machine.cores())) in machine.line()
