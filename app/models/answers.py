"""What callers are told, held back until the commit."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from app.models.lanes import Submission

    Answer = tuple[asyncio.Future[Any], Any, BaseException | None]


class Answers:
    """Results in the order of their submissions, delivered once per event loop."""

    def __init__(self) -> None:
        self._ready: list[tuple[Submission[Any], Any, BaseException | None]] = []

    def __len__(self) -> int:
        return len(self._ready)

    def add(self, to: Submission[Any], result: Any, error: BaseException | None = None) -> None:
        self._ready.append((to, result, error))

    def deliver(self) -> None:
        """Called in the scribe's thread; callers hear of it in their own."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
        for submission, result, error in self._ready:
            by_loop.setdefault(submission.loop, []).append((submission.future, result, error))
        for loop, answers in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: its callers are gone
                loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: list[Answer]) -> None:
    for future, result, error in answers:
        if future.done():  # the caller went away; what it sent is recorded all the same
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
