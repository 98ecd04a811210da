"""One active session a station and a patient; lists that miss and repeat nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import PatientCodeTaken, PatientInSession, StationOccupied, UnknownPatient
from app.models.session_list import SessionsAsked
from app.monitoring.commands import CreatePatient
from app.monitoring.errors import InvalidRequest
from app.services import alarms, patients, sessions
from app.services.ids import new_id
from app.services.sessions import _create
from tests.models.ward import NURSE, admit, infusing, move_to, order, patient, record
from tests.support.callers import person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.models.store import Store
    from app.models.unit import Item
    from tests.models.databases import Database, OpenStore

Page = dict[str, Any]


async def one_of(creations: list[Any], refusal: type[Exception]) -> None:
    answers = await asyncio.gather(*creations, return_exceptions=True)
    won = [answer for answer in answers if isinstance(answer, tuple)]
    lost = [type(answer) for answer in answers if not isinstance(answer, tuple)]
    assert len(won) == 1, answers
    assert set(lost) == {refusal}


@pytest.fixture
def stores(database: Database, open_store: OpenStore) -> list[Store]:
    """Two processes on one database."""
    return [open_store(database), open_store(database)]


async def test_ten_sessions_at_once_at_one_station(stores: list[Store]) -> None:
    people = [await patient(stores[0]) for _ in range(10)]
    orders = [order(who, station="Room 1") for who in people]
    create = [sessions.create_session(stores[n % 2], NURSE, o) for n, o in enumerate(orders)]
    await one_of(create, StationOccupied)
    assert all(store.commit_ok for store in stores)


async def test_ten_sessions_at_once_of_one_patient(stores: list[Store]) -> None:
    who = await patient(stores[0])
    create = [sessions.create_session(stores[n % 2], NURSE, order(who)) for n in range(10)]
    await one_of(create, PatientInSession)


async def test_ten_patients_at_once_under_one_code(stores: list[Store]) -> None:
    command = CreatePatient(code="P-1", initials="T.P.")
    create = [patients.create_patient(stores[n % 2], NURSE, command) for n in range(10)]
    await one_of(create, PatientCodeTaken)


async def test_one_session_sent_ten_times_at_once_is_one(stores: list[Store]) -> None:
    command = order(await patient(stores[0]), id=new_id())
    create = [sessions.create_session(stores[n % 2], NURSE, command) for n in range(10)]
    answers = await asyncio.gather(*create)
    assert sorted(new for _, new in answers) == [False] * 9 + [True]
    assert {state["id"] for state, _ in answers} == {command.id}


async def test_a_session_that_another_process_begins_meanwhile_is_known(
    postgres: Database, open_store: OpenStore
) -> None:
    """It came after this transaction had looked for the sessions to lock."""
    here, there = open_store(postgres), open_store(postgres)
    command = order(await patient(here), id=new_id())
    loop = asyncio.get_running_loop()

    def late(item: Item) -> Any:
        elsewhere = sessions.create_session(there, NURSE, command)
        asyncio.run_coroutine_threadsafe(elsewhere, loop).result()
        return _create(item, actor=NURSE, command=command)

    state, new = await here.scribe.submit(late)
    assert (state["id"], new) == (command.id, False)


async def test_a_session_that_another_process_begins_a_moment_later_is_known_too(
    postgres: Database, open_store: OpenStore
) -> None:
    """It came between the look for its id and the look for its station."""
    here, there = open_store(postgres), open_store(postgres)
    command = order(await patient(here), id=new_id())
    loop = asyncio.get_running_loop()

    class Between:
        """The item, whose cursor lets another process go first before it looks for the patient."""

        def __init__(self, item: Item) -> None:
            self._item = item
            self.cursor = self
            self._gone_first = False

        def __getattr__(self, name: str) -> Any:
            return getattr(self._item, name)

        def execute(self, statement: str, values: tuple[Any, ...]) -> Any:
            if statement == self._item.sql.patient_by_id and not self._gone_first:
                self._gone_first = True
                elsewhere = sessions.create_session(there, NURSE, command)
                asyncio.run_coroutine_threadsafe(elsewhere, loop).result()
            return self._item.cursor.execute(statement, values)

    def run(item: Item) -> Any:
        between: Any = Between(item)
        return _create(between, actor=NURSE, command=command)

    state, new = await here.scribe.submit(run)
    assert (state["id"], new) == (command.id, False)


async def test_a_station_is_free_again_after_the_session(store: Store) -> None:
    who = await patient(store)
    first, _ = await sessions.create_session(store, NURSE, order(who, station="Room 1"))
    await move_to(store, first["id"], "cancelled", reason="felt better")
    second, new = await sessions.create_session(store, NURSE, order(who, station="Room 1"))
    assert new
    assert second["id"] != first["id"]


async def test_nobody_is_treated_who_is_not_known(store: Store) -> None:
    with pytest.raises(UnknownPatient):
        await sessions.create_session(store, NURSE, order(new_id()))


async def paged(ask: Callable[[str | None], Awaitable[Page]]) -> list[Any]:
    """All items, page after page, while others go on writing."""
    items: list[Any] = []
    cursor: str | None = None
    while True:
        page = await ask(cursor)
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


async def test_lists_of_sessions_and_patients_have_no_gaps_and_no_doubles(store: Store) -> None:
    made = [await admit(store) for _ in range(11)]

    async def some(cursor: str | None) -> Page:
        await admit(store)  # newest first: who comes meanwhile moves nobody
        wanted = SessionsAsked(active=True, limit=4, cursor=cursor)
        return await sessions.find_sessions(store, person(), wanted)

    assert [s["id"] for s in await paged(some)][1:] == made[::-1]

    async def people(cursor: str | None) -> Page:
        return await patients.find_patients(store, person(), q="T.P", limit=5, cursor=cursor)

    found = [p["id"] for p in await paged(people)]
    assert len(found) == len(set(found)) == 14


async def test_alarms_raised_at_one_moment_are_paged_though_they_change(store: Store) -> None:
    session_id = await infusing(store)
    await record(store, session_id, spo2=82, hr=180, sbp=210, dbp=130, rr=4)
    standing = await alarms.session_alarms(store, session_id, standing=True, limit=50, cursor=None)
    values = iter([{"rr": 3.0}, {"spo2": 76.0}, {"hr": 199.0}, {"sbp": 230.0, "dbp": 140.0}])
    assert len({alarm["raised_at"] for alarm in standing["items"]}) == 1

    async def one(cursor: str | None) -> Page:
        page = await alarms.session_alarms(store, session_id, standing=True, limit=1, cursor=cursor)
        await record(store, session_id, None, **next(values))
        return page

    found = [alarm["id"] for alarm in await paged(one)]
    assert found == [alarm["id"] for alarm in standing["items"]]
    assert len(found) == 4


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA==", "W3RydWVd", "WzFlMzBd", "WzEsMl0=", "WyJhIl0="]
)
async def test_a_cursor_that_no_list_gave_is_refused(
    sqlite: Database, open_store: OpenStore, cursor: str
) -> None:
    store = open_store(sqlite)
    with pytest.raises(InvalidRequest):
        await patients.find_patients(store, person(), q=None, limit=5, cursor=cursor)


@pytest.mark.parametrize("cursor", ["WzEsIlx1MDAwMCJd", "WzEsMl0=", "WyIxIiwyXQ=="])
async def test_a_cursor_of_another_list_is_refused(
    sqlite: Database, open_store: OpenStore, cursor: str
) -> None:
    store = open_store(sqlite)
    session_id = await admit(store)
    with pytest.raises(InvalidRequest):
        await alarms.session_alarms(store, session_id, standing=None, limit=5, cursor=cursor)
