"""Runs against a monitor in memory: everything arrives once, in order, whatever breaks."""

from __future__ import annotations

import io
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from rich.console import Console

from app.clock import now_ms
from app.simulator import wire
from app.simulator.admission import read_scenario_note, scenario_note
from app.simulator.client import SimulatorError
from app.simulator.demo import device as demo_device
from app.simulator.pace import Stop
from app.simulator.rooms.programme import USUAL_CAST
from app.simulator.rooms.run import Options, planned, simulate
from tests.simulator.fake_monitor import FakeMonitor, problem

if TYPE_CHECKING:
    from pathlib import Path

    from app.simulator.rooms.room import Room

QUIET = Console(file=io.StringIO())


def one(**given: Any) -> Options:
    """A normal visit in one room, at full speed unless said otherwise."""
    return Options(("normal",), **{"speed": None, **given})


async def run(monitor: FakeMonitor, options: Options) -> list[Room]:
    rooms: list[Room] = []
    async with monitor.api() as api:
        await simulate(api, options, QUIET, Stop(), rooms)
    return rooms


async def test_rooms_go_from_check_in_to_discharge() -> None:
    monitor = FakeMonitor()
    rooms = await run(monitor, Options(("normal", "nausea"), speed=None, seed=3))
    assert [room.visit.phase for room in rooms] == ["discharged", "discharged"]
    for room in rooms:
        assert_in_order(monitor, room.session_id)
        stored = monitor.readings[room.session_id]
        assert room.tally.sent == room.tally.acknowledged == len(stored)
        times = [reading["taken_at"] for reading in stored]
        assert times == sorted(times)
        assert wire.ms_of(times[-1]) <= now_ms()
        assert len({reading["id"] for reading in stored}) == len(stored)
        assert room.tally.error_count == 0


def assert_in_order(monitor: FakeMonitor, session_id: str) -> None:
    """A phase comes before the readings of its second."""
    at = [
        wire.ms_of(body["at"] if "at" in body else body["readings"][0]["taken_at"])
        for method, path, body in monitor.requests
        if method == "POST" and session_id in path and not path.endswith("/annotations")
    ]
    assert all(earlier <= later for earlier, later in pairwise(at))
    assert len(monitor.sessions[session_id]["phases"]) >= 8


async def test_the_same_seed_sends_the_same_readings_at_any_speed() -> None:
    sent: list[list[Any]] = []
    for speed in (None, 100_000.0):
        monitor = FakeMonitor()
        rooms = await run(monitor, one(speed=speed, seed=5, duration_min=20))
        stored = monitor.readings[rooms[0].session_id]
        start = wire.ms_of(stored[0]["taken_at"])
        sent.append([(wire.ms_of(r["taken_at"]) - start, r["values"]) for r in stored])
    assert sent[0] == sent[1]


async def test_outages_lose_nothing_and_double_nothing() -> None:
    whole, broken = FakeMonitor(), FakeMonitor()
    options = one(seed=9, duration_min=30)
    (expected,) = await run(whole, options)
    broken.lost_answers = 6
    broken.failures = [httpx2.ConnectError("down"), problem(503, "busy")]
    (room,) = await run(broken, options)
    values = [reading["values"] for reading in broken.readings[room.session_id]]
    assert values == [reading["values"] for reading in whole.readings[expected.session_id]]
    assert room.tally.sent == room.tally.acknowledged == len(values)


async def test_a_closed_gate_is_passed_with_a_reason() -> None:
    monitor = FakeMonitor()
    monitor.gate_closed_for = {"discharged"}
    (room,) = await run(monitor, one(seed=3))
    assert monitor.sessions[room.session_id]["phase"] == "discharged"
    last = monitor.posted("/phase")[-2:]
    assert [bool(body["override_reason"]) for body in last] == [False, True]
    assert last[0]["id"] != last[1]["id"]


async def test_a_second_run_takes_the_places_of_the_first() -> None:
    monitor = FakeMonitor()
    options = Options(("normal",), rooms=2, speed=None, seed=3, duration_min=8)
    first = await run(monitor, options)
    second = await run(monitor, options)
    assert [monitor.sessions[room.session_id]["active"] for room in first] == [False, False]
    assert [monitor.sessions[room.session_id]["active"] for room in second] == [True, True]


CLINIC = """
about = "Two rooms, one of them with a patient since three quarters of an hour, one with a late one"
seed = 5
[[room]]
scenario = "normal"
at_min = -45
station = "Bed 7"
plan = { planned_min = 20, recovery_min = 10 }
[[room]]
scenario = "normal"
at_min = 4
late_min = 3
plan = { planned_min = 20, recovery_min = 10 }
[next]
scenarios = { nausea = 1 }
gap_min = [1, 2]
"""


@pytest.fixture
def clinic(tmp_path: Path) -> str:
    path = tmp_path / "two.toml"
    path.write_text(CLINIC, encoding="utf-8")
    return str(path)


