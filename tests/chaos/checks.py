"""What must be true after everything that was done to it, asked of the API and of the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson

from app.monitoring.fold import fold
from app.monitoring.rebuild import Replay
from app.monitoring.times import parse_iso
from tests.models.ward import broken_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.load import Ledger, Sender
    from tests.chaos.watchers import Crowd, Watcher
    from tests.models.databases import Database

Json = dict[str, Any]

SEEN_S = 60  # for the last dashboard to come back and catch up, on a machine that is busy
STANDING = ("active", "acknowledged")
NOT_ON_THE_BOARD = {"baseline", "limits", "limits_to_review", "phases", "devices", "starts_at"}


async def log_of(sender: Sender, session_id: str) -> list[Json]:
    log: list[Json] = []
    while True:
        path = f"/api/sessions/{session_id}/events"
        page = (await sender.get(path, after=len(log), limit=1_000))["items"]
        log += page
        if len(page) < 1_000:
            return log


async def check_all(
    sender: Sender, crowd: Crowd, ledger: Ledger, database: Database, sessions: Sequence[str]
) -> dict[str, list[Json]]:
    """Every truth about every session; answers their logs."""
    assert set(crowd.steps) <= {1}, "a gap or a double was sent to a dashboard"
    return {id: await check_session(sender, crowd, ledger, database, id) for id in sessions}


async def check_session(
    sender: Sender, crowd: Crowd, ledger: Ledger, database: Database, session_id: str
) -> list[Json]:
    seq = (await sender.get(f"/api/sessions/{session_id}"))["seq"]
    try:
        await asyncio.wait_for(crowd.until_all_have(session_id, seq), SEEN_S)
    except TimeoutError:
        late = crowd.missing(session_id, seq)
        raise AssertionError(f"dashboards {late} did not come to {session_id} {seq}") from None
    state, standing, log = await at_rest(sender, session_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert broken_at(database, session_id) is None
    folded = list(folds(log))
    assert folded[-1] == state
    assert {alarm["id"]: alarm for alarm in standing} == state["alarms"]
    check_readings(ledger, database, session_id, log)
    check_alarms(database, session_id, log, folded)
    seen_by = {acknowledged["id"] for acknowledged in alarms_in(log, "alarm.acknowledged")}
    assert {alarm for id, alarm in ledger.seen if id == session_id} <= seen_by
    for watcher in crowd.watchers:
        check_watcher(watcher, session_id, log, folded)
    return log


async def at_rest(sender: Sender, session_id: str) -> tuple[Json, list[Json], list[Json]]:
    """State, standing alarms and log of one moment: time itself goes on raising alarms."""
    path = f"/api/sessions/{session_id}"
    while True:
        state = await sender.get(path)
        log = await log_of(sender, session_id)
        standing = await sender.get(f"{path}/alarms", standing="true", limit=200)
        if (await sender.get(path))["seq"] == state["seq"]:
            return state, standing["items"], log


def folds(log: Sequence[Json]) -> Iterator[Json]:
    """The state after each event."""
    state: Json | None = None
    for event in log:
        state = fold(state, event)
        yield state


def alarms_in(log: Sequence[Json], *kinds: str) -> list[Json]:
    return [event["data"]["alarm"] for event in log if event["kind"] in kinds]


def check_readings(
    ledger: Ledger, database: Database, session_id: str, log: Sequence[Json]
) -> None:
    """Each acknowledged reading is in log and table, once, as it was sent and answered."""
    recorded = [event for event in log if event["kind"] == "reading.recorded"]
    by_id = {event["data"]["id"]: event for event in recorded}
    assert len(by_id) == len(recorded), "stored twice"
    rows = database.ask(
        'SELECT r.id, r.seq, r."values" FROM reading r JOIN infusion_session s'
        " ON s.key = r.session_key WHERE s.id = ?",
        (session_id,),
    )
    stored = {id: (seq, v if isinstance(v, dict) else orjson.loads(v)) for id, seq, v in rows}
    assert len(stored) == len(rows)
    said = {id: (event["seq"], event["data"]["values"]) for id, event in by_id.items()}
    assert {id: row for id, row in stored.items() if id in by_id} == said
    promised = ledger.promised.get(session_id, {})
    assert promised.keys() <= by_id.keys(), "acknowledged and lost"
    for id, answer in promised.items():
        values = by_id[id]["data"]["values"]
        assert values.items() >= ledger.sent[session_id][id]["values"].items()
        if answer is not None:
            assert (answer["seq"], answer["values"]) == (by_id[id]["seq"], values)


def check_alarms(
    database: Database, session_id: str, log: Sequence[Json], folded: Sequence[Json]
) -> None:
    """None missed, none doubled: the same engine says the same of the same log, the table holds
    what the log said last, a condition stands once, and a pressure typed beyond a limit has its
    alarm.
    """
    replay = Replay()
    again = [event for logged in log for event in replay.feed(logged)] + list(replay.finish())
    said = [e for e in log if e["kind"].startswith("alarm.")]
    assert [told(e.seq, e.kind, e.at, e.data) for e in again if e.kind.startswith("alarm.")] == [
        told(e["seq"], e["kind"], parse_iso(e["at"]), e["data"]) for e in said
    ]
    raised = [alarm["id"] for alarm in alarms_in(log, "alarm.raised")]
    assert len(raised) == len(set(raised)), "raised twice"
    last = {a["id"]: a for a in (e["data"]["alarm"] for e in log if "alarm" in e["data"])}
    rows = database.ask(
        "SELECT a.id, a.data, a.seq FROM alarm a JOIN infusion_session s ON s.key = a.session_key"
        " WHERE s.id = ?",
        (session_id,),
    )
    # Time goes on changing alarms after the log was read: of those it told an earlier state.
    since = {id for id, _, seq in rows if seq > len(log)}
    table = {id: d if isinstance(d, dict) else orjson.loads(d) for id, d, _ in rows}
    assert {id: alarm for id, alarm in table.items() if id not in since} == {
        id: alarm for id, alarm in last.items() if id not in since
    }
    for state, event in zip(folded, log, strict=True):
        kinds = [condition(a) for a in state["alarms"].values() if a["state"] in STANDING]
        assert len(kinds) == len(set(kinds)), f"one condition stands twice at {event['seq']}"
    for number, event in enumerate(log):
        if event["kind"] == "reading.recorded" and critical(event):
            judged = after_reading(log, number)
            stands = [a for a in folded[judged]["alarms"].values() if a["state"] in STANDING]
            assert any(a["group"] == "bp" for a in stands), f"no alarm for {event['seq']}"


def critical(recorded: Json) -> bool:
    return bool(recorded["data"]["flags"].get("sbp") == "high_critical")


def after_reading(log: Sequence[Json], number: int) -> int:
    """Where the alarms that came with a reading end: they follow it in the log."""
    while number + 1 < len(log) and log[number + 1]["kind"].startswith("alarm."):
        number += 1
    return number


def condition(alarm: Json) -> tuple[Any, ...]:
    return tuple(alarm[field] for field in ("condition", "group", "vital", "side"))


def told(seq: int, kind: str, at: int, data: Any) -> tuple[Any, ...]:
    alarm = data["alarm"]
    return seq, kind, at, alarm["id"], alarm["rev"], alarm["state"], alarm["priority"]


def check_watcher(
    watcher: Watcher, session_id: str, log: Sequence[Json], folded: Sequence[Json]
) -> None:
    """`fold(snapshot, events)` is the server's state, and no alarm was missed on the way."""
    if session_id in watcher.sessions:
        state = watcher.states[session_id]
        if state["seq"] <= len(log):
            assert state == folded[state["seq"] - 1]
        begun, end = watcher.begun[session_id], len(log)
        heard = [told for told in watcher.alarms[session_id] if told[0] <= end]
        said = [
            (e["seq"], e["kind"], e["data"]["alarm"]["id"], e["data"]["alarm"]["rev"])
            for e in log
            if e["kind"].startswith("alarm.") and begun < e["seq"] <= state["seq"]
        ]
        assert heard == said
    if watcher.board:
        row = watcher.rows[session_id]
        if row["seq"] <= len(log):
            state = folded[row["seq"] - 1]
            kept = {name: value for name, value in state.items() if name not in NOT_ON_THE_BOARD}
            assert {name: value for name, value in row.items() if name != "lines"} == kept


def story(log: Sequence[Json]) -> list[tuple[Any, ...]]:
    """What the alarms of a session were, and when, in the session's own time."""
    alarms = [e for e in log if e["kind"].startswith("alarm.")]
    fields = ("condition", "group", "vital", "side", "priority", "state", "rev", "value", "worst")
    return [(e["kind"], e["at"], *(e["data"]["alarm"][field] for field in fields)) for e in alarms]
