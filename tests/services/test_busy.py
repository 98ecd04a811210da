"""What a server that is busy must not change: when a reading came, and that the sweep goes on."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from app.monitoring.times import iso
from app.services import readings
from app.services.sweep import sweep
from tests.models import questions
from tests.models.ward import infusing, plain, sent
from tests.support.callers import device

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.models.store import Store
    from tests.models.clock import Clock

WAITED_MS = 5_000  # above a network's delay: it would be taken for a device's slow clock


async def test_a_reading_is_no_younger_for_having_waited(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await infusing(store)
    moment = clock.now
    monkeypatch.setattr("app.models.scribe.now_ms", lambda: moment + WAITED_MS)
    reading = replace(sent(spo2=97.0), taken_at=moment, sent_at=moment)
    answer, _ = await readings.record_reading(store, device(), session_id, reading)
    recorded = plain(answer)
    assert (recorded["taken_at"], recorded["skew_s"]) == (iso(moment), 0)
    assert recorded["recorded_at"] == iso(moment + WAITED_MS)


async def test_the_sweep_does_not_wait_for_whole_histories(store: Store, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow = [asyncio.create_task(store.reader.apart(questions.held_up, str(pipe)))]
    writing = await asyncio.to_thread(os.open, pipe, os.O_WRONLY)  # once the process reads it
    slow += [asyncio.create_task(store.reader.apart(questions.sessions)) for _ in range(10)]
    try:
        assert await sweep(store) == 0
        assert not any(one.done() for one in slow)
    finally:
        os.close(writing)
        await asyncio.gather(*slow)
