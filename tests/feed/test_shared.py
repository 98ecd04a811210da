"""One reading for all who ask at the same time, and none that is over."""

from __future__ import annotations

import asyncio
from itertools import count

from app.feed.shared import Shared


async def test_who_asks_at_the_same_time_shares_one_call() -> None:
    shared, numbers = Shared[int](), count(1)

    async def call() -> int:
        await asyncio.sleep(0)
        return next(numbers)

    assert await asyncio.gather(*(shared.get("board", call) for _ in range(3))) == [1, 1, 1]
    assert await shared.get("board", call) == 2


async def test_a_call_that_has_just_ended_is_made_again() -> None:
    """Else who finds its answer too old, and asks again, would never give the loop back."""
    shared, numbers = Shared[int](), count(1)
    suspended: list[bool] = []

    def in_between() -> None:
        """After the first call has ended, before anybody was told of it."""
        again = shared.get("board", call)
        try:
            again.send(None)
        except StopIteration:
            suspended.append(False)
        else:
            suspended.append(True)
            again.close()

    async def call() -> int:
        if not suspended:
            asyncio.get_running_loop().call_soon(in_between)
        return next(numbers)

    assert await shared.get("board", call) == 1
    assert suspended == [True]


async def test_all_who_wait_are_told_what_went_wrong() -> None:
    shared = Shared[int]()

    async def call() -> int:
        raise LookupError

    answers = await asyncio.gather(
        *(shared.get("board", call) for _ in range(2)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [LookupError, LookupError]
