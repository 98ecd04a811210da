"""Dashboards dropped a thousand times and the server killed ten times, on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.models.watch import GAP_MS
from tests.chaos.hardship import Size, ward
from tests.chaos.places import TRAINING, seed
from tests.chaos.seen import check_as_seen, check_not_live
from tests.models.databases import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import StartServer

DROPS, KILLS = 1_000, 10
GAP_S = GAP_MS / 1_000


@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_doubled(start_server: StartServer) -> None:
    server = start_server(env=TRAINING)
    database = Database(f"sqlite:///{server.data_dir / 'infusion.db'}", server.data_dir)
    async with ward([server], database, seed(), Size()) as run:
        (place,) = run.places.all
        for kill in range(1, KILLS + 1):
            await run.unless_found(run.crowd.until_dropped(kill * DROPS // (KILLS + 1)))
            await run.unless_found(run.ledger.more(run.rng.randint(1, 40)))
            told = len(await run.gaps())
            await run.unless_found(place.strike())
            await run.until_told(told + 1)
        await run.unless_found(run.crowd.until_dropped(DROPS))
        logs = await run.compare()
        await check_as_seen(run.sender, run.crowd, run.rng)
        await check_not_live(run.sender, run.rooms[0], logs[run.rooms[0]])
        assert run.places.kills == KILLS
        assert run.ledger.many > DROPS
        assert all(watcher.snapshots == len(watcher.sessions) for watcher in run.crowd.watchers)
        check_gaps([e["data"] for e in logs[run.rooms[0]] if e["kind"] == "watch.resumed"])


def check_gaps(gaps: Sequence[dict[str, Any]]) -> None:
    """Each was told once. Beside those of the kills there is none but where this machine stood
    still for long.
    """
    assert len({gap["since"] for gap in gaps}) == len(gaps) >= KILLS
    assert sum(gap["gap_s"] <= GAP_S for gap in gaps) <= KILLS, gaps
