"""Replay: rows become readings, once each, uncleaned, in a session of their own."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from rich.console import Console

from app.simulator.client import SimulatorError
from app.simulator.pace import Stop, parse_speed
from app.simulator.replay import Outcome, replay
from tests.simulator.fake_monitor import FakeMonitor

if TYPE_CHECKING:
    from pathlib import Path

CSV = "t_s,hr,spo2,rr\n0,0,0,23\n60,62.8,0,12.7\n120,,0,\n180,,,\n240,70.3,98,15.6\n"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "hour_00.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


async def play(
    monitor: FakeMonitor, *files: Path, speed: float | None = None, **more: object
) -> list[Outcome]:
    options = {"station": None, "finish": False, **more}
    console = Console(file=io.StringIO())
    outcomes: list[Outcome] = []
    async with monitor.api() as api:
        await replay(
            api,
            files,
            speed=speed,
            station=options["station"],  # type: ignore[arg-type]  # from keyword arguments
            finish=bool(options["finish"]),
            console=console,
            stop=Stop(),
            outcomes=outcomes,
        )
    return outcomes


def places(monitor: FakeMonitor, *outcomes: Outcome) -> list[tuple[str, str]]:
    """Station and patient code of each, as the monitor has them."""
    sessions = [monitor.sessions[outcome.session_id] for outcome in outcomes]
    return [(session["station"], session["patient"]["code"]) for session in sessions]


@pytest.mark.parametrize("speed", [None, 60_000.0])
async def test_rows_go_as_they_are(recording: Path, speed: float | None) -> None:
    monitor = FakeMonitor()
    (outcome,) = await play(monitor, recording, speed=speed)
    session = monitor.sessions[outcome.session_id]
    assert session["simulated"] is True
    assert session["clock"] == "driven"
    assert session["station"] == "Replay hour_00"
    assert session["patient"]["code"] == "REPLAY-hour_00"
    assert [p["phase"] for p in session["phases"]] == [
        *("checked_in", "baseline", "ready", "infusing")
    ]
    sent = [r for body in monitor.posted("/readings") for r in body["readings"]]
    assert [reading["values"] for reading in sent] == [
        {"hr": 0, "spo2": 0, "rr": 23},
        {"hr": 62.8, "spo2": 0, "rr": 12.7},
        {"hr": None, "spo2": 0, "rr": None},
        {"hr": None, "spo2": None, "rr": None},
        {"hr": 70.3, "spo2": 98, "rr": 15.6},
    ]
    assert {(r["source"], r["device"], r["interval_s"]) for r in sent} == {("device", "replay", 60)}
    start = session["phases"][0]["at"]
    assert sent[0]["taken_at"] == start
    assert outcome.rows_stored == 3
    assert outcome.tally.refused == 2
    assert outcome.tally.rejected == {"no_signal": 4}
    assert outcome.lost == []


async def test_an_answer_lost_on_the_way_makes_no_second_reading(recording: Path) -> None:
    monitor = FakeMonitor()
    monitor.lost_answers = 8
    (outcome,) = await play(monitor, recording)
    assert len(monitor.readings[outcome.session_id]) == 3
    assert outcome.rows_stored == 3
    assert len(monitor.sessions) == 1


async def test_a_second_replay_leaves_the_first_as_it_is(recording: Path) -> None:
    monitor = FakeMonitor()
    (first,) = await play(monitor, recording)
    before = copy.deepcopy(monitor.sessions[first.session_id])
    (second,) = await play(monitor, recording)
    (third,) = await play(monitor, recording)
    assert monitor.sessions[first.session_id] == before
    assert places(monitor, second, third) == [
        ("Replay hour_00 (2)", "REPLAY-hour_00-2"),
        ("Replay hour_00 (3)", "REPLAY-hour_00-3"),
    ]


async def test_a_place_that_became_free_is_taken_again(recording: Path) -> None:
    monitor = FakeMonitor()
    (first,) = await play(monitor, recording)
    monitor.sessions[first.session_id]["active"] = False
    (second,) = await play(monitor, recording)
    assert places(monitor, second) == [("Replay hour_00", "REPLAY-hour_00")]
    assert len(monitor.patients) == 1


async def test_the_same_file_twice_at_once_gets_two_places(recording: Path) -> None:
    monitor = FakeMonitor()
    outcomes = await play(monitor, recording, recording)
    assert places(monitor, *outcomes) == [
        ("Replay hour_00", "REPLAY-hour_00"),
        ("Replay hour_00 (2)", "REPLAY-hour_00-2"),
    ]
    assert [outcome.rows_stored for outcome in outcomes] == [3, 3]
    asked = [path for method, path, _ in monitor.requests if method == "GET"]
    assert asked.count("/api/sessions") == 1


async def test_a_real_session_is_never_touched(recording: Path) -> None:
    monitor = FakeMonitor()
    patient = {"id": str(uuid4()), "code": "P-1042", "initials": "KT"}
    monitor.patients[patient["id"]] = patient
    session = {"id": str(uuid4()), "patient_id": patient["id"], "station": "Room 1"}
    async with monitor.api() as api:
        await api.post("/api/sessions", {**session, "simulated": False})
    with pytest.raises(SimulatorError, match="Room 1 has an active session of P-1042"):
        await play(monitor, recording, station="Room 1")
    assert monitor.sessions[session["id"]]["active"]
    assert len(monitor.sessions) == 1


async def test_finish_completes_the_session(recording: Path) -> None:
    monitor = FakeMonitor()
    (outcome,) = await play(monitor, recording, finish=True)
    assert monitor.sessions[outcome.session_id]["phase"] == "completed"


async def test_a_row_refused_for_another_reason_is_told(recording: Path) -> None:
    monitor = FakeMonitor()
    answer = monitor._reading

    def refuse_the_last(session_id: str, reading: dict[str, object]) -> dict[str, object]:
        values = reading["values"]
        assert isinstance(values, dict)
        if values["hr"] == 70.3:
            return {"status": 409, "problem": {"code": "session_closed", "detail": "closed"}}
        return answer(session_id, reading)

    monitor._reading = refuse_the_last  # type: ignore[method-assign]  # one refusal
    (outcome,) = await play(monitor, recording)
    assert outcome.lost == ["line 6: session_closed: closed"]


@pytest.mark.parametrize(
    ("text", "speed"), [("1", 1.0), ("60x", 60.0), ("max", None), ("0", None), (" MAX ", None)]
)
def test_speeds(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf", ""])
def test_what_is_no_speed(text: str) -> None:
    with pytest.raises(SimulatorError, match="give a number such as 1 or 60, or max"):
        parse_speed(text)
