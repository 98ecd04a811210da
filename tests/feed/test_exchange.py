"""When words and reads go out: at once after a rest, joined while it lasts, urgent ones always."""

from __future__ import annotations

import asyncio

import pytest

from app.feed import exchange
from app.feed.exchange import Turns

SOON_S = 5.0


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Whose rest does not end within a test."""
    monkeypatch.setattr(exchange, "JOIN_S", 3_600.0)
    return Turns()


async def test_what_is_urgent_does_not_wait_for_the_rest(turns: Turns) -> None:
    turn = asyncio.create_task(turns.next())
    turns.ask(urgent=False)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not turn.done()
    turns.ask(urgent=True)
    await asyncio.wait_for(turn, SOON_S)


async def test_what_was_urgent_is_so_once(turns: Turns) -> None:
    turns.ask(urgent=True)
    await asyncio.wait_for(turns.next(), SOON_S)
    turns.ask(urgent=False)
    turn = asyncio.create_task(turns.next())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not turn.done()
    turn.cancel()


async def test_the_rest_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "JOIN_S", 0.001)
    turns = Turns()
    turns.ask(urgent=False)
    await asyncio.wait_for(turns.next(), SOON_S)