async def test_a_clinic_brings_its_own_rooms_and_the_next_patient(clinic: str) -> None:
    monitor = FakeMonitor()
    rooms = await run(monitor, Options((clinic,), speed=None, duration_min=30))
    assert [room.name for room in rooms[:2]] == ["Bed 7", "Room 2"]
    assert rooms[0].start_ms + (45 + 7) * 60_000 == rooms[1].start_ms, "late is late"
    later = rooms[2:]
    assert later, "nobody came next"
    assert {room.scenario for room in later} == {"nausea"}
    assert len({monitor.sessions[room.session_id]["patient"]["code"] for room in rooms}) == len(
        rooms
    )
    first = next(room for room in rooms[:2] if room.name == later[0].name)
    left_ms = first.start_ms + first.visit.t * 1_000
    assert 60_000 <= later[0].start_ms - left_ms <= 150_000
    (only,) = await run(FakeMonitor(), Options((clinic,), speed=None, duration_min=4))
    assert only.name == "Bed 7", "the room of one who is due later stays empty"
    alone = await run(FakeMonitor(), Options((clinic,), speed=None))
    assert len(alone) == 2, "without a duration it is over when all have gone home"
    assert all(room.over for room in alone)


def test_what_cannot_be_played_is_said_before_it_begins(clinic: str, tmp_path: Path) -> None:
    moved = tmp_path / "moved.toml"
    moved.write_text('about = "x"\n[[fault]]\nkind = "moved"\nto_room = 3\n', encoding="utf-8")
    for options, why in (
        (Options((clinic,), rooms=3), "brings its own rooms"),
        (Options((clinic, "normal")), "brings its own rooms"),
        (Options((str(moved),), rooms=2), "carried to room 3, but this run has 2"),
        (Options(("normel",)), "normal"),
    ):
        with pytest.raises(SimulatorError, match=why):
            planned(options)
    assert len(planned(Options((str(moved),), rooms=3))) == 3


CARRIED = """
about = "The monitor is carried into the next room for a minute, and its sender has gone wild"
[[fault]]
kind = "moved"
to_room = 2
minutes = "of_visit"
from_min = 5
to_min = 6
[[fault]]
kind = "retry_storm"
times = 4
minutes = "of_visit"
from_min = 6
to_min = 7
"""


async def test_a_monitor_that_was_carried_away_sends_to_the_other_room(tmp_path: Path) -> None:
    path = tmp_path / "carried.toml"
    path.write_text(CARRIED, encoding="utf-8")
    monitor = FakeMonitor()
    first, second = await run(monitor, Options((str(path), "normal"), speed=None, duration_min=8))
    here, there = monitor.readings[first.session_id], monitor.readings[second.session_id]
    away = [reading for reading in there if reading["device"] == "mon-sim-1"]
    assert len(away) >= 60
    assert len({wire.ms_of(reading["taken_at"]) // 1_000 for reading in away}) == 60
    assert not {reading["id"] for reading in away} & {reading["id"] for reading in here}
    assert first.tally.sent == first.tally.acknowledged == len(here) + len(away)
    wild = monitor.posted(f"{first.session_id}/readings")
    times = Counter(body["readings"][0]["id"] for body in wild)
    assert sum(count == 4 for count in times.values()) >= 60, "nothing was sent four times"


def test_scenarios_are_taken_in_turn_and_without_any_there_is_a_mixture() -> None:
    names = [
        place.first.scenario.name
        for place in planned(Options(("normal", "quiet"), rooms=3))
        if place.first
    ]
    assert names == ["normal", "quiet", "normal"]
    assert len(planned(Options(("normal", "quiet")))) == 2
    usual = [place.first.scenario.name for place in planned(Options()) if place.first]
    assert usual == list(USUAL_CAST[: len(usual)])


async def test_a_room_that_somebody_else_uses_is_left_alone() -> None:
    monitor = FakeMonitor()
    rooms = await run(monitor, one(duration_min=3))
    session = monitor.sessions[rooms[0].session_id]
    session["patient"]["code"] = "P-1"
    with pytest.raises(SimulatorError, match="choose another station"):
        await run(monitor, one(duration_min=3))
    assert session["active"]


async def test_a_run_of_others_is_not_gone_on_with() -> None:
    monitor = FakeMonitor()
    (room,) = await run(monitor, one(duration_min=3))
    for others in (Options(("nausea",), speed=None, go_on=True), one(seed=2, go_on=True)):
        with pytest.raises(SimulatorError, match="not of this run: nothing was done"):
            await run(monitor, others)
    assert monitor.sessions[room.session_id]["active"]
    await run(monitor, Options(("nausea",), speed=None, duration_min=3))
    notes = {patient["code"]: patient["indication"] for patient in monitor.patients.values()}
    assert notes == {
        "SIM-S1-1-normal": scenario_note("normal", "1-1"),
        "SIM-S1-1-nausea": scenario_note("nausea", "1-1"),
    }


def test_every_room_of_a_server_has_a_monitor_of_its_own() -> None:
    """A run beside the demonstration, or beside a clinic's, takes no monitor from a patient."""
    places = [*planned(Options(rooms=4)), *planned(Options(("morning",)))]
    devices = {place.device for place in places} | {demo_device(number) for number in range(1, 9)}
    assert len(devices) == len(places) + 8


def test_the_note_on_the_patient_tells_what_plays() -> None:
    note = scenario_note("my long story", "7-5-1")
    assert read_scenario_note(note) == ("my long story", "7-5-1")
    assert read_scenario_note("chronic pain") is None
    assert read_scenario_note(None) is None
