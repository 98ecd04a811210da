"""How many readings all streams together may have under way."""

from __future__ import annotations

import asyncio
from collections import deque


class Budget:
    """Room that is taken and given back; who waits for some gets it in order. What is taken last
    may exceed it, by one message.
    """

    def __init__(self, readings: int) -> None:
        self._free = readings
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def room(self) -> bool:
        """Returns when there is some and nobody waited before: whether it had to be waited for."""
        if self._free > 0 and not self._waiting:
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove(turn)
            else:  # it was this one's turn
                self._call_next()
            raise
        return True

    def take(self, readings: int) -> None:
        self._free -= readings
        self._call_next()

    def give_back(self, readings: int) -> None:
        self._free += readings
        self._call_next()

    def _call_next(self) -> None:
        """One at a time: what it takes decides about the next."""
        if self._free > 0 and self._waiting:
            self._waiting.popleft().set_result(None)
