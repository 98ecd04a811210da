"""Credentials in several processes, over an outage, and at speed; on both databases."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.access import standing
from app.access.access import Access
from app.access.roles import AT_A_STATION
from app.clock import now_ms
from app.errors import NotSignedIn, StorageUnavailable, WrongCredentials
from app.models.credentials import SignInRecord, UserRecord, bump
from tests.access.browsers import HOUR_MS, MINUTE_MS, shift
from tests.access.processes import (
    HERE,
    NURSE,
    PIN,
    Gone,
    Process,
    by_token,
    heard,
    processes,
    shown,
)
from tests.models.databases import database, open_store, postgres, sqlite
from tests.support.people import ANYWHERE, COOKIES, provision

if TYPE_CHECKING:
    from app.models.item import Item
    from tests.models.databases import Database, OpenStore

NEW_PASSWORD = "seven lamps by the harbour"

__all__ = ["database", "open_store", "postgres", "processes", "sqlite"]


async def test_what_ends_in_one_process_ends_open_sockets_in_the_other(
    processes: list[Process],
) -> None:
    one, other = processes
    begun = await one.login()
    ended: list[int] = []
    caller = await other.caller(begun)
    with other.access.held(caller, ended.append):
        await other.look()
        assert ended == []
        await one.signing.sign_ins.logout(await one.caller(begun))
        with pytest.raises(NotSignedIn):
            await one.caller(begun)

        async def is_closed() -> bool:
            return bool(ended)

        await heard(other, is_closed)
        assert ended[0] == 4401
    with pytest.raises(NotSignedIn):
        await other.caller(begun)


async def test_a_sign_in_that_is_known_by_two_secrets_ends_as_one(
    processes: list[Process],
) -> None:
    """A process is shown the new cookie before it has heard of the change."""
    one, other = processes
    begun = await one.login()
    await other.caller(begun)
    old = ANYWHERE.password("nurse")
    own = one.signing.own_account
    renewed = await own.change_password(await one.caller(begun), HERE, old, NEW_PASSWORD)
    assert renewed is not None
    ended: list[int] = []
    caller = await other.caller(renewed)
    with other.access.held(caller, ended.append):
        await other.look()
        assert other.access.now(caller).kind == "person"
        await one.signing.sign_ins.logout(await one.caller(renewed))
        await other.look()
        assert set(ended) == {4401}
    for secret in (begun, renewed):
        with pytest.raises(NotSignedIn):
            await other.caller(secret)


@pytest.mark.parametrize("waits", ["reader", "scribe"])
async def test_what_has_expired_is_closed_while_the_database_lets_us_wait(
    processes: list[Process], monkeypatch: pytest.MonkeyPatch, waits: str
) -> None:
    one = processes[0]
    begun = await one.login()
    caller = await one.caller(begun)
    one.access.use(caller)
    known = one.access._book.by_name[caller.credential]
    hangs = Hangs()
    if waits == "reader":
        monkeypatch.setattr(one.store, "reader", hangs)
    else:
        monkeypatch.setattr(one.store.scribe, "submit", hangs.read)
    ended: list[int] = []
    with one.access.held(caller, ended.append):

        async def is_closed() -> bool:
            if hangs.asked and not ended:
                assert isinstance(known.record, SignInRecord)
                known.record = replace(known.record, expires_at=now_ms())
            return bool(ended)

        await heard(one, is_closed)
    assert hangs.asked == 1


async def test_locking_and_unlocking_are_heard_by_the_other_process(
    processes: list[Process],
) -> None:
    one, other = processes
    begun = await one.login()
    assert (await other.caller(begun)).locked is None
    await one.signing.screens.lock(await one.caller(begun))

    async def is_locked() -> bool:
        return (await other.caller(begun)).locked == "idle"

    await heard(other, is_locked)
    assert (await other.unlock(begun)).locked is None

    async def is_open() -> bool:
        return (await one.caller(begun)).locked is None

    await heard(one, is_open)


async def test_use_in_one_process_keeps_the_other_from_locking(
    processes: list[Process], database: Database
) -> None:
    one, other = processes
    begun = await one.login()
    await other.caller(begun)
    shift(database.url, 14 * MINUTE_MS)
    for process in processes:
        await process.look()
    one.access.use(await one.caller(begun))
    await one.look()  # written
    known = other.access._book.by_name[f"sign_in:{begun.id}"]
    assert isinstance(known.record, SignInRecord)
    long_ago = now_ms() - 20 * MINUTE_MS
    known.record = replace(known.record, active_at=long_ago)  # it has not heard of it
    known.judged(now_ms() - 10 * MINUTE_MS)
    known.until = 0
    assert (await other.caller(begun)).locked is None


async def test_the_lock_is_written_once_by_whichever_process_is_first(
    processes: list[Process], database: Database
) -> None:
    begun = await processes[0].login()
    for process in processes:
        await process.caller(begun)
    shift(database.url, 16 * MINUTE_MS)
    for _ in range(2):
        for process in processes:
            await process.look()
            assert (await process.caller(begun)).locked == "idle"
    ((count,),) = database.ask(
        "SELECT count(*) FROM access_log WHERE kind = 'locked' AND credential = ?",
        [f"sign_in:{begun.id}"],
    )
    assert count == 1


async def test_a_grant_of_one_process_is_taken_by_the_other(processes: list[Process]) -> None:
    one, other = processes
    begun = await one.login(shared=True, station="Room 1")
    made = await one.signing.screens.grant(
        await one.caller(begun), HERE, user_id=NURSE, method="POST", path="/api/patients",
        pin=PIN, password=None,
    )  # fmt: skip
    asked = {"method": "POST", "path": "/api/patients", "grant": made["grant"]}
    caller = await other.caller(begun, **asked)
    assert (caller.kind, caller.user_id) == ("person", NURSE)
    assert (await other.caller(begun, **asked | {"path": "/api/sessions"})).kind == "station"


async def test_a_grant_is_good_for_a_minute(
    processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = processes[0]
    begun = await one.login(shared=True, station="Room 1")
    before = now_ms()
    made = await one.signing.screens.grant(
        await one.caller(begun), HERE, user_id=NURSE, method="POST", path="/api/patients",
        pin=PIN, password=None,
    )  # fmt: skip
    asked = {"method": "POST", "path": "/api/patients", "grant": made["grant"]}
    for now, kind in ((before + 59_000, "person"), (now_ms() + 60_001, "station")):
        monkeypatch.setattr("app.access.access.now_ms", partial(int, now))
        assert (await one.caller(begun, **asked)).kind == kind


async def test_a_token_that_is_used_says_so(processes: list[Process], database: Database) -> None:
    one = processes[0]
    before = now_ms()
    for _ in range(100):
        await one.access.caller(by_token("device"))
    await one.look()
    ((used,),) = database.ask(
        "SELECT last_used_at FROM token WHERE id = ?", [ANYWHERE.token_id("device")]
    )
    assert before <= used <= now_ms()
    await one.access.caller(by_token("device"))
    assert not one.access.touches._tokens  # within the minute


def revoke(item: Item, *, id: str) -> None:
    text = "UPDATE token SET revoked_at = ? WHERE id = ?"
    item.cursor.execute(item.sql.text(text), (item.now, id))
    bump(item)


async def test_a_revoked_token_is_refused_within_seconds(processes: list[Process]) -> None:
    one, other = processes
    await other.access.caller(by_token("device"))
    await one.store.scribe.submit(partial(revoke, id=ANYWHERE.token_id("device")))

    async def is_refused() -> bool:
        try:
            await other.access.caller(by_token("device"))
        except NotSignedIn:
            return True
        return False

    await heard(other, is_refused)


async def test_a_credential_read_while_it_was_revoked_is_read_again(
    processes: list[Process],
) -> None:
    """A read that began before a revocation must not be kept after it was heard."""
    one = processes[0]
    await one.access.changed()
    asked = asyncio.create_task(one.access.caller(by_token("device")))
    await asyncio.sleep(0)
    await one.store.scribe.submit(partial(revoke, id=ANYWHERE.token_id("device")))
    await one.access.changed()
    with suppress(NotSignedIn):
        await asked
    with pytest.raises(NotSignedIn):
        await one.access.caller(by_token("device"))


class Hangs:
    """A database that does not even refuse."""

    def __init__(self) -> None:
        self.asked = 0

    async def read(self, _: Any, **__: Any) -> Any:
        self.asked += 1
        await asyncio.Event().wait()


async def test_over_an_outage_who_is_known_goes_on_and_nobody_new_gets_in(
    processes: list[Process], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes
    own, station = await one.login(), await one.login("nurse", shared=True, station="Room 1")
    locked = await one.login("clinician")
    for begun in (own, station, locked):
        await one.caller(begun)
    await one.signing.screens.lock(await one.caller(locked))
    await one.look()
    gone = Gone()
    with monkeypatch.context() as outage:
        outage.setattr(one.store, "reader", gone)
        outage.setattr(one.store.scribe, "submit", gone.submit)
        await one.look()
        assert (await one.caller(own)).kind == "person"
        assert (await one.caller(station)).kind == "station"
        with pytest.raises(StorageUnavailable):
            await one.access.caller(shown(COOKIES["auditor"]))
        with pytest.raises(StorageUnavailable):
            await one.login()
        caller = await one.caller(locked)
        with pytest.raises(WrongCredentials):
            await one.signing.screens.unlock(caller, HERE, pin="9182", password=None)
        pin = ANYWHERE.pin("clinician")
        again = await one.signing.screens.unlock(caller, HERE, pin=pin, password=None)
        assert (again.kind, again.locked) == ("person", None)
        assert (await one.caller(locked)).kind == "person"
        made = await one.signing.screens.grant(
            await one.caller(station), HERE, user_id=NURSE, method="POST", path="/api/patients",
            pin=PIN, password=None,
        )  # fmt: skip
        asked = {"method": "POST", "path": "/api/patients", "grant": made["grant"]}
        assert (await one.caller(station, **asked)).kind == "person"
        me = await one.signing.screens.me(await one.caller(own))
        assert me["user"]["name"] == "Nora Nurse"
        one.access.use(await one.caller(own))
        assert (await one.signing.screens.lock(await one.caller(own))).locked == "idle"
        await one.look()
        assert (await one.caller(own)).locked == "idle"
    await one.look()  # what was kept is written
    await one.look()
    await other.look()
    assert (await other.caller(locked)).locked is None
    assert (await other.caller(own)).locked == "idle"
    assert (await one.caller(own)).locked == "idle"
    kinds = database.ask(
        "SELECT kind FROM access_log WHERE credential = ?", [f"sign_in:{locked.id}"]
    )
    assert ("unlocked",) in [tuple(row) for row in kinds]


async def test_a_shared_caller_keeps_its_permissions_when_its_setter_up_changes(
    processes: list[Process],
) -> None:
    one = processes[0]
    begun = await one.login("clinician", shared=True, station="Room 1")
    assert (await one.caller(begun)).permissions == AT_A_STATION


async def test_a_known_credential_costs_microseconds(
    sqlite: Database, open_store: OpenStore
) -> None:
    provision(sqlite.url, sqlite.data_dir)
    access = Access(open_store(sqlite))
    given = by_token("device")
    await access.caller(given)

    async def many(count: int) -> float:
        since = time.thread_time()  # not what others on the machine take of it
        for _ in range(count):
            await access.caller(given)
        return (time.thread_time() - since) / count

    assert min([await many(2_000) for _ in range(5)]) < 20e-6  # 3 us on a quiet machine


USER = UserRecord("u", "anna", "Anna", "nurse", True, False, True, False, None)
NOW = 1_800_000_000_000


def signed_in(**fields: Any) -> SignInRecord:
    usual: dict[str, Any] = {
        "id": "s", "user": USER, "token": None, "shared": False, "station": None,
        "created_at": NOW, "active_at": NOW, "locked_at": None, "expires_at": NOW + 12 * HOUR_MS,
        "ended_at": None, "pin_failures": 0,
    }  # fmt: skip
    return SignInRecord(**usual | fields)


def test_a_judgement_holds_until_the_moment_that_it_says() -> None:
    record = signed_in()
    locks = NOW + 15 * MINUTE_MS
    assert standing.judged_until(record, NOW) == locks
    assert standing.caller(record, locks - 1).locked is None
    assert standing.caller(record, locks).locked == "idle"
    assert standing.judged_until(record, locks) == record.expires_at
    with pytest.raises(NotSignedIn):
        standing.caller(record, record.expires_at)
    assert standing.judged_until(record, record.expires_at) == standing.FOREVER


def test_emergency_access_lends_nothing_to_whoever_may_not_take_it() -> None:
    taken = replace(USER, emergency_until=NOW + MINUTE_MS)
    assert standing.acting_role(taken, NOW) == "clinician"
    assert standing.acting_role(taken, NOW + MINUTE_MS) == "nurse"
    for role in ("auditor", "viewer"):
        other = replace(taken, role=role)
        assert standing.acting_role(other, NOW) == role
        assert standing.caller(signed_in(user=other), NOW).role == role
