"""The server is killed while the simulator feeds it: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest
import websockets
from playwright.async_api import expect

from app.monitoring.fold import fold
from tests.e2e.api import Api, asking, seconds
from tests.support.people import ANYWHERE
from tests.support.server import REPO

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.browser import OpenPage
    from tests.support.server import Server

ROOMS = ("desaturation", "tachycardia", "hypertension", "probe_off")
MINUTES = "40"  # long enough for each scenario's trouble
ON_THE_BOARD = {"INFUSION_TRAINING": "true"}
RUN_S = 100
KILLS_AT = (0.2, 0.5, 0.8)  # shares of all readings


async def simulate(url: str, speed: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "simulate", *ROOMS, "--nurse"),
        *("--seed", "11", "--duration", MINUTES, "--speed", speed, "--url", url),
        cwd=REPO,
        env={**os.environ, "INFUSION_TOKEN": ANYWHERE.token("simulator")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def finished(process: asyncio.subprocess.Process) -> int:
    """How many readings the simulator says were acknowledged."""
    try:
        output, _ = await asyncio.wait_for(process.communicate(), RUN_S)
    except TimeoutError:
        process.kill()
        raise
    text = output.decode()
    assert process.returncode == 0, text
    said = re.search(r"(\d+) readings sent, (\d+) acknowledged, 0 refused", text)
    assert said is not None, text
    assert said[1] == said[2], text
    return int(said[2])


@pytest.mark.timeout(300)
async def test_server_killed_while_simulate_runs(
    start_server: StartServer, open_page: OpenPage
) -> None:
    calm, struck = start_server(env=ON_THE_BOARD), start_server(env=ON_THE_BOARD)
    whole = await finished(await simulate(calm.url, "max"))
    board = await open_page(struck.url)

    process = await simulate(struck.url, "180")
    for share in KILLS_AT:
        await stored_at_least(struck, round(share * whole))
        struck.kill()
        await asyncio.to_thread(struck.start)
        with asking(struck.url) as api:
            assert_states_are_what_the_logs_say(api)
    acknowledged = await finished(process)

    with asking(calm.url) as calm_api, asking(struck.url) as api:
        assert_states_are_what_the_logs_say(api)
        assert_alarms_are_what_the_states_say(api)
        ids = [id for session in active(api) for id in reading_ids(api, session["id"])]
        assert len(ids) == len(set(ids)) == acknowledged == whole
        for before, after in zip(active(calm_api), active(api), strict=True):
            assert before["station"] == after["station"]
            assert story(calm_api, before["id"]) == story(api, after["id"])
        await expect(board.get_by_test_id("live-state")).to_have_attribute(
            "data-state", "live", timeout=20_000
        )
        for session in active(api):
            state = api.get(f"/api/sessions/{session['id']}")
            tile = board.locator(f"[data-testid=tile][data-session='{session['id']}']")
            shown = tile.locator("[data-testid=value][data-vital=hr]")
            await expect(shown).to_contain_text(f"{state['values']['hr']['value']:.0f}")


async def stored_at_least(server: Server, wanted: int) -> None:
    """Returns once so many events are stored, as a board hears of them."""
    heard: dict[str, int] = {}
    async with websockets.connect(
        server.live_url, additional_headers=ANYWHERE.headers("clinician")
    ) as live:
        await live.send(json.dumps({"op": "watch", "board": True}))
        async for text in live:
            for row in json.loads(text).get("sessions", ()):
                heard[row["id"]] = row["seq"]
            if sum(heard.values()) >= wanted:
                return


def active(api: Api) -> list[dict[str, Any]]:
    return sorted(api.everything("/api/sessions", active="true"), key=lambda s: str(s["station"]))


def assert_states_are_what_the_logs_say(api: Api) -> None:
    for session in active(api):
        state = api.get(f"/api/sessions/{session['id']}")
        log = api.events(session["id"])
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
        folded: dict[str, Any] | None = None
        for event in log:
            if event["seq"] <= state["seq"]:
                folded = fold(folded, event)
        assert folded == state


def assert_alarms_are_what_the_states_say(api: Api) -> None:
    """Once nothing is written any more: the two are asked for one after the other."""
    for session in active(api):
        state = api.get(f"/api/sessions/{session['id']}")
        standing = api.everything(f"/api/sessions/{session['id']}/alarms", standing="true")
        assert {alarm["id"]: alarm for alarm in standing} == state["alarms"]


def reading_ids(api: Api, session_id: str) -> list[str]:
    return [e["data"]["id"] for e in api.events(session_id) if e["kind"] == "reading.recorded"]


def story(api: Api, session_id: str) -> list[tuple[Any, ...]]:
    """All that was recorded of readings and alarms, in seconds after check-in."""
    log = api.events(session_id)
    start = next(e["at"] for e in log if e["kind"] == "phase.changed")
    told: list[tuple[Any, ...]] = []
    for event in log:
        at = seconds(event["at"], start)
        if event["kind"] == "reading.recorded":
            told.append((at, event["data"]["values"], event["data"]["flags"]))
        elif event["kind"].startswith("alarm."):
            alarm = event["data"]["alarm"]
            told.append((at, event["kind"], alarm["text"], alarm["priority"], alarm["rev"]))
    return told
