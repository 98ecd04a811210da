"""Sending without a task, over calls that do and do not have to wait."""

import asyncio

import pytest

from app.feed.wire import begin


async def test_a_call_that_need_not_wait_is_done_at_once() -> None:
    done = []

    async def call() -> None:
        done.append(True)

    assert begin(call()) is None
    assert done == [True]


async def test_a_call_that_waits_goes_on_in_a_task() -> None:
    open_, steps = asyncio.Event(), list[str]()

    async def call() -> None:
        steps.append("begun")
        await open_.wait()
        await asyncio.sleep(0)
        steps.append("done")

    rest = begin(call())
    assert rest is not None
    assert steps == ["begun"]
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    open_.set()
    await task
    assert steps == ["begun", "done"]


async def test_a_call_hears_of_what_it_waits_for() -> None:
    fails = asyncio.get_running_loop().create_future()

    async def call() -> None:
        await fails

    rest = begin(call())
    assert rest is not None
    fails.set_exception(ConnectionResetError())
    with pytest.raises(ConnectionResetError):
        await rest


async def test_a_call_hears_that_it_is_cancelled() -> None:
    closed, heard = asyncio.Event(), list[bool]()

    async def call() -> None:
        try:
            await closed.wait()
        finally:
            heard.append(True)

    rest = begin(call())
    assert rest is not None
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == [True]
    assert not closed._waiters, "something was left behind"


async def test_a_call_that_fails_before_it_waits_fails_here() -> None:
    async def call() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        begin(call())
