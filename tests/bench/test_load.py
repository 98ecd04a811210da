"""What the load sends, and how it counts what came back."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.api.schemas.readings import ReadingForIn, ReadingIn
from bench.dashboards import Dashboards, Meaning, looked_at, seen
from bench.load import Load, Request, acknowledged, content_length, made, told
from bench.parts.overload import astray
from bench.run import Outcome, deliveries
from bench.vitals import SWING, SWINGING, Clock, values

if TYPE_CHECKING:
    from pathlib import Path

IDS = [f"01930000-0000-7000-8000-{number:012d}" for number in range(10)]
WALL_MS = 1_700_000_000_007


def body_of(request: Request) -> Any:
    message = Clock().stamped(request.message, request.repeats, WALL_MS)
    head, _, body = message.partition(b"\r\n\r\n")
    assert content_length(head) == len(body)
    return orjson.loads(body)


def test_single_readings_go_round_all_sessions_and_are_what_the_api_takes() -> None:
    requests = made(Load(8000, IDS, seconds=0.5, rate=40, warm_s=0.0, keep_ids=True))
    assert len(requests) == 20
    assert requests[11].message.startswith(f"POST /api/sessions/{IDS[1]}/readings ".encode())
    body = body_of(requests[11])
    assert ReadingIn.model_validate_json(orjson.dumps(body)).to_command().device == "mon-1"
    assert body["taken_at"] == "2023-11-14T22:13:20.007Z"
    assert requests[11].ids == (body["id"],)


def test_a_list_names_sessions_and_keeps_the_order_of_each() -> None:
    (request, *_) = made(Load(8000, IDS[:4], seconds=1, rate=1, warm_s=0.0, batch=10))
    readings = body_of(request)["readings"]
    for reading in readings:
        ReadingForIn.model_validate_json(orjson.dumps(reading))
    first = [one["taken_at"][-4:-1] for one in readings if one["session_id"] == IDS[0]]
    assert first == ["007", "008", "009"]
    assert len({one["id"] for one in readings}) == 10


def test_connections_of_a_closed_loop_have_sessions_of_their_own() -> None:
    load = Load(8000, IDS, seconds=1, batch=5, connections=4, readings=60)
    by_connection: dict[int | None, set[str]] = {}
    for request in made(load):
        sent = {one["session_id"] for one in body_of(request)["readings"]}
        by_connection.setdefault(request.connection, set()).update(sent)
    sets = list(by_connection.values())
    assert len(sets) == 4
    assert sum(map(len, sets)) == len(set().union(*sets)) == len(IDS)


def test_one_session_in_ten_swings_beyond_its_line() -> None:
    beyond = [n for n in range(20) if values(n, SWING)["sbp"] >= 180]
    assert beyond == [0, SWINGING]
    assert all(values(n, number)["sbp"] < 145 for n in range(1, 10) for number in range(900))


def answered(due: float, at: float | None, status: int | None) -> Request:
    body = b'{"session_id":"s","seq":3}' if status == 201 else b""
    stored = 1 if status == 201 else 0
    return Request(b"", 1, None, ("id",), due, due, at or 0.0, status, stored, body)


def test_latency_counts_from_the_intended_moment_and_only_in_the_measured_time() -> None:
    load = Load(8000, IDS, seconds=2, warm_s=1, rate=1)
    requests = [
        answered(100.5, 100.6, 201),  # warming up
        answered(101.0, 101.25, 201),
        answered(101.5, 101.6, 503),
        answered(102.5, None, None),  # never answered
    ]
    result = told(load, requests, 100.0, 0.5, 2.0)
    assert result.latencies_ms == [pytest.approx(250)]
    assert result.statuses == {201: 1, 503: 1}
    assert (result.sent, result.readings) == (3, 1)
    assert result.delivered == pytest.approx(1 / 3)
    assert result.acknowledged == ["id", "id"]
    assert result.seen_as == [("s", 3, 101.0)]


def test_of_a_list_only_what_was_stored_counts_as_acknowledged() -> None:
    items = [{"status": 201, "reading": {"id": "a"}}, {"status": 422, "problem": {}}]
    partly = Request(b"", 1, ids=("a", "b"), stored=1, body=orjson.dumps({"items": items}))
    assert acknowledged(partly) == ["a"]
    assert acknowledged(Request(b"", 1, ids=("a", "b"), stored=2)) == ["a", "b"]
    assert acknowledged(answered(1.0, 1.1, 201)) == ["id"]
    assert acknowledged(Request(b"", 1, stored=1, body=b"{}")) == []


def test_acknowledged_readings_must_be_there_once(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "infusion.db")) as db, db:
        db.execute("CREATE TABLE reading (id TEXT)")
        db.executemany("INSERT INTO reading VALUES (?)", [("a",), ("b",), ("b",), ("c",)])
    assert astray(tmp_path / "infusion.db", ["a", "c"]) == 0
    assert astray(tmp_path / "infusion.db", ["a", "gone"]) == 1
    assert astray(tmp_path / "infusion.db", ["a", "b", "gone"]) == 2


def test_what_is_not_delivered_is_not_sustained_however_quick_the_rest_is() -> None:
    load = Load(8000, IDS, seconds=2, warm_s=0, rate=1)
    good = [answered(100.0 + n / 100, 100.001 + n / 100, 201) for n in range(96)]
    late = [answered(101.5, None, None) for _ in range(4)]
    assert Outcome(told(load, good, 100.0, 0, 2), 0.1, 2.0).sustained
    assert not Outcome(told(load, good + late, 100.0, 0, 2), 0.1, 2.0).sustained
    assert math.isnan(Outcome(told(load, [], 100.0, 0, 2), 0.1, 2.0).cpu_us)


def test_a_reading_has_arrived_with_its_seq_or_a_later_one() -> None:
    sent = [("a", 3, 10.0), ("a", 4, 10.1), ("b", 7, 10.0)]
    prompt = [(10.01, "a", 3), (10.12, "a", 4), (10.03, "b", 7)]
    joined = [(10.2, "a", 5), (10.3, "b", 6), (10.4, "a", 4)]
    took, missing = deliveries(sent, [prompt, joined])
    assert took == [pytest.approx(ms) for ms in (10, 20, 30, 200, 100)]
    assert missing == 1  # b's 7 never came to the second


def test_what_frames_tell() -> None:
    assert seen({"kind": "board_delta", "sessions": [{"id": "a", "seq": 4}]}) == (("a", 4),)
    assert seen({"kind": "events", "session": "a", "events": [{"seq": 1}, {"seq": 2}]}) == (
        ("a", 2),
    )
    assert seen({"kind": "snapshot", "session": "a", "seq": 9, "state": {}}) == (("a", 9),)
    assert seen({"kind": "heartbeat"}) == ()
    assert seen({"session_id": "a", "seq": 5, "values": {}}) == (("a", 5),)


def test_the_same_frame_is_decoded_once() -> None:
    meaning, payload = Meaning(), b'{"session_id":"a","seq":5}'
    assert meaning.of(payload) is meaning.of(bytes(bytearray(payload)))


def test_dashboards_looked_at_are_spread_and_the_last_is_among_them() -> None:
    wanted = Dashboards(8000, "/api/live", 50, reading=10)
    looked = [number for number in range(50) if looked_at(wanted, number)]
    assert len(looked) == 10
    assert looked[0] == 4
    assert looked[-1] == 49
