"""One reading for all who ask at the same time: a thousand screens that come back are one query."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from typing import Any

T = TypeVar("T")


class Shared(Generic[T]):
    """Calls under way, by what they are for; who asks for the same joins them. What one raises,
    all that wait for it are told.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def get(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the call answers; it goes on if only who asked for it goes away."""
        task = self._under_way.get(key)
        if task is None or task.done():  # one that is done is not under way, though still listed
            task = asyncio.create_task(call())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    def _forget(self, key: Hashable, done: asyncio.Task[T]) -> None:
        if self._under_way.get(key) is done:
            del self._under_way[key]
