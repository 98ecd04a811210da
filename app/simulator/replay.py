"""Recordings played into the monitor as a device would send them, each into its own session.

Nothing is cleaned: zeros and decimals go as they are, blanks as null; the server judges them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.clock import now_ms
from app.simulator import wire
from app.simulator.admission import Newcomer, birth_date, enrol, open_session
from app.simulator.client import BATCH, Api, Refused
from app.simulator.display import Display
from app.simulator.pace import Pace, Stop
from app.simulator.places import Place, find_places
from app.simulator.recording import Recording, Row, read_recording
from app.simulator.rooms.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

DEVICE = "replay"
REASON = "replay of a recording"
AT_ONCE = 8  # recordings at the same time at full speed: enough to keep the server busy
NAME_MAX = 200  # characters that the server takes for a name
LONGEST_MIN = 1_440  # a day, the longest infusion that can be planned
WEIGHT_KG = 70.0  # the recordings tell no weight; the usual reference adult
PHASES = ("checked_in", "baseline", "ready", "infusing")


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    recording: Recording
    place: Place
    session_id: str = ""
    rows_stored: int = 0
    lost: list[str] = field(default_factory=list)  # rows with a usable value that were not stored
    tally: Tally = field(default_factory=Tally)


def row_reading(session_id: str, start_ms: int, row: Row, step_s: float) -> dict[str, Any]:
    """A row as it is posted; the id is made of session and line, so that sending again is safe."""
    return {
        "id": wire.made_id(session_id, "row", row.number),
        "taken_at": wire.iso(start_ms + round(row.t_s * 1_000)),
        "source": "device",
        "device": DEVICE,
        "interval_s": step_s,
        "values": row.values,
    }


async def replay(
    api: Api,
    files: Sequence[Path],
    *,
    speed: float | None,
    station: str | None,
    finish: bool,
    console: Console,
    stop: Stop,
    outcomes: list[Outcome],
) -> None:
    """Each file into its own session, all together when paced, else eight at a time.

    What becomes of each is in `outcomes` from the moment all files are read and have a place.
    """
    recordings = [read_recording(path) for path in files]
    places = await find_places(api, [recording.stem for recording in recordings], station)
    outcomes.extend(map(Outcome, recordings, places))
    gate = asyncio.Semaphore(AT_ONCE if speed is None else max(1, len(outcomes)))
    pace = Pace(speed, stop)

    with Display(console) as display:
        api.on_wait = display.waiting

        async def one(outcome: Outcome) -> None:
            async with gate:
                if not stop.wanted:
                    await _replay_one(api, outcome, pace, finish, speed is None, display, stop)

        async with asyncio.TaskGroup() as group:
            for outcome in outcomes:
                group.create_task(one(outcome))


async def _replay_one(
    api: Api,
    outcome: Outcome,
    pace: Pace,
    finish: bool,
    at_full_speed: bool,
    display: Display,
    stop: Stop,
) -> None:
    recording = outcome.recording
    line = display.add(outcome.place.station, len(recording.rows))
    start_ms = (now_ms() // 1_000 - int(-(-recording.length_s // 1))) * 1_000
    session_id = await _open(api, recording, outcome.place, start_ms)
    outcome.session_id = session_id
    done = 0
    size = BATCH if at_full_speed else 1
    while done < len(recording.rows) and not stop.wanted:
        batch = recording.rows[done : done + size]
        await pace.until(batch[0].t_s)
        if stop.wanted:
            break
        await _send(api, outcome, start_ms, batch)
        done += len(batch)
        display.show(line, done, "infusing", outcome.tally)
    if finish and done == len(recording.rows):
        end_ms = start_ms + round(recording.length_s * 1_000)
        await api.phase(session_id, {"to": "completed", "at": wire.iso(end_ms)})
    alarms = await api.everything(f"/api/sessions/{session_id}/alarms")
    outcome.tally.alarms.update(str(alarm["id"]) for alarm in alarms)
    display.show(line, done, "completed" if finish else "infusing", outcome.tally)


async def _open(api: Api, recording: Recording, place: Place, start_ms: int) -> str:
    who = Newcomer(
        code=place.code,
        initials="RP",
        birth_date=birth_date(0),
        name=f"Recording {recording.stem}"[:NAME_MAX],
        weight_kg=WEIGHT_KG,
        indication="Replay of a recording",
    )
    patient = await enrol(api, who)
    minutes = min(max(1, round(recording.length_s / 60.0)), LONGEST_MIN)
    session = await open_session(
        api,
        patient,
        station=place.station,
        weight_kg=WEIGHT_KG,
        planned_minutes=minutes,
        start_ms=start_ms,
    )
    session_id = str(session["id"])
    for phase in PHASES:
        body = {
            "id": wire.made_id(session_id, "phase", phase),
            "to": phase,
            "at": wire.iso(start_ms),
            "override_reason": REASON if phase in ("ready", "infusing") else None,
        }
        await api.phase(session_id, body)
    return session_id


async def _send(api: Api, outcome: Outcome, start_ms: int, rows: Sequence[Row]) -> None:
    step_s = outcome.recording.step_s
    posted = [row_reading(outcome.session_id, start_ms, row, step_s) for row in rows]
    outcome.tally.sent += len(posted)
    try:
        items = await api.readings(outcome.session_id, posted)
    except Refused as refused:
        outcome.lost.append(f"lines {rows[0].number}-{rows[-1].number}: {refused}")
        outcome.tally.failed(str(refused))
        return
    for row, item in zip(rows, items, strict=True):
        if outcome.tally.answered(item):
            outcome.rows_stored += 1
            outcome.tally.not_taken(item["reading"])
        else:
            _refused_row(outcome, row, item.get("problem") or {})


def _refused_row(outcome: Outcome, row: Row, problem: dict[str, Any]) -> None:
    """A row without a usable value is refused by right; its values are still counted."""
    code = str(problem.get("code"))
    if code == "no_usable_values" or row.blank:
        if not problem.get("rejected"):
            outcome.tally.rejected.update(str(e.get("code")) for e in problem.get("errors") or ())
        return
    outcome.lost.append(f"line {row.number}: {code}: {problem.get('detail')}")
    outcome.tally.failed(outcome.lost[-1])
