"""The program and a real monitor: what it says was stored is stored, and it leaves no session."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import typer
from typer.testing import CliRunner

from app.simulator.client import Api, SimulatorError
from app.simulator.load.beds import patients
from app.simulator.load.command import load_command
from app.simulator.load.rooms import CODE, admit, station
from app.simulator.load.run import Options, check, run
from app.simulator.pace import Stop
from tests.support.people import ANYWHERE
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.server import Server

ROOMS, HZ = 3, 10.0
TOKEN = ANYWHERE.token("simulator")
ENDS_S = 60  # for a Python to end, on a machine that is busy


async def stored(api: Api, session: str) -> list[dict[str, Any]]:
    """The devices' readings in a log, in order; the baseline was measured by hand."""
    log = await api.get(f"/api/sessions/{session}/events", limit=1_000)
    readings = [event for event in log["items"] if event["kind"] == "reading.recorded"]
    return [event["data"] for event in readings if event["data"]["source"] == "device"]


async def ours(api: Api, active: str) -> list[dict[str, Any]]:
    listed = await api.everything("/api/sessions", active=active)
    return [s for s in listed if s["patient"]["code"].startswith(CODE)]


async def test_what_was_acknowledged_is_stored_once_whichever_way(server: Server) -> None:
    async with Api(server.url, token=TOKEN) as api:
        # An earlier load was ended without warning: its sessions are still there.
        left: dict[int, str] = {}
        await admit(api, patients(1, ROOMS), left)
        for transport in ("ws", "http"):
            how = Options(rooms=ROOMS, hz=HZ, minutes=0.01, transport=transport, seed=5)
            outcome = await run(api, TOKEN, how, Stop())
            assert outcome.whole
            assert outcome.tally.due == ROOMS * 6
            assert outcome.left == ()
        assert await ours(api, "true") == []
        over = await ours(api, "false")
        assert len(over) == 3 * ROOMS
        assert {s["phase"] for s in over} == {"transferred"}
        assert all(s["simulated"] and s["clock"] == "wall" for s in over)
        played = [await stored(api, s["id"]) for s in over if s["id"] not in left.values()]
    assert [len(readings) for readings in played] == [6] * 2 * ROOMS
    values = [[reading["values"] for reading in readings] for readings in played]
    assert sorted(map(str, values[:ROOMS])) == sorted(map(str, values[ROOMS:]))  # the same seed
    assert len({reading["id"] for readings in played for reading in readings}) == 12 * ROOMS


async def test_an_interrupted_program_tells_and_gives_its_rooms_back(
    server: Server, tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.simulator.load", "--rooms", str(ROOMS), "--hz", str(HZ)),
        *("--minutes", "5", "--url", server.url, "--json"),
        cwd=REPO,
        env=program_env(tmp_path, env={"INFUSION_TOKEN": TOKEN}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(ENDS_S), Api(server.url, token=TOKEN) as api:
            while not (there := await ours(api, "true")) or not await stored(api, there[0]["id"]):
                assert process.returncode is None
                await asyncio.sleep(0.05)
            process.send_signal(signal.SIGINT)
            output, errors = await process.communicate()
            assert await ours(api, "true") == []
            kept = [len(await stored(api, s["id"])) for s in await ours(api, "false")]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 130, errors.decode()
    told = orjson.loads(output)
    assert told["stopped"]
    assert told["due"] == told["acknowledged"] == sum(kept) > 0
    assert told["sessions_left"] == []
    assert 0 < told["latency_ms"]["p50"] <= told["latency_ms"]["most"]
    assert 0 <= told["core"] < 1


async def test_a_station_of_somebody_else_is_left_alone(server: Server) -> None:
    async with Api(server.url, token=TOKEN) as api:
        patient = await api.post("/api/patients", {"code": "SIM-9", "initials": "SA"})
        order = {"patient_id": patient["id"], "station": station(0), "weight_kg": 70,
                 "protocol": "ketamine_adult", "dose_mg_per_kg": 0.5, "planned_minutes": 40,
                 "simulated": True}  # fmt: skip
        theirs = await api.post("/api/sessions", order)
        with pytest.raises(SimulatorError, match="Load 1 has an active session of SIM-9"):
            await run(api, TOKEN, Options(rooms=ROOMS, minutes=0.01), Stop())
        assert (await api.session(theirs["id"]))["active"]
        assert await ours(api, "true") == []


@pytest.mark.parametrize(
    ("url", "options", "why"),
    [
        ("http://192.0.2.7:8000", Options(), "is not on this machine: nothing was sent"),
        ("http://127.0.0.1", Options(rooms=5_001), "--rooms 5001: give a number from 1 to 5,000"),
        ("http://127.0.0.1", Options(minutes=61), "--minutes 61: .* to 60"),
        ("http://127.0.0.1", Options(hz=0.01), "--hz 0.01: .* from 0.1"),
        ("http://127.0.0.1", Options(connections=500), "--connections 500: .* to 400"),
        ("http://127.0.0.1", Options(connections=0), "--connections 0: .* from 1"),
    ],
)
def test_what_a_load_must_not_do_is_said_before_anything_is_sent(
    url: str, options: Options, why: str
) -> None:
    with pytest.raises(SimulatorError, match=why):
        check(url, options)


def test_here_and_what_is_meant_are_let_pass() -> None:
    for url in ("http://localhost:8000", "http://[::1]:8000", "https://127.0.0.9"):
        check(url, Options())
    check("https://monitor.example", Options(anywhere=True))


def test_an_unknown_way_is_told_in_a_sentence() -> None:
    program = typer.Typer()
    program.command()(load_command)
    told = CliRunner().invoke(program, ["--transport", "pigeon"])
    assert told.exit_code == 1
    assert "--transport pigeon: give ws or http" in told.stderr
