"""The program itself: it measures a real server, and leaves nothing running behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import machine, servers
from bench.part import Bench
from bench.parts import single
from bench.servers import Failed
from tests.support.server import REPO, program_env

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")

FORGET = (sys.executable, "-c", "import subprocess, sys; subprocess.Popen(['sleep', '600']).wait()")


KEEP_ALIVE = ("--timeout-keep-alive", "75")  # as ours: a load that is held up loses no connection
PATIENT_S = 60.0  # for what is under way when the load ends, on a machine that is busy


def running(group: int) -> bool:
    """What has ended and was not reaped yet does not run."""
    return any(stat[0] not in "ZX" for _, stat in machine._members(group))


def gone(group: int) -> bool:
    """What was killed is no more soon after; what was not never is."""
    while running(group):
        os.sched_yield()
    return True


def test_single_posts_are_measured_from_post_to_dashboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, quick=True, drain_s=PATIENT_S)
    with bench.ours() as server:
        assert server.cpu_s() > 0
        looks = iter((2.0, 5.0))  # in so short a time one that is held up may have used none
        monkeypatch.setattr(servers.Served, "cpu_s", lambda _: next(looks))
        outcome = single.measured(bench, server, 500)
    assert outcome.told.accepted == outcome.told.sent >= 49
    assert outcome.missing == 0
    assert len(outcome.deliveries_ms) == outcome.told.accepted * single.LOOKED_AT
    assert outcome.cpu_s == 3.0
    assert list(tmp_path.iterdir()) == []
    assert gone(server.group)


def test_the_naive_server_does_the_same_work(tmp_path: Path) -> None:
    bench = Bench(tmp_path, quick=True, drain_s=PATIENT_S)
    with bench.naive(args=KEEP_ALIVE) as server:
        outcome = single.measured(bench, server, 250)
    assert outcome.told.accepted == outcome.told.sent >= 24
    assert outcome.missing == 0
    assert len(outcome.deliveries_ms) == outcome.told.accepted * single.LOOKED_AT


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return program_env(tmp_path)


def test_what_a_process_has_started_ends_with_it(tmp_path: Path, env: dict[str, str]) -> None:
    with servers.process(FORGET, env=env, core=None, log=tmp_path / "log") as child:
        _first_started(child)
        assert running(child.pid)
    assert gone(child.pid)


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
        started = _first_started(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
        assert gone(started)
    finally:
        process.kill()
        process.wait()
    assert list(tmp_path.iterdir()) == []


def _first_started(by: subprocess.Popen[Any]) -> int:
    """The first process that this one starts."""
    told = Path(f"/proc/{by.pid}/task/{by.pid}/children")
    while by.poll() is None:
        if found := told.read_text().split():
            return int(found[0])
        os.sched_yield()
    pytest.fail("it ended and had started nothing")


def test_a_group_is_measured_whole() -> None:
    group = os.getpgrp()
    assert machine.group_cpu_s(group) > 0
    assert machine.group_rss_kb(group) > 10_000
    assert str(len(machine.cores())) in machine.line()
