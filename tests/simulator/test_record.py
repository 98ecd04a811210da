"""A session becomes a recording, and the recording the same session again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from rich.console import Console

from app.simulator import wire
from app.simulator.client import Api, SimulatorError
from app.simulator.pace import Stop
from app.simulator.record import Taken, as_csv, readings_of, record, write_whole
from app.simulator.recording import read_recording
from app.simulator.replay import Outcome, replay
from app.simulator.rooms.run import Options, simulate
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from app.simulator.rooms.room import Room
    from tests.support.server import Server

QUIET = Console(quiet=True)
PROBE_OFF = """
about = "A probe comes off, and a temperature is measured"
[plan]
planned_min = 3
cuff_every_min = 1
[[fault]]
kind = "probe_off"
sign = "spo2"
[[fault]]
kind = "sentinel"
sign = "etco2"
from_min = 1
"""


async def played(api: Api, scenario: Path, minutes: float) -> str:
    rooms: list[Room] = []
    options = Options((str(scenario),), speed=None, duration_min=minutes)
    await simulate(api, options, QUIET, Stop(), rooms)
    return rooms[0].session_id


async def recorded_readings(api: Api, session_id: str) -> list[dict[str, Any]]:
    events = await api.events(session_id, 0)
    return [event["data"] for event in events if event["kind"] == "reading.recorded"]


async def test_recorded_replayed_and_recorded_again_it_is_the_same(
    server: Server, tmp_path: Path
) -> None:
    scenario, first, again = (tmp_path / name for name in ("probe.toml", "one.csv", "two.csv"))
    scenario.write_text(PROBE_OFF, encoding="utf-8")
    async with Api(server.url, token=ANYWHERE.token("simulator")) as api:
        session_id = await played(api, scenario, 14)
        readings = await recorded_readings(api, session_id)
        path = f"/api/sessions/{session_id}/readings"
        voided, amended = readings[20]["id"], readings[30]["id"]
        await api.post(f"{path}/{voided}/void", {"reason": "not of this patient"})
        await api.post(f"{path}/{amended}/amend", {"values": {"hr": 99}, "reason": "misread"})

        written = await record(api, UUID(session_id), first, force=False)
        assert any("sedation" in left for left in written.left_out)
        outcomes: list[Outcome] = []
        await replay(
            api,
            [first],
            speed=None,
            station=None,
            finish=False,
            console=QUIET,
            stop=Stop(),
            outcomes=outcomes,
        )
        assert not outcomes[0].lost
        await record(api, UUID(outcomes[0].session_id), again, force=False)
    assert again.read_text() == first.read_text()
    rows = read_recording(first).rows
    assert len(rows) == written.rows
    assert [row for row in rows if row.values["hr"] == 99], "the amendment is not in it"
    assert [row for row in rows if row.values["spo2"] == 0], "what the device said is not in it"
    assert [row for row in rows if row.values["etco2"] == -999], "nor is its sentinel"
    begin_ms = min(wire.ms_of(one["taken_at"]) for one in readings)
    gone_s = (wire.ms_of(readings[20]["taken_at"]) - begin_ms) / 1_000
    assert gone_s not in {row.t_s for row in rows}, "what was voided is in it"
    assert gone_s + 1 in {row.t_s for row in rows}


def reading(seq: int, at: str, **more: Any) -> dict[str, Any]:
    data = {"id": f"r{seq}", "taken_at": at, "values": {}, "derived": [], "rejected": [], **more}
    return {"kind": "reading.recorded", "seq": seq, "at": at, "data": data}


AT = "2026-11-22T10:15:0{}.000Z"


def test_sources_of_one_time_share_a_row_unless_they_disagree() -> None:
    taken, left_out = readings_of(
        [
            reading(1, AT.format(2), values={"hr": 71.5, "spo2": 97.0}),
            reading(2, AT.format(0), values={"hr": 70.0, "sedation": 5.0}),
            reading(3, AT.format(2), values={"sbp": 120, "dbp": 80, "map": 93}, derived=["map"]),
            reading(4, AT.format(2), values={"hr": 75.0}),
        ]
    )
    assert left_out == ("1 values of sedation: no column",)
    assert as_csv(taken).splitlines() == [
        "t_s,hr,spo2,sbp,dbp",
        "0,70,,,",
        "2,71.5,97,120,80",
        "2,75,,,",
    ]


def test_a_value_put_right_is_as_it_was_put_right_and_a_voided_one_is_gone() -> None:
    first, second = reading(1, AT.format(0), values={"hr": 70}), reading(2, AT.format(1))
    put_right = {**first["data"], "values": {"hr": 72}}
    taken, _ = readings_of(
        [
            first,
            {**second, "data": {**second["data"], "values": {"hr": 200}}},
            {"kind": "reading.amended", "data": {"id": "r1", "reading": put_right}},
            {"kind": "reading.voided", "data": {"id": "r2", "moved_to": None}},
            {
                "kind": "signal.lost",
                "data": {"taken_at": AT.format(3), "vitals": ["spo2", "etco2"]},
            },
        ]
    )
    assert [one.values for one in taken] == [{"hr": 72}, {"spo2": 0, "etco2": -999}]


def test_a_session_without_readings_is_no_recording() -> None:
    with pytest.raises(SimulatorError, match="no reading"):
        as_csv([])
    with pytest.raises(SimulatorError, match="a week"):
        as_csv([Taken(0, {"hr": 1}), Taken(8 * 86_400_000, {"hr": 1})])


def test_no_file_is_replaced_unasked_nor_ever_half_written(tmp_path: Path) -> None:
    path = tmp_path / "hour.csv"
    write_whole(path, "new", force=False)
    assert path.read_text() == "new"
    with pytest.raises(SimulatorError, match="there already: nothing was written"):
        write_whole(path, "newer", force=False)
    assert path.read_text() == "new"
    write_whole(path, "newest", force=True)
    assert path.read_text() == "newest"
    with pytest.raises(SimulatorError, match="cannot be written"):
        write_whole(tmp_path / "nowhere" / "hour.csv", "new", force=False)
    with pytest.raises(SimulatorError, match="cannot be written"):
        write_whole(tmp_path, "new", force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["hour.csv"], "something was left behind"
