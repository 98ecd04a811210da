"""`simulate` as a program: what it shows, how it is stopped, and that it says what stands."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from typer.testing import CliRunner

from app.simulator import commands
from app.simulator.pace import Stop
from app.simulator.rooms.run import Options, simulate
from app.simulator.rooms.table import LiveTable
from app.simulator.scenario import built_in
from tests.simulator.fake_monitor import FakeMonitor
from tests.support.people import ANYWHERE
from tests.support.server import REPO

if TYPE_CHECKING:
    from app.simulator.client import Api
    from app.simulator.rooms.room import Room
    from tests.support.server import Server

ENDS_S = 60  # it finishes what it was sending, on a machine that is busy


def test_the_built_in_scenarios_are_listed() -> None:
    app = typer.Typer()
    commands.register(app)
    listed = CliRunner().invoke(app, ["simulate", "--list"])
    assert listed.exit_code == 0
    for name in built_in():
        assert re.search(rf"^{name} ", listed.output, re.MULTILINE), name


async def test_stopped_it_ends_with_everything_acknowledged_and_goes_on_later(
    server: Server, api: Api
) -> None:
    status, said = await stopped_in("ready", server)
    assert status == 130
    sent = re.search(r"(\d+) readings sent, (\d+) acknowledged, 0 refused", said)
    assert sent is not None, said
    assert sent[1] == sent[2]
    assert re.search(r"^Sim 1: normal, baseline, minute \d, ", said, re.MULTILINE), said
    assert "1 of 1 sessions stay as they are" in said
    (session,) = await api.everything("/api/sessions", active="true")
    log = await api.events(session["id"], 0)
    stored = [event for event in log if event["kind"] == "reading.recorded"]
    assert len(stored) == int(sent[2])

    status, said = await stopped_in("infusing", server, "--continue")
    assert status == 130
    assert [one["id"] for one in await api.everything("/api/sessions", active="true")] == [
        session["id"]
    ]
    ids = [
        event["data"]["id"]
        for event in await api.events(session["id"], 0)
        if event["kind"] == "reading.recorded"
    ]
    assert len(ids) == len(set(ids)) > len(stored)


async def stopped_in(phase: str, server: Server, *options: str) -> tuple[int | None, str]:
    """Ctrl-C as soon as it is in this phase; exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.patient", "app.simulator.pace.GRACE_S"),
        *("simulate", "normal", "--speed", "120"),
        *("--url", server.url, *options),
        cwd=REPO,
        env={**os.environ, "INFUSION_TOKEN": ANYWHERE.token("simulator"), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(ENDS_S):
            while f", {phase}," not in said:
                line = (await process.stdout.readline()).decode()
                assert line, f"it ended by itself: {said}"
                said += line
            process.send_signal(signal.SIGINT)
            said += (await process.stdout.read()).decode()
            return await process.wait(), said
    finally:
        if process.returncode is None:
            process.kill()


async def test_where_there_is_no_table_each_phase_is_a_line_however_far_it_is_behind() -> None:
    said = Console(file=io.StringIO(), record=True)
    async with FakeMonitor().api() as api:
        hurried = Options(("normal",), speed=100_000, duration_min=14)
        await simulate(api, hurried, said, Stop(), [])
    phases = re.findall(r"^Sim 1: normal, (\w+), minute", said.export_text(), re.MULTILINE)
    assert phases == ["scheduled", "checked_in", "baseline", "ready", "infusing"]


async def test_a_run_that_is_behind_stops_at_the_next_look_at_the_log() -> None:
    stop = Stop()
    rooms: list[Room] = []

    class Stopping(io.StringIO):
        def write(self, text: str) -> int:
            if ", ready," in text:
                stop.ask()
            return super().write(text)

    async with FakeMonitor().api() as api:
        hurried = Options(("normal",), speed=100_000, duration_min=14)
        await simulate(api, hurried, Console(file=Stopping()), stop, rooms)
    assert rooms[0].visit.phase == "ready"
    assert rooms[0].tally.acknowledged == rooms[0].tally.sent > 0


async def test_the_table_tells_each_room_as_it_is() -> None:
    monitor = FakeMonitor()
    rooms: list[Room] = []
    async with monitor.api() as api:
        quiet = Console(quiet=True)
        options = Options(("normal", "quiet"), speed=None, duration_min=14)
        await simulate(api, options, quiet, Stop(), rooms)
    rooms[0].name = "Bed [bold] 7"
    rooms[1].gone = True
    screen = Console(file=io.StringIO(), width=140, record=True)
    table = LiveTable(screen, rooms)
    table.waiting("busy")
    screen.print(table.table())
    lines = screen.export_text().splitlines()
    (first,) = [line for line in lines if "Bed [bold] 7" in line]
    sent = rooms[0].tally.sent
    assert [cell.strip() for cell in first.split("│")][2:6] == [
        *("normal", "infusing", "14"),
        f"{sent}/{sent}",
    ]
    assert any("ended elsewhere" in line for line in lines)
    assert "busy, trying again" in lines[0]
    assert "1 of 2 patients are here" in lines[-1]
