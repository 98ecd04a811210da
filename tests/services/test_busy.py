"""What a server that is busy must not change: when a reading came, and that the sweep goes on."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from app.clock import now_ms
from app.monitoring.times import iso
from app.services import readings
from app.services.sweep import sweep
from tests.models.ward import NURSE, infusing, sent

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection

    from app.models.store import Store

WAITED_MS = 5_000  # above a network's delay: it would be taken for a device's slow clock


async def test_a_reading_is_no_younger_for_having_waited(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await infusing(store)
    monkeypatch.setattr("app.models.scribe.now_ms", lambda: now_ms() + WAITED_MS)
    moment = now_ms()
    reading = replace(sent(spo2=97.0), taken_at=moment, sent_at=moment)
    recorded, _ = await readings.record_reading(store, NURSE, session_id, reading)
    assert (recorded["taken_at"], recorded["skew_s"]) == (iso(moment), 0)
    assert recorded["recorded_at"] >= iso(moment + WAITED_MS)


async def test_the_sweep_does_not_wait_for_whole_histories(store: Store) -> None:
    read, go_on = threading.Event(), threading.Event()

    def whole_history(_: Connection) -> None:
        read.set()
        go_on.wait()

    slow = [asyncio.create_task(store.reader.read_slowly(whole_history)) for _ in range(10)]
    await asyncio.to_thread(read.wait)
    try:
        assert await sweep(store) == 0
    finally:
        go_on.set()
        await asyncio.gather(*slow)
