"""What is wrong is counted in every process and after a restart; on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.access.access import Access
from app.access.log import AccessLog
from app.access.sign_ins import Login
from app.access.signing import signing
from app.errors import Busy, StorageUnavailable, TooManyAttempts, WrongCredentials
from tests.access.browsers import shift
from tests.access.processes import HERE, NURSE, PIN, Gone, Process, processes
from tests.models.databases import database, open_store, postgres, sqlite
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from tests.models.databases import Database, OpenStore

__all__ = ["database", "open_store", "postgres", "processes", "sqlite"]


async def test_wrong_passwords_count_over_processes_and_a_restart(
    processes: list[Process], database: Database, open_store: OpenStore
) -> None:
    one, other = processes
    wrong = Login("nurse", "a wrong password")
    for process in (one, other, one, other, one):
        with pytest.raises(WrongCredentials):
            await process.signing.sign_ins.login(wrong, HERE, None)
    with pytest.raises(TooManyAttempts):
        await other.login()
    store = open_store(database)
    access, log = Access(store), AccessLog(store)
    again = Process(store, access, signing(store, access, log), log)
    with pytest.raises(TooManyAttempts):
        await again.login()
    shift(database.url, 30_000)
    assert (await again.login()).secret
    again.signing.stop()


async def test_wrong_pins_count_over_processes_until_the_password_is_used(
    processes: list[Process],
) -> None:
    one, other = processes
    begun = await one.login()
    await one.signing.screens.lock(await one.caller(begun))
    for process in (one, other, one):
        await other.access.changed()
        await one.access.changed()
        with pytest.raises(WrongCredentials):
            await process.unlock(begun, pin="9182")
    await other.access.changed()
    with pytest.raises(WrongCredentials, match="use the password"):
        await other.unlock(begun)
    caller = await other.caller(begun)
    password = ANYWHERE.password("nurse")
    await other.signing.screens.unlock(caller, HERE, pin=None, password=password)
    await one.access.changed()
    await one.signing.screens.lock(await one.caller(begun))
    assert (await one.unlock(begun)).locked is None


async def test_wrong_pins_on_a_shared_screen_count_over_processes_and_a_restart(
    processes: list[Process], database: Database, open_store: OpenStore
) -> None:
    one, other = processes
    begun = await one.login(shared=True, station="Room 1")
    whose, right = ANYWHERE.user_id("clinician"), ANYWHERE.pin("clinician")
    for process in (one, other, one):
        await one.look()
        await other.look()
        with pytest.raises(WrongCredentials):
            await process.grant(begun, whose, pin="9182")
    store = open_store(database)
    access, log = Access(store), AccessLog(store)
    again = Process(store, access, signing(store, access, log), log)
    await other.look()
    for process in (other, again):
        with pytest.raises(WrongCredentials, match="use the password"):
            await process.grant(begun, whose, pin=right)
    assert await again.grant(begun, NURSE, pin=PIN)
    assert await again.grant(begun, whose, password=ANYWHERE.password("clinician"))
    for process in processes:
        await process.look()
    assert await one.grant(begun, whose, pin=right)
    again.signing.stop()


async def test_a_password_that_could_not_be_tried_does_not_count(
    processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = processes[0]
    gone = Gone()
    for _ in range(6):
        with monkeypatch.context() as crowd:
            crowd.setattr("app.access.passwords.WAITING", 0)
            with pytest.raises(Busy):
                await one.login()
        with monkeypatch.context() as outage:
            outage.setattr(one.store, "reader", gone)
            with pytest.raises(StorageUnavailable):
                await one.login()
    assert (await one.login()).secret
    assert one.signing.hashing._passwords._waiting == 0
