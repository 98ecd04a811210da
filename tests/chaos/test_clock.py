"""The machine's clock is set an hour ahead and back while patients are watched, and the server is
started again meanwhile: sessions are told, what comes is judged, and it is said.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.services.ids import new_id
from tests.chaos import checks
from tests.chaos.hardship import Size, ward
from tests.chaos.places import TRAINING, seed
from tests.models.databases import Database
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.chaos.hardship import Ward

HOUR_S = 3_600
SEEN_S = 60  # the sweep commits every 5 s; the machine may be busy
TRUE_ONCE = ("planned_end_passed", "device_clock")  # an infusion of 40 min, a device an hour behind
SMALL = Size(rooms=1, dashboards=3, driven=20, simulator=False)

Log = list[dict[str, Any]]


class WrongClock:
    """A server on a machine whose wall clock a test sets."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "wrong-by"
        self._file.write_text("0")
        command = (sys.executable, "-m", "tests.support.stepped", str(self._file), "serve")
        self.server = Server(folder / "data", command=command, env=TRAINING)

    def set(self, seconds: float) -> None:
        self._file.write_text(str(seconds))
        os.kill(self.server.pid, signal.SIGUSR1)


@pytest.fixture
def wrong_clock(tmp_path: Path) -> Iterator[WrongClock]:
    made = WrongClock(tmp_path)
    made.server.start()
    yield made
    made.server.clean_up()


async def after_more(run: Ward) -> Log:
    """The log after some more readings, some of them from a device that tells its own time."""
    device = {"device": "mon-clock", "interval_s": 1, "values": {"rr": 14}}
    for _ in range(3):
        sent_at = datetime.now(UTC).isoformat()  # the device's clock is right all the time
        await run.sender.send(run.rooms[0], {"id": new_id(), "sent_at": sent_at, **device})
    await run.unless_found(run.ledger.more(30))
    return await checks.log_of(run.sender, run.rooms[0])


def kinds(log: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(event["kind"] for event in log)


def judged(log: Log, since: int) -> None:
    """All that came since is live, in order of time, and raised no alarm that is not true."""
    recorded = [e for e in log[since:] if e["kind"] == "reading.recorded"]
    assert recorded
    for event in recorded:
        assert (event["data"]["late"], event["data"]["superseded"]) == ([], []), event
    times = [event["recorded_at"] for event in log]
    assert times == sorted(times)
    raised = Counter(a["condition"] for a in checks.alarms_in(log[since:], "alarm.raised"))
    assert set(raised) <= {"limit", *TRUE_ONCE}, raised
    assert all(raised[condition] <= 1 for condition in TRUE_ONCE)


async def readiness(run: Ward) -> tuple[bool, list[str]]:
    said = await run.sender.get("/readyz")
    return said["ready"], [warning["reason"] for warning in said["warnings"]]


async def test_a_clock_that_is_set(wrong_clock: WrongClock) -> None:
    server = wrong_clock.server
    database = Database(f"sqlite:///{server.data_dir / 'infusion.db'}", server.data_dir)
    async with ward([server], database, seed(), SMALL) as run:
        run.crowd.calm.set()
        log = await after_more(run)
        start = len(log)
        judged(log, 0)

        wrong_clock.set(HOUR_S)
        (gap,) = await run.until_told(1)
        assert HOUR_S - 1 < gap["gap_s"] < HOUR_S + 15
        judged(await after_more(run), start)
        assert await readiness(run) == (True, [])

        wrong_clock.set(0)
        judged(await after_more(run), start)
        assert await readiness(run) == (True, ["clock_set_back"])

        await run.unless_found(run.places.all[0].strike())  # it starts with the clock behind
        await run.until_told(2)
        log = await after_more(run)
        judged(log, start)
        assert kinds(log)["watch.resumed"] == 2
        assert await readiness(run) == (True, ["clock_set_back"])
        await run.unless_found(asyncio.wait_for(run.crowd.hears(commit_ok=True), SEEN_S))
        await run.compare()
