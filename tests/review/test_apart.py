"""A what-if in a process of its own: it answers, it fails without a trace, it ends with its
server.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.errors import StorageUnavailable
from app.review import apart
from app.review.proposal import read_proposal
from app.review.what_if import Which
from tests.models.ward import infusing, record

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.store import Store

CALMER = read_proposal("[limits.spo2]\nlow = 90")


def question(url: str, **fields: Any) -> bytes:
    asked = {"url": url, "sessions": [], "proposal": {"limits": {}, "delays": {}}}
    return orjson.dumps({**asked, **fields})


async def test_it_answers_from_the_database_of_the_server(store: Store) -> None:
    session_id = await infusing(store)
    await record(store, session_id, spo2=91)
    turn = asyncio.Semaphore(1)
    both = await asyncio.gather(
        apart.what_if_apart(store, Which(session_id), CALMER, turn),
        apart.what_if_apart(store, Which(session_id), CALMER, turn),
    )
    assert both[0] == both[1]
    assert both[0]["total"]["before"] == 1


async def test_a_database_that_is_gone_may_be_asked_again(tmp_path: Path) -> None:
    session = {"key": 1, "id": "x", "station": "Room 1", "events": 1}
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    with pytest.raises(StorageUnavailable):
        await apart.ask(question(url, sessions=[session]))


async def test_of_a_failure_only_the_name_is_told() -> None:
    with pytest.raises(RuntimeError, match="a what-if failed: JSONDecodeError"):
        await apart.ask(b"no question")


async def test_it_ends_when_nobody_waits_any_more(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    waiting = asyncio.create_task(apart.ask(b"{}", ("cat", str(pipe))))
    writing = await asyncio.to_thread(os.open, pipe, os.O_WRONLY)  # once the program reads it
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(BrokenPipeError):
        os.write(writing, b"is anybody there")
    os.close(writing)
