"""Who waits for the scribe, who is refused, and who goes first."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import Busy
from app.models.lanes import LANE_READINGS, PEOPLE_SUBMISSIONS
from app.models.scribe import BATCH_S
from tests.models.ward import held_up, queued, settled

if TYPE_CHECKING:
    from app.models.lanes import Lane
    from app.models.unit import Item
    from tests.models.databases import Database, OpenStore


async def test_a_full_lane_refuses_and_the_other_does_not(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)

    def nothing(_: Item) -> int:
        return 1

    async with held_up(store):
        flood = store.scribe.submit(nothing, lane="devices", weight=LANE_READINGS)
        device = asyncio.create_task(flood)
        await queued(store, 1)
        assert not store.scribe.takes("devices")
        with pytest.raises(Busy):
            await store.scribe.submit(nothing, lane="devices")
        people = [
            asyncio.create_task(store.scribe.submit(nothing)) for _ in range(PEOPLE_SUBMISSIONS)
        ]
        await queued(store, 1 + PEOPLE_SUBMISSIONS)
        assert not store.scribe.takes("people")
        with pytest.raises(Busy):
            await store.scribe.submit(nothing)
    assert sum(await asyncio.gather(*people, device)) == PEOPLE_SUBMISSIONS + 1


async def test_who_waits_for_room_is_never_refused_and_keeps_its_order(
    sqlite: Database, open_store: OpenStore
) -> None:
    store = open_store(sqlite)
    order: list[int] = []

    def written(_: Item, number: int) -> None:
        order.append(number)

    async with held_up(store):
        full = store.scribe.submit(lambda _: None, lane="devices", weight=LANE_READINGS)
        waiting = [asyncio.create_task(full)]
        await queued(store, 1)
        for number in range(100):
            stream = store.scribe.submit(
                partial(written, number=number), lane="devices", weight=400, waits=True
            )
            waiting.append(asyncio.create_task(stream))
            await queued(store, 2 + number)
        with pytest.raises(Busy):
            await store.scribe.submit(lambda _: None, lane="devices")
        waiting.pop().cancel()  # its client went away; what was taken is written all the same
    await asyncio.gather(*waiting)
    await settled(store)
    assert order == list(range(100))
    assert store.scribe_queue == (0, 0)


async def test_people_go_before_devices(sqlite: Database, open_store: OpenStore) -> None:
    store = open_store(sqlite)
    order: list[str] = []
    lanes: tuple[Lane, ...] = ("devices", "people", "devices", "people")

    def written(_: Item, lane: str) -> None:
        order.append(lane)

    async with held_up(store):
        waiting = []
        for lane in lanes:
            submission = store.scribe.submit(partial(written, lane=lane), lane=lane)
            waiting.append(asyncio.create_task(submission))
            await queued(store, len(waiting))
    await asyncio.gather(*waiting)
    assert order == ["people", "people", "devices", "devices"]


async def test_a_nurse_who_comes_while_a_flood_is_written_waits_for_one_transaction(
    sqlite: Database, open_store: OpenStore
) -> None:
    store, loop = open_store(sqlite), asyncio.get_running_loop()
    order: list[str] = []
    nurse: list[Any] = []

    def device(_: Item) -> None:
        if not order:
            come = store.scribe.submit(lambda _: order.append("nurse"))
            nurse.append(asyncio.run_coroutine_threadsafe(come, loop))
            while store.scribe_queue[0] == 0:
                time.sleep(0.001)
        order.append("device")
        time.sleep(BATCH_S / 4)

    async with held_up(store):
        flood = [
            asyncio.create_task(store.scribe.submit(device, lane="devices")) for _ in range(100)
        ]
        await queued(store, 100)
    await asyncio.gather(*flood)
    await asyncio.wrap_future(nurse[0])
    assert order.index("nurse") < 20  # a transaction has room for about five of these
    assert order.count("device") == 100
