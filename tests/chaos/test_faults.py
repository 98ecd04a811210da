"""A database that is locked, gone or stands still: it is said what happened and what to do, the
rest goes on, and all recovers by itself with nothing acknowledged lost.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.chaos.hardship import Size, ward
from tests.chaos.places import TRAINING, seed, served_together
from tests.models.databases import Database
from tests.support.as_clinic import AsClinic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.chaos.hardship import Ward
    from tests.conftest import StartServer
    from tests.support.postgres import Cluster

SMALL = Size(rooms=1, dashboards=3, driven=20, simulator=False)
SAID_S = 60  # to find out and until the next heartbeat it takes 15 s at most


async def readiness(run: Ward) -> httpx2.Response:
    """What /readyz says; it never waits for the database."""
    url = f"{run.places.all[0].server.url}/readyz"
    async with httpx2.AsyncClient(auth=AsClinic(), timeout=SAID_S) as http:
        return await http.get(url)


async def until(run: Ward, *reasons: str) -> dict[str, Any]:
    """What /readyz says once it gives all these reasons, or without any is ready again: asked, for
    nobody tells.
    """

    async def asking() -> dict[str, Any]:
        while True:
            answer = await readiness(run)
            said: dict[str, Any] = answer.json()
            assert answer.status_code == (200 if said["ready"] else 503)
            if said["ready"] if not reasons else {*reasons} <= {*said["reasons"]}:
                return said
            await asyncio.sleep(0.1)

    found: dict[str, Any] = await run.unless_found(asyncio.wait_for(asking(), SAID_S))
    return found


async def begun(run: Ward) -> None:
    """All is under way, and the dashboards stay to see what comes."""
    run.crowd.calm.set()
    await run.unless_found(run.ledger.more(20))


@asynccontextmanager
async def on_sqlite(start_server: StartServer) -> AsyncIterator[Ward]:
    server = start_server(env=TRAINING)
    database = Database(f"sqlite:///{server.data_dir / 'infusion.db'}", server.data_dir)
    async with ward([server], database, seed(), SMALL) as run:
        await begun(run)
        yield run


@asynccontextmanager
async def on_postgresql(
    start_server: StartServer, cluster: Cluster, folder: Path
) -> AsyncIterator[Ward]:
    servers = served_together(start_server, cluster.url, folder, 1)
    async with ward(servers, Database(cluster.url, folder / "data0"), seed(), SMALL) as run:
        await begun(run)
        yield run


async def recovers(run: Ward) -> None:
    """By itself; and all that was acknowledged is there."""
    assert (await until(run))["reasons"] == []
    await run.unless_found(asyncio.wait_for(run.crowd.hears(commit_ok=True), SAID_S))
    await run.unless_found(run.ledger.more(20))
    await run.compare()


async def refused_because(run: Ward, happened: str) -> None:
    """Senders are told what happened, that nothing was stored, and to send again."""
    problem = await run.unless_found(run.ledger.refusal("storage_unavailable", happened))
    assert problem["detail"] == (
        f"Nothing was stored: {happened}. What was acknowledged before is safe."
        " Send the same again in a moment, under the same ids."
    )


async def holds_a_lock(run: Ward, *statements: str) -> None:
    """Another program keeps what the server needs for longer than it waits."""
    other = run.database.second_hand()
    try:
        for statement in statements:
            other.execute(statement)
        assert (await readiness(run)).status_code in (200, 503)  # known or not, it is told
        await refused_because(run, "another program keeps the database locked")
        said = await until(run, "database_locked")
        assert "End the program that holds it" in said["detail"]
        await run.unless_found(asyncio.wait_for(run.crowd.hears(commit_ok=False), SAID_S))
        state = await run.sender.get(f"/api/sessions/{run.rooms[0]}")  # reading goes on
        assert state["phase"] == "infusing"
        other.execute("ROLLBACK")
    finally:
        other.close()
    await recovers(run)


async def test_sqlite_locked_by_another_program(start_server: StartServer) -> None:
    async with on_sqlite(start_server) as run:
        await holds_a_lock(run, "BEGIN IMMEDIATE")


@pytest.mark.long
async def test_postgresql_locked_by_another_program(
    start_server: StartServer, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    async with on_postgresql(start_server, postgres_cluster, tmp_path) as run:
        await holds_a_lock(run, "BEGIN", "LOCK TABLE meta, event IN EXCLUSIVE MODE")


@pytest.mark.parametrize("how", ["stop", pytest.param("crash", marks=pytest.mark.long)])
async def test_postgresql_gone(
    start_server: StartServer, postgres_cluster: Cluster, tmp_path: Path, how: str
) -> None:
    async with on_postgresql(start_server, postgres_cluster, tmp_path) as run:
        await asyncio.to_thread(getattr(postgres_cluster, how))
        await refused_because(run, "the database does not answer")
        said = await until(run, "database_gone")
        assert "Look whether the database runs and can be reached." in said["detail"]
        await run.unless_found(asyncio.wait_for(run.crowd.hears(commit_ok=False), SAID_S))
        await asyncio.to_thread(postgres_cluster.start)
        await recovers(run)


async def test_postgresql_that_stands_still(
    start_server: StartServer, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    """Nothing is answered, so nothing is refused either; /readyz does not hang with it."""
    async with on_postgresql(start_server, postgres_cluster, tmp_path) as run:
        with postgres_cluster.stalled():
            await until(run, "sweep_late", "database_gone")  # whichever was last done is told last
        await recovers(run)
