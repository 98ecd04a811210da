"""PostgreSQL stopped and crashed, one of two servers killed, dashboards dropped at random."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.chaos.hardship import Size, ward
from tests.chaos.places import seed, served_together
from tests.models.databases import Database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.support.postgres import Cluster

DROPS = 300
SERVERS = 2


@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_doubled(
    start_server: StartServer, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    servers = served_together(start_server, postgres_cluster.url, tmp_path, SERVERS)
    database = Database(postgres_cluster.url, tmp_path / "data0")
    size = Size(rooms=2, dashboards=12, driven=150)
    async with ward(servers, database, seed(), size) as run:

        async def dropped(share: float) -> None:
            await run.unless_found(run.crowd.until_dropped(round(share * DROPS)))

        await dropped(0.2)
        await asyncio.to_thread(postgres_cluster.stop)
        refusal = run.ledger.refusal("storage_unavailable", "Nothing was stored")
        await run.unless_found(refusal)
        await asyncio.to_thread(postgres_cluster.start)
        await run.unless_found(run.ledger.more(20))

        await dropped(0.5)
        await run.places.all[0].kill()
        await run.unless_found(run.ledger.more(100))  # the other goes on
        await run.places.all[0].start()

        await dropped(0.8)
        await asyncio.to_thread(postgres_cluster.crash)
        await asyncio.to_thread(postgres_cluster.start)
        await run.unless_found(run.ledger.more(20))
        await run.unless_found(run.places.all[-1].strike())

        await dropped(1)
        await run.compare()
        assert run.ledger.many > DROPS
        assert all(watcher.snapshots == len(watcher.sessions) for watcher in run.crowd.watchers)
