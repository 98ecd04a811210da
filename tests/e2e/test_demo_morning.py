"""What a newcomer sees of `make demo` in its first two minutes, and after a power cut."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from websockets.asyncio.client import connect

from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

DEMO = (sys.executable, "-m", "app.cli", "demo")
SEEN_WITHIN_S = 120  # what a newcomer waits at most: the two minutes
STARTS_WITHIN_S = 80  # besides: `seen` must come to say what it saw instead
PATIENCE_S = 30
COOKIE = "infusion_sign_in"
MORNING = {f"Room {number}" for number in range(1, 9)}

Row = dict[str, Any]
Board = dict[str, Row]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", command=DEMO, people=False)
    server.start()
    yield server
    server.clean_up()


@pytest.fixture
def two_rooms(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", command=DEMO, args=("--rooms", "2"), people=False)
    server.start()
    yield server
    server.clean_up()


def standing(row: Row) -> list[tuple[str, str]]:
    alarms: Iterable[Row] = row["alarms"].values()
    return [
        (str(alarm["condition"]), str(alarm["priority"]))
        for alarm in alarms
        if alarm["state"] != "cleared"
    ]


def rooms_with(board: Board, condition: str) -> set[str]:
    return {name for name, row in board.items() if condition in dict(standing(row))}


def in_phase(board: Board, phase: str) -> set[str]:
    return {name for name, row in board.items() if row["phase"] == phase}


def all_on_the_wall(board: Board) -> bool:
    """Every room has been brought to the present."""
    return all(row["clock"] == "wall" for row in board.values())


def all_measured_since(board: Board, moment: datetime) -> bool:
    newest = (row["values"]["hr"]["taken_at"] for row in board.values())
    return all(datetime.fromisoformat(taken_at) > moment for taken_at in newest)


def is_the_morning(board: Board) -> bool:
    """Every room has been brought to its moment, and each of them tells its own story."""
    if set(board) != MORNING or not all_on_the_wall(board):
        return False
    high = {name for name, row in board.items() if "high" in dict(standing(row)).values()}
    calm = {name for name in in_phase(board, "infusing") if not standing(board[name])}
    return (
        high == {"Room 4"}
        and rooms_with(board, "device_lost") == {"Room 5"}
        and rooms_with(board, "vitals_overdue") == {"Room 6"}
        and in_phase(board, "recovery") == {"Room 7"}
        and in_phase(board, "ready_for_discharge") == {"Room 8"}
        and {"Room 1", "Room 2"} <= calm
    )


@asynccontextmanager
async def watching(server: Server) -> AsyncIterator[ClientConnection]:
    """The board's feed of a nurse who has just come in."""
    headers = {"Origin": server.url}
    client = httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=PATIENCE_S)
    async with client as browser:
        (await browser.post("/api/auth/demo", json={"role": "nurse"})).raise_for_status()
        headers["Cookie"] = f"{COOKIE}={browser.cookies[COOKIE]}"
    async with connect(
        server.live_url,
        additional_headers=headers,
        max_size=None,
        open_timeout=PATIENCE_S,
        ping_timeout=2 * PATIENCE_S,
    ) as feed:
        await feed.send(json.dumps({"op": "watch", "board": True}))
        yield feed


async def seen(feed: ClientConnection, wanted: Callable[[Board], bool]) -> Board:
    """The board as soon as it is as wanted."""
    board: Board = {}
    try:
        async with asyncio.timeout(SEEN_WITHIN_S):
            async for frame in feed:
                said = json.loads(frame)
                if said["kind"] in ("board", "board_delta"):
                    board |= {row["station"]: row for row in said["sessions"]}
                    if wanted(board):
                        return board
    except TimeoutError:
        pass
    rooms = {name: (row["phase"], standing(row)) for name, row in board.items()}
    pytest.fail(f"what was wanted was not seen, but this: {rooms}")


@pytest.mark.timeout(SEEN_WITHIN_S + STARTS_WITHIN_S)
async def test_within_two_minutes_a_newcomer_sees_the_morning(demo: Server) -> None:
    async with watching(demo) as feed:
        board = await seen(feed, is_the_morning)
    assert all(row["simulated"] for row in board.values())


@pytest.mark.timeout(2 * SEEN_WITHIN_S + STARTS_WITHIN_S)
async def test_a_demo_that_was_killed_goes_on_with_its_patients(two_rooms: Server) -> None:
    async with watching(two_rooms) as feed:
        before = await seen(feed, lambda board: len(board) == 2 and all_on_the_wall(board))
    two_rooms.restart(kill=True)
    again = datetime.now(UTC)
    async with watching(two_rooms) as feed:
        after = await seen(feed, lambda board: len(board) == 2 and all_measured_since(board, again))
    assert {name: row["id"] for name, row in after.items()} == {
        name: row["id"] for name, row in before.items()
    }
    assert [row["phase"] for row in after.values()] == [row["phase"] for row in before.values()]
