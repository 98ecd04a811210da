"""How a run is stopped."""

from __future__ import annotations

import asyncio

import pytest

from app.simulator import pace
from app.simulator.client import SimulatorError
from app.simulator.pace import Stop


async def test_a_cancellation_that_comes_with_the_stop_is_not_lost() -> None:
    stop = Stop()
    sleeper = asyncio.create_task(stop.sleep(3_600))
    await asyncio.sleep(0)
    stop.ask()
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper


async def test_a_stop_ends_the_sleep() -> None:
    stop = Stop()
    sleeper = asyncio.create_task(stop.sleep(3_600))
    await asyncio.sleep(0)
    stop.ask()
    await sleeper
    assert stop.wanted


async def test_a_run_that_should_have_ended_tries_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pace, "monotonic_s", lambda: now)
    stop = Stop()
    await stop.between_tries(0)
    stop.ask()
    now += pace.GRACE_S
    await stop.between_tries(0)  # what was sent may still be acknowledged
    stop.ask()  # asked again is not later
    now += 0.1
    with pytest.raises(SimulatorError, match="stopped"):
        await stop.between_tries(0)
