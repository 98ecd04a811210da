"""Two that sweep one database: what is due is said once, and the second look writes nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.models.notify import plain
from app.models.store import Store
from app.services import sweep
from app.services.watch import mark_alive
from tests.models.ward import infusing, log_of, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.models.committed import CommittedBatch
    from tests.models.clock import Clock

ROOMS = 10
STEPS_MS = (8_000, 6_000, 6_000)  # longer ones without a mark would be a gap


class Process:
    def __init__(self, url: str, data_dir: Path) -> None:
        self.commits: list[CommittedBatch] = []
        self.store = Store.open(
            url, data_dir=data_dir, on_commit=self.commits.append, together=True
        )
        self.store.start()


@pytest.fixture
def processes(
    clinic_database: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Process]]:
    monkeypatch.setattr("app.models.store.now_ms", lambda: clock.now)
    processes = [Process(clinic_database, tmp_path) for _ in range(2)]
    yield processes
    for process in processes:
        process.store.stop()


async def test_a_tick_that_another_was_first_to_do_writes_nothing(
    processes: list[Process], clinic_database: str, clock: Clock
) -> None:
    one = processes[0]
    rooms = [await infusing(one.store) for _ in range(ROOMS)]
    for n, id in enumerate(rooms):
        await record(processes[n % 2].store, id, hr=38)
    for step_ms in STEPS_MS:
        clock.now += step_ms
        await asyncio.gather(*(mark_alive(p.store) for p in processes))
        await asyncio.gather(*(sweep.sweep(p.store) for p in processes))
    before = _rows(clinic_database)
    told = sum(len(p.commits) for p in processes)
    for process in processes:
        await sweep._tick_all(process.store, rooms)
    assert _rows(clinic_database) == before
    assert sum(len(p.commits) for p in processes) == told
    for id in rooms:
        log = await log_of(one.store, id)
        assert [e["seq"] for e in log] == list(range(1, len(log) + 1))
        kinds = [e["kind"] for e in log]
        assert kinds.count("alarm.raised") >= 1
        raised = [e["data"]["alarm"]["group"] for e in log if e["kind"] == "alarm.raised"]
        assert len(set(raised)) == len(raised)
        assert "watch.resumed" not in kinds


def _rows(database: str) -> list[tuple[object, ...]]:
    """With the transaction that wrote each."""
    with psycopg.connect(plain(database)) as db:
        return db.execute(
            "SELECT s.id, s.xmin::text, k.xmin::text, s.seq FROM infusion_session s"
            " JOIN session_state k ON k.session_key = s.key ORDER BY s.id"
        ).fetchall()
