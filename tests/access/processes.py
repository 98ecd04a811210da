"""Two server processes on one database, as far as access goes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.access.access import Access, Given
from app.access.log import AccessLog
from app.access.proofs import Client
from app.access.sign_ins import Begun, Login
from app.access.signing import Signing, signing
from app.errors import StorageUnavailable
from app.models.store import Store
from tests.support.people import ANYWHERE, provision

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from app.access.caller import Caller
    from tests.models.databases import Database, OpenStore

HERE = Client("10.0.0.1", "a test")
NURSE = ANYWHERE.user_id("nurse")
PIN = ANYWHERE.pin("nurse")


def shown(
    secret: str, method: str = "GET", path: str = "/api/board", grant: str | None = None
) -> Given:
    return Given(None, secret, grant, method, path)


def by_token(role: str) -> Given:
    return Given(ANYWHERE.token(role), None, None, "POST", "/api/readings")


@dataclass
class Process:
    """What one server process knows."""

    store: Store
    access: Access
    signing: Signing
    log: AccessLog

    async def login(self, name: str = "nurse", **fields: Any) -> Begun:
        login = Login(name, ANYWHERE.password(name), **fields)
        return await self.signing.sign_ins.login(login, HERE, None)

    async def caller(self, begun: Begun, **more: Any) -> Caller:
        return await self.access.caller(shown(begun.secret, **more))

    async def look(self) -> None:
        """It has heard what others changed, and written who was there."""
        await self.access.look_once()
        await self.access.write_once()

    async def unlock(self, begun: Begun, pin: str = PIN) -> Caller:
        caller = await self.caller(begun)
        return await self.signing.screens.unlock(caller, HERE, pin=pin, password=None)

    async def grant(
        self, begun: Begun, user_id: str, *, pin: str | None = None, password: str | None = None
    ) -> str:
        made = await self.signing.screens.grant(
            await self.caller(begun), HERE, user_id=user_id, method="POST", path="/api/patients",
            pin=pin, password=password,
        )  # fmt: skip
        return str(made["grant"])


class Gone:
    """The reader and the scribe of a database that does not answer."""

    async def read(self, _: Any) -> Any:
        raise StorageUnavailable("The database does not answer.")

    async def submit(self, _: Any, **__: Any) -> Any:
        raise StorageUnavailable("The database does not answer.")


@pytest.fixture
async def processes(database: Database, open_store: OpenStore) -> AsyncIterator[list[Process]]:
    """Two that serve one database."""
    if database.is_sqlite:
        database.file.unlink(missing_ok=True)
    provision(database.url, database.data_dir)
    both = []
    for _ in range(2):
        store = open_store(database)
        access, log = Access(store), AccessLog(store)
        both.append(Process(store, access, signing(store, access, log), log))
    yield both
    for process in both:
        process.signing.stop()


async def heard(process: Process, what: Callable[[], Awaitable[bool]]) -> None:
    """Returns when it is so, by the process's own watch."""
    watch = asyncio.create_task(process.access.watch_forever())
    try:
        async with asyncio.timeout(60):  # a second or two, but on a busy machine
            while not await what():  # noqa: ASYNC110  # it is asked of the process
                await asyncio.sleep(0.02)
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
