"""Twenty minutes of every fault in turn, at random, on both databases (`make test-long`)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.clock import monotonic_s
from tests.chaos.faults import Faults
from tests.chaos.hardship import Size, Ward, ward
from tests.chaos.places import SEED_SETTING, TRAINING, seed, served_together
from tests.models.databases import Database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StartServer
    from tests.support.postgres import Cluster

LONG_S = 6 * 60  # each: time for some forty faults
LARGE = Size(rooms=8, dashboards=40, pace_s=0.25, driven=1_500, load=20)

pytestmark = [pytest.mark.long, pytest.mark.timeout(3 * LONG_S)]


async def hardship(run: Ward, faults: Faults) -> None:
    """Fault after fault; between them there is time to come back, often not to the end."""
    kinds = faults.kinds()
    until, happened = monotonic_s() + LONG_S, 0
    while monotonic_s() < until:
        for fault in run.rng.sample(kinds, len(kinds)):
            await run.unless_found(fault())
            await run.unless_found(run.ledger.more(run.rng.randint(1, 400)))
            happened += 1
    await run.compare()
    assert happened >= len(kinds)
    assert run.crowd.drops.total() > happened


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> int:
    """Another seed each time, unless one is to be repeated; a failure says it."""
    monkeypatch.setenv(SEED_SETTING, str(seed(random.SystemRandom().randint(1, 10**9))))
    return seed()


async def test_sqlite(start_server: StartServer, drawn: int) -> None:
    server = start_server(env=TRAINING)
    database = Database(f"sqlite:///{server.data_dir / 'infusion.db'}", server.data_dir)
    async with ward([server], database, drawn, LARGE) as run:
        await hardship(run, Faults(run))


@pytest.mark.parametrize("many", [1, 2])
async def test_postgresql(
    start_server: StartServer, postgres_cluster: Cluster, tmp_path: Path, drawn: int, many: int
) -> None:
    servers = served_together(start_server, postgres_cluster.url, tmp_path, many)
    database = Database(postgres_cluster.url, tmp_path / "data0")
    async with ward(servers, database, drawn, LARGE) as run:
        await hardship(run, Faults(run, postgres_cluster))
