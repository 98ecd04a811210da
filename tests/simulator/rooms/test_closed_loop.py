"""The same seed gives the same readings, to the byte, however a run is played: at any pace, either
way to the server, and where the simulator is killed and goes on.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from rich.console import Console

from app.simulator import wire
from app.simulator.client import Api, SimulatorError
from app.simulator.pace import Stop
from app.simulator.rooms.run import Options, planned, simulate
from app.simulator.rooms.stream import WsTransport
from app.simulator.rooms.transport import HttpTransport

if TYPE_CHECKING:
    from pathlib import Path

    from app.simulator.rooms.room import Room
    from app.simulator.rooms.transport import Way

    class Dying(Protocol):
        def __call__(self, rooms: list[Room], second: int, task: asyncio.Task[None]) -> None: ...


QUIET = Console(quiet=True)
STORY = """
about = "Everything a visit can have, in a quarter of an hour"
[plan]
planned_min = 6
dose_mg_per_kg = 0.1
recovery_min = 2
cuff_every_min = 1
[[happening]]
sign = "spo2"
to = 82
at_min = 0.5
within_s = 30
back_s = 40
ends_with = ["rouse", "oxygen"]
[[happening]]
sign = "nausea"
to = 3
at_min = 2
ends_with = ["ondansetron"]
back_s = 60
[[fault]]
kind = "dropped_connection"
from_min = 1
to_min = 1.5
[[fault]]
kind = "outage"
from_min = 3
to_min = 4
[[fault]]
kind = "retry_storm"
times = 3
from_min = 4
to_min = 4.2
[[fault]]
kind = "reordered"
from_min = 5
to_min = 6
[nurse]
play = true
answer_after_s = 25
"""


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.toml"
    path.write_text(STORY, encoding="utf-8")
    return str(path)


async def play(api: Api, scenario: str, **options: Any) -> list[Room]:
    rooms: list[Room] = []
    given = {"speed": None, "seed": 7} | options
    await simulate(api, Options(scenarios=(scenario,), **given), QUIET, Stop(), rooms)
    return rooms


async def told(api: Api, room: Room) -> bytes:
    """All that was recorded, in milliseconds after check-in, without what is of this run only."""
    events = await api.events(room.session_id, 0)
    lines: list[str] = []
    for event in events:
        data, at = event["data"], wire.ms_of(event["at"]) - room.start_ms
        match event["kind"]:
            case "reading.recorded":
                kept = [data[key] for key in ("source", "device", "interval_s", "values", "flags")]
                lines.append(json.dumps([at, *kept], sort_keys=True))
            case "phase.changed":
                lines.append(json.dumps([at, data["to"]]))
            case "annotation.recorded":
                lines.append(json.dumps([at, data["text"], data["data"]], sort_keys=True))
            case kind if kind.startswith("alarm."):
                alarm = data["alarm"]
                lines.append(json.dumps([at, kind, alarm["text"], alarm["rev"], alarm["state"]]))
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def told_once() -> list[bytes]:
    """What the story is when it is played at full speed, over HTTP, from its beginning to its end:
    filled by who asks first.
    """
    return []


async def as_it_should(api: Api, story: str, told_once: list[bytes]) -> bytes:
    if not told_once:
        (room,) = await play(api, story)
        assert room.visit.phase == "discharged"
        assert not room.tally.errors
        assert room.tally.sent == room.tally.acknowledged
        told_once.append(await told(api, room))
    return told_once[0]


async def test_pace_and_transport_change_nothing(
    api: Api, story: str, told_once: list[bytes]
) -> None:
    whole = await as_it_should(api, story, told_once)
    (room,) = await play(api, story, way="ws", speed=1_000.0)
    assert not room.tally.errors
    assert room.tally.sent == room.tally.acknowledged
    assert await told(api, room) == whole
    for done in ("alarm.acknowledged", "Ondansetron", "roused"):
        assert done in whole.decode(), "the nurse did nothing"
    lines = [json.loads(line) for line in whole.splitlines()]
    silence = [(at, kind) for at, kind, *more in lines if "NO SIGNAL, CHECK PATIENT" in more]
    raised, seen = silence[:2]
    assert raised[1] == "alarm.raised"
    assert seen == (raised[0] + 25_000, "alarm.acknowledged"), "time stood still in the silence"


@pytest.mark.parametrize(("way", "second"), [("http", 760), ("ws", 1_017)])
async def test_killed_and_continued_it_is_as_if_it_had_not_been(
    api: Api, story: str, told_once: list[bytes], way: Way, second: int, dying: Dying
) -> None:
    whole = await as_it_should(api, story, told_once)
    rooms: list[Room] = []
    options = Options(scenarios=(story,), speed=None, seed=7, way=way)
    task = asyncio.create_task(simulate(api, options, QUIET, Stop(), rooms))
    dying(rooms, second, task)
    with pytest.raises(asyncio.CancelledError):
        await task
    (left,) = rooms
    assert not left.over
    (room,) = await play(api, story, go_on=True)
    assert room.session_id == left.session_id
    assert room.over
    assert await told(api, room) == whole


SHORT = """
about = "A quarter of an hour, in a minute of which the probe is off"
[plan]
planned_min = 1
dose_mg_per_kg = 0.01
recovery_min = 0
sample_s = 10
[[fault]]
kind = "probe_off"
sign = "spo2"
minutes = "of_visit"
from_min = 3
to_min = 4
"""


async def test_who_has_gone_home_does_not_come_again_when_a_run_goes_on(
    api: Api, tmp_path: Path
) -> None:
    path = tmp_path / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    home, left = await play(api, str(path), rooms=2, duration_min=20)
    assert (home.over, left.over) == (True, False)
    assert home.tally.rejected == {"no_signal": 6}, "each value once"
    (room,) = await play(api, str(path), rooms=2, duration_min=24, go_on=True)
    assert room.session_id == left.session_id
    assert room.over


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Dying:
    """The run ends, as a process does, when the answer to what is sent in that second comes."""

    def dies(rooms: list[Room], second: int, task: asyncio.Task[None]) -> None:
        for transport in (HttpTransport, WsTransport):
            usual = transport.send

            async def send(self: Any, *args: Any, usual: Any = usual, **more: Any) -> Any:
                answers = await usual(self, *args, **more)
                if rooms[0].visit.t >= second and not task.done():
                    task.cancel()
                    await asyncio.sleep(0)
                return answers

            monkeypatch.setattr(transport, "send", send)

    return dies


def test_a_wrong_clock_wants_the_wall(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    path.write_text('about = "x"\n[[fault]]\nkind = "clock_skew"\nseconds = -90\n')
    with pytest.raises(SimulatorError, match="--clock wall"):
        planned(Options(scenarios=(str(path),)))
    with pytest.raises(SimulatorError, match="leave --speed at 1"):
        planned(Options(scenarios=(str(path),), clock="wall", speed=60))
    assert planned(Options(scenarios=(str(path),), clock="wall"))
    clinic = tmp_path / "clinic.toml"
    clinic.write_text('about = "x"\n[[room]]\nscenario = "slow.toml"\nat_min = -5\n')
    with pytest.raises(SimulatorError, match="give the room an at_min of 0"):
        planned(Options(scenarios=(str(clinic),), clock="wall"))
