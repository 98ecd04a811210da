"""What screens have shown and sounded is passed on once, however many of them say so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.feed.shared import Shared
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from app.feed.watcher import Confirmation

    Confirm = Callable[[str, str, int], Coroutine[Any, Any, None]]
    """(session, alarm, rev): this was shown and sounded. What is unknown raises a DomainError."""

MAX_CONFIRMED = 1_000  # remembered, so that not each of fifty screens asks the database
SERVER_FAULT = 500  # HTTP statuses from here on pass
AGAIN_S = 1.0  # an alarm that was heard must not be called up because the database was gone


class Confirmed:
    """What was passed on already, and what is being passed on: one screen that was heard is
    enough.
    """

    def __init__(self) -> None:
        self._known: dict[Confirmation, None] = {}  # an ordered set
        self._under_way: Shared[None] = Shared()

    async def pass_on(self, confirm: Confirm, confirmation: Confirmation) -> None:
        while confirmation not in self._known:
            try:
                await self._under_way.get(confirmation, lambda: confirm(*confirmation))
            except DomainError as error:
                if error.status < SERVER_FAULT:
                    return  # the alarm is over, or there never was one: nothing is left to confirm
                await asyncio.sleep(AGAIN_S)
            else:
                self._known[confirmation] = None
                if len(self._known) > MAX_CONFIRMED:
                    del self._known[next(iter(self._known))]
