"""When words and reads go out: at once after a rest, joined while it lasts, urgent ones always."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.access.present import Present
from app.feed import exchange, peers
from app.feed.exchange import Exchange, Log, Turns
from app.feed.hub import Hub

if TYPE_CHECKING:
    from app.models.access_log import Entry


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
    await turn


async def test_what_was_urgent_is_so_once(turns: Turns) -> None:
    turns.ask(urgent=True)
    await turns.next()
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
    await turns.next()


async def test_when_another_process_begins_the_screens_here_are_told_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.access.present.SETTLE_S", 0.0)
    noted: list[Entry] = []
    told = asyncio.Event()

    def note(entry: Entry) -> None:
        noted.append(entry)
        told.set()

    async def nothing(_asked: object) -> list[Any]:
        return []

    present, hub = Present(note), Hub("epoch")
    exchange = Exchange("me", hub, Log(nothing, nothing), hub.publish, present.again)
    writing = asyncio.create_task(present.write_forever())
    for by in ("me", "other"):
        exchange.heard(peers.here(by, {}).decode())
    await told.wait()
    exchange.heard(peers.here("other", {}).decode())
    writing.cancel()
    assert [entry.kind for entry in noted] == ["screens.changed"]
    assert noted[0].data["screens"] == []
