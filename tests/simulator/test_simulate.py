"""Rooms at work against a monitor in memory: everything arrives once, in order, whatever breaks."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from rich.console import Console

from app.clock import now_ms
from app.simulator import clinic, wire
from app.simulator.admission import profile_note, read_profile_note
from app.simulator.client import SimulatorError
from app.simulator.demo import Demo
from app.simulator.pace import Stop
from app.simulator.profiles import PROFILES
from app.simulator.simulate import Options, cast, simulate
from tests.simulator.fake_monitor import FakeMonitor, problem

if TYPE_CHECKING:
    from app.simulator.room import Room

QUIET = Console(file=io.StringIO())


async def run(monitor: FakeMonitor, options: Options) -> list[Room]:
    rooms: list[Room] = []
    async with monitor.api() as api:
        await simulate(api, options, QUIET, Stop(), rooms)
    return rooms


async def test_rooms_go_from_check_in_to_discharge() -> None:
    monitor = FakeMonitor()
    rooms = await run(monitor, Options(rooms=2, speed=None, seed=3))
    assert [room.visit.phase for room in rooms] == ["discharged", "discharged"]
    for room in rooms:
        stored = monitor.readings[room.session_id]
        assert room.tally.sent == room.tally.acknowledged == len(stored)
        times = [reading["taken_at"] for reading in stored]
        assert times == sorted(times)
        assert wire.ms_of(times[-1]) <= now_ms()
        assert len({reading["id"] for reading in stored}) == len(stored)
        assert room.tally.error_count == 0


async def test_the_same_seed_sends_the_same_readings_at_any_speed() -> None:
    sent: list[list[Any]] = []
    for speed in (None, 100_000.0):
        monitor = FakeMonitor()
        rooms = await run(monitor, Options(rooms=1, speed=speed, seed=5, duration_min=20))
        stored = monitor.readings[rooms[0].session_id]
        start = wire.ms_of(stored[0]["taken_at"])
        sent.append([(wire.ms_of(r["taken_at"]) - start, r["values"]) for r in stored])
    assert sent[0] == sent[1]


async def test_outages_lose_nothing_and_double_nothing() -> None:
    whole, broken = FakeMonitor(), FakeMonitor()
    options = Options(rooms=1, speed=None, seed=9, duration_min=30)
    (expected,) = await run(whole, options)
    broken.lost_answers = 6
    broken.failures = [httpx2.ConnectError("down"), problem(503, "busy")]
    (room,) = await run(broken, options)
    values = [reading["values"] for reading in broken.readings[room.session_id]]
    assert values == [reading["values"] for reading in whole.readings[expected.session_id]]
    assert room.tally.sent == room.tally.acknowledged == len(values)


async def test_phases_come_before_the_readings_of_their_second() -> None:
    monitor = FakeMonitor()
    (room,) = await run(monitor, Options(rooms=1, speed=None, seed=3))
    at = [
        wire.ms_of(body["at"] if "at" in body else body["readings"][0]["taken_at"])
        for method, path, body in monitor.requests
        if method == "POST" and path.endswith(("/phase", "/readings", "/clock"))
    ]
    assert all(earlier <= later for earlier, later in pairwise(at))
    assert len(monitor.sessions[room.session_id]["phases"]) >= 8


async def test_a_closed_gate_is_passed_with_a_reason() -> None:
    monitor = FakeMonitor()
    monitor.gate_closed_for = {"discharged"}
    (room,) = await run(monitor, Options(rooms=1, speed=None, seed=3))
    assert monitor.sessions[room.session_id]["phase"] == "discharged"
    last = monitor.posted("/phase")[-2:]
    assert [bool(body["override_reason"]) for body in last] == [False, True]
    assert last[0]["id"] != last[1]["id"]


async def test_a_second_run_takes_the_places_of_the_first() -> None:
    monitor = FakeMonitor()
    options = Options(rooms=2, speed=None, seed=3, duration_min=8)
    first = await run(monitor, options)
    second = await run(monitor, options)
    assert [monitor.sessions[room.session_id]["active"] for room in first] == [False, False]
    assert [monitor.sessions[room.session_id]["active"] for room in second] == [True, True]


def test_an_unknown_profile_is_told_with_the_known_ones() -> None:
    with pytest.raises(SimulatorError, match="no profile nonsense; there are desaturation"):
        cast(Options(profiles=("normal", "nonsense")))


def test_the_note_on_the_patient_tells_what_plays() -> None:
    assert read_profile_note(profile_note("quiet", "7-5-1")) == ("quiet", "7-5-1")
    assert read_profile_note("chronic pain") is None
    assert read_profile_note(None) is None


def test_the_opening_of_the_demonstration_shows_every_kind() -> None:
    phases = set()
    for number in range(1, 9):
        wanted = clinic.opening(number)
        seed = clinic.patient_seed(clinic.SEED, number, 1)
        visit = clinic.make_visit(PROFILES[wanted.profile], seed, number)
        second = clinic.second_of(wanted, seed, number)
        while visit.t < second:
            visit.advance()
        assert visit.phase == wanted.phase
        assert visit.t - visit.phase_since == wanted.since_s
        phases.add(visit.phase)
        if wanted.profile == "normal":
            traits = visit.patient.traits
            assert traits.baseline["sbp"] + traits.peak["sbp"] < 150
            assert traits.baseline["hr"] + traits.peak["hr"] < 105
            assert traits.baseline["spo2"] + traits.peak["spo2"] > 95
        if wanted.profile == "desaturation":
            assert visit.patient.expected("spo2") <= 88
        if wanted.profile == "quiet":
            assert visit.patient.streamed() == {}
    assert phases == {"baseline", "infusing", "recovery", "ready_for_discharge"}


class Once(Stop):
    """Stops the demonstration at its second sleep in real time."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        if self.slept > 1:
            self.ask()


async def demonstrate(monitor: FakeMonitor, rooms: int) -> None:
    async with monitor.api() as api:
        demo = Demo(api, rooms=rooms, seed=7, stop=Once(), console=QUIET)
        await demo.run(parent=None)


async def test_the_demonstration_goes_live_and_is_taken_up_again() -> None:
    monitor = FakeMonitor()
    await demonstrate(monitor, 1)
    (session,) = monitor.sessions.values()
    assert session["station"] == "Room 1"
    assert session["clock"] == "wall"
    stored = list(monitor.readings[session["id"]])
    assert now_ms() - wire.ms_of(stored[-1]["taken_at"]) < 8_000
    session["values"] = {"hr": {"taken_at": stored[-20]["taken_at"]}}
    monitor.forget(session["id"], 19)
    await demonstrate(monitor, 1)
    assert len(monitor.sessions) == 1
    again = monitor.readings[session["id"]]
    by_id = {reading["id"]: reading["values"] for reading in again}
    both = [reading for reading in stored if reading["id"] in by_id]
    assert len(both) > len(stored) - 19
    assert all(by_id[reading["id"]] == reading["values"] for reading in both)
