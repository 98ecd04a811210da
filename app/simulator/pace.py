"""How fast simulated seconds go by, and how a run is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

from app.clock import monotonic_s
from app.simulator.client import SimulatorError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MAX_CHUNK_S = 10  # simulated seconds a step at full speed: a room hears the log so often anyway
TICK_S = 0.25  # of real time between two steps when faster than real time
GRACE_S = 3.0  # after the first Ctrl-C, to have what was sent acknowledged


def parse_speed(text: str) -> float | None:
    """Simulated seconds a real second; None for "as fast as the server takes" (`max` or 0)."""
    if text.strip().lower() == "max":
        return None
    try:
        speed = float(text.strip().lower().removesuffix("x"))
    except ValueError:
        speed = -1.0
    if not 0.0 <= speed <= 100_000.0:
        raise SimulatorError(f"speed {text!r}: give a number such as 1 or 60, or max")
    return speed or None


class Stop:
    """Set once when the run shall end; sleeping ends with it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._asked_s: float | None = None

    @property
    def wanted(self) -> bool:
        return self._event.is_set()

    def ask(self) -> None:
        if self._asked_s is None:
            self._asked_s = monotonic_s()
        self._event.set()

    async def between_tries(self, seconds: float) -> None:
        """The pause before a request is sent again. Raises SimulatorError once the run should have
        ended: whoever waits for a server that is gone must not rely on being cancelled.
        """
        if self._asked_s is not None and monotonic_s() - self._asked_s > GRACE_S:
            raise SimulatorError("the run was stopped while the server did not answer")
        await asyncio.sleep(seconds)

    async def sleep(self, seconds: float) -> None:
        # Not wait_for: until Python 3.12 it loses a cancellation that comes with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()


class Pace:
    """Which simulated second it is now; `from_s` is the one at the making of this object."""

    def __init__(self, speed: float | None, stop: Stop, *, from_s: float = 0.0) -> None:
        self._speed = speed
        self._stop = stop
        self._from_s = from_s
        self._started = monotonic_s()

    def due(self, done_s: float) -> float:
        """The second to play up to, given that `done_s` is done."""
        if self._speed is None:
            return done_s + MAX_CHUNK_S
        return self._from_s + (monotonic_s() - self._started) * self._speed

    async def tick(self) -> None:
        """Wait for the next step; at full speed only let others have their turn."""
        if self._speed is None:
            await asyncio.sleep(0)
            return
        await self._stop.sleep(max(TICK_S, min(1.0, 1.0 / self._speed)))

    async def until(self, second: float) -> None:
        """Wait for a second of the recording."""
        if self._speed is None:
            await asyncio.sleep(0)
            return
        while not self._stop.wanted:
            passed = monotonic_s() - self._started
            wait = (second - self._from_s) / self._speed - passed
            if wait <= 0:
                return
            await self._stop.sleep(wait)


async def run_stoppable(
    main: Callable[[Stop], Awaitable[None]], *, takes_its_time: bool = False
) -> bool:
    """Run `main`: a Ctrl-C asks it to stop, a second one ends it, as does GRACE_S unless it takes
    its time. True if stopped.
    """
    stop = Stop()
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main(stop))

    def interrupted() -> None:
        if stop.wanted:
            task.cancel()
        stop.ask()
        if not takes_its_time:
            loop.call_later(GRACE_S, task.cancel)

    handled: list[signal.Signals] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows' loop knows no signals, and outside the main thread none may be handled: there
        # Ctrl-C ends the script as any other.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, interrupted)
            handled.append(number)
    try:
        await task
    except asyncio.CancelledError:
        if not stop.wanted:
            raise
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
    return stop.wanted
