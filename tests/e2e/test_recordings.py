"""Recordings of real patients, replayed by the command into a running server."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api, asking, seconds
from tests.e2e.recorded import expected_rows
from tests.support.people import ANYWHERE
from tests.support.server import REPO

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from tests.conftest import StartServer
    from tests.support.browser import OpenPage

REPLAY_S = 110  # an hour at 60x takes a minute
SHOWN = ("hr", "spo2", "rr")  # vitals that have a number of their own on every tile


async def replay(files: list[Path], url: str, speed: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "replay", *map(str, files)),
        *("--speed", speed, "--url", url),
        cwd=REPO,
        env={**os.environ, "INFUSION_TOKEN": ANYWHERE.token("simulator")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), REPLAY_S)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, output.decode()


@pytest.mark.timeout(300)
async def test_recordings_replayed_at_60x_and_at_full_speed(
    recordings: Path, start_server: StartServer, open_page: OpenPage
) -> None:
    files = recording_files(recordings)
    slow, fast = start_server(), start_server()
    watching = await open_page(f"{slow.url}/training")

    await replay(files, slow.url, "60")
    await replay(files, fast.url, "max")

    with asking(slow.url) as slow_api, asking(fast.url) as fast_api:
        slow_ids, fast_ids = session_ids(slow_api), session_ids(fast_api)
        for file in files:
            assert_stored_as_expected(slow_api, slow_ids[file.stem], file)
            assert_stored_as_expected(fast_api, fast_ids[file.stem], file)
            at_60x, at_full_speed = (
                alarm_story(slow_api, slow_ids[file.stem]),
                alarm_story(fast_api, fast_ids[file.stem]),
            )
            assert at_60x == at_full_speed, file.name
        for file in files:
            state = slow_api.get(f"/api/sessions/{slow_ids[file.stem]}")
            await assert_shown(watching, state)


def recording_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def session_ids(api: Api) -> dict[str, str]:
    sessions = api.everything("/api/sessions", active="true")
    return {s["patient"]["code"].removeprefix("REPLAY-"): s["id"] for s in sessions}


def assert_stored_as_expected(api: Api, session_id: str, file: Path) -> None:
    """Every row with a usable value is stored exactly once, with the flags and rejections worked
    out here.
    """
    log = api.events(session_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    stored = [event["data"] for event in log if event["kind"] == "reading.recorded"]
    expected = expected_rows(file)
    assert len(stored) == len(expected), file.name
    start = stored[0]["taken_at"]
    for reading, row in zip(stored, expected, strict=True):
        where = f"{file.name} at {row.t_s:g} s"
        assert seconds(reading["taken_at"], start) == row.t_s - expected[0].t_s, where
        assert reading["values"] == row.values, where
        assert {r["vital"]: r["code"] for r in reading["rejected"]} == row.rejected, where
        assert reading["flags"] == row.flags, where


def alarm_story(api: Api, session_id: str) -> list[tuple[Any, ...]]:
    """What the alarms did and when, in seconds after the session's first reading."""
    log = api.events(session_id)
    start = next(e["at"] for e in log if e["kind"] == "reading.recorded")
    fields = ("condition", "group", "side", "priority", "state", "rev", "value", "worst", "text")
    return [
        (event["kind"], seconds(event["at"], start), *(event["data"]["alarm"][f] for f in fields))
        for event in log
        if event["kind"].startswith("alarm.")
    ]


def shown_number(value: float) -> str:
    """As a browser rounds for display: half away from zero."""
    return str(math.floor(value + 0.5))


async def assert_shown(page: Page, state: dict[str, Any]) -> None:
    """The tile that watched all along shows the session's last values."""
    tile = page.locator(f"[data-testid=tile][data-session='{state['id']}']")
    for vital in SHOWN:
        held = state["values"].get(vital)
        cell = tile.locator(f"[data-testid=value][data-vital={vital}]")
        text = "--" if held is None or held["value"] is None else shown_number(held["value"])
        await expect(cell, f"{state['station']} {vital}").to_contain_text(text)
