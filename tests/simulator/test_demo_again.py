"""A demonstration that is started again over what an earlier version of it has left."""

from __future__ import annotations

import asyncio
import io

from rich.console import Console

from app.clock import now_ms
from app.simulator.admission import Newcomer, enrol, open_session
from app.simulator.demo import Demo, morning
from app.simulator.pace import Stop
from tests.simulator.fake_monitor import FakeMonitor

ENDS_S = 30  # on a machine that is busy


async def test_a_session_of_no_scenario_makes_room_for_the_next_patient() -> None:
    monitor, said, stop = FakeMonitor(), io.StringIO(), Stop()
    who = Newcomer(
        "SIM-1-01", "SA", "1957-01-01", "Simulated patient", 70.0, "Simulated profile: x"
    )
    async with monitor.api() as api:
        patient = await enrol(api, who)
        left = await open_session(
            api, patient, station="Room 1", weight_kg=70.0, start_ms=now_ms(), driven=False
        )
        session = monitor.sessions[left["id"]]
        demo = Demo(api, morning(), rooms=1, stop=stop, console=Console(file=said, width=200))
        async with asyncio.timeout(ENDS_S), asyncio.TaskGroup() as group:
            group.create_task(demo.run(parent=None))
            while session["active"]:  # noqa: ASYNC110 - the fake has nothing to wait for
                await asyncio.sleep(0)
            stop.ask()
    assert session["phase"] == "cancelled"
    assert said.getvalue().count("nothing says which scenario plays there") == 1
