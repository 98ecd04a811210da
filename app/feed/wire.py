"""Sending without a task: a frame that the socket takes at once costs no turn of the loop."""

from __future__ import annotations

from types import coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, MutableMapping

    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

GONE = (OSError, RuntimeError)
"""What sending raises when nobody is there any more; RuntimeError, if the server itself closed."""


def begin(call: Awaitable[None]) -> Awaitable[None] | None:
    """Runs a call up to where it would wait. None: it is done; else what is left of it, to be
    awaited in a task.

    The server's `send` only waits while the socket's buffer is full. Run like this, outside of any
    task, a frame for a thousand watchers is a loop of a thousand calls.
    """
    steps = call.__await__()
    try:
        waits_for = next(steps)
    except StopIteration:
        return None
    return _rest(steps, waits_for)


@coroutine
def _rest(steps: Generator[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """What a task would have done with the call from here on."""
    while True:
        cancelled: BaseException | None = None
        try:
            answer = yield waits_for
        except BaseException as error:  # the call must hear of it
            cancelled = error
        try:
            waits_for = steps.throw(cancelled) if cancelled else steps.send(answer)
        except StopIteration:
            return
