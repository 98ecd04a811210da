"""When what was committed goes out: at once, or joined while the loop is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

REST = 3  # times as long as the last sending took: at most a quarter of the loop goes into sending
URGENT_REST = 1  # an alarm waits no longer than that took: half is left to take readings in
MAX_REST_S = 0.050  # no eye sees a twentieth of a second
TICK_S = 0.001  # the shortest time that a timer of the loop knows


class Timer(Protocol):
    def cancel(self) -> None: ...


class Loop(Protocol):
    """What is needed of an event loop."""

    def call_soon(self, callback: Callable[..., object], /, *args: Any) -> Timer: ...
    def call_later(self, delay: float, callback: Callable[..., object], /, *args: Any) -> Timer: ...


class Pace:
    """Calls `go` for all that was asked since it was called last.

    At once, if the loop keeps up. Sending counts until the loop's next turn, because sockets are
    written to at the end of a turn; what is asked meanwhile goes out together after it.
    """

    def __init__(self, go: Callable[[], None], loop: Loop, time: Callable[[], float]) -> None:
        self._call = go
        self._loop = loop
        self._time = time
        self._asked = False
        self._urgent = False
        self._sending = False
        self._timer: Timer | None = None
        self._due = 0.0
        self._urgent_due = 0.0

    def ask(self, *, urgent: bool) -> None:
        """Something is to be sent; `urgent` does not wait for what is joined."""
        self._asked = True
        if urgent and not self._urgent:
            self._urgent = True
            self._stop_timer()
        if not self._sending and self._timer is None:
            self._look()

    def stop(self) -> None:
        self._stop_timer()

    def _look(self) -> None:
        wait = (self._urgent_due if self._urgent else self._due) - self._time()
        if wait <= 0:
            self._go()
        else:
            self._timer = self._loop.call_later(max(wait, TICK_S), self._go)

    def _go(self) -> None:
        self._timer = None
        self._asked = self._urgent = False
        self._sending = True
        self._loop.call_soon(self._sent, self._time())
        self._call()

    def _sent(self, began: float) -> None:
        self._sending = False
        now = self._time()
        took = now - began
        self._due = now + min(REST * took, MAX_REST_S)
        self._urgent_due = now + min(URGENT_REST * took, MAX_REST_S)
        if self._asked:
            self._look()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
