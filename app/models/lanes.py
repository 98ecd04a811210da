"""Where submissions wait for the scribe: bounded lanes, people first, and devices refused while a
queue stands.

A short stall or burst passes: only a queue that has stood for a whole interval is shed, as CoDel
does with packets; once it was, and until it has not been for a while, at the first sign of another.
Nothing here reads a clock or takes a lock: the scribe does both.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

from app.models.unit import Item

Lane = Literal["people", "devices"]
Queue = Literal["people", "devices", "streams"]
QUEUES: Final[tuple[Queue, ...]] = ("people", "devices", "streams")
T = TypeVar("T")

BATCH_READINGS: Final = 500  # a commit costs the same for one as for hundreds
PEOPLE_SUBMISSIONS: Final = 2_000  # more than every nurse, script and timer of a clinic at once
LANE_READINGS: Final = 20_000  # of one lane: some 20 MB, and two seconds of work
TARGET_S: Final = 0.050  # what a device may wait for long: a few commits
INTERVAL_S: Final = 0.200  # a stalled disk or a burst is over by then
MEMORY_S: Final = 1.0  # overload that was there a second ago is there still


@dataclass(slots=True)
class Submission(Generic[T]):
    """What one caller wants done: the sessions to lock, the work, and whom to answer.

    The work may be run again after a rollback. `stations` are resolved to their active sessions
    first; `ids` are pairs of session and client id that the work will ask for. `weight` is how many
    readings it brings, `since` when it came.
    """

    run: Callable[[Item], T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    queue: Queue = "people"
    sessions: Sequence[str] = ()
    stations: Sequence[tuple[str, bool]] = ()
    ids: Sequence[tuple[str, str]] = ()
    weight: int = 1
    since: float = 0.0


class Lanes:
    """Three queues: people, devices, and streams, which wait for room and are never refused: who
    streams bounds what he has under way.
    """

    def __init__(self) -> None:
        self._waiting: dict[Queue, deque[Submission[Any]]] = {q: deque() for q in QUEUES}
        self._readings: dict[Queue, int] = dict.fromkeys(QUEUES, 0)
        self._standing_since: float | None = None
        self._shed_at: float | None = None

    def __bool__(self) -> bool:
        return any(self._waiting.values())

    def lengths(self) -> tuple[int, int]:
        """Submissions waiting, of people and of devices."""
        people, devices, streams = (len(self._waiting[queue]) for queue in QUEUES)
        return people, devices + streams

    def only_few(self, readings: int) -> bool:
        """True while no person waits, and of devices no more than so many readings."""
        of = self._readings
        return not self._waiting["people"] and of["devices"] + of["streams"] <= readings

    def takes(self, lane: Lane, now: float, weight: int = 1) -> bool:
        """False if this lane is full or, for devices, if a queue stands in it; an idle one always
        takes.
        """
        if not (waiting := self._waiting[lane]):
            return True
        if self._readings[lane] + weight > LANE_READINGS:
            return False
        if lane == "people":
            return len(waiting) < PEOPLE_SUBMISSIONS
        return not self._shedding(now)

    def put(self, submission: Submission[Any]) -> bool:
        """At the end of its queue; False, and it is not there, if the lane does not take it."""
        queue = submission.queue
        if queue != "streams" and not self.takes(queue, submission.since, submission.weight):
            return False
        self._waiting[queue].append(submission)
        self._readings[queue] += submission.weight
        return True

    def take(self, now: float) -> list[Submission[Any]]:
        """What one transaction may try: people first, and of the rest of its room half for streams
        while both wait.
        """
        if self._stands(now):
            self._standing_since = self._stood_since()
        batch: list[Submission[Any]] = []
        room = self._move("people", batch, BATCH_READINGS)
        shared = self._waiting["devices"] and self._waiting["streams"]
        room -= (half := room // 2 if shared else 0)
        room = self._move("devices", batch, room) + half
        self._move("streams", batch, room)
        if not self._stands(now):
            self._standing_since = None
        return batch

    def give_back(self, rest: Sequence[Submission[Any]]) -> None:
        """To the front of their queues, so that a person who came meanwhile does not wait for
        devices.
        """
        for submission in reversed(rest):
            self._waiting[submission.queue].appendleft(submission)
            self._readings[submission.queue] += submission.weight

    def _move(self, queue: Queue, batch: list[Submission[Any]], room: int) -> int:
        waiting, moved = self._waiting[queue], 0
        while waiting and moved < room:
            submission = waiting.popleft()
            moved += submission.weight
            batch.append(submission)
        self._readings[queue] -= moved
        return max(0, room - moved)

    def _stands(self, now: float) -> bool:
        """The oldest device waits too long, behind more than the next commit takes."""
        if self._readings["devices"] <= BATCH_READINGS:
            return False
        return now - self._waiting["devices"][0].since > TARGET_S

    def _stood_since(self) -> float:
        if self._standing_since is not None:
            return self._standing_since
        return self._waiting["devices"][0].since + TARGET_S

    def _shedding(self, now: float) -> bool:
        if not self._stands(now):
            return False
        lately = self._shed_at is not None and now - self._shed_at < MEMORY_S
        if not lately and now - self._stood_since() < INTERVAL_S:
            return False
        self._shed_at = now
        return True
