"""Other limits tried on recorded sessions: both worlds side by side, and nothing stored changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from typer.testing import CliRunner

from app.api.schemas.review import WhatIfOut
from app.cli import app as command_line
from app.errors import UnknownSession
from app.models.database import connect
from app.monitoring.commands import (
    Acknowledge,
    ChangeLimits,
    ReadingFor,
    RecordReading,
    VoidReading,
)
from app.monitoring.errors import InvalidRequest
from app.monitoring.times import iso
from app.review.proposal import Proposal, read_proposal
from app.review.what_if import Which, recorded, what_if
from app.services import alarms, limits, readings, sessions
from app.services.corrections import correct
from app.services.ids import new_id
from tests.models.ward import NURSE, infusing, log_of, move_to, plain, sent
from tests.support.callers import device, person, simulator

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.store import Store
    from tests.models.databases import Database

START = 1_700_000_000_000
DRIVEN: dict[str, Any] = {"simulated": True, "clock": "driven", "starts_at": START}
CLINICIAN = replace(NURSE, role="clinician")
MONITORS, SIMULATED = device(), simulator()
AS_IT_WAS = "[limits.spo2]\nlow = 92"
CALMER = "[limits.spo2]\nlow = 90"
LOWER_CRITICAL = "[limits.spo2]\nlow_critical = 84"
SLOWER = "[delays.rr]\nlow = 60"


def _streamed(at: int, **values: float) -> RecordReading:
    return RecordReading(values, taken_at=at, device="mon-01", interval_s=1)


async def dipped(
    store: Store, *dips: tuple[float, int], vital: str = "spo2", calm: float = 97.0
) -> str:
    """A stream that falls to a value for so many seconds, with calm between; every alarm is
    seen.
    """
    session_id = await infusing(store, **DRIVEN)
    course = [calm] * 30
    for value, seconds in dips:
        course += [value] * seconds + [calm] * 120
    for start in range(0, len(course), 10):
        items = [
            ReadingFor(
                _streamed(START + (start + n + 1) * 1_000, hr=80.0, **{vital: value}),
                session_id,
            )
            for n, value in enumerate(course[start : start + 10])
        ]
        await readings.record_readings(store, SIMULATED, items)
        state = await sessions.session_state(store, session_id)
        for alarm in state["alarms"].values():
            if alarm["state"] != "acknowledged":
                await alarms.acknowledge(store, NURSE, session_id, Acknowledge(alarm["id"]))
    return session_id


def asked(database: Database, proposal: str | Proposal, **which: Any) -> dict[str, Any]:
    """The answer as it is sent, once it is what the OpenAPI document says."""
    if isinstance(proposal, str):
        proposal = read_proposal(proposal)
    engine = connect(database.url, read_only=True)
    try:
        with engine.connect() as db, db.begin():
            found = recorded(db, Which(**which))
        told: dict[str, Any] = plain(what_if(engine, found, proposal))
    finally:
        engine.dispose()
    WhatIfOut.model_validate(told)
    return told


def differences(told: dict[str, Any]) -> tuple[int, int, int]:
    total = told["total"]
    return total["both"], total["only_before"], total["only_after"]


async def test_the_limits_as_they_were_raise_the_alarms_that_were(
    database: Database, store: Store
) -> None:
    session_id = await dipped(store, (91, 40), (84, 60), (89, 40))
    told = asked(database, AS_IT_WAS, session_id=session_id)
    assert differences(told) == (3, 0, 0)
    for pair in told["sessions"][0]["both"]["alarms"]:
        assert pair["before"] == pair["after"]
    hours = told["total"]["hours"]
    assert hours == pytest.approx((40 + 60 + 40 + 30 + 360) / 3_600, abs=0.01)


async def test_a_lower_limit_spares_an_alarm_and_calms_another(
    sqlite: Database, open_store: Any
) -> None:
    store = open_store(sqlite)
    session_id = await dipped(store, (95, 40), (91, 40), (87, 60), (85, 60))
    before = await log_of(store, session_id)
    # 91 is beyond no line of its own any more, but still 4 below the baseline.
    told = asked(sqlite, CALMER, session_id=session_id)
    (session,) = told["sessions"]
    pairs = session["both"]["alarms"]
    assert [(p["before"]["priority"], p["after"]["priority"]) for p in pairs] == [
        ("medium", "low"),
        ("high", "high"),
        ("high", "high"),
    ]
    told = asked(sqlite, LOWER_CRITICAL, session_id=session_id)
    by_priority = {row["priority"]: row for row in told["total"]["by_priority"]}
    assert (by_priority["high"]["before"], by_priority["high"]["after"]) == (2, 0)
    assert told["limits"] == {"spo2": {"low_critical": 84}}
    assert await log_of(store, session_id) == before


async def test_a_longer_delay_spares_a_short_alarm(sqlite: Database, open_store: Any) -> None:
    store = open_store(sqlite)
    session_id = await dipped(store, (9, 40), (9, 80), vital="rr", calm=14)
    told = asked(sqlite, SLOWER, session_id=session_id)
    (session,) = told["sessions"]
    (spared,) = session["only_before"]["alarms"]
    assert (spared["raised_at"], spared["duration_s"]) == (iso(START + 61_000), 20)
    (pair,) = session["both"]["alarms"]
    assert pair["before"]["raised_at"] == iso(START + 221_000)
    assert pair["after"]["raised_at"] == iso(START + 251_000)


async def test_a_persons_move_of_another_line_is_kept(sqlite: Database, open_store: Any) -> None:
    store = open_store(sqlite)
    session_id = await infusing(store, **DRIVEN)
    moves = {"hr": {"high": 130.0}, "spo2": {"low": 90.0}}
    await limits.change_limits(store, CLINICIAN, session_id, ChangeLimits("athlete", moves))
    items = [
        ReadingFor(replace(sent(spo2=91.0, hr=120.0), taken_at=START + n * 1_000), session_id)
        for n in range(1, 60)
    ]
    await readings.record_readings(store, SIMULATED, items)
    told = asked(sqlite, "[limits.spo2]\nlow = 93", session_id=session_id)
    counted = {row["group"]: row for row in told["total"]["by_condition"]}
    priorities = {row["priority"]: row for row in told["total"]["by_priority"]}
    assert (priorities["medium"]["before"], priorities["medium"]["after"]) == (0, 1)
    assert (counted["hr"]["before"], counted["hr"]["after"]) == (1, 1)  # the relative line
    told = asked(sqlite, "[limits.hr]\nhigh = 110", session_id=session_id)
    priorities = {row["priority"]: row for row in told["total"]["by_priority"]}
    assert (priorities["medium"]["before"], priorities["medium"]["after"]) == (0, 1)


async def test_a_voided_reading_counts_in_neither_world(sqlite: Database, open_store: Any) -> None:
    store = open_store(sqlite)
    session_id = await infusing(store)
    wrong, _ = await readings.record_reading(store, MONITORS, session_id, sent(spo2=80.0, hr=80.0))
    for _ in range(3):
        await readings.record_reading(store, MONITORS, session_id, sent(spo2=97.0, hr=80.0))
    by_hand = replace(sent(sbp=204.0, dbp=118.0), device=None, interval_s=None)
    typed, _ = await readings.record_reading(store, person(), session_id, by_hand)
    assert plain(typed)["alarms"]
    for reading in (plain(wrong), plain(typed)):
        await correct(store, NURSE, session_id, VoidReading(reading["id"], "slip"))
    told = asked(sqlite, CALMER, session_id=session_id)
    assert (told["total"]["before"], told["total"]["after"]) == (0, 0)


async def test_a_session_that_ended_does_not_go_on_in_the_other_world(
    sqlite: Database, open_store: Any
) -> None:
    """Its discharge is not barred by an alarm that nobody could see."""
    store = open_store(sqlite)
    session_id = await dipped(store, (93, 60))
    await move_to(store, session_id, "completed", "recovery", "ready_for_discharge")
    await move_to(store, session_id, "discharged", override_reason="told as a story")
    told = asked(sqlite, "[limits.spo2]\nlow = 95\nlow_critical = 94", session_id=session_id)
    (session,) = told["sessions"]
    assert session["both"]["alarms"][0]["after"]["priority"] == "high"
    assert all(a["duration_s"] is not None for a in session["only_after"]["alarms"])


async def test_a_period_holds_the_sessions_begun_in_it(sqlite: Database, open_store: Any) -> None:
    store = open_store(sqlite)
    real, simulated = await infusing(store), await infusing(store, simulated=True)
    begun = (await sessions.session_state(store, real))["created_at"]
    told = asked(sqlite, CALMER, since=0, until=2**50)
    assert [s["session_id"] for s in told["sessions"]] == [real]
    told = asked(sqlite, CALMER, since=0, until=2**50, simulated=True)
    assert [s["session_id"] for s in told["sessions"]] == [simulated]
    assert asked(sqlite, CALMER, since=0, until=1)["total"]["sessions"] == 0
    assert begun > iso(START)


def test_what_cannot_be_asked(sqlite: Database, open_store: Any) -> None:
    open_store(sqlite)
    for which in ({}, {"since": 5}, {"since": 5, "until": 5}):
        with pytest.raises(InvalidRequest):
            asked(sqlite, CALMER, **which)
    with pytest.raises(UnknownSession):
        asked(sqlite, CALMER, session_id=new_id())


@pytest.fixture
def run(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    file = tmp_path / "limits.toml"

    def run(text: str, *options: str) -> Any:
        file.write_text(text)
        return CliRunner().invoke(command_line, ["what-if", "--limits", str(file), *options])

    return run


async def test_the_command_shows_both_worlds(sqlite: Database, open_store: Any, run: Any) -> None:
    store = open_store(sqlite)
    session_id = await dipped(store, (91, 40), (87, 60))
    raised = "[limits.spo2]\nlow = 97\nlow_critical = 94"
    told = run(raised, "--session", session_id)
    assert told.exit_code == 0, told.output
    assert "2 alarms as it was" in told.stdout
    as_json = run(raised, "--session", session_id, "--json")
    WhatIfOut.model_validate(orjson.loads(as_json.stdout))
    none = run(raised, "--from", "2023-11-14", "--to", "2023-11-15T01:00+01:00")
    assert (none.exit_code, "0 sessions" in none.stdout) == (0, True)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (CALMER, (), "Name a session"),
        (CALMER, ("--session", "x"), "no session"),
        (CALMER, ("--from", "today", "--to", "now"), "is no time"),
        (CALMER, ("--from", "2026-11-22T10:00", "--to", "2026-11-23"), "offset"),
        ("[limits.spo2]\nhigh = 3", ("--session", "x"), "limits.spo2.high"),
    ],
)
def test_what_the_command_does_not_understand_is_one_sentence(
    sqlite: Database, open_store: Any, run: Any, text: str, options: tuple[str, ...], said: str
) -> None:
    open_store(sqlite)
    told = run(text, *options)
    assert (told.exit_code, said in told.stderr) == (2, True)
    assert "Traceback" not in told.output


def test_the_command_makes_no_database(run: Any, sqlite: Database, tmp_path: Path) -> None:
    sqlite.file.unlink()
    told = run(CALMER, "--session", "x")
    assert (told.exit_code, "no database" in told.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["limits.toml"]
