"""A what-if in a process of its own: it answers, one at a time, and ends when nobody waits."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import orjson
import pytest

from app.review import apart
from app.review.proposal import read_proposal
from app.review.what_if import Which
from tests.models import questions
from tests.models.ward import infusing, record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from app.models.store import Store

CALMER = read_proposal("[limits.spo2]\nlow = 90")


async def test_it_answers_from_the_database_of_the_server(store: Store) -> None:
    session_id = await infusing(store)
    await record(store, session_id, spo2=91)
    turn = asyncio.Semaphore(1)
    both = await asyncio.gather(
        apart.what_if_apart(store, Which(session_id), CALMER, turn),
        apart.what_if_apart(store, Which(session_id), CALMER, turn),
    )
    assert both[0] == both[1]
    assert orjson.loads(both[0])["total"]["before"] == 1


@asynccontextmanager
async def at_work(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[asyncio.Task[bytes], int]]:
    """A what-if that goes on until the block ends, and where it could be heard that it ended."""
    session_id = await infusing(store)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv(questions.PIPE, str(pipe))
    monkeypatch.setattr(apart, "what_if_json", questions.held_up_by_its_surroundings)
    turn = asyncio.Semaphore(1)
    asked = asyncio.create_task(apart.what_if_apart(store, Which(session_id), CALMER, turn))
    writing = await asyncio.to_thread(os.open, pipe, os.O_WRONLY)  # once the process reads it
    try:
        yield asked, writing
    finally:
        os.close(writing)


async def test_timelines_do_not_wait_for_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(store, tmp_path, monkeypatch) as (asked, _):
        assert await store.reader.apart(questions.sessions) == 1
        assert not asked.done()
    assert await asked is None


async def test_it_ends_when_nobody_waits_any_more(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(store, tmp_path, monkeypatch) as (asked, writing):
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        with pytest.raises(BrokenPipeError):
            os.write(writing, b"is anybody there")
