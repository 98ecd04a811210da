"""A real server, and the scripts' client of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from app.simulator.client import Api, Retry
from tests.conftest import RUNNING
from tests.support.people import ANYWHERE
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

QUICK = Retry(first_s=0.02, most_s=0.2, patience_s=30.0)


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """One for all tests of a file: each leaves its sessions behind, as runs do."""
    server = Server(tmp_path_factory.mktemp("server") / "data", forked=True)
    running = request.config.stash[RUNNING]
    running.append(server)
    server.start()
    yield server
    running.remove(server)
    server.clean_up()


@pytest_asyncio.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    """As a simulator."""
    async with Api(server.url, token=ANYWHERE.token("simulator"), retry=QUICK) as api:
        yield api
